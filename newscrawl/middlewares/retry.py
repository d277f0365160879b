"""Asking again: after growing pauses, or when the site says that it may be asked."""

import asyncio
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.utils.asyncio import sleep

from newscrawl.middlewares.refusals import status_kind
from newscrawl.storage.timetext import length_text

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

LONGEST_WAIT = 300.0
"""Seconds. A site that wants more time than this is left alone: the run ends (see storage.breakers)."""
_SLICE = 0.25


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait as a Retry-After header says, in seconds or as an HTTP date; None when it says nothing."""
    text = (header or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
        return max(0.0, (at - now).total_seconds()) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def pause_before(tries: int, delay: float) -> float:
    """Seconds before asking again after `tries` failures: twice the delay, doubled with each, none without delay."""
    return min(LONGEST_WAIT, delay * 2.0**tries)


class PatientRetry(RetryMiddleware):
    """Scrapy's retries, spaced out. The waiting request keeps its place, so that its host is let alone meanwhile."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "PatientRetry":
        middleware = super().from_crawler(crawler)
        middleware._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        return middleware

    _delay: float

    async def process_response(self, request: "Request", response: "Response") -> "Request | Response":  # type: ignore[override]
        if response.status < 400:
            return response
        last = response.status not in self.retry_http_codes or self._last_try(request)
        wait = self._wished(response)
        if wait is None:
            wait = 0.0 if last else pause_before(request.meta.get("retry_times", 0) + 1, self._delay)
        # After the last try, too: the next request may be for the same host.
        if wait > LONGEST_WAIT or not await self._pause(wait) or last:
            return response
        return self._retry(request, f"HTTP status {response.status}") or response

    def _wished(self, response: "Response") -> float | None:
        """Seconds for which the site wishes to be let alone; the run is ended where they are too many."""
        header = response.headers.get("Retry-After")
        wait = retry_after(header.decode("latin-1") if header else None, self._run.clock())
        if wait is not None and wait > LONGEST_WAIT:
            told = f"HTTP status {response.status}, not to be asked again for {length_text(int(wait))}"
            self._run.leave_alone(status_kind(response.status), told, timedelta(seconds=wait))
        return wait

    async def process_exception(self, request: "Request", exception: Exception) -> "Request | None":  # type: ignore[override]
        if not isinstance(exception, self.exceptions_to_retry) or self._last_try(request):
            return None
        if not await self._pause(pause_before(request.meta.get("retry_times", 0) + 1, self._delay)):
            return None
        return self._retry(request, exception)

    def _last_try(self, request: "Request") -> bool:
        return bool(request.meta.get("retry_times", 0) >= self.max_retry_times)

    @property
    def _run(self) -> Any:
        spider: Any = self.crawler.spider
        return spider.run

    async def _pause(self, seconds: float) -> bool:
        """Wait without holding anything up; False at once when the run is being ended."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self.crawler.crawling and not self._run.ending:
            left = until - loop.time()
            if left <= 0:
                return True
            await sleep(min(left, _SLICE))
        return False
