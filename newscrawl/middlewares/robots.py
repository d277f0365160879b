"""robots.txt: asked once for each host before anything else; no answer means no."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from newscrawl.middlewares.refusals import CutOff, Refusal, failure_kind

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

USER_AGENT = "newscrawl"
_READ_BYTES = 500 * 1024
"""What RFC 9309 asks a crawler to read at least; the rest of a longer file is not looked at."""
_LONGEST_DELAY = 30.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host's robots.txt says."""

    parser: ProtegoRobotParser | None = None
    """None: everything is allowed, unless `denied`."""
    denied: Refusal | None = None
    """Why nothing at all may be asked."""

    def refusal(self, url: str) -> Refusal | None:
        """Why this address must not be asked; None when it may be."""
        if self.denied or self.parser is None or self.parser.allowed(url, USER_AGENT):
            return self.denied
        return Refusal("blocked", "robots.txt does not allow it")


class RobotsMiddleware:
    """Raises Refusal: "blocked" where robots.txt says no or is broken, "network" where it gives no answer at all."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "RobotsMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("role") == "robots":
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._ask(site))
        refusal = (await asyncio.shield(self._rules[site])).refusal(request.url)
        if refusal:
            raise Refusal(refusal.kind, refusal.reason)

    async def _ask(self, site: str) -> Rules:
        request = Request(
            f"{site}/robots.txt", callback=NO_CALLBACK, priority=1000, meta={"role": "robots"}, dont_filter=True
        )
        try:
            answer = await self._crawler.engine.download_async(request)
        except CutOff:
            raise
        except Exception as error:
            kind, reason = failure_kind(error)
            return Rules(denied=Refusal("network" if kind == "network" else "blocked", f"no robots.txt: {reason}"))
        return self._read(answer, host=urlsplit(site).hostname or "")

    def _read(self, answer: "Response", host: str) -> Rules:
        """RFC 9309: a missing file allows everything, a server in trouble allows nothing."""
        if answer.status >= 500 or answer.status == 429 or 300 <= answer.status < 400:
            return Rules(denied=Refusal("blocked", f"no robots.txt: HTTP status {answer.status}"))
        if answer.status >= 400:
            return Rules()
        parser = ProtegoRobotParser(_whole_lines(answer.body), self._crawler.spider)
        self._slow_down(host, parser.crawl_delay(USER_AGENT))
        return Rules(parser)

    def _slow_down(self, host: str, delay: float | None) -> None:
        """Obey Crawl-delay where it asks for more than we wait anyway; on his own site the operator decides.

        Obeyed to the second, without Scrapy's random half more or less; and told to the downloader, which forgets a
        host's queue after a minute without a request and then makes it anew.
        """
        spider: Any = self._crawler.spider
        downloader: Any = self._crawler.engine.downloader
        if not delay or spider.base_url:
            return
        least = max(min(delay, _LONGEST_DELAY), self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        downloader.per_slot_settings[host] = {"delay": least, "jitter": 0.0}
        if slot := downloader.slots.get(host):
            slot.delay, slot.jitter = least, 0.0


def _whole_lines(body: bytes) -> bytes:
    """As much as is read of a file; a line cut in two could say "Disallow: /". Without the NULs of UTF-16."""
    body = body.replace(b"\0", b"")
    return body if len(body) <= _READ_BYTES else body[:_READ_BYTES].rpartition(b"\n")[0]
