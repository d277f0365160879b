"""How far back a list is read. Pure.

An ordinary crawl goes back until it meets a stretch of time that is known to be complete, not until it meets a known
story: after a kill, page 1 may be stored and page 2 not.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from newscrawl.errors import EmptyPage, LayoutError

_LONG_PAGE = 9

Stretch = tuple[int, int]
"""First and last second, both inside, in unix time."""


class Recent:
    """The addresses met lately: enough to tell repeats apart, in 4 MiB at most however long the crawl.

    What was met before those is known by the database, which is asked for each.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._met: dict[str, None] = {}

    def fresh(self, urls: Iterable[str]) -> list[str]:
        """Those not met before, each once; from now on they are met."""
        fresh = [url for url in dict.fromkeys(urls) if url not in self._met]
        self._met |= dict.fromkeys(fresh)
        while len(self._met) > self._most:
            del self._met[next(iter(self._met))]
        return fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One story as a list tells it."""

    url: str
    """Its public address."""
    at: int | None
    """When it was published, unix seconds; None where the list does not say."""
    body: bytes | None = None
    """The whole story, where the list has it: then no page is asked for."""
    skip: str | None = None
    """Why it is no news of this source (advert, outside); None for news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list."""

    rows: Sequence[Row]
    cursor: str | None
    """What the next older page is asked with; None when there is none."""
    reaches: int | None
    """The list is complete down to this second; None where no row tells its time."""
    odd: int = 0
    """Rows that could not be read."""


def reach(rows: Sequence[Row]) -> int | None:
    """How far back a list in order is complete: its last row, not its oldest, since editors pin old stories on top.

    Some lists are in order but for a few minutes, so the latest of a long page's last three rows is taken.
    """
    times = [row.at for row in rows if row.at is not None]
    return max(times[-3:] if len(times) > _LONG_PAGE else times[-1:], default=None)


def read_rows(rows: object, read: Callable[[Any], Row]) -> tuple[list[Row], int]:
    """The rows of a list and how many could not be read: one odd row must not lose the page.

    LayoutError where there is no list, or where no row of it can be read.
    """
    if not isinstance(rows, list):
        raise LayoutError("there is no list where it always was")
    known: list[Row] = []
    for row in rows:
        try:
            known.append(read(row))
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            continue
    if rows and not known:
        raise LayoutError(f"none of the {len(rows)} rows of the list can be read")
    return known, len(rows) - len(known)


@dataclass(slots=True, kw_only=True)
class Walk:
    """One channel, from the newest page (or from `until`) into the past."""

    channel: str
    stretches: Sequence[Stretch] = ()
    """What is known to be complete, newest first."""
    since: int | None = None
    until: int | None = None
    at_least: int | None = None
    """A moment to go back to even where all is complete: younger stories are to be asked for again."""
    most_pages: int = 1000
    now: int | None = None
    """The present moment. A story that is dated later says nothing of how far the list was read."""
    known_above: bool = False
    """True where something later than `until` is known: then a list that was jumped into there has nothing above its
    first row."""
    jumped: int | None = None
    """The second at which the page asked for now begins, where the list was not read down to it."""
    pages: int = 0
    newest: int | None = None
    oldest: int | None = None
    ended_early: bool = False
    """True when the list itself came to its end before what was asked for was reached."""
    ends_at: int | None = None
    """The site's list has nothing older than this second. None where it did not come to such an end, and where its last
    page may as well be a fault: the newest one again, whatever was asked for."""
    complete: bool = False
    """True once everything between `newest` and `oldest` was listed and what lies beyond is not asked for."""
    _bottom: int | None = None
    _began_at_until: bool = False
    _met: Recent = field(default_factory=Recent)

    def read(self, listing: Listing) -> str | None:
        """Take one page in; the cursor of the next one, None when the walk is over.

        EmptyPage for a first page without rows, LayoutError where no row tells its time or the list never ends.
        """
        self.pages += 1
        if not listing.rows and (self.pages == 1 or self.jumped is not None):
            raise EmptyPage(f"the list {self.channel} is empty, which it never is")
        self._began_at_until |= self.pages == 1 and self.jumped is not None
        self.jumped = None
        fresh = self._met.fresh(row.url for row in listing.rows)
        ends = listing.cursor is None or self._is_boundary(listing.rows)
        self._move(listing)
        ended = not fresh or listing.cursor is None
        if ended and self._bottom is not None:
            self.oldest = self._bottom  # nothing can follow, so the last row is as far as it goes
        arrived = self._arrived()
        if ended or arrived:
            self.complete, self.ended_early = True, not arrived
            self.ends_at = self.oldest if ended and ends else None
            return None
        if self.pages >= self.most_pages:
            raise LayoutError(f"the list {self.channel} has no end: stopped after {self.pages} pages")
        return listing.cursor

    def end(self) -> int:
        """There is nothing at or below the second that was jumped to: the list ends before the second returned."""
        assert self.jumped is not None
        self.complete = self.ended_early = True
        self.ends_at = self.jumped + 1
        return self.ends_at

    def _is_boundary(self, rows: Sequence[Row]) -> bool:
        """Whether these are only the rows again from which the page was asked."""
        bottom = self._bottom
        return (
            len(rows) <= _LONG_PAGE
            and bottom is not None
            and all(row.at is not None and row.at <= bottom for row in rows)
        )

    def _move(self, listing: Listing) -> None:
        times = [row.at for row in listing.rows if row.at is not None]
        if listing.rows and not times:
            raise LayoutError(f"no row of the list {self.channel} tells its time")
        if times:
            reaches = listing.reaches if listing.reaches is not None else max(times)
            self.newest = max(times) if self.newest is None else self.newest
            self.oldest = reaches if self.oldest is None else min(self.oldest, reaches)
            self._bottom = min(self.oldest, times[-1])

    def _arrived(self) -> bool:
        """Whether what was asked for lies behind us."""
        assert self.oldest is not None
        top = self.newest if self.until is None else self.until
        if top is not None and self.oldest > top:
            return False  # still above what is asked for
        if self.at_least is not None and self.oldest >= self.at_least:
            return False
        if self.since is not None:
            return self.oldest < self.since
        if not self.stretches:
            return True  # nothing is known yet: the newest page is where the record begins
        return any(start <= (top or start) and self.oldest <= end for start, end in self.stretches)

    @property
    def listed(self) -> Stretch | None:
        """What was listed so far of what is asked for, whole seconds only: the last row's own may go on overleaf."""
        if self.oldest is None or self.newest is None:
            return None
        oldest = self.oldest if self.ends_at is not None else self.oldest + 1
        start = oldest if self.since is None else max(oldest, self.since)
        return (start, self.top) if self.top is not None and start <= self.top else None

    @property
    def top(self) -> int | None:
        """The last second of what is asked for that the list can tell of; None before its first page."""
        top = self.until if self.known_above and self._began_at_until else self.newest
        return None if top is None else min(moment for moment in (top, self.until, self.now) if moment is not None)

    @property
    def covered(self) -> Stretch | None:
        """The stretch that is complete when all that was listed is stored; None before the walk is over."""
        listed = self.listed
        return listed if self.complete and listed and not self._hides_a_gap(listed[0]) else None

    def _hides_a_gap(self, start: int) -> bool:
        """Whether a stretch from here lies above all others, joined to none: an ordinary crawl would stop at it.

        Where the list itself ends there is no gap to hide: nothing older can be had.
        """
        return bool(self.stretches) and not self.ended_early and start > max(end for _, end in self.stretches) + 1

    @property
    def floor(self) -> int | None:
        """How far back the record of a channel of which nothing is known yet is to reach; None where it is known."""
        if self.stretches or self.until is not None or self.oldest is None or self.newest is None:
            return None
        floor = self.oldest if self.since is None else max(self.oldest, self.since)
        return floor if floor <= self.newest else None

    @property
    def works(self) -> bool:
        """Whether the list was seen to hold something, be it newer than what was asked for."""
        return self.newest is not None or self.ends_at is not None

    def lacks(self, row: Row) -> bool:
        """Whether a story lies in what is asked for and not complete; one without a time does."""
        if row.at is None:
            return True
        if (self.since is not None and row.at < self.since) or (self.until is not None and row.at > self.until):
            return False
        return not any(start <= row.at <= end for start, end in self.stretches)

    def gap_below(self, second: int) -> int | None:
        """The first second of the stretch around `second`: a walk to an older `since` may go on from there."""
        return next((start for start, end in self.stretches if start <= second <= end), None)
