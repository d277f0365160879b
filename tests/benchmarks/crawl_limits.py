"""The short form of whole crawls and starts: is every row right, and does a crawl cost no more than it did?"""

from tests.benchmarks import crawl, start
from tests.benchmarks.crawl import AGAIN, BARE, FULL, IDLE, NAIVE, OURS
from tests.benchmarks.limits import SLACK

RATIOS = {(FULL, BARE): 1.95, (FULL, OURS): 2.75, (FULL, NAIVE): 0.55, (AGAIN, IDLE): 1.0}
"""CPU in multiples of another side's, as measured with so few pages; lower them when it falls."""
PEAK = 160.0
"""MiB, as docs/benchmarks.md promises of a crawl of a thousand pages."""
START = 0.55
"""CPU of a command that crawls nothing, in multiples of `import scrapy`."""
HEAD = ["cost", "measured", "limit", "wrong or lost"]
_PAGES = 300


def check() -> tuple[bool, list[list[str]]]:
    """Whether all holds, and a row for each limit."""
    rows = _crawls() + _starts()
    return not any(over or wrong for *_, over, wrong in rows), [
        [name, f"{measured:.2f}{' **over**' if over else ''}", f"{limit:.2f}", wrong]
        for name, measured, limit, over, wrong in rows
    ]


_Row = tuple[str, float, float, bool, str]


def _crawls() -> list[_Row]:
    told = crawl.measure(_PAGES, 1, (BARE, OURS, IDLE, NAIVE, FULL))
    wrong = "; ".join(told.faults)
    rows = [_row(f"{side} / {to}", told.ratio(side, to), SLACK * limit) for (side, to), limit in RATIOS.items()]
    peak, limit = told.costs[FULL].peak, PEAK
    return [*rows, ("peak of a crawl, MiB", peak, limit, peak > limit, wrong)]


def _starts() -> list[_Row]:
    costs, wrong = start.measure(3)
    alone = costs["import scrapy"].cpu
    return [
        _row(f"{name} / import scrapy", costs[name].cpu / alone, SLACK * START, "its output" if name in wrong else "")
        for name in start.COMMANDS
    ]


def _row(name: str, measured: float, limit: float, wrong: str = "") -> _Row:
    return name, measured, limit, measured > limit, wrong
