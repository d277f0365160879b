"""Stretches of publication time that are known to be complete, and how far the site's own lists go."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from newscrawl.storage.timetext import to_text

Stretch = tuple[int, int]
"""First and last second, both inside, in unix time."""


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same seconds in as few stretches as can be, newest first. Pure.

    Stretches that overlap, or that touch (one ends in the second before the next begins), become one.
    """
    whole: list[Stretch] = []
    for start, end in sorted(stretches):
        if whole and start <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole[::-1]


def missing(stretches: Iterable[Stretch], since: int, until: int) -> list[Stretch]:
    """The seconds from `since` to `until` that lie in none of the stretches, newest first. Pure."""
    gaps: list[Stretch] = []
    for start, end in merged(stretches):
        gaps.append((max(end + 1, since), until))
        until = min(until, start - 1)
    gaps.append((since, until))
    return [(start, end) for start, end in gaps if start <= end]


class CoverageStore:
    """The tables coverage (disjoint stretches for each source and channel) and lists (one row for each channel)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def stretches(self, source: str, channel: str) -> list[Stretch]:
        """The complete stretches of a channel, newest first."""
        sql = "select from_ts, to_ts from coverage where source = ? and channel = ?"
        return merged(self._db.execute(sql, [source, channel]))

    def floor(self, source: str, channel: str) -> int | None:
        """How far back a record was to reach whose first crawl has not completed it; unix second."""
        return self._number("floor_ts", source, channel)

    def end(self, source: str, channel: str) -> int | None:
        """The first second that the site's own list has, as far as its end was met; unix time."""
        return self._number("ends_ts", source, channel)

    def add(self, source: str, channel: str, stretches: Sequence[Stretch]) -> None:
        """Adds stretches, merged with those that they touch. Call it inside a transaction, as all that follow.

        A list that was read past its former end has that end no more.
        """
        before = self.stretches(source, channel)
        after = merged([*before, *stretches])
        oldest = min(start for start, _ in stretches)
        self._db.execute(
            "update lists set ends_ts = null, ended_at = null where source = ? and channel = ? and ends_ts > ?",
            [source, channel, oldest],
        )
        if after == before:
            return
        table = self._db.table("coverage")
        table.delete_where("source = ? and channel = ?", [source, channel])
        table.insert_all({"source": source, "channel": channel, "from_ts": start, "to_ts": end} for start, end in after)

    def mark_floor(self, source: str, channel: str, second: int) -> None:
        """Notes how far back a record is to reach of which nothing is complete yet."""
        self._note(source, channel, floor_ts=second)

    def mark_end(self, source: str, channel: str, second: int, now: datetime) -> None:
        """Notes that the site's list has nothing older than this second."""
        self._note(source, channel, ends_ts=second, ended_at=to_text(now))

    def mark_read(self, source: str, channel: str, at: datetime) -> None:
        """Notes when the newest page of a list was read last, by a clock that may have been set back since."""
        self._db.execute(
            "insert into lists (source, channel, read_at) values (?, ?, ?)"
            " on conflict do update set read_at = excluded.read_at",
            [source, channel, to_text(at)],
        )

    def _note(self, source: str, channel: str, **values: object) -> None:
        self._db.table("lists").upsert({"source": source, "channel": channel, **values}, pk=("source", "channel"))

    def _number(self, column: str, source: str, channel: str) -> int | None:
        sql = f"select {column} from lists where source = ? and channel = ?"
        found = self._db.execute(sql, [source, channel]).fetchone()
        number: int | None = found[0] if found else None
        return number
