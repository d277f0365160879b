"""Whole crawls of the sample site beside Scrapy alone: CPU and memory, and every stored row as it must be.

All sides ask one server, in turns, each time in a process and a folder of their own. A side that loses or garbles a
row is told, and counts for nothing.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from newscrawl.demo.truth import Expected
from newscrawl.storage.archive import read_archive
from newscrawl.storage.rows import as_json
from newscrawl.storage.timetext import to_text
from tests.benchmarks.processes import Cost, middle, run
from tests.benchmarks.site import LIST, WEIGHT, serving, truth
from tests.quality.tables import table

BARE, OURS, IDLE, NAIVE = "bare", "bare, our settings", "idle", "naive"
FULL, AGAIN = "newscrawl", "newscrawl, nothing new"
_PAGE_SIZE = 20
_MOST_WRONG = 5
_FIELDS = "url, title, body, published_at, image_urls, publisher"


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of all sides, and what was wrong with what they stored."""

    pages: int
    costs: dict[str, Cost]
    faults: list[str]

    def ratio(self, side: str, to: str) -> float:
        """The CPU of one side in multiples of another's."""
        return self.costs[side].cpu / self.costs[to].cpu


def measure(pages: int, rounds: int, sides: Sequence[str], weight: int = WEIGHT) -> Measured:
    """Every side so many times, in turns."""
    expected = truth(pages)
    costs: dict[str, list[Cost]] = defaultdict(list)
    faults: dict[str, None] = {}
    with serving(pages, weight) as base_url:
        for _ in range(rounds):
            for side in sides:
                with TemporaryDirectory(prefix="newscrawl-") as folder:
                    for name, cost, wrong in _run(side, base_url, Path(folder), expected):
                        costs[name].append(cost)
                        faults |= dict.fromkeys(f"{name}: {each}" for each in wrong)
    return Measured(pages, {name: middle(each) for name, each in costs.items()}, list(faults))


def _run(side: str, base_url: str, folder: Path, expected: list[Expected]) -> Iterator[tuple[str, Cost, list[str]]]:
    database = folder / "news.db"
    if side == FULL:
        command = crawl_command(base_url, database, len(expected))
        yield FULL, run(command), wrong_articles(database, expected) + wrong_archive(folder / "warc", expected)
        again = run(command)
        yield AGAIN, again, [] if _counts(again) == ("nothing_new", 0) else [f"the second run told {again.output}"]
    elif side == IDLE:
        settings = {"SCRAPY_SETTINGS_MODULE": "tests.benchmarks.crawlers"}
        yield IDLE, run(["-m", "scrapy", "crawl", "idle"], environment=settings), []
    else:
        cost = run(["-m", "tests.benchmarks.crawlers", side, base_url, str(database)])
        fetched = [] if int(cost.output) == len(expected) else [f"{cost.output} of {len(expected)} pages came"]
        yield side, cost, fetched + (wrong_upserts(database, expected) if side == NAIVE else [])


def crawl_command(base_url: str, database: Path, pages: int) -> list[str]:
    """The crawl of the site's list, as an operator types it; all that it does by default is on."""
    lists = pages // _PAGE_SIZE + 2
    site = ["-m", "newscrawl", "crawl", "site", "--start", LIST, "--pages", str(lists)]
    return [*site, "--base-url", base_url, "--delay", "0", "--db", str(database), "--json"]


def _counts(cost: Cost) -> tuple[str, int]:
    told = json.loads(cost.output)
    return told["outcome"], told["counts"]["new"]


def wrong_articles(database: Path, expected: Sequence[Expected]) -> list[str]:
    """What is not in the database as the site has it, and whether the search index finds it."""
    with closing(sqlite3.connect(database)) as db:
        stored = {row[0]: row[1:] for row in db.execute(f"select {_FIELDS} from articles")}
        indexed = db.execute("select count(*) from articles_fts_docsize").fetchone()[0]
    wanted = {each.url: _row(each) for each in expected}
    told = _differing(stored, wanted)
    return told if indexed == len(wanted) else [*told, f"{indexed} of {len(wanted)} are in the search index"]


def wrong_archive(folder: Path, expected: Sequence[Expected]) -> list[str]:
    """The pages whose answers are not in the archive."""
    archived = {answer.url for answer in read_archive([folder]) if answer.role == "page"}
    missing = [each.url for each in expected if each.url not in archived]
    return [f"{len(missing)} answers are not archived, {missing[0]} among them"] if missing else []


def wrong_upserts(database: Path, expected: Sequence[Expected]) -> list[str]:
    """The same of the naive design, which keeps titles and texts, at the addresses that it asked for."""
    with closing(sqlite3.connect(database)) as db:
        stored = {_path(row[0]): row[1:] for row in db.execute("select url, title, body from articles")}
    return _differing(stored, {_path(each.url): (each.title, each.body) for each in expected})


def _path(url: str) -> str:
    return "/".join(url.split("/", 3)[3:])


def _differing(stored: dict[str, tuple[object, ...]], wanted: dict[str, tuple[object, ...]]) -> list[str]:
    wrong = [url for url, row in wanted.items() if stored.get(url) != row]
    wrong += [url for url in stored if url not in wanted]
    return [f"{len(wrong)} of {len(wanted)} rows are wrong or lost: {', '.join(wrong[:_MOST_WRONG])}"] if wrong else []


def _row(each: Expected) -> tuple[object, ...]:
    """The editor is left out: one of the site's three templates does not print him."""
    return each.title, each.body, to_text(each.published_at), as_json(each.image_urls), each.publisher


def found(pages: int = 1_000, rounds: int = 5) -> str:
    """The table of whole crawls."""
    told = measure(pages, rounds, (BARE, OURS, NAIVE, IDLE, FULL))
    rows = []
    for side, cost in told.costs.items():
        ratios = [f"{told.ratio(side, other):.2f}" for other in (BARE, OURS, NAIVE, IDLE)]
        rows.append([side, f"{cost.cpu:.2f}", *ratios, f"{cost.peak:.0f}"])
    head = [f"{pages:,} pages of {WEIGHT // 1000} KB", "CPU s", *(f"× {each}" for each in (BARE, OURS, NAIVE, IDLE))]
    wrong = "\n".join(f"* {fault}" for fault in told.faults) or "No row is wrong or lost."
    return table([*head, "peak, MiB"], rows) + f"\n\n{wrong}"


def growth(sizes: Sequence[int] = (2_000, 20_000), run_one: Callable[..., Measured] = measure) -> str:
    """The peak of memory of crawls of several lengths."""
    rows = []
    for pages in sizes:
        told = run_one(pages, 1, (FULL,))
        cost = told.costs[FULL]
        wrong = "; ".join(told.faults) or "0"
        rows.append([f"{pages:,}", f"{cost.peak:.1f}", f"{1000 * cost.cpu / pages:.2f}", wrong])
    return table(["pages", "peak, MiB", "CPU ms a page", "wrong or lost"], rows)
