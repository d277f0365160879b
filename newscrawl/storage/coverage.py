"""Stretches of publication time that are known to be complete."""

from collections.abc import Iterable

from sqlite_utils import Database

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


class CoverageStore:
    """The coverage table: disjoint stretches for each source and channel."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def stretches(self, source: str, channel: str) -> list[Stretch]:
        """The complete stretches of a channel, newest first."""
        sql = "select from_ts, to_ts from coverage where source = ? and channel = ?"
        return merged(self._db.execute(sql, [source, channel]))

    def add(self, source: str, channel: str, stretches: Iterable[Stretch]) -> None:
        """Adds stretches, merged with those that they touch. Call it inside a transaction."""
        before = self.stretches(source, channel)
        after = merged([*before, *stretches])
        if after == before:
            return
        table = self._db.table("coverage")
        table.delete_where("source = ? and channel = ?", [source, channel])
        table.insert_all({"source": source, "channel": channel, "from_ts": start, "to_ts": end} for start, end in after)
