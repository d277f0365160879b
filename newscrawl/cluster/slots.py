"""A host's turn over all workers: the delay between two requests, and how many at once, are kept in Redis."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from scrapy.utils.asyncio import sleep

from newscrawl.cluster.link import PREFIX, Link
from newscrawl.cluster.scripts import LEAVE, TURN
from newscrawl.errors import StorageError
from newscrawl.middlewares.refusals import CutOff
from newscrawl.middlewares.retry import LONGEST_WAIT, pause_before, retry_after

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

GRACE = 15.0
"""Seconds beyond a request's time-out, after which a worker that never left its turn is taken for dead."""
_LOOK = 0.25
_TURN = "newscrawl_turn"


class Slots:
    """Each host's turn."""

    def __init__(self, link: Link, *, delay: float, concurrency: int, longest: float) -> None:
        self.delay = delay
        self._concurrency, self._longest = concurrency, int(1000 * longest)
        self._turn, self._leave = link.register_script(TURN), link.register_script(LEAVE)
        self._link, self._mine = link, dict[str, str]()
        """Tokens of turns that are not over, and their hosts."""

    def ask(self, host: str, token: str, delay: float) -> float:
        """Seconds to wait before asking for a turn again; 0 where it is this one's."""
        arguments: list[str | int] = [token, int(1000 * delay), self._concurrency, self._longest]
        wait = float(self._turn(keys=_keys(host), args=arguments)) / 1000
        if not wait:
            self._mine[token] = host
        return wait

    def leave(self, host: str, token: str, hold: float = 0.0) -> None:
        """The turn is over; nobody asks the host for `hold` seconds."""
        self._leave(keys=_keys(host), args=[token, int(1000 * hold)])
        self._mine.pop(token, None)

    def leave_all(self) -> None:
        """This worker ends: whatever it was asking for, nobody need wait until it is taken for dead.

        In words that a full Redis takes, too; one that does not answer frees the turns by itself, later.
        """
        with suppress(StorageError):
            for token, host in self._mine.items():
                self._link.zrem(_keys(host)[0], token)
        self._mine.clear()


def _keys(host: str) -> list[str]:
    return [f"{PREFIX}slot:{host}", f"{PREFIX}slot:{host}:next"]


class SharedTurns:
    """The last before the downloader: a request waits here for its host's turn, and everything that is sent takes one.

    What the site wishes (Retry-After), and the pause before asking again, hold for the workers together.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._spider: Any = crawler.spider
        self._waiting: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """Of those that wait for one host only the first asks the Redis."""
        self._again = set(map(int, crawler.settings.getlist("RETRY_HTTP_CODES")))

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "SharedTurns":
        return cls(crawler)

    async def process_request(self, request: "Request") -> None:
        slots: Slots = self._spider.run.slots
        host, token = _host(request), uuid4().hex
        async with self._waiting[host]:
            while wait := slots.ask(host, token, max(slots.delay, self._wished(host))):
                await self._sleep(wait)
        request.meta[_TURN] = token

    def process_response(self, request: "Request", response: "Response") -> "Response":
        self._end(request, self._hold(request, response))
        return response

    def process_exception(self, request: "Request", exception: Exception) -> None:
        if _TURN in request.meta:
            self._end(request, 0.0 if isinstance(exception, CutOff) else self._pause(request))

    def _end(self, request: "Request", hold: float) -> None:
        self._spider.run.slots.leave(_host(request), request.meta.pop(_TURN), hold)

    def _hold(self, request: "Request", response: "Response") -> float:
        """Seconds for which the host is to be let alone after this answer."""
        if response.status < 400:
            return 0.0
        header = response.headers.get("Retry-After")
        wished = retry_after(header.decode("latin-1") if header else None, self._spider.run.clock())
        if wished is not None:
            return wished if wished <= LONGEST_WAIT else 0.0  # for longer the whole run is ended
        return self._pause(request) if response.status in self._again else 0.0

    def _pause(self, request: "Request") -> float:
        return pause_before(request.meta.get("retry_times", 0) + 1, self._spider.run.slots.delay)

    def _wished(self, host: str) -> float:
        """The Crawl-delay of robots.txt, in seconds, where it is longer than ours (see middlewares.robots)."""
        downloader: Any = self._crawler.engine.downloader
        return float(downloader.per_slot_settings.get(host, {}).get("delay") or 0.0)

    async def _sleep(self, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        while (left := until - asyncio.get_running_loop().time()) > 0:
            if self._spider.run.ending or not self._crawler.crawling:
                raise CutOff("the run was ended before it was asked for")
            await sleep(min(left, _LOOK))


def _host(request: "Request") -> str:
    return str(request.meta["download_slot"])
