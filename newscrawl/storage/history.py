"""The journal of some archives: which of its records tell of one database, from the first to the last."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.storage.archive_records import ArchiveProblem, Place, Record, UnreadableError, record_at
from newscrawl.storage.journal import BEGIN_PREFIX, ID_PREFIX, JournalBatch, batch_of, link_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEMA = """
    create table batches (id primary key, after, at int, file int, offset int) without rowid;
    create index batches_after on batches (after);
    create table history (number integer primary key, id);
"""
_LAST = "select id, at from batches b where not exists (select 1 from batches where after = b.id) order by at desc"
_FOLLOWED = """
    select file, offset from history join batches using (id)
    where number < coalesce((select number from history where id = ?), 1e18) order by number desc
"""
_FIRST = "select id, after from history join batches using (id) order by number desc limit 1"
# What is missing between two records cannot be told; what came next before it is gone on with.
_BEFORE = """select id from batches where at < ? and id not in (select id from history) order by at desc limit 1"""


@dataclass(frozen=True, slots=True)
class End:
    """The last record of one database."""

    id: str
    at: datetime
    first: str
    """The record with which this database's journal begins."""


class History:
    """The records of the journal in a catalogue's own database: memory stays flat."""

    def __init__(
        self, db: sqlite3.Connection, files: Sequence[Path], on_problem: Callable[[ArchiveProblem], None]
    ) -> None:
        self._db, self._files, self._on_problem = db, files, on_problem
        self._db.executescript(_SCHEMA)

    def enter(self, record: Record, at: int, file: int) -> None:
        """Notes where a record stands. ValueError when it is none, UsageError for one of a newer newscrawl."""
        row = (*link_of(record.payload), at, file, record.place.offset)
        self._db.execute("insert or ignore into batches values (?, ?, ?, ?, ?)", row)

    def find(self, id: str) -> list[str]:
        """The records whose digests begin so."""
        found = self._db.execute("select id from batches where instr(id, ?) = 1", [f"{ID_PREFIX}{id}"])
        return [id for (id,) in found]

    def ends(self) -> list[End]:
        """The last record of each database whose journal these archives hold, the latest first.

        A record that no other came after may also be one that was never committed: it has its first, or the name of
        its database, in common with the database's own last one.
        """
        ends: dict[str, End] = {}
        for id, at in self._db.execute(_LAST).fetchall():
            self.follow(id)
            first, name = self._db.execute(_FIRST).fetchone()
            ends.setdefault(name or first, End(id, _EPOCH + timedelta(microseconds=at), first))
        return list(ends.values())

    def follow(self, last: str, until: str = "") -> tuple[int, int]:
        """Goes back from a record to the first of its database, or to `until`.

        Tells how many records there are, and how often one is missing.
        """
        self._db.execute("delete from history")
        number, gaps, id = 0, 0, last
        while id:
            self._db.execute("insert into history values (?, ?)", [number, id])
            number += 1
            if id == until:
                break
            after, at = self._db.execute("select after, at from batches where id = ?", [id]).fetchone()
            after = "" if after.startswith(BEGIN_PREFIX) else after
            if after and not self._db.execute("select 1 from batches where id = ?", [after]).fetchone():
                gaps += 1
                after = (self._db.execute(_BEFORE, [at]).fetchone() or [""])[0]
            id = after
        return number, gaps

    def end_after(self, id: str) -> End | None:
        """The last record of the database that this one is of; None when it is not in these archives."""
        for end in self.ends():
            self.follow(end.id)
            if self._db.execute("select 1 from history where id = ?", [id]).fetchone():
                return end
        return None

    def batches(self, after: str = "") -> Iterator[JournalBatch]:
        """The batches of the record that was followed last, from the first or from that after a record.

        What cannot be read is left out, and told.
        """
        for file, offset in self._db.execute(_FOLLOWED, [after]):
            place = Place(self._files[file], offset)
            try:
                batch = batch_of(record_at(place).payload)
            except (ValueError, UnreadableError) as error:
                self._on_problem(ArchiveProblem(place.path, offset, str(error)))
            else:
                yield batch
