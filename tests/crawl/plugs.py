"""Plugs for the process of a command: they count what it does to the disk, and end it, or let it fail, at one of it."""

import contextlib
import errno
import os
import re
import signal
import sqlite3
from dataclasses import dataclass
from pathlib import Path

SMALL_BATCH = 3
"""Articles in one transaction: so that a small crawl has many."""
_TRIAL = re.compile(r"insert into t[0-9a-f]{32}\b", re.IGNORECASE)
"""By which sqlite-utils finds out what SQLite can do; it takes a failure for an answer."""
_WRITES = ("begin", "commit", "insert", "update", "delete", "replace")


def steps_of(path):
    """What a command with `Steps(path)` did, step by step, each by its name."""
    return Path(path).read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Steps:
    """Writes down every step; with `kill_at` the process dies (kill -9) at that one, counted from 1.

    A step is the moment before an SQL statement, before, in the midst of and after the writing of an archive's record,
    and before a file is renamed. What a kill leaves between two of them is what it leaves at the later one.
    """

    told: Path
    kill_at: int = 0

    def __call__(self):
        from newscrawl.storage.archive_files import OpenFile

        _use_small_batches()
        append, rename = OpenFile.append, Path.rename

        def half(file, record):
            os.write(file._descriptor, record[: len(record) // 2])

        def told_append(file, record):
            step("record: before")
            step("record: half", lambda: half(file, record))
            append(file, record)
            step("record: after")

        def told_rename(path, target):
            step("rename")
            return rename(path, target)

        step = self._stepping()
        OpenFile.append, Path.rename = told_append, told_rename
        _on_connect(lambda connection: connection.set_trace_callback(lambda sql: step(" ".join(sql.split()[:3]))))

    def _stepping(self):
        count, told = 0, os.open(self.told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

        def step(name, last_deed=None):
            nonlocal count
            count += 1
            os.write(told, f"{name}\n".encode())
            if count == self.kill_at:
                if last_deed:
                    last_deed()
                os.kill(os.getpid(), signal.SIGKILL)

        return step


@dataclass(frozen=True)
class Failing:
    """Something fails at its k-th time (0: never), or from then on: the times are written down, one line each.

    `what` is "commit" (a transaction's begin or end), "write" (any statement that writes, or begins or ends such),
    "archive" (a record), "story" (reading a page) or "list" (reading a list).
    """

    told: Path
    what: str
    at: int = 0
    from_then_on: bool = False
    reason: str = "disk I/O error"

    def __call__(self):
        from newscrawl.spiders.paging import Walk
        from newscrawl.spiders.site_walk import SiteWalk
        from newscrawl.storage.archive_files import OpenFile
        from pipelines.extract import ExtractPipeline

        _use_small_batches()
        times = _but_aside(self._counting())
        match self.what:
            case "commit" | "write":
                _replace_statements(times, _WRITES if self.what == "write" else _WRITES[:2], self.reason)
            case "archive":
                _before(OpenFile, "append", times, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
            case "story":
                _before(ExtractPipeline, "run", times, RuntimeError("a fault of ours"))
            case "list":
                for walk in (Walk, SiteWalk):
                    _before(walk, "read", times, RuntimeError("a fault of ours"))

    def _counting(self):
        count, told = 0, os.open(self.told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

        def fails(name):
            nonlocal count
            count += 1
            os.write(told, f"{name}\n".encode())
            return bool(self.at) and (count == self.at or (self.from_then_on and count > self.at))

        return fails


def _but_aside(fails):
    """What a site is looked at with is thrown away: nothing of it can be lost."""
    from newscrawl.cli import runner

    aside, looking = runner.aside, []

    @contextlib.contextmanager
    def marked():
        looking.append(True)
        with aside() as settings:
            yield settings
        looking.clear()

    runner.aside = marked
    return lambda name: not looking and fails(name)


def _use_small_batches():
    from newscrawl.storage.ledger import Ledger

    Ledger.__init__.__kwdefaults__["batch"] = SMALL_BATCH


def _on_connect(do, **options):
    """Calls `do` with every connection to a file that is opened from now on."""
    connect = sqlite3.connect

    def connected(path, *arguments, **named):
        if str(path) in {"", ":memory:"}:  # nobody finds it again
            return connect(path, *arguments, **named)
        connection = connect(path, *arguments, **options, **named)
        do(connection)
        return connection

    sqlite3.connect = connected


def _replace_statements(fails, beginnings, reason):
    class Connection(sqlite3.Connection):
        def execute(self, sql, *parameters):
            self._look_at(sql)
            return super().execute(sql, *parameters)

        def executemany(self, sql, *parameters):
            self._look_at(sql)
            return super().executemany(sql, *parameters)

        def _look_at(self, sql):
            writes = sql.strip().lower().startswith(beginnings) and not _TRIAL.match(sql)
            if writes and fails(" ".join(sql.split()[:3])):
                raise sqlite3.OperationalError(reason)

    def only_the_database(path, *arguments, **named):
        own = "digests.db" not in str(path)  # whose failures are passed over: a convenience
        return connect(path, *arguments, **(named | ({"factory": Connection} if own else {})))

    connect = sqlite3.connect
    sqlite3.connect = only_the_database


def _before(owner, name, fails, error):
    method = getattr(owner, name)

    def called(self, *arguments, **named):
        if fails(owner.__name__):
            raise error
        return method(self, *arguments, **named)

    setattr(owner, name, called)
