"""The short form: does newscrawl still read every own page exactly, hold its floors, and cost no more than it did?"""

from collections.abc import Mapping

from tests.benchmarks.pages import labelled, own
from tests.benchmarks.sides import RULE_PAGES, SITE, wrong
from tests.benchmarks.speed import measure
from tests.benchmarks.tools import newscrawl
from tests.quality.floors import floors
from tests.quality.score import Score, score_readings

LIMITS = {
    "aeb": 8.0,
    "cwced": 8.5,
    "cx163": 7.0,
    "gne": 7.5,
    SITE: 23.0,
    "cls.cn, sample site": 5.0,
    "cls.cn, fixtures": 10.0,
    "East Money, sample site": 20.0,
    "East Money, fixtures": 20.0,
}
"""The median multiple of one lxml parse, as measured; lower them when it falls."""
SLACK = 4 / 3
"""Machines and loads differ."""
HEAD = ["pages", "number", "multiple", "limit", "wrong, lost or below a floor"]
_ROUNDS = 3


def check() -> tuple[bool, list[list[str]]]:
    """Whether all holds, and a row for each set."""
    own_pages = {SITE: own("gbk", "web"), **{name: load() for name, load in RULE_PAGES.items()}}
    rows, passed = [], True
    for name, pages in {**labelled(), **own_pages}.items():
        timed = measure(pages, {"newscrawl": newscrawl}, _ROUNDS)["newscrawl"]
        multiple, limit = timed.quantile(0.5), SLACK * LIMITS[name]
        faults = timed.errors + (
            wrong(pages, timed) if name in own_pages else below(floors()[name], score_readings(pages, timed.readings))
        )
        passed = passed and not faults and multiple <= limit
        over = " **over**" if multiple > limit else ""
        rows.append([name, str(len(pages)), f"{multiple:.1f}{over}", f"{limit:.1f}", "; ".join(faults[:5])])
    return passed, rows


def below(least: Mapping[str, float], measured: Score) -> list[str]:
    """The measures under their floors."""
    return [name for name, floor in least.items() if (getattr(measured, name) or 0.0) < floor]
