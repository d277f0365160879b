"""One crawl's requests, leased to workers, and the stream of what became of them.

scrapy-redis's own queues give a request away for good: a worker that is killed takes it along. Here what is taken stays
known until its results are in the stream, and a lease that its worker no longer renews goes to another one.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from redis.exceptions import ResponseError
from scrapy_redis.queue import Base

from newscrawl import __version__
from newscrawl.cluster.board import RUNS, Crawl
from newscrawl.cluster.link import PREFIX, Link
from newscrawl.cluster.scripts import ACKNOWLEDGE, DONE, GIVE_BACK, LEFT, PUSH, RENEW, TAKE
from newscrawl.errors import StorageError

if TYPE_CHECKING:
    from scrapy import Request, Spider

GROUP = CONSUMER = "collector"
_LOST = "the Redis no longer knows the crawl: was it started anew without its data?"


class LostError(StorageError):
    """The Redis has lost the crawl. Exit status 8."""


@dataclass(frozen=True, slots=True)
class Task:
    """One request that this worker holds."""

    id: str
    text: bytes
    """The request as the queue keeps it."""
    deaths: int
    """So often a worker that held it was not heard of again."""


@dataclass(frozen=True, slots=True)
class Result:
    """One entry of the stream."""

    id: str
    """Grows from entry to entry; compared by `order`."""
    version: str
    task: str
    """"" for what belongs to none."""
    unit: bytes

    @property
    def order(self) -> tuple[int, int]:
        return order_of(self.id)


def order_of(id: str) -> tuple[int, int]:
    """By which ids of a stream are compared."""
    milliseconds, _, number = id.partition("-")
    return int(milliseconds), int(number)


class LeasedQueue(Base):  # type: ignore[misc]
    """scrapy-redis's queue, in the order of priorities, that forgets nothing before its results are in the stream.

    The collector pushes, reads and acknowledges; workers take, renew, and hand in or give back.
    """

    def __init__(self, link: Link, crawl: Crawl, worker: str, *, spider: "Spider", serializer: Any) -> None:
        super().__init__(link, spider, f"{PREFIX}crawl:{crawl.id}:queue", serializer)
        self._crawl, self._worker, self._link = crawl, worker, link
        root = f"{PREFIX}crawl:{crawl.id}"
        self._tasks, self._leases, self._holders, self._tries, self._met, self._results = self._all = [
            f"{root}:{name}" for name in ("tasks", "leases", "holders", "tries", "met", "results")
        ]
        self._push, self._take, self._renew = map(link.register_script, (PUSH, TAKE, RENEW))
        self._done, self._give_back, self._left = map(link.register_script, (DONE, GIVE_BACK, LEFT))
        self._acknowledge = link.register_script(ACKNOWLEDGE)

    def __len__(self) -> int:
        """Requests that nobody holds."""
        return int(self._link.zcard(self.key))

    def push(self, request: "Request", mark: str = "") -> bool:
        """Whether the request was not met before in this crawl; `mark` tells apart what asks one address twice."""
        return bool(self.push_all([(request, mark)]))

    def push_all(self, requests: Iterable[tuple["Request", str]]) -> int:
        """As push, all at once or none. How many were not met before."""
        told: list[str | int | bytes] = []
        for request, mark in requests:
            id = sha1(f"{request.method} {request.url} {mark}".encode("utf-8", "replace")).hexdigest()
            told += [id, request.priority, self._encode_request(request)]
        return int(self._push(keys=[self.key, self._tasks, self._met], args=told)) if told else 0

    def take(self, lease: float) -> tuple[str, Any]:
        """("task", Task) held for `lease` seconds; else why there is none: "empty", "full" (the collector lags),
        "version" with the collector's, the crawl's state, or "gone"."""
        keys = [self.key, self._tasks, self._leases, self._holders, self._results, RUNS, self._tries]
        told = self._take(
            keys=keys, args=[self._crawl.source, self._crawl.id, __version__, self._worker, int(1000 * lease)]
        )
        word = told[0].decode()
        if word == "task":
            return word, Task(told[1].decode(), told[2], int(told[3]))
        return word, told[1].decode() if len(told) > 1 else None

    def request_of(self, text: bytes) -> "Request":
        """A task's request, its callbacks bound to the spider."""
        request: Request = self._decode_request(text)
        return request

    def renew(self, ids: Collection[str], lease: float) -> str:
        """Hold on to these tasks. The crawl's state, or "gone"."""
        told: list[str | int] = [self._worker, int(1000 * lease), self._crawl.source, self._crawl.id, *ids]
        state: bytes = self._renew(keys=[self._leases, self._holders, RUNS], args=told)
        return state.decode()

    def done(self, id: str, unit: bytes) -> bool:
        """Hand in what became of a task: it is in the stream, and the task is no more, or neither.

        False where the lease had run out and another worker has, or has done, the task: this unit counts for nothing.
        """
        keys = [self._results, self._leases, self._holders, self._tasks, self._tries]
        return bool(self._done(keys=keys, args=[self._worker, id, __version__, unit]))

    def tell(self, unit: bytes) -> None:
        """Hand in what belongs to no task; nobody hears it where the crawl is over."""
        self._link.xadd(self._results, {"version": __version__, "unit": unit}, nomkstream=True)

    def give_back(self, id: str) -> None:
        """Let another worker have a task."""
        keys = [self.key, self._leases, self._holders, self._tasks, RUNS]
        self._give_back(keys=keys, args=[self._worker, id, self._crawl.source])

    def left(self, state: str) -> int:
        """How much is to be done yet: requests and results. Where the crawl is ending, what nobody holds is let go.

        LostError where the Redis no longer knows the crawl.
        """
        keys = [self.key, self._tasks, self._leases, self._holders, self._results, RUNS]
        left = int(self._left(keys=keys, args=[state, self._crawl.source, self._crawl.id]))
        if left < 0:
            raise LostError(_LOST)
        return left

    def pushed(self) -> int:
        """How many requests this crawl has met."""
        return int(self._link.scard(self._met))

    def open_results(self) -> None:
        """Make the stream ready to be read from its first entry, where it is not."""
        try:
            self._link.xgroup_create(self._results, GROUP, id="0", mkstream=True)
        except StorageError as error:
            if not isinstance(error.__cause__, ResponseError) or "BUSYGROUP" not in str(error):
                raise

    def results(self, most: int, *, again_after: str | None = None) -> Iterator[Result]:
        """The next entries; with `again_after` those behind it that were read before, and not acknowledged."""
        streams: Any = {self._results: again_after or ">"}
        try:
            found: Any = self._link.xreadgroup(GROUP, CONSUMER, streams, count=most)
        except StorageError as error:
            raise LostError(_LOST) if "NOGROUP" in str(error) else error from None
        for entries in found.values() if isinstance(found, dict) else (entries for _, entries in found or ()):
            for id, told in _flat(entries):
                yield Result(id.decode(), told[b"version"].decode(), told.get(b"task", b"").decode(), told[b"unit"])

    def acknowledge(self, ids: Collection[str]) -> None:
        """These entries are committed: they go."""
        if ids:
            self._acknowledge(keys=[self._results], args=[GROUP, *ids])

    def clear(self) -> None:
        """Everything of this crawl goes."""
        self._link.delete(self.key, *self._all)


def _flat(entries: Any) -> Iterable[tuple[bytes, dict[bytes, bytes]]]:
    """The entries of one stream, as either version of the protocol hands them over."""
    return entries[0] if entries and isinstance(entries[0], list) else entries
