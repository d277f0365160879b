"""Replay, rebuild and import on one core and on two: time, CPU, and what of it the process takes that writes.

    python -m tests.benchmarks.offline [--short]

prints Markdown. Every round runs each command with one job and with two, in turn, into databases of their own, which must
be row for row the same and hold what the sample site's truth says; the medians of the rounds count. Linux only: it waits
for the processes that outlive the command.
"""

import argparse
import ctypes
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from newscrawl.demo.posts import write_posts
from newscrawl.demo.shapes.parts import part_count
from newscrawl.demo.truth import Expected, Site, expected_records
from newscrawl.demo.world import World
from newscrawl.storage.archive import Archive
from tests.benchmarks.pages import _PAGE_OF
from tests.quality.tables import table

HEAD = ["command", "pages", "one job: CPU ms a page", "two jobs: CPU ms a page", "of which the writer",
        "times as fast with two: measured", "as CPU allows", "limit"]  # fmt: skip
LIMITS = {"replay": 1.7, "replay, once more": 1.7}
"""How many times as fast two jobs must be on two cores that nobody else uses, as their CPU allows."""
SLACK = 0.75
_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_SITES: tuple[Site, ...] = ("cls_depth", "eastmoney", "gbk", "web")
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
_ITEM = b'<li class="item"><a href="/channel/%d/" target="_blank"><img src="/icons/%d.png" alt="">%d</a></li>\n'
WEIGHT = 40_000
"""Bytes of a real page; the sample site's have some 5,000."""


class Spent(NamedTuple):
    """What one command took, in seconds."""

    wall: float
    cpu: float
    """Of all its processes."""
    writer: float
    """Of the one that writes."""


class Case(NamedTuple):
    """One command, as it is run with so many jobs into a folder."""

    name: str
    pages: int
    run: Callable[[int, Path], list[str]]


def measured(case: Case, rounds: int, folder: Path) -> tuple[list[Spent], list[Spent]]:
    """What it took with one job and with two, round by round. AssertionError where the databases differ."""
    spent: tuple[list[Spent], list[Spent]] = [], []
    for number in range(rounds):
        places = [folder / f"{case.name}-{number}-{jobs}" for jobs in (1, 2)]
        for jobs, place, times in zip((1, 2), places, spent, strict=True):
            place.mkdir()
            times.append(_spent(case.run(jobs, place)))
        one, two = (_rows(place / "news.db") for place in places)
        assert one == two, f"{case.name}: two jobs leave another database"
        for place in places:
            shutil.rmtree(place)
    return spent


def possible(one: Spent, two: Spent) -> float:
    """How many times as fast two jobs are on two cores that nobody else uses: on others time tells nothing.

    The writer cannot be divided, and all of it together not by more than two.
    """
    return one.cpu / max(two.writer, two.cpu / 2)


def check(short: bool) -> tuple[bool, list[list[str]]]:
    """Whether the limits hold, and a row for each command."""
    stories, rounds = (1_500, 3) if short else (10_000, 5)
    rows, passed = [], True
    with TemporaryDirectory(prefix="newscrawl-") as name:
        for case in _cases(Path(name), stories):
            if short and case.name not in LIMITS:
                continue
            one, two = measured(case, rounds, Path(name))
            faster = median(first.wall / second.wall for first, second in zip(one, two, strict=True))
            allowed = median(possible(first, second) for first, second in zip(one, two, strict=True))
            limit = SLACK * LIMITS[case.name] if case.name in LIMITS else 0.0
            passed = passed and allowed >= limit
            rows.append([
                case.name,
                f"{case.pages:,}",
                f"{1000 * median(each.cpu for each in one) / case.pages:.2f}",
                f"{1000 * median(each.cpu for each in two) / case.pages:.2f}",
                f"{median(each.writer / each.cpu for each in two):.0%}",
                f"{faster:.2f}",
                f"{allowed:.2f}" + ("" if allowed >= limit else " **under**"),
                f"{limit:.2f}" if limit else "–",
            ])  # fmt: skip
            print(*rows[-1], sep="  ", file=sys.stderr, flush=True)
    return passed, rows


