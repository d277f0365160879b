"""The tables of the comparison."""

from collections.abc import Iterator, Mapping
from statistics import fmean

from tests.benchmarks.pages import fixtures, own, saved
from tests.benchmarks.speed import Timed, measure
from tests.benchmarks.tools import newscrawl
from tests.quality.score import Extract, Sample, Score, is_short, score_readings
from tests.quality.tables import number, table

SITE = "sample site"
"""The set of invented pages of sites that no rule knows."""
ROUNDS = 3
RULE_PAGES = {
    "cls.cn, sample site": lambda: own("cls_telegraph", "cls_depth"),
    "cls.cn, fixtures": lambda: fixtures("cls_telegraph", "cls_depth"),
    "East Money, sample site": lambda: own("eastmoney"),
    "East Money, fixtures": lambda: fixtures("eastmoney"),
}
_COLUMNS = (
    ("title, gne", "gne", "title"),
    ("day, gne", "gne", "day"),
    ("minute, gne", "gne", "minute"),
    ("day, cwced", "cwced", "day"),
    ("images P, gne", "gne", "image_precision"),
    ("images R, gne", "gne", "image_recall"),
)
_COLUMNS_WITHOUT_SETS = tuple(
    (name, SITE, name.replace("images P", "image_precision").replace("images R", "image_recall"))
    for name in ("title", "day", "minute", "images P", "images R")
)


def compare(sets: dict[str, list[Sample]], extractors: Mapping[str, Extract], missing: list[str]) -> Iterator[str]:
    """What each extractor reads right, and what it costs."""
    columns = _COLUMNS if sets else _COLUMNS_WITHOUT_SETS
    sets = {**sets, SITE: own("gbk", "web")}
    timed = {name: measure(pages, extractors, ROUNDS) for name, pages in sets.items()}
    quality, cost = [], []
    for tool in extractors:
        scores = {name: score_readings(pages, timed[name][tool].readings) for name, pages in sets.items()}
        errors = [error for name in sets for error in timed[name][tool].errors]
        row = [number(scores[name].body) for name in sets] + [number(_short(sets, scores))]
        row += [number(getattr(scores[name], measured)) for _, name, measured in columns]
        quality.append([tool, *row, str(len(errors))])
        cost.append([tool, *(_cost(timed[name][tool]) for name in sets)])
    absent = [[tool, "not installed"] for tool in missing]
    head = ["", *(f"body, {name}" for name in sets), "body, Chinese ≤ 300 tokens", *(name for name, _, _ in columns)]
    yield "## What is read right\n\n" + table([*head, "errors"], quality + _filled(absent, len(head) + 1))
    head = ["", *(f"{name} ({len(pages)} pages)" for name, pages in sets.items())]
    yield "## CPU, in multiples of one lxml parse: median / 95th percentile\n\n" + table(
        head, cost + _filled(absent, len(head))
    )


def rule_pages() -> str:
    """What the site rules cost, and how many of their records are wrong."""
    rows = []
    for name, load in {"cls.cn, saved by others": saved, **RULE_PAGES}.items():
        pages = load()
        if not pages:
            continue
        timed = measure(pages, {"newscrawl": newscrawl}, ROUNDS)["newscrawl"]
        told = str(len(wrong(pages, timed))) if any(page.body for page in pages) else "–"
        rows.append([name, str(len(pages)), told, _cost(timed)])
    return table(["pages", "number", "wrong or lost", "multiples of one lxml parse: median / 95th percentile"], rows)


def wrong(pages: list[Sample], timed: Timed) -> list[str]:
    """The pages whose title, date, body or images are not exactly what they must be."""
    found = []
    for page, reading in zip(pages, timed.readings, strict=True):
        date = reading.date.isoformat() if reading.date and not isinstance(reading.date, str) else None
        got = (reading.title, date, reading.body, [[url] for url in reading.images])
        if got != (page.title, page.date, page.body, page.images):
            found.append(page.key)
    return found


def _short(sets: dict[str, list[Sample]], scores: dict[str, Score]) -> float | None:
    """Mean F1 of the short Chinese pages of all labelled sets; the sample site's are no measure of it."""
    keys = {page.key for name, pages in sets.items() for page in pages if name != SITE and is_short(page.body)}
    return fmean(f1 for each in scores.values() for f1, key in each.pages if key in keys) if keys else None


def _cost(timed: Timed) -> str:
    return f"{timed.quantile(0.5):.1f} / {timed.quantile(0.95):.1f}"


def _filled(rows: list[list[str]], width: int) -> list[list[str]]:
    return [row + [""] * (width - len(row)) for row in rows]
