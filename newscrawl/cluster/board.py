"""Who works on a Redis, which crawls are wanted there, which are under way, and how the last ones ended."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from newscrawl import __version__
from newscrawl.cluster.link import FORM, MARKER, PREFIX, Link
from newscrawl.cluster.scripts import LOCK, WANT
from newscrawl.errors import LockedError, UsageError
from newscrawl.outcomes import RunResult

WANTED, RUNS = f"{PREFIX}wanted", f"{PREFIX}runs"
_WORKERS, _COLLECTOR = f"{PREFIX}workers", f"{PREFIX}collector"
LOCK_SECONDS = 10.0
"""For so long nobody else takes the place of a collector that is not heard of."""
SILENT_SECONDS = 10.0
"""A worker that is not heard of for so long is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One crawl of one source by several workers."""

    id: str
    source: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    """As of cli.runner.Job."""
    delay: float | None = None
    """Seconds between two requests to one host, over all workers; None until the collector has settled it."""
    concurrency: int | None = None
    """Requests to one host at once, over all workers."""
    version: str = ""
    ahead: int = 0
    """So many results may wait for the collector; then nothing more is asked for."""
    state: str = "wanted"
    """wanted, open, ending (nothing more is asked for) or ended."""
    result: RunResult | None = None

    @property
    def over(self) -> bool:
        return self.state == "ended"


def wish(source: str, **told: Any) -> Crawl:
    """A crawl that nobody has begun."""
    return Crawl(id=uuid4().hex, source=source, **told)


class Board:
    """The keys that all crawls share."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._want, self._lock = link.register_script(WANT), link.register_script(LOCK)
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
        """Of this process."""

    def want(self, crawl: Crawl) -> Crawl:
        """Ask for a crawl; the one that is under way, or asked for by another, where there is one."""
        return _crawl(self._want(keys=[WANTED, RUNS], args=[crawl.source, _text(crawl)]))

    def wanted(self) -> list[Crawl]:
        """What nobody has begun."""
        return [_crawl(told) for told in self._hash(WANTED).values()]

    def crawls(self) -> dict[str, Crawl]:
        """By its source: the crawl under way, else the last one."""
        return {source: _crawl(told) for source, told in self._hash(RUNS).items()}

    def crawl(self, source: str) -> Crawl | None:
        """The source's crawl under way, else its last one."""
        told: Any = self._link.hget(RUNS, source)
        return _crawl(told) if told else None

    def write(self, crawl: Crawl) -> None:
        """What a crawl is now. The wish for it is fulfilled."""
        self._mark()
        self._link.hset(RUNS, crawl.source, _text(crawl))
        self._link.hdel(WANTED, crawl.source)

    def forget(self, source: str) -> None:
        """A crawl that was never there."""
        self._link.hdel(RUNS, source)

    def hello(self) -> None:
        """Say that this worker is there."""
        self._mark()
        self._link.hset(_WORKERS, self.name, json.dumps({"version": __version__, "at": self._now()}))

    def goodbye(self) -> None:
        """This worker is no more."""
        self._link.hdel(_WORKERS, self.name)

    def workers(self) -> dict[str, str]:
        """The versions of the workers that were heard of lately, by name. Those that were not are struck out."""
        told, now = {name: json.loads(text) for name, text in self._hash(_WORKERS).items()}, self._now()
        for name, worker in told.items():
            if now - worker["at"] > SILENT_SECONDS:
                self._link.hdel(_WORKERS, name)
        return {name: worker["version"] for name, worker in told.items() if now - worker["at"] <= SILENT_SECONDS}

    def _mark(self) -> None:
        """A Redis that lost its keys is ours all the same."""
        self._link.set(MARKER, FORM, nx=True)

    def _now(self) -> int:
        """Unix seconds of the Redis: machines' clocks differ."""
        told: Any = self._link.time()
        return int(told[0])

    def hold(self, database: str) -> None:
        """Take, or keep, the collector's place. LockedError where another has it."""
        self._mark()
        mine = json.dumps({"name": self.name, "version": __version__, "database": database})
        held = self._lock(keys=[_COLLECTOR], args=[mine, int(1000 * LOCK_SECONDS)])
        if held.decode() != mine:
            raise LockedError(f"another collector works on this Redis: {json.loads(held)['name']}")

    def leave(self) -> None:
        """Give the collector's place up."""
        if (self._collector() or {}).get("name") == self.name:
            self._link.delete(_COLLECTOR)

    def is_collected(self) -> bool:
        """Whether a collector works. UsageError for one of another version: this worker is refused."""
        collector = self._collector()
        if collector and collector["version"] != __version__:
            raise refused(collector["version"])
        return collector is not None

    def _collector(self) -> dict[str, str] | None:
        told: Any = self._link.get(_COLLECTOR)
        return json.loads(told) if told else None

    def _hash(self, key: str) -> dict[str, bytes]:
        told: Any = self._link.hgetall(key)
        return {name.decode(): value for name, value in told.items()}


def refused(version: str) -> UsageError:
    """A worker of this version, where the collector is of another one."""
    return UsageError(
        f"this worker is newscrawl {__version__}, the collector newscrawl {version}: install the same on both"
    )


def _text(crawl: Crawl) -> str:
    return json.dumps(asdict(crawl))


def _crawl(told: bytes) -> Crawl:
    record = json.loads(told)
    result = record.pop("result")
    return Crawl(**record, result=RunResult(**result | {"failures": ()}) if result else None)
