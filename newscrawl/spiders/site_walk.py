"""How far the lists of a site without code are read. Pure.

Most lists of links tell no time, so that coverage cannot say what is complete. In its place: a walk ends at a page
all of whose stories were found by an earlier walk that was complete (storage.walks), else where the list ends, else at
its bounds. What was read by a walk that broke off is known, and settles nothing.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from newscrawl.listing.found import Entry, Form, Found
from newscrawl.spiders.paging import Listing, Recent, Row, Stretch, Walk, reach
from newscrawl.storage.walks import Seen, Validators, Walked

MOST_BARREN = 3
"""Pages in a row without a story not met before: the list has run out, whatever further page it names. One alone may be
the page before, moved down by new stories."""

Step: TypeAlias = tuple[str, int]
"""The address of the next list, and how many indexes of sitemaps stand above it."""


@dataclass(slots=True, kw_only=True)
class SiteWalk:
    """One list from its start: a page and its next pages, a feed, or a sitemap with those that it names."""

    channel: str
    """The address that it starts from."""
    most_pages: int
    most_depth: int
    before: Walked = field(default_factory=Walked)
    """What earlier walks leave."""
    validators: Mapping[str, Validators] = field(default_factory=dict)
    """How to ask lists whether they have changed."""
    dated: Walk | None = None
    """What a list whose entries all tell their time adds to coverage."""
    form: Form | None = None
    """How articles are told from other links, once that is found out."""
    seen: set[str] = field(default_factory=set)
    """The lists read or waiting to be."""
    lists: dict[str, Validators] = field(default_factory=dict)
    """What the servers of those read said for the next time."""
    pages: int = 0
    begun: bool = False
    """True once it was said that stories are taken."""
    works: bool = False
    """Whether a page held stories, or is unchanged since it did."""
    complete: bool = False
    """True once it ended where it was to end."""
    cut: str = ""
    """What was left out, in words."""
    _broken: bool = False
    _waiting: deque[Step] = field(default_factory=deque)
    _barren: int = 0
    _met: Recent = field(default_factory=Recent)

    @property
    def covered(self) -> Stretch | None:
        """The stretch that is complete when all that was listed is stored."""
        return self.dated.covered if self.dated else None

    def read(self, found: Found, depth: int, *, last: bool) -> Step | None:
        """Take one list in: the next one, None when the walk is over. `last` says that no further page is wanted."""
        self.pages += 1
        self.works = self.works or bool(found.entries)
        self.form = self.form or (found.form if found.kind == "page" else None)
        fresh = self._met.fresh(entry.url for entry in found.entries)
        if found.kind == "sitemapindex":
            self._name(found, depth)
        elif found.kind != "sitemap":
            return self._turn(found, fresh, last=last)
        return self._take_waiting()

    def skip(self, *, whole: bool) -> Step | None:
        """A list that was not read. `whole` where nothing is missed: it has not changed since, or is gone."""
        self.pages += 1
        self.works = self.works or whole
        self._broken = self._broken or not whole
        return self._take_waiting()

    def add_dates(self, found: Found) -> Listing | None:
        """A feed whose entries all tell their time adds to coverage; what it added. PageError as from Walk.read."""
        told = found.kind in {"rss", "atom"} and all(entry.at is not None for entry in found.entries)
        if not told or not found.entries:
            self.dated = None
        if self.dated is None:
            return None
        rows = [Row(url=entry.url, at=entry.at) for entry in _newest_first(found.entries)]
        listing = Listing(rows=rows, cursor=found.next, reaches=reach(rows))
        self.dated.read(listing)
        return listing

    def _turn(self, found: Found, fresh: Collection[str], *, last: bool) -> Step | None:
        """To the next page of a list."""
        self._barren = 0 if fresh else self._barren + 1
        if last or found.next is None or found.next in self.seen:
            self._finish()
        elif self._barren >= MOST_BARREN:
            self._finish(f"names page after page, but {MOST_BARREN} in a row held nothing new: left after {self.pages}")
        elif self.pages >= self.most_pages:
            self._finish(f"goes on after {self.pages} pages, the most that one crawl reads (pages)")
        else:
            self.seen.add(found.next)
            return found.next, 0
        return None

    def _name(self, found: Found, depth: int) -> None:
        """The sitemaps that an index names."""
        fresh = [entry.url for entry in found.lists if entry.url not in self.seen]
        if depth >= self.most_depth and fresh:
            self.cut = f"{len(fresh)} sitemaps lie deeper than {self.most_depth} indexes (depth)"
            return
        self.seen.update(fresh)
        self._waiting.extend((url, depth + 1) for url in fresh)

    def _take_waiting(self) -> Step | None:
        if self._waiting and self.pages < self.most_pages:
            return self._waiting.popleft()
        left = f"{len(self._waiting)} more sitemaps after {self.pages}, the most that one crawl reads (pages)"
        self._finish(left if self._waiting else self.cut)
        return None

    def _finish(self, cut: str = "") -> None:
        self.complete = not self._broken
        self.cut = cut


def _newest_first(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries of a feed, turned round where it begins with its oldest."""
    times = [entry.at or 0 for entry in entries]
    return entries[::-1] if times == sorted(times) and times[0] < times[-1] else entries


def is_settled(urls: Collection[str], before: Walked, first_seen: Mapping[str, Seen]) -> bool:
    """Whether all of a page's stories were found by a complete walk; a page without any says nothing."""
    return bool(urls) and all(before.settles(first_seen.get(url)) for url in urls)


def may_be_within(entry: Entry, since: int | None, until: int | None) -> bool:
    """Whether an entry may have been published within a stretch, as far as its list tells."""
    if since is not None and entry.latest is not None and entry.latest < since:
        return False
    return until is None or entry.earliest is None or entry.earliest <= until


def is_past(found: Found, since: int | None) -> bool:
    """Whether all of a page was published before a moment."""
    if since is None or not found.entries:
        return False
    latest = [entry.latest if entry.at is None else entry.at for entry in found.entries]
    return all(moment is not None and moment < since for moment in latest)
