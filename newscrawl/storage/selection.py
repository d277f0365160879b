"""Some of the articles, as they stand or as they stood at a moment: one row at a time, oldest number first."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from newscrawl.items import Article
from newscrawl.storage.rows import PARTS, Row, article_from
from newscrawl.storage.search_text import needed

_CONDITIONS = {
    "article_id": "a.id = :article_id",
    "source": "a.source = :source",
    "kind": "{0}.kind = :kind",
    "publisher": "{0}.publisher = :publisher",
}
_NOW = "select a.id, a.content_since, null as valid_to from articles a where {}"
_FORMER = """
    select a.id, r.valid_from, r.valid_to from revisions r join articles a on a.id = r.article_id
    where r.reason = 'publisher' and r.valid_from <= :as_of and r.valid_to > :as_of and {}
"""
_MARKET = "code = :code and (:market is null or market = :market)"
_INDEXED = """
    (a.id in (select r.article_id from articles_fts f join search_rows r on r.number = f.rowid
              where f.articles_fts match :match)
     or a.id in (select article_id from search_queue))
"""
_STATES = """
    select s.*,
        (select json_group_array(url) from (select url from sightings where article_id = s.article_id
            and source = s.source and (:as_of is null or first_seen_at <= :as_of)
            order by first_seen_at, url)) as seen_at
    from states s where article_id in ({}) order by article_id
"""
_LISTS = (*PARTS, "seen_at")
_AT_ONCE = 200
"""Articles read with one query: what is held in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles. Without anything: all of them, as they stand."""

    article_id: int | None = None
    source: str | None = None
    kind: str | None = None
    publisher: str | None = None
    stock: tuple[str, str | None] | None = None
    """Code, and market where it is known."""
    words: tuple[str, ...] = ()
    """All of them stand in the title or in the body, as they are written."""
    since: int | None = None
    """Published at this unix second or later."""
    until: int | None = None
    """Published at this unix second or earlier."""
    as_of: str | None = None
    """As they stood at this moment, a time as the database writes it: what was not stored by then is not there."""


def selected(db: Database, selection: Selection) -> Iterator[Row]:
    """The columns of the view `states` for each article, with `images`, `stocks` and `tags` as lists of dictionaries,
    and `seen_at`, the addresses at which its own source met it.

    `valid_to` is left out: at the moment asked for it was yet to come. So is a time of edit later than that moment.
    """
    chosen = db.execute(_chosen(selection), _values(selection))
    while keys := chosen.fetchmany(_AT_ONCE):
        yield from _states(db, set(keys), selection.as_of)


def selected_articles(db: Database, selection: Selection) -> Iterator[Article]:
    """The same as records; `fetched_at` is when this wording was first stored."""
    for row in selected(db, selection):
        yield article_from(row | {"updated_at": row["valid_from"]}, row, row["seen_at"])


def _states(db: Database, keys: set[tuple[object, ...]], as_of: str | None) -> Iterator[Row]:
    """The states with these articles' numbers, beginnings and ends."""
    # Numbers that stand in the query reach the index of the tables behind the view; a list in a parameter does not.
    numbers = ", ".join(str(key[0]) for key in keys)
    for row in db.query(_STATES.format(numbers), {"as_of": as_of}):
        if (row["article_id"], row["valid_from"], row.pop("valid_to")) in keys:
            # What the publisher added later without touching the text is not kept apart, but for this.
            if as_of and row["modified_at"] and row["modified_at"] > as_of:
                row["modified_at"] = None
            yield row | {name: json.loads(row[name]) for name in _LISTS}


def _chosen(selection: Selection) -> str:
    """The query for number, beginning and end of each state that is wanted."""
    now = _NOW.format(" and ".join(["true", *_conditions(selection, "a")]))
    if not selection.as_of:
        return f"{now} order by 1"
    return f"{now} union all {_FORMER.format(' and '.join(_conditions(selection, 'r')))} order by 1"


def _conditions(selection: Selection, table: str) -> Iterator[str]:
    """Conditions on the present states (table a) or on former ones (r)."""
    second = "a.published_ts" if table == "a" else "cast(strftime('%s', r.published_at) as integer)"
    yield from (sql.format(table) for name, sql in _CONDITIONS.items() if getattr(selection, name) is not None)
    if selection.since is not None:
        yield f"{second} >= :since"
    if selection.until is not None:
        yield f"{second} <= :until"
    if selection.as_of:
        yield "a.first_seen_at <= :as_of" + (" and a.content_since <= :as_of" if table == "a" else "")
    if selection.stock:
        yield _names_stock(table)
    if _tokens(selection):
        yield _INDEXED
    for number in range(len(selection.words)):
        yield f"(instr({table}.body, :word{number}) or coalesce(instr({table}.title, :word{number}), 0))"


def _names_stock(table: str) -> str:
    if table == "a":
        return f"a.id in (select article_id from stocks where {_MARKET})"
    named = "select value ->> 'code' as code, value ->> 'market' as market from json_each(r.stocks)"
    return f"exists (select 1 from ({named}) where {_MARKET})"


def _values(selection: Selection) -> dict[str, object]:
    code, market = selection.stock or (None, None)
    words = {f"word{number}": word for number, word in enumerate(selection.words)}
    asked = {name: getattr(selection, name) for name in (*_CONDITIONS, "since", "until", "as_of")}
    return asked | words | {"code": code, "market": market, "match": " AND ".join(_tokens(selection))}


def _tokens(selection: Selection) -> list[str]:
    """What the search index is asked for; it knows the present texts only."""
    return [] if selection.as_of else [f'"{token}"' for word in selection.words for token in needed(word)]
