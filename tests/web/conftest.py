"""The archive served: in this process for what answers say, in one of its own for browsers."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from newscrawl.storage.database import open_readonly
from newscrawl.storage.timetext import set_clock
from newscrawl.web.site import make_site
from tests.web.archive import NOW, build

Get = Callable[..., Any]


@pytest.fixture(scope="module", autouse=True)
def _at_that_moment() -> Iterator[None]:
    set_clock(NOW)
    yield
    set_clock(None)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("archive") / "news.db")


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    database = open_readonly(path)
    yield database
    database.close()


@pytest.fixture
def get(path: Path) -> Iterator[Get]:
    yield from asking(path)


def asking(path: Path) -> Iterator[Get]:
    """A function that asks a site over this database; its connections are closed at last."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    site = make_site(path)
    yield lambda address, method="GET", **options: loop.run_until_complete(
        site.client.request(method, address, **options)
    )
    site.executor.shutdown()
    for each in site.databases.values():
        each.close()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    asyncio.set_event_loop(None)


def serving(path: Path, *options: str, now: str = NOW.isoformat()) -> Iterator[str]:
    """The address of `newscrawl serve` in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "newscrawl", "serve", "--port", "0", "--db", str(path), *options],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NEWSCRAWL_NOW": now, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        yield line.split(" at ")[1].split()[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        process.stdout.close()
