"""A worker's process: an engine for each crawl that is under way, until those that it works for have ended."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scrapy import signals

from newscrawl import registry
from newscrawl.cluster.board import Board, Crawl
from newscrawl.cluster.desk import Desk
from newscrawl.cluster.link import Link
from newscrawl.cluster.queue import LeasedQueue
from newscrawl.cluster.slots import GRACE, Slots
from newscrawl.cluster.wire import Serializer
from newscrawl.config import Config
from newscrawl.errors import StorageError, UsageError
from newscrawl.outcomes import Outcome, RunResult, result_of

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess

_LOOK = 0.2
_HELLO = 1.0

SETTINGS: Mapping[str, Any] = {
    "DOWNLOAD_DELAY": 0,  # the host's turn is kept in Redis, see slots
    "EXTENSIONS": {"newscrawl.cluster.desk.Desk": 0},
    "CLOSESPIDER_TIMEOUT": 0,  # the collector's
    "NEWSCRAWL_PROGRESS": False,
}


def middlewares(ours: Mapping[str, int]) -> dict[str, int]:
    """A crawl's chain (settings.DOWNLOADER_MIDDLEWARES_BASE) as a worker has it."""
    chain = {name: place for name, place in ours.items() if not name.endswith(".ArchiveMiddleware")}
    archive = next(place for name, place in ours.items() if name.endswith(".ArchiveMiddleware"))
    return {**chain, "newscrawl.cluster.notes.SentArchive": archive, "newscrawl.cluster.slots.SharedTurns": 900}


class Working:
    """Works for the crawls that are wanted, or, where none is named, for all that are under way."""

    def __init__(
        self,
        link: Link,
        process: "AsyncCrawlerProcess",
        config: Config,
        wanted: Sequence[Crawl],
        *,
        lease: float,
        wait: float,
        stay: bool,
        tell: Callable[[RunResult, int], None],
    ) -> None:
        self._link, self._process, self._config, self._wanted = link, process, config, wanted
        self._lease, self._wait, self._stay, self._tell = lease, wait, stay, tell
        self._board = Board(link)
        self._waits_for: dict[str, str] = {}
        """Source to the crawl's id: those whose end is this worker's end."""
        self._under_way: dict[str, asyncio.Task[int]] = {}
        self._last_hello = 0.0
        self._began = self._last_collected = time.monotonic()
        self.results: list[RunResult] = []
        self.is_stopped = False

    async def run(self) -> None:
        """Until all has ended, or a signal came (is_stopped). UsageError where the collector refuses this worker."""
        self._hello()
        try:
            self._check_collected()
            for wish in self._wanted:
                self._waits_for[wish.source] = self._board.want(wish).id
            while not self._is_over():
                self._hello()
                self._look_for_work()
                await self._wait_for_ends()
                self._check_collected()
            self._board.goodbye()  # one that is refused lets the collector see it
        finally:
            await self._end_all()

    def _is_over(self) -> bool:
        from twisted.internet import reactor  # noqa: PLC0415 - only after the process has installed it

        self.is_stopped = self.is_stopped or not reactor.running
        if self.is_stopped or self._stay or self._under_way or self._waits_for:
            return self.is_stopped
        return bool(self.results) or time.monotonic() - self._began > self._wait

    def _check_collected(self) -> None:
        """UsageError where the collector is of another version, StorageError where there is none for too long."""
        if self._board.is_collected():
            self._last_collected = time.monotonic()
        elif not self._stay and time.monotonic() - self._last_collected > self._wait:
            raise StorageError(
                f"no collector was heard of on the Redis at {self._link.name} for {self._wait:g} s, and nobody else"
                " stores: start `newscrawl collect`"
            )

    def _hello(self) -> None:
        if time.monotonic() - self._last_hello >= _HELLO:
            self._last_hello = time.monotonic()
            self._board.hello()

    def _look_for_work(self) -> None:
        known = registry.sources(self._config)
        for source, crawl in self._board.crawls().items():
            if source in self._under_way:
                continue
            if self._waits_for.get(source) == crawl.id and crawl.over:
                self._end(crawl, 0)
            elif crawl.state == "open" and self._is_mine(crawl, known):
                self._waits_for[source] = crawl.id
                self._under_way[source] = asyncio.ensure_future(self._work(crawl))

    def _is_mine(self, crawl: Crawl, known: Mapping[str, Any]) -> bool:
        if self._wanted and not self._stay:
            return crawl.source in self._waits_for
        return crawl.source in known or "start" in crawl.arguments

    async def _wait_for_ends(self) -> None:
        if not self._under_way:
            await asyncio.sleep(_LOOK)
            return
        done, _ = await asyncio.wait(self._under_way.values(), timeout=_LOOK, return_when=asyncio.FIRST_COMPLETED)
        for source in [source for source, task in self._under_way.items() if task in done]:
            handed_in = self._under_way.pop(source).result()
            crawl = self._board.crawl(source)
            if crawl is None or crawl.over:
                self._end(crawl or Crawl(id="", source=source), handed_in)

    def _end(self, crawl: Crawl, handed_in: int) -> None:
        self._waits_for.pop(crawl.source, None)
        lost = result_of(Outcome("storage", "the Redis no longer knows the crawl"), crawl.source)
        self.results.append(crawl.result or lost)
        self._tell(self.results[-1], handed_in)

    async def _work(self, crawl: Crawl) -> int:
        """One crawl, until it has ended or this worker is stopped; how many tasks were handed in."""
        crawler = self._process.create_crawler(registry.spider_of(crawl.source, crawl.arguments, self._config))
        most = crawl.concurrency or 1
        for name in ("CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN"):
            crawler.settings.set(name, most, priority="cmdline")
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def note() -> None:
            opened.set_result(None)

        crawler.signals.connect(note, signal=signals.spider_opened)
        crawling = asyncio.ensure_future(self._process.crawl(crawler, **crawl.arguments))
        await asyncio.wait((opened, crawling), return_when=asyncio.FIRST_COMPLETED)
        if not opened.done():
            await crawling
            raise UsageError(f"{crawl.source} could not be begun")
        desk = crawler.get_extension(Desk)
        assert desk
        assert crawler.spider
        queue = LeasedQueue(self._link, crawl, self._board.name, spider=crawler.spider, serializer=Serializer())
        slots = Slots(
            self._link,
            delay=crawl.delay or 0.0,
            concurrency=most,
            longest=crawler.settings.getfloat("DOWNLOAD_TIMEOUT") + GRACE,
        )
        try:
            await desk.work(queue, slots, concurrency=most, lease=self._lease)
        finally:
            self.is_stopped = self.is_stopped or desk.is_stopped
            desk.over.set()
            await crawling
            slots.leave_all()
        while not self.is_stopped and not self._has_ended(crawl):
            await asyncio.sleep(_LOOK)
        return desk.handed_in

    def _has_ended(self, crawl: Crawl) -> bool:
        now = self._board.crawl(crawl.source)
        return now is None or now.over or now.id != crawl.id

    async def _end_all(self) -> None:
        if self._under_way:
            self.is_stopped = True
            await self._process.stop()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)
