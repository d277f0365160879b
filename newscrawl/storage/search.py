"""Finding articles by what their texts hold: every one of them and no other, newest first or best first."""

import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from sqlite_utils import Database

from newscrawl.errors import UsageError
from newscrawl.storage.ranking import best_first
from newscrawl.storage.search_index import FURTHEST, SECONDS, first_row
from newscrawl.storage.search_text import fold, holds, needed

Row = dict[str, Any]

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_COLUMNS = """
    a.id, a.source, a.source_id, a.url, a.kind, a.title, a.headline, a.publisher, a.published_at, a.published_ts,
    a.published_precision, a.body
"""
_FILTERS = {
    "source": "a.source = :source",
    "kind": "a.kind = :kind",
    "publisher": "a.publisher = :publisher",
    "since": "a.published_ts >= :since",
    "until": "a.published_ts <= :until",
}
_HOLDS = "instr(a.body, {0}) or coalesce(instr(a.title, {0}), 0)"
_QUEUED = "a.id in (select article_id from search_queue)"
"""Of these the index does not know yet what they say now."""
_FROM_INDEX = f"""
    select {_COLUMNS}, r.number from articles_fts f cross join search_rows r on r.number = f.rowid
    cross join articles a on a.id = r.article_id
"""
_NAMED = f"f.articles_fts match :match and f.rowid between :first and :last and not {_QUEUED}"
_AROUND = 28
"""Characters shown on each side of a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for. Words stand in the title or in the body; all of them, and none of `without`."""

    words: Sequence[str]
    without: Sequence[str] = ()
    source: str | None = None
    kind: str | None = None
    publisher: str | None = None
    stock: tuple[str, str | None] | None = None
    """Code, and market where it is known."""
    since: int | None = None
    """Unix second, included."""
    until: int | None = None
    """Unix second, included."""
    loose: bool = False
    """Full and half width, capitals and small letters are one; the words are folded."""
    ranked: bool = False
    """Best first, in place of newest first."""
    most_ranked: int | None = None
    """Only the newest so many of those found are put in order; all where it is None."""


def words_of(texts: Iterable[str], *, loose: bool = False) -> list[str]:
    """The words of a query: parted by white space, but for what stands in quotes. UsageError for none."""
    found = [(quoted or plain).strip() for text in texts for quoted, plain in _WORD.findall(text)]
    found = [fold(word) for word in found] if loose else found
    words = list(dict.fromkeys(word for word in found if word))
    if not words:
        raise UsageError("the query is empty: name a word to look for")
    return words


def search(db: Database, query: Query, *, limit: int, offset: int = 0) -> list[Row]:
    """Columns of the articles found, each with `snippet`: newest first (those without a date last), or best first."""
    tokens = [f'"{token}"' for word in query.words for token in needed(word)]
    if query.stock or not tokens:  # few articles name a stock; and the index holds no punctuation
        found = _scan(db, query)
    else:
        found = _newest_first(chain(_scan(db, query, _QUEUED), _indexed(db, query, " AND ".join(tokens))))
    if query.loose:
        found = (row for row in found if _fits(row, query))
    if query.ranked:
        found = iter(best_first(list(islice(found, query.most_ranked)), query.words))
    return [_hit(row, query.words) for row in islice(found, offset, offset + limit)]


def _scan(db: Database, query: Query, *conditions: str) -> Iterator[Row]:
    """Articles newest first, by their own columns."""
    order = "order by a.published_ts desc, a.id desc"
    sql = f"select {_COLUMNS}, null as number from articles a {_where(query, *conditions)} {order}"
    return db.query(sql, _values(query))


def _indexed(db: Database, query: Query, match: str) -> Iterator[Row]:
    """Articles that the index names, in the order of its rows, the last first."""
    bounds = {
        "match": match,
        "first": first_row(query.since),
        "last": first_row(query.until) + FURTHEST if query.until is not None else 2**62,
    }
    return db.query(f"{_FROM_INDEX} {_where(query, _NAMED)} order by f.rowid desc", _values(query) | bounds)


def _where(query: Query, *conditions: str) -> str:
    wanted = [*conditions, *(sql for name, sql in _FILTERS.items() if getattr(query, name) is not None)]
    if query.stock:
        market = " and market = :market" if query.stock[1] else ""
        wanted.append(f"a.id in (select article_id from stocks where code = :code{market})")
    if not query.loose:  # what the index cannot tell: whether the words stand there as they are written
        wanted += [f"({_HOLDS.format(f':word{number}')})" for number in range(len(query.words))]
        wanted += [f"not ({_HOLDS.format(f':without{number}')})" for number in range(len(query.without))]
    return f"where {' and '.join(wanted)}" if wanted else ""


def _values(query: Query) -> dict[str, Any]:
    code, market = query.stock or (None, None)
    words = {f"word{number}": word for number, word in enumerate(query.words)}
    without = {f"without{number}": word for number, word in enumerate(query.without)}
    return {name: getattr(query, name) for name in _FILTERS} | {"code": code, "market": market} | words | without


def _fits(row: Row, query: Query) -> bool:
    return all(_in(row, word) for word in query.words) and not any(_in(row, word) for word in query.without)


def _in(row: Row, word: str) -> bool:
    return holds(row["body"], word) or holds(row["title"], word)


def _newest_first(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of the index come by their numbers, the highest first, and stand at their minute or above it.

    So one may go out as soon as all that follow are of an earlier minute. Rows without a number come first.
    """
    waiting: list[tuple[int, int, Row]] = []
    for row in rows:
        while row["number"] is not None and waiting and -waiting[0][0] // SECONDS > row["number"]:
            yield heapq.heappop(waiting)[2]
        heapq.heappush(waiting, (-_second(row), -row["id"], row))
    while waiting:
        yield heapq.heappop(waiting)[2]


def _second(row: Row) -> int:
    return -1 if row["published_ts"] is None else max(row["published_ts"], 0)


def _hit(row: Row, words: Sequence[str]) -> Row:
    body = row.pop("body")
    row.pop("number")
    return row | {"snippet": snippet(body, words)}


def snippet(body: str, words: Sequence[str]) -> str:
    """The text around the first of the words in a body; its beginning where none stands there."""
    text = body if any(word in body for word in words) else fold(body)
    at, word = min(((at, word) for word in words if (at := text.find(word)) >= 0), default=(0, ""))
    start, end = max(at - _AROUND, 0), at + len(word) + _AROUND
    cut = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{cut}{'…' if end < len(text) else ''}"