def _cases(folder: Path, stories: int) -> Iterator[Case]:
    world = World(seed=7, size=stories, now=_NOW)
    for name, weight in (("replay, pages as they are", 0), ("replay", WEIGHT)):
        truth = write_archive(world, folder / name, weight)
        fill = _command("replay", folder / name)
        first = folder / f"{name} first"
        first.mkdir()
        _spent(fill(2, first))
        check_truth(first / "news.db", truth)
        yield Case(name, len(truth), fill)
        yield Case(f"{name}, once more", len(truth), _again(fill, first / "news.db"))
        shutil.rmtree(first)
    archive = folder / "journal"
    archive.mkdir()
    _spent(_command("replay", folder / "replay")(2, archive))
    archives = [str(archive / "warc"), str(folder / "replay")]
    yield Case("rebuild", len(truth), lambda jobs, into: _rebuild(jobs, into, archives))
    posts = write_posts(folder / "posts", World(seed=7, size=stories // 4, now=_NOW))
    yield Case("import", len(posts.articles), lambda jobs, into: _import(jobs, into, folder / "posts"))


def write_archive(world: World, folder: Path, weight: int) -> list[Expected]:
    """An archive of the sample site's pages as crawls leave them, and what must be read of them."""
    archive, truth, at = Archive(folder), [], _NOW
    for site in _SITES:
        for record in expected_records(world, site):
            story = world.find(record.source_id)
            if part_count(story) > 1:  # to ask for the others takes a crawl
                continue
            answer = _PAGE_OF[site](story)
            at += timedelta(seconds=1)
            archive.write(
                url=record.url,
                asked=None,
                source=record.source,
                role="page",
                status=200,
                reason="OK",
                headers=[("Content-Type", answer.content_type)],
                body=_padded(answer.body, weight),
                fetched_at=at,
            )
            truth.append(record)
    archive.close()
    return truth


def _padded(page: bytes, weight: int) -> bytes:
    """A page with more around its article: menus and a script, as real pages have them."""
    missing = weight - len(page)
    if missing <= 0:
        return page
    items = b"".join(_ITEM % (number, number, number) for number in range(missing * 3 // 5 // len(_ITEM)))
    script = b"window.slots.push({position:'right'});\n" * ((missing - len(items)) // 39)
    return page.replace(b"</body>", b"<ul>" + items + b"</ul><script>" + script + b"</script></body>", 1)


def check_truth(database: Path, truth: Sequence[Expected]) -> None:
    """AssertionError where a story is missing, or its title or text is another than the truth's."""
    with closing(sqlite3.connect(database)) as connection:
        stored = {number: told for number, *told in connection.execute("select source_id, title, body from articles")}
        twins = {url for (url,) in connection.execute("select url from sightings")}
    for record in truth:
        found = stored.get(record.source_id)
        assert found in ([record.title, record.body], None), record.url
        assert found or record.url in twins, f"{record.url} is lost"


def _rows(database: Path) -> dict[str, list[object]]:
    """All that tells of articles, but for when."""
    told = {
        "articles": "id, source, source_id, url, title, body, body_html, content_hash, story_id",
        "sightings": "article_id, source, url",
        "search_rows": "*",
        "stocks": "*",
        "images": "*",
    }
    with closing(sqlite3.connect(database)) as connection:
        return {name: connection.execute(f"select {what} from {name}").fetchall() for name, what in told.items()}


def _command(name: str, archive: Path) -> Callable[[int, Path], list[str]]:
    return lambda jobs, into: [name, str(archive), "--db", str(into / "news.db"), "--jobs", str(jobs)]


def _again(fill: Callable[[int, Path], list[str]], filled: Path) -> Callable[[int, Path], list[str]]:
    def run(jobs: int, into: Path) -> list[str]:
        shutil.copy(filled, into / "news.db")
        return fill(jobs, into)

    return run


def _rebuild(jobs: int, into: Path, archives: list[str]) -> list[str]:
    return ["rebuild", *archives, "--into", str(into / "news.db"), "--jobs", str(jobs)]


def _import(jobs: int, into: Path, posts: Path) -> list[str]:
    return ["import", "finews", str(posts), "--db", str(into / "news.db"), "--jobs", str(jobs)]


def _spent(arguments: list[str]) -> Spent:
    """Runs a command from a process of its own, which waits for all that come of it."""
    command = [sys.executable, "-m", "tests.benchmarks.offline", "--spend", *arguments]
    return Spent(*json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))


def _spend(arguments: list[str]) -> Spent:
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "newscrawl", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    assert os.waitstatus_to_exitcode(status) in {0, 1}, arguments  # 1: one of the posts cannot be read
    try:
        while True:
            os.wait()
    except ChildProcessError:
        everything = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, everything.ru_utime + everything.ru_stime, used.ru_utime + used.ru_stime)


def main() -> int:
    """Print the table; 1 when a limit is passed."""
    if sys.argv[1:2] == ["--spend"]:
        print(json.dumps(_spend(sys.argv[2:])))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="a replay of few pages")
    passed, rows = check(parser.parse_args().short)
    print(table(HEAD, rows))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
