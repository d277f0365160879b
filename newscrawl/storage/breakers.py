"""Sources that are let alone for a while, since they refused or did not answer.

Not in the journal: a row tells of the site's state now and is over within a day. A database made anew begins without
one, asks once, and learns it again.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from newscrawl.storage.lookup import rows
from newscrawl.storage.rows import storable
from newscrawl.storage.timetext import from_text, to_text
from newscrawl.storage.transactions import reading

FIRST_REST = timedelta(minutes=10)
LONGEST_REST = timedelta(hours=6)
LONGEST_WISH = timedelta(days=1)
"""A site that asks for more time than this is asked again all the same."""
RUNS_IN_A_ROW = 5
"""So many runs without any answer that can be read open the breaker, however little each of them asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBreaker:
    """One source that is asked for nothing until a moment, or after it until a run reads it well."""

    source: str
    kind: str
    """The outcome of the run that opened it: blocked or network."""
    reason: str
    opened_at: datetime
    """When it was opened the last time."""
    until: datetime
    times: int
    """How often it was opened in a row."""

    def holds(self, now: datetime) -> bool:
        """Whether the source is to be let alone. A moment before its opening is one of a clock that was set back."""
        return self.opened_at <= now < self.until


def rest(times: int, wish: timedelta | None = None) -> timedelta:
    """How long a source is let alone that is opened for the `times`-th time in a row, counted from 1.

    10 minutes, then twice as long each time, 6 hours at most; where the site wishes for a time, that, a day at most.
    """
    if wish is not None:
        return min(wish, LONGEST_WISH)
    return min(FIRST_REST * (1 << min(times - 1, 16)), LONGEST_REST)


class BreakerStore:
    """The breakers table. The writing methods open no transaction: call them inside one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, source: str) -> OpenBreaker | None:
        """A source's breaker; None where it is closed."""
        with reading(self._db):
            found = rows(self._db, "select * from breakers where source = ?", source)
        return _breaker(found[0]) if found else None

    def all(self) -> list[OpenBreaker]:
        """Every breaker that no run has closed yet, by source."""
        with reading(self._db):
            return [_breaker(row) for row in self._db.query("select * from breakers order by source")]

    def next(self, source: str, kind: str, reason: str, now: datetime, wish: timedelta | None = None) -> OpenBreaker:
        """What a source's breaker is when it is opened now, once more in a row or for the first time."""
        before = self.get(source)
        times = before.times + 1 if before else 1
        until = now + rest(times, wish)
        return OpenBreaker(source=source, kind=kind, reason=reason, opened_at=now, until=until, times=times)

    def open(self, breaker: OpenBreaker) -> None:
        """Notes an open breaker in place of the source's last."""
        moments = {"opened_at": to_text(breaker.opened_at), "until": to_text(breaker.until)}
        row = {**asdict(breaker), **moments, "reason": storable(breaker.reason)}
        self._db.table("breakers").upsert(row, pk="source")

    def close(self, source: str) -> None:
        """Closes a source's breaker: a run has read it well."""
        self._db.table("breakers").delete_where("source = ?", [source])

    def is_last_of_a_row(self, source: str, run_id: int, kind: str) -> bool:
        """Whether a run that read nothing is the last of RUNS_IN_A_ROW that ended this way, having read nothing."""
        sql = """select count(*) from (
                     select outcome, new + changed + reread + unchanged + duplicate + skipped as stored from runs
                     where source = ? and id < ? order by id desc limit ?
                 ) where outcome = ? and stored = 0"""
        most = RUNS_IN_A_ROW - 1
        with reading(self._db):
            return bool(self._db.execute(sql, [source, run_id, most, kind]).fetchone()[0] == most)


def _breaker(row: dict[str, Any]) -> OpenBreaker:
    moments = {name: from_text(row[name]) for name in ("opened_at", "until")}
    return OpenBreaker(**{**row, **moments})
