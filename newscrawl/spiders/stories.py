"""Taking stories: which of those found are asked for, and what becomes of each answer."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider

from newscrawl.config import SourceConfig
from newscrawl.errors import UsageError
from newscrawl.items import Failure, Page
from newscrawl.middlewares.addresses import why_refused
from newscrawl.middlewares.refusals import NOT_OF_THE_PAGE, failure_kind, status_kind
from newscrawl.spiders.arguments import CrawlArguments
from newscrawl.spiders.paging import Recent, Row
from newscrawl.urls import host_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure as TwistedFailure

    from newscrawl.extensions.run import Run
    from newscrawl.storage.ledger import Ledger

_KEPT_HEADERS = ("Content-Type", "Content-Length")
_STORY_FIRST = 1
"""A list page's stories come before the next list page, so that the queue stays short."""


class StorySpider(Spider):
    """One source's addresses and arguments, and the way from an address to a Page."""

    hosts: tuple[str, ...] = ()
    """The source's public hosts; nothing else is asked."""
    channels: tuple[str, ...] = ()
    """Its lists."""
    headers: ClassVar[dict[str, str]] = {}
    reads_pages = True
    """False where another source with the same hosts is the one to read a single address."""
    every = 30 * 60
    """Seconds between two crawls that suit the source: what `newscrawl schedule` offers."""
    base_url: str | None = None
    """Asked in place of the public hosts."""
    typed_hosts: frozenset[str] = frozenset()
    """The hosts that the operator named himself: they may lead into a private network."""

    run: "Run"
    """Set by the recorder before the first request, and with it `ledger`."""
    ledger: "Ledger"

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name)
        self.arguments = CrawlArguments.read(**arguments)
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
        for url in spider.arguments.urls:
            reason = why_refused(url, spider.hosts)
            if reason:
                raise UsageError(f"{url}: {reason}")
        return spider

    def configure(self, config: SourceConfig) -> None:
        """Take over what the operator says of this source."""
        self.hosts = (*self.hosts, *config.hosts)
        self.typed_hosts |= {*config.hosts, *map(host_of, self.arguments.urls)}
        self.channels = self.arguments.channels or config.channels or self.channels

    @property
    def page_source(self) -> str:
        """The source of a page that is asked for; "" where the page itself must tell to which of several it belongs."""
        return self.name

    def take_rows(self, rows: Sequence[Row], fetched_at: datetime) -> Iterator[Any]:
        """Pages of the rows that are whole stories, requests for the others that are neither known nor waiting."""
        wanted = {row.url: row for row in rows if self.arguments.covers(row.at)}
        fresh = self._fresh(list(wanted.values()))
        asked = self._unknown([row.url for row in fresh if row.body is None and not row.skip])
        again = self._read_again(fresh)
        for row in fresh:
            if row.skip:
                self.ledger.found()
                self.ledger.skip(row.skip)
            elif row.body is None and row.url not in asked:
                self.ledger.found()  # counted as known, failing or gone
            elif row.url in again or self._take():
                self.ledger.found()
                yield self._story(row, fetched_at)

    def _fresh(self, rows: Sequence[Row]) -> list[Row]:
        """Those not met in this run. A row that is the whole story is one although its page was asked for: that failed
        before, may fail again, and tells less."""
        met = {row.url if row.body is None else f"{row.url} as a row": row for row in rows}
        return [met[key] for key in self._met.fresh(met)]

    def _read_again(self, rows: Sequence[Row]) -> set[str]:
        """Known stories that the list itself holds: read again for their edits, and no part of a limit."""
        whole = [row.url for row in rows if row.body is not None and not row.skip]
        return self.ledger.known(whole) if self.arguments.limit is not None else set()

    def _story(self, row: Row, fetched_at: datetime) -> Page | Request:
        """The row itself where it is the whole story, else a request for its page."""
        if row.body is None:
            return self._page_request(row.url)
        self.ledger.fetched()
        return self._row_page(row.url, row.body, fetched_at)

    def take_addresses(self, urls: Sequence[str]) -> Iterator[Request]:
        """Requests for addresses that come from no list: all of them, known or not."""
        for url in self._met.fresh(urls):
            if not self._take():
                return
            self.ledger.found()
            reason = why_refused(url, self.hosts)
            if reason:
                self._fail(url, "refused", reason)
            else:
                yield self._page_request(url)

    def _unknown(self, urls: Sequence[str]) -> set[str]:
        """Those to ask for; the others are counted as known, as failing still, or as gone."""
        recheck = self.arguments.recheck
        known = self.ledger.known(urls, recheck_after=self.run.clock() - recheck if recheck else None)
        self.ledger.seen(url for url in urls if url in known)
        unknown = [url for url in urls if url not in known]
        waiting = self.ledger.waiting(unknown)
        self.ledger.still_failing(waiting)
        return set(unknown) - waiting

    def _take(self) -> bool:
        """Whether the limit allows one story more."""
        if self.arguments.limit is not None and self._taken >= self.arguments.limit:
            self.cut_short = True
            return False
        self._taken += 1
        return True

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
            self._fail(story, status_kind(response.status), f"HTTP status {response.status}")
            return
        if response.url != story:
            self.run.listed_at[response.url] = story
        self.ledger.fetched()
        yield self.page_of(response, self.page_source)

    def page_failed(self, failure: "TwistedFailure") -> None:
        """Scrapy's errback of a story's page."""
        story: str = failure.request.cb_kwargs["story"]  # type: ignore[attr-defined]
        if not isinstance(failure.value, NOT_OF_THE_PAGE):
            self._fail(story, *failure_kind(failure.value))

    def _fail(self, url: str, kind: str, reason: str) -> None:
        self.ledger.fail(Failure(url=url, source=self.name, kind=kind, reason=reason))

    def page_of(self, response: "Response", source: str) -> Page:
        """An answer as it is handed on: untouched."""
        headers = {
            name.lower(): value.decode("latin-1")
            for name in _KEPT_HEADERS
            if (value := response.headers.get(name)) is not None
        }
        if response.meta.get("content_encoding"):
            headers["content-encoding"] = response.meta["content_encoding"]
        return Page(
            url=response.url,
            source=source,
            body=response.body,
            fetched_at=response.meta["fetched_at"],
            status=response.status,
            headers=headers,
            aliases=tuple(response.meta.get("redirect_urls", ())),
            backfilled=self.arguments.backfills,
        )

    def _row_page(self, url: str, body: bytes, fetched_at: datetime) -> Page:
        headers = {"content-type": "application/json"}
        backfilled = self.arguments.backfills
        return Page(url=url, source=self.name, body=body, fetched_at=fetched_at, headers=headers, backfilled=backfilled)


def _configured(source: str, settings: "BaseSettings") -> SourceConfig:
    config: SourceConfig = settings.getdict("NEWSCRAWL_SOURCES").get(source, SourceConfig())
    return config
