"""Stories over articles of the sample site and rewrites of them: what is linked, at what cost."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlite_utils import Database

from newscrawl.demo.truth import Expected, Site, expected_records, rewrites
from newscrawl.demo.world import World
from newscrawl.items import Article, Stock
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.linking import link, relink
from newscrawl.storage.transactions import immediate
from tests.quality.tables import table

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_SITES: tuple[Site, ...] = ("cls_telegraph", "cls_depth", "eastmoney")
_EVERY = 5
_BATCH = 100
_FEW = 1_000


class Linked(NamedTuple):
    """What was found, in articles."""

    articles: int
    rewrites: int
    missed: int
    wrong: int
    """In a story of another piece of news."""
    at_first: float
    """Milliseconds an article for the first thousand."""
    at_last: float
    """The same for the last."""
    anew: float
    """The same where all are linked anew."""
    share: float
    """Of the texts' size, that of the tables."""


def found(stories: int = 20_000) -> str:
    """A table over so many stories of the sample site."""
    told = linked(stories)
    head = ["articles", "rewrites", "recall", "wrong links per 1,000 articles", "ms an article: the first thousand",
            "the last", "all anew", "tables, of the texts' size"]  # fmt: skip
    cells = [
        f"{told.articles:,}",
        f"{told.rewrites:,}",
        f"{1 - told.missed / told.rewrites:.3f}",
        f"{1000 * told.wrong / told.articles:.2f}",
        *(f"{value:.2f}" for value in (told.at_first, told.at_last, told.anew, told.share)),
    ]
    return table(head, [cells])


def linked(stories: int) -> Linked:
    """Stores the stories and rewrites of every fifth as they came out, and compares with the truth."""
    records, truth = _records(stories)
    with TemporaryDirectory(prefix="newscrawl-") as folder, closing(open_database(Path(folder) / "a.db")) as db:
        costs = _fill(db, records)
        rows = db.execute(
            "select a.source_id, f.source_id from articles a join articles f on f.id = a.story_id"
        ).fetchall()
        anew = _timed(db, lambda: relink(db))
        few = _FEW // _BATCH
        return Linked(
            articles=len(rows),
            rewrites=len(truth),
            missed=len(truth) - sum(truth.get(number) == first for number, first in rows),
            wrong=sum(
                number != first and truth.get(number, number) != truth.get(first, first) for number, first in rows
            ),
            at_first=1000 * sum(costs[:few]) / (few * _BATCH),
            at_last=1000 * sum(costs[-few - 1 : -1]) / (few * _BATCH),
            anew=1000 * anew / len(rows),
            share=_share(db),
        )


def _records(stories: int) -> tuple[list[Expected], dict[str, str]]:
    """Everything that comes out, in order, and of what each rewrite is one."""
    world = World(seed=3, size=stories, now=_NOW)
    records = [record for site in _SITES for record in expected_records(world, site)]
    shared = Counter((record.title, record.body) for record in records)
    records = [each for each in records if each.source != "eastmoney" or shared[each.title, each.body] == 1]
    pairs = list(rewrites(records, 3, every=_EVERY))
    truth = {copy.source_id: record.source_id for record, copy in pairs}
    return sorted([*records, *(copy for _, copy in pairs)], key=lambda each: each.published_at), truth


def _fill(db: Database, records: Sequence[Expected]) -> list[float]:
    """Stores all; seconds that linking each batch took."""
    costs = []
    for start in range(0, len(records), _BATCH):
        articles = [_article(record) for record in records[start : start + _BATCH]]
        with immediate(db):
            ArticleStore(db).save(articles, _NOW)
            # Once more, by itself: storing has linked them.
            db.execute("insert into story_queue select id from articles order by id desc limit ?", [len(articles)])
        costs.append(_timed(db, lambda: link(db)))
    return costs


def _timed(db: Database, work: Callable[[], None]) -> float:
    with immediate(db):
        start = time.process_time()
        work()
        return time.process_time() - start


def _article(record: Expected) -> Article:
    return Article(
        source=record.source,
        source_id=record.source_id,
        url=record.url,
        kind=record.kind,
        title=record.title,
        body=record.body,
        body_html="",
        published_at=record.published_at,
        published_precision=record.published_precision,
        published_raw=None,
        publisher=record.publisher,
        stocks=tuple(Stock(code, market) for code, market in sorted(record.stocks)),
        fetched_at=_NOW,
    )


def _share(db: Database) -> float:
    pages = "select sum(pgsize) from dbstat where name like 'story_%' or name = 'idx_articles_story_id'"
    size = "select sum(length(cast(coalesce(title, '') as blob)) + length(cast(body as blob))) from articles"
    return float(db.execute(pages).fetchone()[0] / db.execute(size).fetchone()[0])
