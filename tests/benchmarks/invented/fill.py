"""A database of invented articles, made by runs of a ledger as a crawl makes it.

python -m tests.benchmarks.invented.fill 100000 FILE.db
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from random import Random

from sqlite_utils import Database

from newscrawl.items import Article, Failure
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from tests.benchmarks.invented.days import FAILURES, LAST, SOURCES, Record, Source, days, records

SEED = 7
_LATELY = 14
"""Days before the last of which the runs are half an hour apart; before, one of a source a day."""
_OFTEN = 1_800
_OUTAGE = 0.01
_KINDS = (("gone", "404"), ("http", "503 from the site"), ("layout", "no body found"), ("network", "time-out"))


def fill(db: Database, articles: int, seed: int = SEED) -> Iterator[int]:
    """Stores so many articles and what belongs to them, day by day; gives how many of them each day had."""
    for day, number in days(articles):
        is_late = (LAST.date() - day).days < _LATELY
        write(db, day, records(seed, day, number), every=_OFTEN if is_late else 86_400)
        yield number


def write(db: Database, day: date, found: Sequence[Record], *, every: int) -> None:
    """Runs over one day, each source once in so many seconds."""
    rng = Random(f"{day} runs")
    for _, slot in groupby(found, lambda record: int(record.article.fetched_at.timestamp() + 28_800) // every):
        told = list(slot)
        for source in SOURCES:
            _run(db, source, [record.article for record in told if record.article.source == source.name], rng)


def _run(db: Database, source: Source, articles: Sequence[Article], rng: Random) -> None:
    if not articles:
        return
    clock = Clock(articles[0].fetched_at)
    ledger = Ledger(db, source.name, version="0", clock=clock)
    ledger.found(len(articles))
    ledger.fetched(len(articles))
    ledger.lists.read(source.channel, clock.now)
    for article in articles:
        clock.now = article.fetched_at
        ledger.add(article)
        if rng.random() < FAILURES:
            ledger.fail(_failure(source, clock.now, rng))
    if rng.random() < _OUTAGE:
        ledger.finish("network", 7, "no answer")
        return
    _cover(ledger, source, articles)
    ledger.finish("ok", 0)


def _failure(source: Source, now: datetime, rng: Random) -> Failure:
    kind, reason = rng.choice(_KINDS)
    address = source.address.format(f"9{int(now.timestamp())}")
    return Failure(url=address, source=source.name, kind=kind, reason=reason)


def _cover(ledger: Ledger, source: Source, articles: Iterable[Article]) -> None:
    """From where the last run ended to this one's newest story; after an outage there is a gap."""
    times = [int(each.published_at.timestamp()) for each in articles if each.published_at]
    first, last = min(times), max(times)
    before = ledger.lists.complete(source.channel)
    missed, _ = ledger.lasting("network")
    since = before[0][1] + 1 if before and not missed else first
    ledger.lists.cover(source.channel, min(since, last), last)


class Clock:
    """Shows what it is set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def make(path: Path, articles: int) -> None:
    """Makes a database of so many articles at a path where none is; tells of every 10,000."""
    done, begun = 0, time.process_time()
    half = path.with_suffix(".half")
    with closing(open_database(half)) as db:
        db.execute("PRAGMA synchronous = OFF")  # what can be made again need not outlive a power cut
        for number in fill(db, articles):
            if (done + number) // 10_000 > done // 10_000:
                told = f"{done + number:>9,} articles, {1000 * (time.process_time() - begun) / (done + number):.2f} ms each"
                print(told, file=sys.stderr, flush=True)
            done += number
    half.rename(path)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int)
    parser.add_argument("path", type=Path)
    asked = parser.parse_args()
    make(asked.path, asked.articles)


if __name__ == "__main__":
    _main()
