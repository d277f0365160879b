"""How far the lists of sites without code were read: for lists that tell no time, in place of coverage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlite_utils import Database

from newscrawl.storage.rows import as_json
from newscrawl.storage.timetext import from_text, to_text
from newscrawl.storage.transactions import immediate, reading

TRUSTED = timedelta(days=1)
"""How long a list is taken at its word that it has not changed: some servers say so for ever."""
_FIRST_SEEN = """
    select url, min(first_seen_at), min(article_id) from (
        select url, first_seen_at, article_id from sightings
        where source = :source and url in (select value from json_each(:urls))
        union all
        select url, first_seen_at, 0 from failures
        where source = :source and url in (select value from json_each(:urls))
    ) group by url
"""
_BEGIN = """
    insert into walks (source, channel, reading, complete_at, last_article, under_way)
    values (:source, :channel, :reading, null, 0, 1)
    on conflict do update set complete_at = iif(reading = excluded.reading, complete_at, null),
        reading = excluded.reading, under_way = 1
"""


class Validators(NamedTuple):
    """What a server said by which it can tell whether a list has changed since, word for word."""

    etag: str | None
    last_modified: str | None
    read_at: str
    """When the list was last read whole, Beijing time."""

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers that ask whether it has changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


class Seen(NamedTuple):
    """When a source first met an address, Beijing time, and the article there (0: a page that did not become one)."""

    at: str
    article: int


@dataclass(frozen=True, slots=True)
class Walked:
    """What earlier walks over one list leave to the next."""

    complete_at: str | None = None
    """When the last complete one ended, Beijing time; None where none was."""
    last_article: int = 0
    """The greatest id of an article then."""
    under_way: bool = False
    """Whether one has begun since and was never complete."""

    def settles(self, seen: Seen | None) -> bool:
        """Whether a story was found by a walk that was complete, or before: then what lies below it was, too.

        Ids tell it exactly, but for stories that other sources had brought. Times, which then tell, are of whole
        seconds: after a walk that broke off, a story of the very second is not taken for granted.
        """
        if self.complete_at is None or seen is None or seen.article > self.last_article:
            return False
        return seen.at < self.complete_at if self.under_way else seen.at <= self.complete_at


class WalkStore:
    """The tables walks and listings, for one source. `reading` is how its lists are read: another way begins anew."""

    def __init__(self, db: Database, source: str) -> None:
        self._db, self._source = db, source

    def walked(self, channel: str, reading_: str) -> Walked:
        """What is known of a channel when it is read this way."""
        sql = """select complete_at, last_article, under_way from walks
                 where source = ? and channel = ? and reading = ?"""
        with reading(self._db):
            row = self._db.execute(sql, [self._source, channel, reading_]).fetchone()
        return Walked(row[0], row[1], bool(row[2])) if row else Walked()

    def validators(self, channel: str, now: datetime) -> dict[str, Validators]:
        """By the address of a list page: what its server is to be asked with. Only what was all stored is here."""
        sql = "select url, etag, last_modified, read_at from listings where source = ? and channel = ?"
        with reading(self._db):
            rows = self._db.execute(sql, [self._source, channel]).fetchall()
        found = {url: Validators(*told) for url, *told in rows}
        return {url: told for url, told in found.items() if abs(now - from_text(told.read_at)) <= TRUSTED}

    def first_seen(self, urls: Sequence[str]) -> Mapping[str, Seen]:
        """When and as what this source first met each of these addresses; those never met are left out."""
        with reading(self._db):
            rows = self._db.execute(_FIRST_SEEN, {"source": self._source, "urls": as_json(list(urls))}).fetchall()
        return {url: Seen(at, article) for url, at, article in rows}

    def begin(self, channel: str, reading_: str) -> None:
        """Says, before its first stories are taken, that a walk is under way. Nothing is known to be unchanged then."""
        with immediate(self._db):
            self._db.execute(_BEGIN, {"source": self._source, "channel": channel, "reading": reading_})
            self._db.table("listings").delete_where("source = ? and channel = ?", [self._source, channel])

    def end(self, channel: str, reading_: str, lists: Mapping[str, Validators], now: datetime) -> None:
        """Says that a walk was complete, and which of its lists to ask with what. Call it inside a transaction."""
        last = self._db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
        end = {"reading": reading_, "complete_at": to_text(now), "last_article": last, "under_way": 0}
        walk = {"source": self._source, "channel": channel, **end}
        self._db.table("walks").upsert(walk, pk=("source", "channel"))
        self._db.table("listings").delete_where("source = ? and channel = ?", [self._source, channel])
        self._db.table("listings").insert_all(
            {"source": self._source, "channel": channel, "url": url, **told._asdict()}
            for url, told in lists.items()
            if told.headers
        )


def unread(db: Database, source: str, channels: Iterable[str], reading_: str) -> list[str]:
    """Those channels that no walk of this source has read to a complete end yet, read this way."""
    store = WalkStore(db, source)
    return [channel for channel in channels if store.walked(channel, reading_).complete_at is None]


def channels_of(db: Database, source: str) -> list[str]:
    """The lists of a site that have been read, in the order of their addresses."""
    with reading(db):
        return [row[0] for row in db.execute("select channel from walks where source = ? order by 1", [source])]
