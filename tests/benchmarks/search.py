"""Search over articles of the sample site: is all found that `instr` finds, how fast, and how large is the index?"""

import random
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from newscrawl.demo.truth import Expected, Site, expected_records
from newscrawl.demo.world import World
from newscrawl.items import Article
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.search import Query, search, words_of
from newscrawl.storage.transactions import immediate
from tests.quality.tables import table

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_SITES: tuple[Site, ...] = ("cls_telegraph", "cls_depth", "eastmoney")
_LONGEST = 8
_PAGE = 20
_ROUNDS = 3
_BATCH = 100


def found(stories: int = 25_000, words: int = 200) -> str:
    """A table over words of 1 to 8 characters, cut at random out of the articles."""
    with TemporaryDirectory(prefix="newscrawl-") as folder, closing(open_database(Path(folder) / "a.db")) as db:
        _fill(db, stories)
        texts = db.execute("select id, coalesce(title, ''), body from articles").fetchall()
        rows = [_measure(db, texts, word) for word in _words(texts, words)]
        milliseconds = sorted(row[2] for row in rows)
        cells = [
            f"{len(texts):,}",
            str(words),
            f"{sum(row[0] for row in rows)} / {sum(row[1] for row in rows)}",
            *(f"{milliseconds[round(share * (words - 1))]:.1f}" for share in (0.5, 0.95, 1.0)),
            f"{_index_share(db):.2f}",
        ]
    head = ["articles", "words", "missed / found in vain", "newest 20, ms: median", "95th percentile", "slowest"]
    return table([*head, "index, of the text's size"], [cells])


def _fill(db: Database, stories: int) -> None:
    world = World(seed=3, size=stories, now=_NOW)
    records = [record for site in _SITES for record in expected_records(world, site)]
    for start in range(0, len(records), _BATCH):
        with immediate(db):
            ArticleStore(db).save([article(record) for record in records[start : start + _BATCH]], _NOW)


def article(record: Expected) -> Article:
    """An article as a crawl stores it."""
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
        fetched_at=_NOW,
    )


def _words(texts: list[tuple[int, str, str]], count: int) -> list[str]:
    chance, words = random.Random(5), []
    while len(words) < count:
        _, title, body = chance.choice(texts)
        text, length = chance.choice((title, body)), chance.randint(1, _LONGEST)
        start = chance.randrange(max(1, len(text) - length))
        word = text[start : start + length]
        if word and not any(character.isspace() or character == '"' for character in word):
            words.append(word)
    return words


def _measure(db: Database, texts: list[tuple[int, str, str]], word: str) -> tuple[int, int, float]:
    """How many articles are missed, how many found in vain, and the least time for the newest, in milliseconds."""
    query = Query(words=words_of([word]))
    there = {number for number, title, body in texts if word in title or word in body}
    got = {row["id"] for row in search(db, query, limit=len(texts) + 1)}
    return len(there - got), len(got - there), 1000 * min(_seconds(db, query) for _ in range(_ROUNDS))


def _seconds(db: Database, query: Query) -> float:
    start = time.process_time()
    search(db, query, limit=_PAGE)
    return time.process_time() - start


def _index_share(db: Database) -> float:
    pages = "select sum(pgsize) from dbstat where name like 'articles_fts%' or name like 'search_%'"
    size = "select sum(length(cast(coalesce(title, '') as blob)) + length(cast(body as blob))) from articles"
    return float(db.execute(pages).fetchone()[0] / db.execute(size).fetchone()[0])
