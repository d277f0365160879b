"""The download handler that asks the operator's --base-url in place of the public host.

It is the last step before the network, so everything above it (archive, robots, redirects, spiders) sees public
addresses only. Where a public host is asked, its name must lead to the open internet, unless the operator typed it.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.utils.defer import maybe_deferred_to_future

from newscrawl.middlewares.addresses import asked_url, public_url
from newscrawl.middlewares.names import addresses_of, check_public
from newscrawl.middlewares.refusals import CutOff
from newscrawl.urls import host_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

LAST_ANSWER = 3.0
"""Seconds that an answer may still take once the run is to end."""
_LOOK = 0.25


class BaseUrlHandler(HTTP11DownloadHandler):
    """HTTP and HTTPS, with scheme, host and port replaced where the spider has a `base_url`."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._crawler = crawler
        spider: Any = crawler.spider
        self._base_url: str | None = getattr(spider, "base_url", None)
        self._typed: frozenset[str] = getattr(spider, "typed_hosts", frozenset())
        self._under_way: set[asyncio.Timeout] = set()
        self._watch: asyncio.TimerHandle | None = None
        self._seconds_left = LAST_ANSWER

    async def download_request(self, request: "Request") -> "Response":
        """The answer; CutOff where it does not come soon after somebody wanted the run to end."""
        if self._is_ending():  # its turn came after that, since requests are spaced out
            raise CutOff("the run was ended before it was asked for")
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._under_way.add(limit)
                self._look_later()
                return await self._answer(request)
        except TimeoutError:
            if not limit.expired():
                raise
            raise CutOff("the run was ended before the answer came") from None
        finally:
            self._under_way.discard(limit)

    def _look_later(self) -> None:
        """One timer for all that is under way: one for each request would cost more than some answers do."""
        if self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(_LOOK, self._look)

    def _look(self) -> None:
        self._watch = None
        if self._is_ending():
            self._seconds_left -= _LOOK
        for limit in self._under_way if self._seconds_left <= 0 else ():
            if not limit.expired():
                limit.reschedule(0)
        if self._under_way:
            self._look_later()

    def _is_ending(self) -> bool:
        spider: Any = self._crawler.spider
        return not self._crawler.crawling or spider.run.ending

    async def _answer(self, request: "Request") -> "Response":
        if not self._base_url:
            await self._check_name(request)
            return await super().download_request(request)
        asked = request.replace(url=asked_url(request.url, self._base_url))
        answer = (await super().download_request(asked)).replace(url=request.url)
        location = answer.headers.get("Location")
        if location is not None:
            public = public_url(location.decode("latin-1"), self._base_url, request.url)
            answer.headers["Location"] = public.encode("latin-1")
        return answer

    async def _check_name(self, request: "Request") -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - there is none before the process has chosen it

        host = host_of(request.url)
        if host not in self._typed and not request.meta.get("proxy"):  # a proxy looks names up itself
            resolver: Any = reactor.nameResolver
            check_public(host, await maybe_deferred_to_future(addresses_of(host, resolver)))
