"""The collector: begins what workers want, keeps the books of what is under way, and tells how each crawl ended."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import Settings

from newscrawl import __version__, registry
from newscrawl.cluster.board import LOCK_SECONDS, Board, Crawl
from newscrawl.cluster.books import Books
from newscrawl.cluster.link import Link
from newscrawl.cluster.queue import LeasedQueue, LostError
from newscrawl.cluster.wire import Serializer
from newscrawl.config import Config
from newscrawl.errors import LockedError, NewscrawlError, StorageError, UsageError
from newscrawl.outcomes import Outcome, Problem, RunResult, outcome_of_error, result_of
from newscrawl.storage.cluster import ClusterStore, Position
from newscrawl.storage.database import open_database

_BATCH = 100
_COMMIT_SECONDS = 1.0
_TICK = 0.5
_PAUSE = 0.02
_SOME = 100


@dataclass(slots=True)
class _Open:
    """A crawl under way."""

    crawl: Crawl
    books: Books
    committed: float


class Collector:
    """One process, one database, all crawls of one Redis."""

    def __init__(
        self,
        link: Link,
        settings: Settings,
        config: Config,
        *,
        ahead: int,
        wait: float,
        stay: bool,
        tell: Callable[[RunResult], None],
        warn: Callable[[str], None],
    ) -> None:
        self._link, self._settings, self._config = link, settings, config
        self._ahead, self._wait, self._stay, self._tell, self._warn = ahead, wait, stay, tell, warn
        self._board = Board(link)
        self._database = Path(settings["NEWSCRAWL_DB"])
        self._open: dict[str, _Open] = {}
        self._refused: set[str] = set()
        self._next_tick = 0.0
        self.results: list[RunResult] = []

    def run(self, stopped: Callable[[], bool]) -> str:
        """Until all that was wanted has ended. The reason where it ends before: "stopped", or that nobody works."""
        self._db = open_database(self._database)
        self._store = ClusterStore(self._db)
        try:
            self._take_place(stopped)
            self._go_on()
            return self._serve(stopped)
        finally:
            for each in self._open.values():
                each.books.let_go()
            self._db.close()
            self._board.leave()

    def forget(self) -> list[str]:
        """Drops what is under way; the sources. What is committed stays, and the next crawl makes up for the rest."""
        left = [crawl for crawl in self._board.crawls().values() if not crawl.over] + self._board.wanted()
        for crawl in left:
            self._queue(crawl).clear()
            self._board.write(crawl)
            self._board.forget(crawl.source)
        return [crawl.source for crawl in left]

    def _take_place(self, stopped: Callable[[], bool]) -> None:
        """A collector that was killed leaves its place for a while: wait for that."""
        until = time.monotonic() + LOCK_SECONDS + _TICK
        while not stopped():
            try:
                self._board.hold(str(self._database))
                return
            except LockedError:
                if time.monotonic() > until:
                    raise
                time.sleep(_TICK)

    def _go_on(self) -> None:
        """Takes up what an earlier collector left, and tells what it had no time to tell."""
        crawls = [crawl for crawl in self._board.crawls().values() if not crawl.over]
        for crawl in crawls:
            position = self._store.get(crawl.id)
            if position is None:
                raise UsageError(
                    f"the crawl of {crawl.source} that is under way on the Redis at {self._link.name} is written into"
                    " another database: collect into that one, or drop the crawl with --forget"
                )
            self._begin(crawl, position)
        kept = {crawl.id for crawl in (*crawls, *self._board.wanted())}
        for id in self._store.crawls():
            if id not in kept:
                self._store.forget(id)

    def _serve(self, stopped: Callable[[], bool]) -> str:
        idle_since = alone_since = time.monotonic()
        while not stopped():
            now = time.monotonic()
            if now >= self._next_tick:
                self._next_tick = now + _TICK
                if self._tick():
                    alone_since = now
            took = sum([self._turn(each) for each in list(self._open.values())])
            if self._open:
                idle_since = now
            if took:
                continue
            if not self._stay and now - (alone_since if self._open else idle_since) > self._wait:
                return "" if self.results and not self._open else self._nobody()
            if not self._stay and self.results and not self._open and not self._board.wanted():
                return ""
            time.sleep(_PAUSE)
        for each in self._open.values():
            each.books.commit()
        return "stopped"

    def _nobody(self) -> str:
        return f"no worker was heard of for {self._wait:g} s" + (
            "; the crawl goes on where it stands when collector and workers are started again" if self._open else ""
        )

    def _tick(self) -> bool:
        """What is looked at now and then. Whether somebody works."""
        self._board.hold(str(self._database))
        for crawl in self._board.wanted():
            if crawl.source not in self._open:
                self._begin(crawl, self._store.get(crawl.id))
        for each in self._open.values():
            if each.books.is_late():
                each.books.end(Problem("partial", "ended before its work was done: it took too long"))
        workers = self._board.workers()
        for name, version in workers.items():
            if version != __version__ and name not in self._refused:
                self._refused.add(name)
                self._warn(f"the worker {name} is refused: it is newscrawl {version}, this collector {__version__}")
        return __version__ in workers.values()

    def _begin(self, crawl: Crawl, position: Position | None) -> None:
        """Opens the books of a crawl; what keeps them closed is how it ends."""
        if position and position.has_ended:
            self._publish(crawl, _told(position, crawl.source))
            return
        books: Books | None = None
        try:
            if crawl.version not in {"", __version__}:
                raise UsageError(
                    f"the crawl of {crawl.source} that is under way was begun by newscrawl {crawl.version}, this"
                    f" collector is {__version__}: end it with that one, or drop it with --forget"
                )
            crawler = self._crawler(crawl)
            books = Books(crawler, crawl, self._link, self._board.name, position)
            books.begin()
        except (StorageError, OSError):
            raise
        except NewscrawlError as error:
            if position:
                raise
            outcome = outcome_of_error(error)
            self._publish(crawl, books.abandon(outcome) if books else result_of(outcome, crawl.source))
            return
        self._open[crawl.source] = _Open(self._settled(crawl, crawler), books, time.monotonic())
        self._board.write(self._open[crawl.source].crawl)

    def _crawler(self, crawl: Crawl) -> Crawler:
        return Crawler(registry.spider_of(crawl.source, crawl.arguments, self._config), self._settings)

    def _settled(self, crawl: Crawl, crawler: Crawler) -> Crawl:
        settings = crawler.settings
        return replace(
            crawl,
            state="open" if crawl.state == "wanted" else crawl.state,
            version=__version__,
            ahead=self._ahead,
            delay=settings.getfloat("DOWNLOAD_DELAY") if crawl.delay is None else crawl.delay,
            concurrency=settings.getint("CONCURRENT_REQUESTS") if crawl.concurrency is None else crawl.concurrency,
        )

    def _turn(self, each: _Open) -> int:
        try:
            return self._take(each)
        except LostError as lost:
            each.books.end(Problem("storage", str(lost)))
            self._close(each)
            return 0

    def _take(self, each: _Open) -> int:
        """What has come of one crawl; how much that was."""
        books, took = each.books, 0
        for result in books.results(_SOME):
            if result.version != __version__:
                raise UsageError(
                    f"a worker of newscrawl {result.version} wrote to this collector, which is {__version__}"
                )
            books.take(result)
            took += 1
        if books.ended and each.crawl.state == "open":
            each.crawl = replace(each.crawl, state="ending")
            self._board.write(each.crawl)
        full = len(books.untold) >= min(_BATCH, max(1, self._ahead // 2))
        if full or (books.untold and time.monotonic() - each.committed > _COMMIT_SECONDS):
            books.commit()
            each.committed = time.monotonic()
        elif not took and books.queue.left(each.crawl.state) == len(books.untold):
            self._close(each)
        return took

    def _close(self, each: _Open) -> None:
        del self._open[each.crawl.source]
        each.books.commit()
        self._publish(each.crawl, each.books.close())

    def _publish(self, crawl: Crawl, result: RunResult) -> None:
        """Tells all how a crawl ended: first the workers, then nobody need know how far it came."""
        self._board.write(replace(crawl, state="ended", version=__version__, result=result))
        self._queue(crawl).clear()
        self._store.forget(crawl.id)
        self.results.append(result)
        self._tell(result)

    def _queue(self, crawl: Crawl) -> LeasedQueue:
        spider: Any = _Named(crawl.source)
        return LeasedQueue(self._link, crawl, self._board.name, spider=spider, serializer=Serializer())


@dataclass(frozen=True, slots=True)
class _Named:
    """All that a queue which is only cleared needs of a spider."""

    name: str


def _told(position: Position, source: str) -> RunResult:
    """How a run ended, from its row."""
    outcome = Outcome(position.row["outcome"], position.row["message"] or "")
    return result_of(outcome, source, counts=asdict(position.counts), skipped=position.skipped_kinds)
