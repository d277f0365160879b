"""What one run learns of its source's lists, kept until the transaction that stores their stories."""

from collections import defaultdict
from datetime import datetime

from sqlite_utils import Database

from newscrawl.storage.coverage import CoverageStore, Stretch
from newscrawl.storage.transactions import reading


class RunLists:
    """The lists of one source: what is known of them, and what the ledger is to write with its next transaction.

    Every method that reads the database raises StorageError when it cannot.
    """

    def __init__(self, db: Database, source: str) -> None:
        self._db, self._source = db, source
        self._store = CoverageStore(db)
        self._covered: dict[str, list[Stretch]] = defaultdict(list)
        self._ends: dict[str, int] = {}
        self._read: dict[str, datetime] = {}

    def complete(self, channel: str) -> list[Stretch]:
        """The complete stretches of a channel as (first, last) unix second, disjoint, newest first."""
        with reading(self._db):
            return self._store.stretches(self._source, channel)

    def stretches(self, channel: str) -> list[Stretch]:
        """Where a crawl may stop: the complete stretches, and the second to which the record was meant to go back."""
        with reading(self._db):
            floor = self._store.floor(self._source, channel)
        return [*self.complete(channel), *([(floor, floor)] if floor is not None else [])]

    def end(self, channel: str) -> int | None:
        """The first second that the site's own list has; None where its end was not met."""
        with reading(self._db):
            return self._store.end(self._source, channel)

    def cover(self, channel: str, from_ts: int, to_ts: int) -> None:
        """Remembers that a channel was read without a gap between two unix seconds, and its stories handed over."""
        if from_ts > to_ts:
            raise ValueError(f"a stretch cannot end ({to_ts}) before it begins ({from_ts})")
        self._covered[channel].append((from_ts, to_ts))

    def ends_at(self, channel: str, second: int) -> None:
        """Remembers that the site's list has nothing older than this unix second."""
        self._ends[channel] = second

    def read(self, channel: str, at: datetime) -> None:
        """Remembers when the newest page of a list was read."""
        self._read[channel] = at

    def write(self, now: datetime, *, covered: bool) -> None:
        """Writes what is remembered within the open transaction; without `covered` nothing is called complete."""
        for channel, at in self._read.items():
            self._store.mark_read(self._source, channel, at)
        if not covered:
            return
        for channel, stretches in self._covered.items():
            self._store.add(self._source, channel, stretches)
        for channel, second in self._ends.items():
            self._store.mark_end(self._source, channel, second, now)

    def written(self, *, covered: bool) -> None:
        """The transaction stands: what it wrote is remembered no more."""
        for remembered in (self._read, self._covered, self._ends) if covered else (self._read,):
            remembered.clear()
