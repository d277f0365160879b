"""What a person at a terminal sees while a crawl runs, and the one line that stays of it."""

import sys
import time
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from newscrawl.storage.timetext import length_text

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_SECONDS = 0.5
_CLEAR = "\r\x1b[K"
_BAR = 16


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
        name, counts, seconds = self._spider.name, vars(self._spider.ledger.counts), time.monotonic() - self._started
        backfill = self._spider.backfill
        line = filling_line(name, backfill.done, counts, seconds) if backfill else live_line(name, counts, seconds)
        sys.stderr.write(_CLEAR + line)
        sys.stderr.flush()


def live_line(source: str, counts: dict[str, int], seconds: float) -> str:
    """
    >>> live_line("eastmoney", {"found": 50, "fetched": 20, "new": 18, "failed": 2}, 10.0)
    'eastmoney  found 50  fetched 20  new 18  failed 2  2.0 pages/s'
    """
    told = "  ".join(f"{name} {counts[name]}" for name in ("found", "fetched", "new", "failed"))
    return f"{source}  {told}  {counts['fetched'] / max(seconds, 0.1):.1f} pages/s"


def filling_line(source: str, done: float, counts: dict[str, int], seconds: float) -> str:
    """How much of the missing time is filled; the time left is told when there is something to tell it from.

    >>> filling_line("eastmoney", 0.25, {"new": 180, "failed": 2}, 60.0)
    'eastmoney  [####------------]  25 %  new 180  failed 2  3 min left'
    >>> filling_line("eastmoney", 0.0, {"new": 0, "failed": 0}, 1.0)
    'eastmoney  [----------------]   0 %  new 0  failed 0'
    """
    bar = ("#" * int(_BAR * done)).ljust(_BAR, "-")
    left = f"  {length_text(round(seconds * (1 - done) / done))} left" if done else ""
    return f"{source}  [{bar}] {int(100 * done):3} %  new {counts['new']}  failed {counts['failed']}{left}"
