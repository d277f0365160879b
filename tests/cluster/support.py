"""A Redis of one's own on loopback, and collectors and workers as processes around it."""

import contextlib
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoRedis

from tests.crawl.scene import CONFIG
from tests.crawl.support import Command, Crawls

SERVER = shutil.which("redis-server")
needs_redis = pytest.mark.skipif(SERVER is None, reason="there is no redis-server here")
_TRIES = 500


class RedisServer:
    """A redis-server that keeps nothing on the disk; `options` are those of redis.conf."""

    def __init__(self, folder, **options):
        self._folder, self._options = folder, options
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        """Also again, after stop: then it knows nothing any more."""
        told = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self._folder}
        options = [text for name, value in (told | self._options).items() for text in (f"--{name}", str(value))]
        self._process = subprocess.Popen([SERVER, *options], stdout=subprocess.DEVNULL)
        self.client = Redis(port=self.port, password=self._options.get("requirepass"), socket_timeout=5)
        for _ in range(_TRIES):
            with contextlib.suppress(NoRedis):
                if self.client.ping():
                    return
        raise AssertionError("the Redis does not start")

    def stop(self):
        self.client.close()
        self._process.kill()
        self._process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def names(self):
        return sorted(key.decode() for key in self.client.keys("*"))


class Cluster(Crawls):
    """Collectors and workers of one site, one Redis and one database."""

    def __init__(self, folder, site, redis):
        super().__init__(folder, site)
        self.redis, self._count, self._commands = redis, 0, []
        self.config = folder / "sources.toml"
        self.config.write_text(CONFIG)

    def _folder(self, name):
        self._count += 1
        folder = self.folder / f"{name}-{self._count}"
        folder.mkdir()
        return folder

    def collect(self, *more, plug=None, db=None):
        options = ("--redis", self.redis.url, "--db", db or self.db, "--config", self.config, "--json")
        return self._started(self._folder("collect"), "collect", *options, *more, plug=plug)

    def work(self, *sources, more=(), plug=None):
        lease = (
            2 if isinstance(plug, Dies | DiesOf | DiesAtCommand) else 60
        )  # of others only a loaded machine's is late
        options = ("--redis", self.redis.url, "--config", self.config, "--lease", lease)
        if sources:
            options += ("--base-url", self.site.base_url, "--delay", 0)
        return self._started(self._folder("worker"), "worker", *sources, *options, *more, plug=plug)

    def _started(self, folder, *arguments, plug):
        self._commands.append(Command(folder, *arguments, plug=plug))
        return self._commands[-1]

    def kill(self):
        """Nobody is left, whatever became of the test."""
        for command in self._commands:
            with contextlib.suppress(ValueError):  # it has ended
                command.process.kill()
                command.process.join()

    def alone(self, *sources):
        """The same crawl by `newscrawl crawl`, into another database."""
        folder = self._folder("alone")
        other = Crawls(folder, self.site)
        ended = other(*sources, "--config", self.config)
        return other, ended

    def runs(self):
        """Every run, without its number and its times."""
        return self.query(
            "select source, outcome, exit_status, found, fetched, new, changed, unchanged, duplicate, failed, skipped,"
            " gone, skipped_kinds from runs order by id"
        )


@dataclass(frozen=True)
class Dies:
    """The worker dies (kill -9) at the k-th time that it does something to its queue: `before` or `after` it is done."""

    what: str
    """take (a task), done, renew."""
    at: int
    before: bool

    def __call__(self):
        import os
        import signal

        from newscrawl.cluster.queue import LeasedQueue

        method, count = getattr(LeasedQueue, self.what), 0

        def called(queue, *arguments, **named):
            nonlocal count
            dies = count + 1 == self.at
            if dies and self.before:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = method(queue, *arguments, **named)
            counts = answer[0] == "task" if self.what == "take" else True
            count += counts
            if dies and counts:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        setattr(LeasedQueue, self.what, called)


@dataclass(frozen=True)
class DiesOf:
    """The worker dies (kill -9) of one story's page."""

    url: str

    def __call__(self):
        import os
        import signal

        from newscrawl.cluster.desk import Desk

        fetch = Desk._ask

        async def asked(desk, request, unit, task):
            answer = await fetch(desk, request, unit, task)
            if request.url == self.url:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        Desk._ask = asked


@dataclass(frozen=True)
class Stops:
    """The collector stands still (SIGSTOP) when it gets its k-th result."""

    at: int

    def __call__(self):
        import os
        import signal

        from newscrawl.cluster.books import Books

        take, count = Books.take, 0

        def taken(books, result):
            nonlocal count
            count += 1
            if count == self.at:
                os.kill(os.getpid(), signal.SIGSTOP)
            take(books, result)

        Books.take = taken


@dataclass(frozen=True)
class Version:
    """A newscrawl of another version."""

    name: str

    def __call__(self):
        import sys

        import newscrawl

        newscrawl.__version__ = self.name
        for module in [name for name in sys.modules if name.startswith("newscrawl.")]:
            if hasattr(sys.modules[module], "__version__"):
                sys.modules[module].__version__ = self.name


@dataclass(frozen=True)
class Words:
    """Writes down what each look at the queue brought: task, empty, full, …"""

    told: Path

    def __call__(self):
        from newscrawl.cluster.queue import LeasedQueue

        take = LeasedQueue.take

        def called(queue, lease):
            answer = take(queue, lease)
            with self.told.open("a") as file:
                file.write(f"{answer[0]}\n")
            return answer

        LeasedQueue.take = called


@dataclass(frozen=True)
class DiesAtCommand:
    """The process dies (kill -9) at its k-th word to the Redis: before it is sent, or when the answer is there."""

    at: int
    before: bool

    def __call__(self):
        import os
        import signal

        from newscrawl.cluster.link import Link

        execute, count = Link.execute_command, 0

        def executed(link, *arguments, **options):
            nonlocal count
            count += 1
            if count == self.at and self.before:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = execute(link, *arguments, **options)
            if count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        Link.execute_command = executed
