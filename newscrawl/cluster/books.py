"""The collector's books of one crawl: the spider's lists, the run's ledger, and what the workers hand in.

Between two entries of the stream all is committed that came before, or none of it: the same transaction notes which
entry was the last, and what the books know beside the database. So a collector that is killed goes on where the
database stands, and an entry that comes again is let go.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector
from twisted.python.failure import Failure as TwistedFailure

from newscrawl.cluster.accounts import BookLedger, BookRun
from newscrawl.cluster.queue import LeasedQueue, Result, order_of
from newscrawl.cluster.state import lists_of, state_of, take_up
from newscrawl.cluster.steps import MOVED, Steps
from newscrawl.cluster.wire import Serializer, Unit, article_of, unpack
from newscrawl.errors import StorageError, UsageError, printable
from newscrawl.extensions.recorder import RunRecorder
from newscrawl.items import Failure, Page
from newscrawl.middlewares.refusals import Refusal
from newscrawl.outcomes import Outcome, Problem, RunResult
from newscrawl.storage.cluster import START, Position

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from sqlite_utils import Database

    from newscrawl.cluster.board import Crawl
    from newscrawl.cluster.link import Link
    from newscrawl.storage.archive import Archive

logger = logging.getLogger(__name__)

EVENTS = frozenset("fetched add skip fail moved crash end leave_alone list_failed".split())
"""What a unit tells, see notes and desk; each is heard by a method of Books."""


class Books(RunRecorder):
    """One crawl: made anew, or gone on with where `position` says that the database stands."""

    def __init__(
        self, crawler: "Crawler", crawl: "Crawl", link: "Link", worker: str, position: Position | None
    ) -> None:
        crawler.spider = crawler.spidercls.from_crawler(crawler, **crawl.arguments)
        crawler.stats = MemoryStatsCollector(crawler)
        self._crawler, self._crawl, self._position = crawler, crawl, position
        spider: Any = crawler.spider
        self._spider = spider
        self._started = time.monotonic()
        self._crashes = self._moved = self._handed_in = 0
        self._lists_moved = False
        self._undated = self._is_news = False
        self.entry = position.entry if position else START
        self._again = START if position else ""
        self.untold: list[str] = []
        """Entries taken since the last commit."""
        self.queue = LeasedQueue(link, crawl, worker, spider=spider, serializer=Serializer(spider.walks))
        with ExitStack() as resources:
            self._open(crawler.settings, resources)
            self._resources = resources.pop_all()
        self._steps = Steps(crawler)
        if position and position.state:
            self._take_up(position)

    def _keep_books(self, db: "Database", archive: "Archive", clock: Callable[[], datetime]) -> None:
        self._run = BookRun(self._crawler, archive, clock)
        begun = self._position.run if self._position else None
        self._ledger: BookLedger = BookLedger(db, self._spider.name, self._run, self._crawl.id, begun)

    def _take_up(self, position: Position) -> None:
        assert position.state
        assert position.lists
        more = take_up(position.state, position.lists, self._spider, self._run, self._ledger)
        self._crashes, self._moved, self._handed_in = more["crashes"], more["moved"], more["handed_in"]
        self._ledger.counts, self._ledger.skipped_kinds = position.counts, position.skipped_kinds
        self.queue.serializer.walks = self._spider.walks
        self._ledger.stand = self._stand

    def _stand(self) -> tuple[str, bytes, bytes | None]:
        more = {"crashes": self._crashes, "moved": self._moved, "handed_in": self._handed_in}
        state = state_of(self._run, self._ledger, **more)
        return self.entry, state, lists_of(self._spider) if self._lists_moved else None

    @property
    def ended(self) -> Problem | None:
        """Why nothing more is to be asked for."""
        return self._run.ended

    def end(self, problem: Problem) -> None:
        """Nothing more is to be asked for."""
        self._run.end(problem.kind, problem.reason)

    def begin(self) -> None:
        """Asks for what the crawl begins with, where that was not done. RestingError where the source is let alone."""
        self.queue.open_results()
        if self._ledger.stand is None:
            self._resting.check()
            asyncio.run(self._ask_first())
            self._lists_moved = True
            self._ledger.stand = self._stand
            self.commit()

    async def _ask_first(self) -> None:
        self.queue.push_all([_marked(request) async for request in self._spider.start()])

    def results(self, most: int) -> list[Result]:
        """The next entries; of a crawl that is gone on with first those that an earlier collector had read."""
        if self._again:
            found = list(self.queue.results(most, again_after=self._again))
            self._again = found[-1].id if found else ""
            if found:
                return found
        return list(self.queue.results(most))

    def take(self, result: Result) -> None:
        """One entry. StorageError when the archive cannot be written to: then nothing of the entry is committed."""
        if result.order <= order_of(self.entry):
            self.untold.append(result.id)  # committed before, by a collector that could not say so any more
            return
        unit = unpack(result.unit)
        self._handed_in += bool(result.task)
        for answer in unit.answers:
            self._run.archive.write(**answer | {"headers": [tuple(pair) for pair in answer["headers"]]})
        for name, *told in unit.events:
            if name not in EVENTS:
                raise UsageError(f"the stream holds what no worker of this version wrote: {printable(str(name))[:40]}")
            getattr(self, f"_hear_{name}")(unit, *told)
        if unit.answer:
            self._read_list(unit)
        self.entry = result.id
        self.untold.append(result.id)

    def commit(self) -> None:
        """Commits what was taken, then lets the stream forget it."""
        self._ledger.flush()
        self._lists_moved = False
        self.queue.acknowledge(self.untold)
        self.untold.clear()

    def close(self) -> RunResult:
        """Decides what the run was and writes it down, see RunRecorder."""
        if not self._run.ended and (lost := self.queue.pushed() - self._handed_in):
            self._run.end("storage", f"{lost} requests are gone from the Redis: does it evict keys?")
        reason = self._run.ended.kind if self._run.ended else "finished"
        self._crawler.stats.set_value(MOVED, self._moved)
        return self._close(lambda: self._finish(reason))

    def abandon(self, outcome: Outcome) -> RunResult:
        """Writes down a run that could not begin."""
        return self._abandon(outcome)

    def is_late(self) -> bool:
        """Whether the crawl takes longer than any may."""
        longest = timedelta(seconds=self._crawler.settings.getfloat("CLOSESPIDER_TIMEOUT"))
        return bool(longest) and self._run.clock() - self._ledger.started_at > longest

    def let_go(self) -> None:
        """Closes what is open; the crawl goes on with another collector."""
        self._resources.close()

    def _hear_fetched(self, unit: Unit) -> None:  # noqa: ARG002
        self._ledger.fetched()

    def _hear_add(self, unit: Unit, record: dict[str, Any]) -> None:  # noqa: ARG002
        self._ledger.add(article_of(record))

    def _hear_skip(self, unit: Unit, kind: str, url: str) -> None:  # noqa: ARG002
        self._ledger.skip(kind, url)

    def _hear_fail(self, unit: Unit, url: str, kind: str, reason: str) -> None:  # noqa: ARG002
        self._ledger.fail(Failure(url=url, source=self._spider.name, kind=kind, reason=reason))

    def _hear_moved(self, unit: Unit) -> None:  # noqa: ARG002
        self._moved += 1

    def _hear_crash(self, unit: Unit) -> None:  # noqa: ARG002
        self._crashes += 1

    def _hear_end(self, unit: Unit, kind: str, reason: str) -> None:  # noqa: ARG002
        self._run.end(kind, reason)

    def _hear_leave_alone(self, unit: Unit, kind: str, reason: str, seconds: float) -> None:  # noqa: ARG002
        self._run.leave_alone(kind, reason, timedelta(seconds=seconds))

    def _hear_list_failed(self, unit: Unit, kind: str, reason: str) -> None:
        request = self.queue.request_of(unit.request)
        failure: Any = TwistedFailure(Refusal(kind, reason))  # type: ignore[no-untyped-call]
        failure.request = request
        method: Any = request.errback
        self._follow(lambda: method(failure))

    def _read_list(self, unit: Unit) -> None:
        """What a list holds is asked for, or, where its rows are whole stories, read here: that is soon done."""
        request, told = self.queue.request_of(unit.request), unit.answer or {}
        request.meta.update(told["meta"])
        headers = dict(told["headers"])
        answer = Response(told["url"], status=told["status"], headers=headers, body=told["body"], request=request)
        method: Any = request.callback
        self._follow(lambda: method(answer, **request.cb_kwargs))

    def _follow(self, method: Callable[[], Iterable[Any] | None]) -> None:
        """Hands on what a spider gives. Asked for is once, also where another collector reads the list again: so before
        the commit."""
        self._lists_moved = True
        requests: list[Request] = []
        try:
            for each in method() or ():
                if isinstance(each, Request):
                    requests.append(each)
                elif isinstance(each, Page):
                    self._moved += self._steps.take(each)
        except StorageError:
            raise
        except Exception:
            logger.exception("the spider failed")
            self._crashes += 1
        if not self._run.ending:
            self.queue.push_all(map(_marked, requests))


def _marked(request: Request) -> tuple[Request, str]:
    """A request, and what tells it apart from others of its address: a list may have it twice."""
    walk, method = request.cb_kwargs.get("walk"), getattr(request.callback, "__name__", "")
    return request, f"{method} {walk.channel} {walk.pages}" if walk else method
