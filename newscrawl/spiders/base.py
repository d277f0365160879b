"""What all spiders share: they find and fetch, and hand on every page untouched."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request

from newscrawl.errors import EmptyPage, PageError, StorageError
from newscrawl.items import BEIJING, Page
from newscrawl.middlewares.refusals import failure_kind
from newscrawl.outcomes import Problem
from newscrawl.spiders.paging import Listing, Walk
from newscrawl.spiders.stories import StorySpider

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure


class NewsSpider(StorySpider):
    """One source. A spider of its own says where its lists are and how their rows are read; the rest is here.

    Its name is the module's name is the source's name. Each channel is one list that is read from its newest page into
    the past (see paging.Walk).
    """

    most_list_pages = 1000

    def list_url(self, channel: str, cursor: str | None) -> str:
        """The public address of one page of a list: the newest without a cursor."""
        raise NotImplementedError

    def read_list(self, page: Page, channel: str) -> Listing:
        """The rows of one list page. A PageError when it is none; one odd row is no reason for that."""
        raise NotImplementedError

    def cursor_before(self, second: int) -> str | None:  # noqa: ARG002
        """The cursor of a page that begins at this unix second; None where a list can only be read from its top."""
        return None

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name, **arguments)
        self.walks: list[Walk] = []

    async def start(self) -> AsyncIterator[Any]:
        """The addresses asked for; else what failed before and is due, then each channel's newest page."""
        if self.arguments.urls:
            for request in self.take_addresses(self.arguments.urls):
                yield request
            return
        for request in self.take_addresses(self.ledger.due()):
            yield request
        for channel in () if self.arguments.retry else self.channels:
            yield self._list_request(*self._new_walk(channel))

    def _new_walk(self, channel: str) -> tuple[Walk, str | None]:
        walk = Walk(
            channel=channel,
            stretches=self.ledger.stretches(channel),
            since=self.arguments.since,
            until=self.arguments.until,
            at_least=self._recheck_from(),
            most_pages=self.most_list_pages,
        )
        self.walks.append(walk)
        return walk, self.cursor_before(walk.until) if walk.until is not None else None

    def _recheck_from(self) -> int | None:
        recheck = self.arguments.recheck
        return int((self.run.clock() - recheck).timestamp()) if recheck else None

    def _list_request(self, walk: Walk, cursor: str | None) -> Request:
        return Request(
            self.list_url(walk.channel, cursor),
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"walk": walk},
            headers=self.headers,
            dont_filter=True,
            meta={"role": "listing", "context": {"channel": walk.channel}},
        )

    def parse_list(self, response: "Response", walk: Walk) -> Iterator[Any]:
        """The stories of a list page, then its next page."""
        page = self.page_of(response, self.name)
        try:
            listing = self.read_list(page, walk.channel)
            cursor = walk.read(listing)
        except PageError as error:
            self._refuse_list(walk, error)
            return
        self.run.note("")
        self._tell_odd(walk, listing)
        if walk.floor is not None:
            self.run.mark_floor(walk.channel, walk.floor)
        yield from self.take_rows(listing.rows, page.fetched_at)
        if cursor is not None and not self.cut_short:
            yield self._list_request(walk, self._leap(walk) or cursor)

    def _leap(self, walk: Walk) -> str | None:
        """Over a stretch that is complete already, on the way to an older `since`."""
        if walk.since is None or walk.oldest is None or self.arguments.recheck:
            return None
        start = walk.gap_below(walk.oldest)
        return self.cursor_before(start) if start is not None and start > walk.since else None

    def list_failed(self, failure: "TwistedFailure") -> None:
        """Scrapy's errback of a list page."""
        walk: Walk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        if not isinstance(failure.value, StorageError):
            self._problem(walk, *failure_kind(failure.value))

    def _refuse_list(self, walk: Walk, error: PageError) -> None:
        if isinstance(error, EmptyPage) and walk.newest is None and walk.until is not None:
            self.run.notes.append(f"list {walk.channel}: nothing so old")
        elif isinstance(error, EmptyPage) and walk.newest is None:
            self.run.empty_lists.append(walk.channel)
        else:
            self._problem(walk, error.kind, error.reason)

    def _problem(self, walk: Walk, kind: str, reason: str) -> None:
        self.run.problems.append(Problem(kind, f"list {walk.channel}: {reason}"))
        self.run.note(kind, reason)

    def _tell_odd(self, walk: Walk, listing: Listing) -> None:
        """Unreadable rows, and a gap down to what was complete before, are faults; a list that ends early is none."""
        if listing.odd:
            self.run.problems.append(Problem("partial", f"list {walk.channel}: {listing.odd} rows were not readable"))
        if not walk.ended_early:
            return
        ends = f"list {walk.channel}: ends at {_told(walk.oldest)}"
        if walk.since is not None:
            self.run.notes.append(f"{ends}, after the moment asked for")
        elif walk.stretches:
            before = max(end for _, end in walk.stretches)
            self.run.problems.append(Problem("partial", f"{ends}; what came after {_told(before)} may be missing"))


def _told(second: int | None) -> str:
    return datetime.fromtimestamp(second, BEIJING).strftime("%Y-%m-%d %H:%M") if second is not None else "its top"
