"""A backfill: what is missing of a source's lists, which page comes next, what is left. Pure.

Its unit of work is one list page with its stories, the window that the site itself has cut: what a page lists is called
complete in the transaction that stores the last of its stories, so that a kill costs one page. It goes newest first,
over all lists of the source.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from newscrawl.spiders.paging import Stretch, Walk
from newscrawl.storage.coverage import missing
from newscrawl.storage.timetext import minute_text

_DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database knows of one list."""

    complete: Sequence[Stretch] = ()
    """Newest first."""
    ends_at: int | None = None
    """The first second that the site's own list has, as far as its end was met."""


@dataclass(slots=True, kw_only=True)
class Backfill:
    """What is missing from one unix second to another, both inside, and how much of it is filled. One walk a list."""

    since: int
    until: int
    """The last second of those lists of which something is known already."""
    walks: Mapping[str, Walk]
    """By channel; a list of which nothing is missing has none."""
    cut_off: bool = False
    """True where a list was found before to have no more of what is asked for."""
    _filled: dict[str, Stretch] = field(default_factory=dict)
    _cursors: dict[str, str | None] = field(default_factory=dict)
    _seconds: int = 0

    def __post_init__(self) -> None:
        self._seconds = _length(self.left())

    def wait(self, walk: Walk, cursor: str | None) -> None:
        """This list goes on here when its turn comes."""
        self._cursors[walk.channel] = cursor

    def next_page(self) -> tuple[Walk, str | None] | None:
        """The list whose turn it is, which is the one with the newest to fill, and its cursor; None at the end."""
        if not self._cursors:
            return None
        walk = max((self.walks[channel] for channel in self._cursors), key=_place)
        return walk, self._cursors.pop(walk.channel)

    def settle(self) -> Iterator[tuple[str, Stretch]]:
        """Every story listed so far has come to its end: what is complete by that, for each list that got on."""
        for channel, walk in self.walks.items():
            if walk.listed is not None and walk.listed != self._filled.get(channel):
                self._filled[channel] = walk.listed
                yield channel, walk.listed

    def left(self) -> list[tuple[str, Stretch]]:
        """What is still missing of each list, but for what the site's own has no more."""
        return [(channel, gap) for channel, walk in self.walks.items() for gap in self._gaps(walk)]

    @property
    def done(self) -> float:
        """From 0.0 to 1.0: how much is filled of the time that was missing."""
        return 1 - _length(self.left()) / self._seconds if self._seconds else 1.0

    def told(self) -> str:
        """In words: what is left, or what is complete."""
        left = self.left()
        if not left:
            cut_off = self.cut_off or any(walk.ends_at is not None for walk in self.walks.values())
            begins = "as far back as the site's lists go" if cut_off else f"from {minute_text(self.since)}"
            until = max([self.until, *(_last(walk) for walk in self.walks.values() if not walk.known_above)])
            return f"complete {begins} to {minute_text(until)}"
        first, last = min(start for _, (start, _) in left), max(end for _, (_, end) in left)
        lists = sorted({channel for channel, _ in left})
        named = f"list {lists[0]}" if len(lists) == 1 else f"{len(lists)} lists"
        return f"left: {minute_text(first)} to {minute_text(last)} of {named}; the same command goes on from there"

    def _gaps(self, walk: Walk) -> list[Stretch]:
        filled = [self._filled[walk.channel]] if walk.channel in self._filled else []
        begins = [moment for moment in (walk.since, walk.ends_at) if moment is not None]
        return missing([*walk.stretches, *filled], max([self.since, *begins]), _last(walk))


def plan(
    known: Mapping[str, Known], since: int, until: int | None, *, now: int, most_pages_a_day: int = 1000
) -> Backfill:
    """The backfill of these lists by channel, each up to its newest known second, or to `until` where that is earlier.

    What is newer than all that is known is an ordinary crawl's, which goes back until it meets it.
    """
    walks: dict[str, Walk] = {}
    lasts = []
    for channel, each in known.items():
        ends = [each.complete[0][1]] if each.complete else []
        last = min([*ends, now] if until is None else [*ends, now, until])
        gaps = missing(each.complete, since if each.ends_at is None else max(since, each.ends_at), last)
        lasts += [last] if each.complete else []
        if gaps:
            bounded = bool(each.complete) or until is not None
            walks[channel] = Walk(
                channel=channel,
                stretches=each.complete,
                since=gaps[-1][0],
                until=gaps[0][1] if bounded else None,
                known_above=bool(each.complete),
                now=now,
                most_pages=most_pages_a_day * (1 + (now - since) // _DAY_SECONDS),
            )
    cut_off = any(each.ends_at is not None and each.ends_at > since for each in known.values())
    return Backfill(since=since, until=max(lasts, default=since), walks=walks, cut_off=cut_off)


def _last(walk: Walk) -> int:
    """The last second of what is asked for; of a list of which nothing was known, as far as it goes."""
    if walk.known_above and walk.until is not None:
        return walk.until
    return next(moment for moment in (walk.top, walk.until, walk.now) if moment is not None)


def _length(gaps: Sequence[tuple[str, Stretch]]) -> int:
    return sum(end - start + 1 for _, (start, end) in gaps)


def _place(walk: Walk) -> float:
    """Where a list has come to; one that is still to be begun from its top stands above all."""
    if walk.oldest is not None:
        return walk.oldest
    return walk.until if walk.until is not None else float("inf")
