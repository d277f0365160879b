"""What is missing of each list, and how old its newest is: for people who ask the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from newscrawl.storage.coverage import CoverageStore, Stretch, missing
from newscrawl.storage.rows import as_json

_LISTS = """
    select source, channel, floor_ts, ends_ts, read_at
    from (select source, channel from coverage union select source, channel from lists)
    left join lists using (source, channel)
    where json_array_length(:sources) = 0 or source in (select value from json_each(:sources))
    order by source, channel
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of publication time, both ends inside, of which a list was not read."""

    source: str
    channel: str
    from_ts: int
    to_ts: int
    reachable: bool
    """False where the site's own list had nothing so old when it was last asked."""

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.to_ts - self.from_ts + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """All that is known of one list of one source. Moments are unix seconds."""

    source: str
    channel: str
    complete: Sequence[Stretch]
    """Newest first."""
    floor: int | None
    """The second down to which, itself left out, the record was meant to go by its first crawl."""
    ends_at: int | None
    """The first second that the site's own list has, as far as its end was met."""
    read_at: str | None
    """When its newest page was last read, in Beijing time."""

    @property
    def first(self) -> int | None:
        """Where the record begins: at the first complete second, or where it was meant to; None without one."""
        if not self.complete:
            return None
        begins = self.complete[-1][0]
        return begins if self.floor is None else min(begins, self.floor + 1)

    @property
    def last(self) -> int | None:
        """The last complete second; what came after it is not known."""
        return self.complete[0][1] if self.complete else None

    def gaps(self, since: int | None = None, until: int | None = None) -> Iterator[Gap]:
        """What is missing up to the last complete second, newest first; from the first one, where `since` is None."""
        first, last = self.first if since is None else since, self.last
        if first is None or last is None:
            return
        for start, end in missing(self.complete, first, last if until is None else min(until, last)):
            reachable = self.ends_at is None or end >= self.ends_at
            yield Gap(source=self.source, channel=self.channel, from_ts=start, to_ts=end, reachable=reachable)


def list_states(db: Database, sources: Sequence[str] = ()) -> list[ListState]:
    """The lists of these sources, of all where none is named, that were ever read."""
    store = CoverageStore(db)
    return [
        ListState(
            source=source,
            channel=channel,
            complete=store.stretches(source, channel),
            floor=floor,
            ends_at=ends_at,
            read_at=read_at,
        )
        for source, channel, floor, ends_at, read_at in db.execute(
            _LISTS, {"sources": as_json(list(sources))}
        ).fetchall()
    ]
