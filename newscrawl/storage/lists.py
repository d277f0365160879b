"""What one run learns of its source's lists, kept until the transaction that stores their stories."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from newscrawl.storage.coverage import CoverageStore, Stretch
from newscrawl.storage.transactions import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNotes:
    """What one transaction writes of lists, by channel."""

    covered: Mapping[str, Sequence[Stretch]] = field(default_factory=dict)
    """What is complete."""
    ends: Mapping[str, int] = field(default_factory=dict)
    """The first second that the site's own list has."""
    floors: Mapping[str, int] = field(default_factory=dict)
    """How far back a record is to reach of which nothing is complete yet."""
    read: Mapping[str, datetime] = field(default_factory=dict)
    """When a list's newest page was read."""

    @property
    def is_empty(self) -> bool:
        return not (self.covered or self.ends or self.floors or self.read)


def write_lists(db: Database, source: str, notes: ListNotes, now: datetime) -> None:
    """Writes what is noted of a source's lists. Call it inside a transaction."""
    store = CoverageStore(db)
    for channel, floor in notes.floors.items():
        store.mark_floor(source, channel, floor)
    for channel, at in notes.read.items():
        store.mark_read(source, channel, at)
    for channel, stretches in notes.covered.items():
        store.add(source, channel, stretches)
    for channel, second in notes.ends.items():
        store.mark_end(source, channel, second, now)


class RunLists:
    """The lists of one source: what is known of them, and what the ledger is to write with its next transaction.

    Every method that reads the database raises StorageError when it cannot.
    """

    def __init__(self, db: Database, source: str) -> None:
        self._db, self._source = db, source
        self._store = CoverageStore(db)
        self._covered: dict[str, list[Stretch]] = defaultdict(list)
        self._ends: dict[str, int] = {}
        self._floors: dict[str, int] = {}
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

    def floor(self, channel: str, second: int) -> None:
        """Remembers how far back the record is to reach."""
        self._floors[channel] = second

    def read(self, channel: str, at: datetime) -> None:
        """Remembers when the newest page of a list was read."""
        self._read[channel] = at

    def notes(self, *, covered: bool) -> ListNotes:
        """What is remembered, for the ledger's next transaction; without `covered` nothing is called complete."""
        if not covered:
            return ListNotes(floors=dict(self._floors), read=dict(self._read))
        return ListNotes(
            covered=dict(self._covered), ends=dict(self._ends), floors=dict(self._floors), read=dict(self._read)
        )

    def written(self, *, covered: bool) -> None:
        """The transaction stands: what it wrote is remembered no more."""
        always = (self._read, self._floors)
        for remembered in (*always, self._covered, self._ends) if covered else always:
            remembered.clear()
