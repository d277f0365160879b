"""What all spiders share: they find and fetch, and hand on every page untouched."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from scrapy import Request

from newscrawl.errors import EmptyPage, PageError
from newscrawl.items import Page
from newscrawl.middlewares.refusals import NOT_OF_THE_PAGE, failure_kind
from newscrawl.outcomes import CHECK, Problem
from newscrawl.spiders.filling import FillingSpider
from newscrawl.spiders.paging import Listing, Walk
from newscrawl.spiders.parts import PartSpider
from newscrawl.storage.timetext import minute_text

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure


class NewsSpider(PartSpider, FillingSpider):
    """One source. A spider of its own says where its lists are and how their rows are read; the rest is here.

    Its name is the module's name is the source's name. Each channel is one list that is read from its newest page into
    the past (see paging.Walk).
    """

    def list_url(self, channel: str, cursor: str | None) -> str:
        """The public address of one page of a list: the newest without a cursor."""
        raise NotImplementedError

    def read_list(self, page: Page, channel: str) -> Listing:
        """The rows of one list page. A PageError when it is none; one odd row is no reason for that."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        """The addresses asked for; else what failed before and is due, then each channel's newest page.

        A backfill begins with nothing: its list pages are asked for one after another, see `next_list`.
        """
        if self.arguments.urls:
            for request in self.take_addresses(self.arguments.urls):
                yield request
            return
        if self.arguments.backfill:
            self.begin_backfill()
            return
        for request in self.take_addresses(self.ledger.due()):
            yield request
        for channel in () if self.arguments.retry else self.channels:
            yield self.first_request(channel)

    def first_request(self, channel: str) -> Request:
        """The request for a list's newest page."""
        return self.list_request(*self._new_walk(channel))

    def completed(self) -> None:
        """Called when a run has done all that it was to do: what else is complete may be noted now."""

    def _new_walk(self, channel: str) -> tuple[Walk, str | None]:
        walk = Walk(
            channel=channel,
            stretches=self.ledger.lists.stretches(channel),
            since=self.arguments.since,
            until=self.arguments.until,
            at_least=self._recheck_from(),
            most_pages=self.most_list_pages,
            now=self.now(),
        )
        self.walks.append(walk)
        return walk, self.jump(walk, walk.until)

    def _recheck_from(self) -> int | None:
        recheck = self.arguments.recheck
        return self.now() - int(recheck.total_seconds()) if recheck else None

    def list_request(self, walk: Walk, cursor: str | None, *, probe: bool = False) -> Request:
        """The request of one page of a list; as a probe it shows only whether the list works."""
        return Request(
            self.list_url(walk.channel, cursor),
            callback=self.parse_probe if probe else self.parse_list,
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
            if isinstance(error, EmptyPage) and walk.jumped is not None:
                yield from self._nothing_so_old(walk)
            else:
                self._refuse_list(walk, error)
            return
        self.run.note("")
        self._tell_odd(walk, listing)
        yield from self._take_listing(walk, listing, page)
        if cursor is None or self.cut_short:
            return
        cursor = self._leap(walk) or cursor
        if self.backfill:
            self.backfill.wait(walk, cursor)
        else:
            yield self.list_request(walk, cursor)

    def _take_listing(self, walk: Walk, listing: Listing, page: Page) -> Iterator[Any]:
        if walk.pages == 1 and walk.until is None:
            self.ledger.lists.read(walk.channel, page.fetched_at)
        if self.backfill:
            yield from self.take_rows([row for row in listing.rows if walk.lacks(row)], page.fetched_at)
            return
        if walk.floor is not None:
            self.ledger.mark_floor(walk.channel, walk.floor)
        yield from self.take_rows(listing.rows, page.fetched_at)

    def _nothing_so_old(self, walk: Walk) -> Iterator[Request]:
        """A list that is empty where it was jumped into has ended above, if it works at all: its newest page tells."""
        if walk.newest is None:
            yield self.list_request(walk, None, probe=True)
        else:
            self._end(walk)

    def parse_probe(self, response: "Response", walk: Walk) -> None:
        """The newest page of a list that had nothing so old as was asked for. Its stories are another crawl's."""
        try:
            rows = self.read_list(self.page_of(response, self.name), walk.channel).rows
        except PageError as error:
            self._refuse_list(walk, error)
            return
        if rows:
            self._end(walk)
        else:
            self.run.empty_lists.append(walk.channel)

    def _end(self, walk: Walk) -> None:
        self.run.notes.append(f"list {walk.channel}: has nothing before {minute_text(walk.end())}")

    def _leap(self, walk: Walk) -> str | None:
        """Over a stretch that is complete already, on the way to an older `since`."""
        if walk.since is None or walk.oldest is None or self.arguments.recheck:
            return None
        start = walk.gap_below(walk.oldest)
        return self.jump(walk, start) if start is not None and start > walk.since else None

    def list_failed(self, failure: "TwistedFailure") -> None:
        """Scrapy's errback of a list page."""
        walk: Walk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        if not isinstance(failure.value, NOT_OF_THE_PAGE):
            self._problem(walk, *failure_kind(failure.value))

    def _refuse_list(self, walk: Walk, error: PageError) -> None:
        if isinstance(error, EmptyPage) and walk.newest is None:
            self.run.empty_lists.append(walk.channel)
        else:
            self._problem(walk, error.kind, error.reason)

    def _problem(self, walk: Walk, kind: str, reason: str) -> None:
        self.run.problems.append(Problem(kind, f"list {walk.channel}: {reason}"))
        self.run.note(kind, reason)

    def _tell_odd(self, walk: Walk, listing: Listing) -> None:
        """Unreadable rows, and a gap down to what was complete before, are faults; a list that ends early is none."""
        if listing.odd:
            self.run.problems.append(
                Problem("partial", f"list {walk.channel}: {listing.odd} rows were not readable", CHECK)
            )
        if not walk.ended_early:
            return
        ends = f"list {walk.channel}: ends at {minute_text(walk.oldest) if walk.oldest is not None else 'its top'}"
        if self.backfill and walk.ends_at is None:
            self.run.problems.append(Problem("partial", f"{ends}, and then repeats itself", CHECK))
        elif walk.since is not None:
            self.run.notes.append(f"{ends}, after the moment asked for")
        elif walk.stretches:
            before = max(end for _, end in walk.stretches)
            if walk.oldest is not None and walk.oldest <= before:
                return  # only what was to be asked for again goes back further
            self.run.problems.append(
                Problem("partial", f"{ends}; what came after {minute_text(before)} may be missing", self.to_fill)
            )
