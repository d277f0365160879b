"""The search form: what was typed into it, and what is found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from newscrawl.asked import read_selection
from newscrawl.errors import UsageError
from newscrawl.storage.search import Query, search, words_of

PAGE = 20
_MOST_PAGES = 1_000
MOST_RANKED = 2_000
"""Of the newest found, when the best shall come first: a page must not read half of the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The fields of the form, as typed; empty ones are None."""

    q: str | None = None
    without: str | None = None
    source: str | None = None
    kind: str | None = None
    publisher: str | None = None
    stock: str | None = None
    since: str | None = None
    until: str | None = None
    loose: str | None = None
    best: str | None = None
    page: str | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str | None]) -> "Asked":
        """What an address names; fields that there are not are passed over."""
        return cls(**{name: text.strip() or None for name, text in arguments.items() if text and name in _FIELDS})

    @property
    def number(self) -> int:
        """The page, from 1. UsageError for what is no page."""
        if self.page is None:
            return 1
        if not (re.fullmatch(r"\d{1,4}", self.page, re.ASCII) and 1 <= int(self.page) <= _MOST_PAGES):
            raise UsageError(f"page: {self.page!r} is not from 1 to {_MOST_PAGES:,}")
        return int(self.page)

    def query(self) -> Query:
        """What the words mean. UsageError for what means nothing."""
        filters = ("source", "kind", "publisher", "stock", "since", "until")
        chosen = read_selection(**{name: getattr(self, name) for name in filters})
        loose = self.loose is not None
        return Query(
            words=words_of([self.q or ""], loose=loose),
            without=words_of([self.without], loose=loose) if self.without else (),
            source=chosen.source,
            kind=chosen.kind,
            publisher=chosen.publisher,
            stock=chosen.stock,
            since=chosen.since,
            until=chosen.until,
            loose=loose,
            ranked=self.best is not None,
            most_ranked=MOST_RANKED,
        )

    def answer(self, db: Database) -> dict[str, Any]:
        """`hits` of this page, whether there is a `next` one, and the `words`; nothing of that without words."""
        sources = [name for (name,) in db.execute(_SOURCES)]
        if not self.q:
            return {"sources": sources}
        query, number = self.query(), self.number
        found = search(db, query, limit=PAGE + 1, offset=PAGE * (number - 1))
        further = number + 1 if len(found) > PAGE and number < _MOST_PAGES else None
        return {"sources": sources, "hits": found[:PAGE], "words": query.words, "next": further, "number": number}


_FIELDS = frozenset(Asked.__dataclass_fields__)
# One step a source: `select distinct` would read all of the index.
_SOURCES = """
    with recursive each(source) as (
        select min(source) from articles
        union all
        select (select min(source) from articles where source > each.source) from each where source is not null
    ) select source from each where source is not null
"""
