"""A worker's side of one crawl: takes tasks, fetches, reads, and hands in what came of each."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request
from scrapy.spidermiddlewares.httperror import HttpErrorMiddleware
from scrapy.utils.misc import build_from_crawler
from twisted.python.failure import Failure as TwistedFailure

from newscrawl.cluster.board import refused
from newscrawl.cluster.notes import UNIT, Notes, WorkerRun
from newscrawl.cluster.slots import Slots
from newscrawl.cluster.steps import Steps
from newscrawl.cluster.wire import Unit, pack
from newscrawl.items import Page
from newscrawl.middlewares.handler import LAST_ANSWER
from newscrawl.middlewares.refusals import NOT_OF_THE_PAGE, CutOff, Refusal, failure_kind

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.cluster.queue import LeasedQueue, Task

logger = logging.getLogger(__name__)

MOST_DEATHS = 3
"""A page at which so many workers died is left alone, and told as a failure."""
_LOOK = 0.1
"""Seconds between two looks at a queue that is empty."""


class Desk:
    """The extension that takes the recorder's place: the spider begins nothing, and what it tells is written down."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._spider: Any = crawler.spider
        self.run = WorkerRun()
        self._notes = Notes(self.run)
        for name, ours in {"run": self.run, "ledger": self._notes, "start": self._start}.items():
            setattr(self._spider, name, ours)
        self.over = asyncio.Event()
        self._steps = Steps(crawler)
        self._statuses = build_from_crawler(HttpErrorMiddleware, crawler)
        self._held: dict[str, asyncio.Task[None]] = {}
        self._nothing: tuple[Request, ...] = ()
        self.handed_in = 0
        """Tasks."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Desk":
        return cls(crawler)

    async def _start(self) -> Any:
        """In place of the spider's: keeps the engine open for as long as there is work."""
        await self.over.wait()
        for request in self._nothing:
            yield request

    async def work(self, queue: "LeasedQueue", slots: Slots, *, concurrency: int, lease: float) -> str:
        """Until the crawl is over, or this worker is stopped. The word at which it ended: the crawl's state, or ""."""
        self._queue, self._lease, self.run.slots = queue, lease, slots
        self._renewing = asyncio.ensure_future(self._renew())
        try:
            return await self._take_tasks(concurrency)
        finally:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
            await self._let_go()

    @property
    def is_stopped(self) -> bool:
        """Whether a signal, or a bound of Scrapy's, ended this worker's part."""
        return not self._crawler.crawling

    async def _take_tasks(self, concurrency: int) -> str:
        while not self.is_stopped:
            if self._renewing.done():
                self._renewing.result()
            word, told = "busy", cast(Any, None)
            if len(self._held) < concurrency and not self.run.ending:
                word, told = self._queue.take(self._lease)
            if word == "task":
                self._held[told.id] = asyncio.ensure_future(self._handle(told))
            elif word == "version":
                raise refused(told)
            elif word not in {"busy", "empty", "full"}:
                self.run.stop()
                return word
            elif self.run.ending and not self._held:
                return ""
            else:
                await self._wait()
        return ""

    async def _wait(self) -> None:
        """For a task that is under way, or a moment. Raises what ended one of them."""
        if not self._held:
            await asyncio.sleep(_LOOK)
            return
        done, _ = await asyncio.wait(self._held.values(), timeout=_LOOK, return_when=asyncio.FIRST_COMPLETED)
        self._held = {id: task for id, task in self._held.items() if task not in done}
        for task in done:
            task.result()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(min(self._lease / 3, 1.0))
            if self._queue.renew(list(self._held), self._lease) != "open":
                self.run.stop()

    async def _let_go(self) -> None:
        """What is under way may still come to its end; the rest is another worker's."""
        if self._held:
            _, late = await asyncio.wait(self._held.values(), timeout=LAST_ANSWER + 1)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._held.values(), return_exceptions=True)
        if self.run.loose.answers or self.run.loose.events:
            self._queue.tell(pack(self.run.loose))

    async def _handle(self, task: "Task") -> None:
        """One task, from its request to its unit in the stream; whatever keeps it from there gives it back."""
        unit, whole = Unit(), False
        try:
            request = self._queue.request_of(task.text)
            if request.meta["role"] == "listing":
                unit.request = task.text
                await self._fetch_list(request, unit, task)
            else:
                await self._fetch_story(request, unit, task)
            whole = True
        except CutOff:
            pass
        finally:
            if not whole:
                self.run.loose.answers += unit.answers
                self._queue.give_back(task.id)
        if whole:
            self._hand_in(task, unit)

    def _hand_in(self, task: "Task", unit: Unit) -> None:
        loose, self.run.loose = self.run.loose, Unit()
        unit.answers[:0], unit.events[:0] = loose.answers, loose.events
        self.handed_in += self._queue.done(task.id, pack(unit))

    async def _fetch_list(self, request: Request, unit: Unit, task: "Task") -> None:
        try:
            answer = await self._ask(request, unit, task)
        except Exception as error:
            unit.events.append(["list_failed", *self._kind(error)])
        else:
            unit.answer = {
                "url": answer.url,
                "status": answer.status,
                "headers": [[name, values] for name, values in answer.headers.items()],
                "body": answer.body,
                "meta": {name: value for name, value in answer.meta.items() if name in _TOLD},
            }

    async def _fetch_story(self, request: Request, unit: Unit, task: "Task") -> None:
        """A story's page, and its further parts, each read as soon as it is there."""
        requests = [request]
        for each in requests:
            try:
                answer = await self._ask(each, unit, task)
            except Exception as error:
                self._kind(error)
                failure: Any = TwistedFailure(error)  # type: ignore[no-untyped-call]
                failure.request = each
                requests += self._read(unit, partial(_method(each.errback), failure))
            else:
                requests += self._read(unit, partial(_method(each.callback), answer, **each.cb_kwargs))
        for each in requests:
            self.run.listed_at.pop(each.url, None)

    def _read(self, unit: Unit, method: Callable[[], Iterable[Any] | None]) -> list[Request]:
        """Reads the pages among what a spider gives; the requests. Without a pause: the notes are this unit's."""
        requests: list[Request] = []
        self._notes.unit = unit
        try:
            for each in method() or ():
                if isinstance(each, Request):
                    requests.append(each)
                elif isinstance(each, Page) and self._steps.take(each):
                    unit.events.append(["moved"])
        except Exception:
            logger.exception("the spider failed")
            unit.events.append(["crash"])
        return requests

    async def _ask(self, request: Request, unit: Unit, task: "Task") -> "Response":
        """The answer as a spider's callback gets it; raises what an errback is told."""
        if task.deaths >= MOST_DEATHS:
            raise Refusal("error", f"{task.deaths} workers ended while they held it")
        request.meta[UNIT] = unit
        answer: Response = await self._crawler.engine.download_async(request)
        answer.request = answer.request or request
        self._statuses.process_spider_input(answer)
        return answer

    def _kind(self, error: Exception) -> tuple[str, str]:
        """As refusals.failure_kind; CutOff for what says nothing of the page."""
        if isinstance(error, NOT_OF_THE_PAGE) or self.is_stopped:
            raise CutOff("the run was ended before the answer came") from error
        return failure_kind(error)


def _method(method: Any) -> Callable[..., Iterable[Any] | None]:
    """A callback of a request that the queue kept: bound to the spider."""
    bound: Callable[..., Iterable[Any] | None] = method
    return bound


_TOLD = frozenset({"redirect_urls", "fetched_at", "content_encoding"})
"""What reading an answer needs of its request's meta, beside what the request began with."""
