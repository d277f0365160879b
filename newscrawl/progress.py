"""What a person at a terminal sees while a crawl runs, and the one line that stays of it."""

import sys
import time
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_SECONDS = 0.5
_CLEAR = "\r\x1b[K"


class ProgressLine:
    """One line on stderr, written over twice a second. Nothing where stderr is no terminal."""

    def __init__(self, crawler: "Crawler") -> None:
        if not crawler.settings.getbool("NEWSCRAWL_PROGRESS") or not sys.stderr.isatty():
            raise NotConfigured
        self._spider: Any = crawler.spider
        self._started = time.monotonic()
        self._drawing = create_looping_call(self._draw)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "ProgressLine":
        line = cls(crawler)
        crawler.signals.connect(line.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(line.spider_closed, signal=signals.spider_closed)
        return line

    def spider_opened(self) -> None:
        self._drawing.start(_SECONDS)

    def spider_closed(self) -> None:
        if self._drawing.running:
            self._drawing.stop()
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()

    def _draw(self) -> None:
        counts = vars(self._spider.ledger.counts)
        sys.stderr.write(_CLEAR + live_line(self._spider.name, counts, time.monotonic() - self._started))
        sys.stderr.flush()


def live_line(source: str, counts: dict[str, int], seconds: float) -> str:
    """
    >>> live_line("eastmoney", {"found": 50, "fetched": 20, "new": 18, "failed": 2}, 10.0)
    'eastmoney  found 50  fetched 20  new 18  failed 2  2.0 pages/s'
    """
    told = "  ".join(f"{name} {counts[name]}" for name in ("found", "fetched", "new", "failed"))
    return f"{source}  {told}  {counts['fetched'] / max(seconds, 0.1):.1f} pages/s"
