"""What all spiders share: they find and fetch, and hand on every page untouched."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider

from newscrawl.config import SourceConfig
from newscrawl.errors import EmptyPage, PageError, StorageError, UsageError
from newscrawl.items import BEIJING, Failure, Page
from newscrawl.middlewares.addresses import why_refused
from newscrawl.middlewares.refusals import failure_kind, status_kind
from newscrawl.outcomes import Problem
from newscrawl.spiders.arguments import CrawlArguments
from newscrawl.spiders.paging import Listing, Recent, Row, Walk

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure as TwistedFailure

    from newscrawl.extensions import Run
    from newscrawl.storage.ledger import Ledger

_KEPT_HEADERS = ("Content-Type", "Content-Length")
_STORY_FIRST = 1
"""A list page's stories come before the next list page, so that the queue stays short."""


class NewsSpider(Spider):
    """One source. A spider of its own says where its lists are and how their rows are read; the rest is here.

    Its name is the module's name is the source's name. Each channel is one list that is read from its newest page into
    the past (see paging.Walk).
    """

    hosts: tuple[str, ...] = ()
    """The source's public hosts; nothing else is asked."""
    channels: tuple[str, ...] = ()
    headers: ClassVar[dict[str, str]] = {}
    most_list_pages = 1000
    reads_pages = True
    """False where another source with the same hosts is the one to read a single address."""

    run: "Run"
    """Set by the recorder before the first request, and with it `ledger`."""
    ledger: "Ledger"

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
        super().__init__(name)
        self.arguments = CrawlArguments.read(**arguments)
        self.walks: list[Walk] = []
        self.cut_short = False
        """True once the limit kept something from being taken."""
        self._taken = 0
        self._met = Recent()

    @classmethod
    def update_settings(cls, settings: "BaseSettings") -> None:
        super().update_settings(settings)
        delay = _configured(cls.name, settings).delay
        if delay is not None:
            settings.set("DOWNLOAD_DELAY", delay, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> "Self":
        spider = super().from_crawler(crawler, *args, **kwargs)
        config = _configured(cls.name, crawler.settings)
        spider.configure(config)
        spider.base_url = spider.arguments.base_url or config.base_url
        url = spider.arguments.url
        reason = why_refused(url, spider.hosts) if url else None
        if reason:
            raise UsageError(f"{url}: {reason}")
        return spider

    base_url: str | None

    def configure(self, config: SourceConfig) -> None:
        """Take over what the operator says of this source."""
        self.hosts = (*self.hosts, *config.hosts)
        self.channels = config.channels or self.channels

    # -- finding ---------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """The one address asked for; else what failed before and is due, then each channel's newest page."""
        if self.arguments.url:
            for request in self._pages([self.arguments.url]):
                yield request
            return
        for request in self._pages(self.ledger.due()):
            yield request
        for channel in () if self.arguments.retry else self.channels:
            yield self._list_request(*self._new_walk(channel))

    def _new_walk(self, channel: str) -> tuple[Walk, str | None]:
        walk = Walk(
            channel=channel,
            stretches=self.ledger.stretches(channel),
            since=self.arguments.since,
            until=self.arguments.until,
            most_pages=self.most_list_pages,
        )
        self.walks.append(walk)
        return walk, self.cursor_before(walk.until) if walk.until is not None else None

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
        page = self._page(response)
        try:
            listing = self.read_list(page, walk.channel)
            cursor = walk.read(listing)
        except PageError as error:
            if isinstance(error, EmptyPage) and walk.newest is None:
                self.run.empty_lists.append(walk.channel)
            else:
                self._list_problem(walk, error.kind, error.reason)
            return
        self.run.note("")
        if listing.odd:
            self.run.problems.append(Problem("partial", f"list {walk.channel}: {listing.odd} rows were not readable"))
        if walk.ended_early:
            self._note_early_end(walk)
        if walk.floor is not None:
            self.run.mark_floor(walk.channel, walk.floor)
        yield from self._stories(listing.rows)
        if cursor is not None and not self.cut_short:
            yield self._list_request(walk, self._leap(walk) or cursor)

    def _note_early_end(self, walk: Walk) -> None:
        """A gap down to what was complete before is a fault; a list that does not go back far enough is none."""
        ends = f"list {walk.channel}: ends at {_told(walk.oldest)}"
        if walk.stretches and walk.since is None:
            before = max(end for _, end in walk.stretches)
            self.run.problems.append(Problem("partial", f"{ends}; what came after {_told(before)} may be missing"))
        elif walk.since is not None:
            self.run.notes.append(f"{ends}, after the moment asked for")

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
            self._list_problem(walk, *failure_kind(failure.value))

    def _list_problem(self, walk: Walk, kind: str, reason: str) -> None:
        self.run.problems.append(Problem(kind, f"list {walk.channel}: {reason}"))
        self.run.note(kind, reason)

    # -- taking ----------------------------------------------------------------------------------------------------

    def _stories(self, rows: Sequence[Row]) -> Iterator[Any]:
        """Pages of the rows that are whole stories, requests for the others that are neither known nor waiting."""
        wanted = {row.url: row for row in rows if self.arguments.covers(row.at)}
        fresh = [wanted[url] for url in self._met.fresh(wanted)]
        self.ledger.found(len(fresh))
        for row in fresh:
            if row.skip:
                self.ledger.skip(row.skip)
            elif row.body is not None and self._take():
                self.ledger.fetched()
                yield self._row_page(row, row.body)
        urls = [row.url for row in fresh if row.body is None and not row.skip]
        for url in self._unknown(urls):
            if self._take():
                yield self._page_request(url)

    def _unknown(self, urls: Sequence[str]) -> list[str]:
        """Those to ask for; the others are counted as known, or as failing still."""
        recheck = self.arguments.recheck
        known = self.ledger.known(urls, recheck_after=self.run.clock() - recheck if recheck else None)
        self.ledger.seen(url for url in urls if url in known)
        unknown = [url for url in urls if url not in known]
        waiting = self.ledger.waiting(unknown)
        self.ledger.still_failing(len(waiting))
        return [url for url in unknown if url not in waiting]

    def _take(self) -> bool:
        """Whether the limit allows one story more."""
        if self.arguments.limit is not None and self._taken >= self.arguments.limit:
            self.cut_short = True
            return False
        self._taken += 1
        return True

    def _pages(self, urls: Sequence[str]) -> Iterator[Request]:
        """Requests for addresses that come from no list."""
        for url in self._met.fresh(urls):
            if not self._take():
                return
            self.ledger.found()
            reason = why_refused(url, self.hosts)
            if reason:
                self._page_problem(url, "refused", reason)
            else:
                yield self._page_request(url)

    def _page_request(self, url: str) -> Request:
        return Request(
            url,
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"story": url},
            headers=self.headers,
            dont_filter=True,
            priority=_STORY_FIRST,
            meta={"role": "page"},
        )

    def parse_page(self, response: "Response", story: str) -> Iterator[Page]:
        """The page itself, unless it is none; `story` is the address under which it was found."""
        if response.status != 200:
            self._page_problem(story, status_kind(response.status), f"HTTP status {response.status}")
            return
        self.ledger.fetched()
        yield self._page(response)

    def page_failed(self, failure: "TwistedFailure") -> None:
        """Scrapy's errback of a story's page."""
        story: str = failure.request.cb_kwargs["story"]  # type: ignore[attr-defined]
        if not isinstance(failure.value, StorageError):
            self._page_problem(story, *failure_kind(failure.value))

    def _page_problem(self, url: str, kind: str, reason: str) -> None:
        self.ledger.fail(Failure(url=url, source=self.name, kind=kind, reason=reason))

    @property
    def page_source(self) -> str:
        """The source of a page that is asked for; "" where the page itself must tell to which of several it belongs."""
        return self.name

    # -- pages -----------------------------------------------------------------------------------------------------

    def _page(self, response: "Response") -> Page:
        headers = {
            name.lower(): value.decode("latin-1")
            for name in _KEPT_HEADERS
            if (value := response.headers.get(name)) is not None
        }
        if response.meta.get("content_encoding"):
            headers["content-encoding"] = response.meta["content_encoding"]
        return Page(
            url=response.url,
            source=self.page_source,
            body=response.body,
            fetched_at=response.meta["fetched_at"],
            status=response.status,
            headers=headers,
            aliases=tuple(response.meta.get("redirect_urls", ())),
        )

    def _row_page(self, row: Row, body: bytes) -> Page:
        return Page(
            url=row.url,
            source=self.name,
            body=body,
            fetched_at=self.run.clock(),
            headers={"content-type": "application/json"},
        )


def _told(second: int | None) -> str:
    return datetime.fromtimestamp(second, BEIJING).strftime("%Y-%m-%d %H:%M") if second is not None else "its top"


def _configured(source: str, settings: "BaseSettings") -> SourceConfig:
    config: SourceConfig = settings.getdict("NEWSCRAWL_SOURCES").get(source, SourceConfig())
    return config
