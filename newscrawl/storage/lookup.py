"""Finding what the database already holds for an article."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from newscrawl.items import Article
from newscrawl.storage.decide import Stored, is_same_article, is_same_text
from newscrawl.storage.rows import PARTS, Row, as_json, storable
from newscrawl.storage.timetext import from_text, from_text_or_none, in_beijing

_STORED = """a.id, a.source, a.source_id, a.content_hash, a.modified_at, a.published_at, a.content_since,
    (select max(read_at) from sightings where article_id = a.id and source = a.source)"""
_BY_NUMBER = f"select {_STORED} from articles a where a.id = ?"
_BY_ID = f"select {_STORED} from articles a where a.source = ? and a.source_id = ?"
_BY_ADDRESS = f"""
    select {_STORED} from articles a left join sightings s on s.article_id = a.id and s.url = :url
    where a.url = :url or a.id in (select article_id from sightings where url = :url)
    order by a.source = :source desc, a.url = :url desc, s.last_seen_at desc, a.id
"""
_BY_TEXT = f"""
    select {_STORED} from articles a where a.content_hash = ?
    order by a.source = ? desc, abs(a.published_ts - ?), a.id limit 20
"""
_PART_ORDER = {"images": "position", "stocks": "code, market", "tags": "kind, name"}
_PART_COLUMNS = {
    "images": "position, url, alt, caption, width, height",
    "stocks": "code, market, name",
    "tags": "kind, name",
}


_STORED_ADDRESSES = """
    select j.value from json_each(:urls) j cross join articles a on a.url = j.value
    union select j.value from json_each(:urls) j cross join sightings s on s.url = j.value
"""

Key = tuple[str, str]
"""One thing that an article can be found by: what it is (an address, a text, the id at a source), and the thing."""


def keys_of(article: Article, content_hash: str) -> set[Key]:
    """All that an article can be found by. Two articles without a key in common are two articles."""
    keys = {("address", url) for url in addresses(article)}
    keys.add(("text", content_hash))
    if article.source_id is not None:
        keys.add((f"id at {article.source}", storable(article.source_id) or ""))
    return keys


def stored_keys(db: Database, keys: Iterable[Key]) -> set[Key]:
    """Those keys by which something is in the database: a few queries for a whole batch."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, value in keys:
        by_kind[kind].append(value)
    return {(kind, value) for kind, values in by_kind.items() for value in _stored_values(db, kind, values)}


def _stored_values(db: Database, kind: str, values: list[str]) -> set[str]:
    wanted = as_json(values)
    if kind == "address":
        cursor = db.execute(_STORED_ADDRESSES, {"urls": wanted})
    elif kind == "text":
        sql = "select content_hash from articles where content_hash in (select value from json_each(?))"
        cursor = db.execute(sql, [wanted])
    else:
        sql = """select source_id from articles
                 where source = ? and source_id in (select value from json_each(?))"""
        cursor = db.execute(sql, [kind.removeprefix("id at "), wanted])
    return {value for (value,) in cursor}


def find_match(db: Database, article: Article, content_hash: str) -> Stored | None:
    """The stored article that this one is: by its id, else by an address, else by its text."""
    for candidate in _by_id(db, article):
        return candidate
    for candidate in _by_address(db, article):
        if is_same_article(article, candidate):
            return candidate
    for candidate in _by_text(db, article, content_hash):
        if is_same_text(article, candidate):
            return candidate
    return None


def find_number(db: Database, article: Article, number: int) -> Stored | None:
    """The stored article of a number; while there is none, one that has this article's own id."""
    stored = map(_stored, db.execute(_BY_NUMBER, [number]))
    return next(stored, None) or next(_by_id(db, article), None)


def addresses(article: Article) -> tuple[str, ...]:
    """Every address that means this article: the canonical one first, then those at which it was seen, each once."""
    return _distinct(article.url, *article.seen_at)


def sighted(article: Article) -> tuple[str, ...]:
    """The addresses at which the article was seen; its own when it does not say."""
    return _distinct(*article.seen_at) or _distinct(article.url)


def _distinct(*urls: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kept for url in urls if (kept := storable(url))))


def is_taken(db: Database, url: str) -> bool:
    """Whether an article has this canonical address."""
    return db.execute("select 1 from articles where url = ?", [url]).fetchone() is not None


def article_columns(db: Database, article_id: int) -> Row:
    """The stored columns of one article, without the generated one."""
    [row] = rows(db, "select * from articles where id = ?", article_id)
    del row["headline"]
    return row


def parts_of(db: Database, article_id: int) -> dict[str, list[Row]]:
    """Images, stocks and tags of one article as part_rows gives them."""
    return {
        name: rows(
            db,
            f"select {_PART_COLUMNS[name]} from {name} where article_id = ? order by {_PART_ORDER[name]}",
            article_id,
        )
        for name in PARTS
    }


def sightings_of(db: Database, article_id: int) -> list[Row]:
    """The sightings of one article, oldest first."""
    sql = "select * from sightings where article_id = ? order by first_seen_at, source, url"
    return rows(db, sql, article_id)


def rows(db: Database, sql: str, *parameters: object) -> list[Row]:
    """The rows of a query as dictionaries."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _by_id(db: Database, article: Article) -> Iterator[Stored]:
    if article.source_id is not None:
        yield from map(_stored, db.execute(_BY_ID, [article.source, storable(article.source_id)]))


def _by_address(db: Database, article: Article) -> Iterator[Stored]:
    for url in addresses(article):
        yield from map(_stored, db.execute(_BY_ADDRESS, {"url": url, "source": article.source}).fetchall())


def _by_text(db: Database, article: Article, content_hash: str) -> Iterator[Stored]:
    moment = article.published_at
    seconds = None if moment is None else int(in_beijing(moment).timestamp())
    yield from map(_stored, db.execute(_BY_TEXT, [content_hash, article.source, seconds]).fetchall())


def _stored(row: tuple[Any, ...]) -> Stored:
    article_id, source, source_id, content_hash, modified_at, published_at, content_since, read_at = row
    return Stored(
        id=article_id,
        source=source,
        source_id=source_id,
        content_hash=content_hash,
        modified_at=from_text_or_none(modified_at),
        published_at=from_text_or_none(published_at),
        content_since=from_text(content_since),
        read_at=from_text_or_none(read_at),
    )
