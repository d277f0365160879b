"""How far a run has come through things that are always met in the same order: where one that was cut short goes on.

The note is written in the transactions that commit what was read, so that it never says more than they hold. It goes by
what the things are, not by their number: as soon as one among those that were read is another one (a file was added, a
damaged record restored), or they would be read in another way, nothing of it holds, and all is read.
"""

import hashlib
from collections.abc import Callable, Generator, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from sqlite_utils import Database

from newscrawl.storage.ledger import Ledger
from newscrawl.storage.transactions import reading

T = TypeVar("T")
_COLUMNS = "reading, taken, chain, failed, lost"


@dataclass(frozen=True, slots=True)
class Trail:
    """Up to which thing all is committed."""

    reading: str
    """The way in which the things are chosen and read."""
    taken: int = 0
    """How many."""
    chain: str = ""
    """A digest of what they are, in order."""
    failed: int = 0
    """Of the pages in them, those that could not be read."""
    lost: int = 0
    """Of these, such as are stored."""

    def after(self, identity: str) -> "Trail":
        """The same with one more thing."""
        chain = hashlib.sha256(f"{self.chain} {identity}".encode("utf-8", "surrogatepass")).hexdigest()
        return replace(self, taken=self.taken + 1, chain=chain)


def trail_of(db: Database, source: str, reading_: str) -> Trail:
    """How far the last run of this source came that was cut short, where it read in this way. StorageError."""
    with reading(db):
        sql = f"select {_COLUMNS} from trails where source = ? and reading = ?"
        row = db.execute(sql, [source, reading_]).fetchone()
    return Trail(*row) if row else Trail(reading_)


def followed(
    trail: Trail, things: Callable[[], Iterable[T]], identity: Callable[[T], str]
) -> tuple[Trail, Generator[T, None, None]]:
    """The trail and what lies beyond it; a new one and everything where it does not lead through these things.

    Close the generator before what the things are taken from.
    """
    rest, walked = iter(things()), Trail(trail.reading)
    while walked.taken < trail.taken and (thing := next(rest, None)) is not None:
        walked = walked.after(identity(thing))
    if (walked.taken, walked.chain) == (trail.taken, trail.chain):
        return trail, _each(rest)
    return Trail(trail.reading), _each(things())


def _each(things: Iterable[T]) -> Generator[T, None, None]:
    yield from things


def note_trail(db: Database, source: str, trail: Trail) -> None:
    """Notes how far a run has come. Call it inside the transaction that commits what it has read."""
    db.table("trails").upsert({"source": source, **asdict(trail)}, pk="source")


def forget_trail(db: Database, source: str) -> None:
    """The run has ended well. Call it inside a transaction."""
    db.table("trails").delete_where("source = ?", [source])


class TrailLedger(Ledger):
    """A ledger that notes with every batch how far its run has come, until the run ends well."""

    def __init__(self, db: Database, source: str, trail: Trail, **options: Any) -> None:
        self._before = self._trail = trail
        self._is_lost = self._has_ended = False
        super().__init__(db, source, **options)
        self.with_end(self._forget)

    def passed(self, identity: str, lost: int = 0) -> None:
        """All of one more thing was handed over; `lost` is how many stored pages could not be read so far."""
        if not self._is_lost:
            failed = self._before.failed + self.counts.failed
            self._trail = replace(self._trail.after(identity), failed=failed, lost=lost)

    def lose_trail(self) -> None:
        """What comes now may be read otherwise another time: the next run is not to pass it over."""
        self._is_lost = True

    def _forget(self) -> None:
        self._has_ended = True

    def _write_along(self) -> None:
        if self._has_ended:
            forget_trail(self._db, self.source)
        else:
            note_trail(self._db, self.source, self._trail)
