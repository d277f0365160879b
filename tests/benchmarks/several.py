"""One crawler, and 1, 2 and 4 workers with their collector, on the same pages: CPU of each process, and the time it takes.

    python -m tests.benchmarks.several [--stories 2000] [--rounds 3]

All of it runs on this machine: the site, the Redis, the collector and the workers share its cores.
"""

import argparse
import contextlib
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.support import SERVER, RedisServer
from tests.quality.tables import table

PROGRAM = [sys.executable, "-m", "newscrawl"]
SOURCE, ASKED = "eastmoney", ("--delay", "0", "--concurrency", "8", "--since", "2026-01-01")
SIDES = {"crawl": 0, "1 worker": 1, "2 workers": 2, "4 workers": 4}


@dataclass
class Spent:
    """One round of one side; CPU is user and system, in seconds."""

    pages: int
    seconds: float
    cpu: dict[str, float] = field(default_factory=dict)


class Process:
    """A command whose CPU is known when it has ended."""

    def __init__(self, folder: Path, name: str, *arguments: object) -> None:
        self._out = (folder / f"{name}.out").open("wb")
        self._process = subprocess.Popen(
            [*PROGRAM, *map(str, arguments)], stdout=self._out, stderr=self._out, cwd=folder
        )

    def end(self) -> float:
        """Waits for it; CPU seconds."""
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._out.close()
        if status:
            raise RuntimeError(Path(self._out.name).read_text())
        return used.ru_utime + used.ru_stime


def spend(folder: Path, url: str, workers: int) -> Spent:
    """One crawl into an empty database."""
    folder.mkdir()
    database = folder / "news.db"
    began = time.monotonic()
    if not workers:
        cpu = {"crawler": Process(folder, "crawl", "crawl", SOURCE, *ASKED, "--base-url", url, "--db", database).end()}
    else:
        cpu = _several(folder, url, workers, database)
    return Spent(_stored(database), time.monotonic() - began, cpu)


def _several(folder: Path, url: str, workers: int, database: Path) -> dict[str, float]:
    with RedisServer(folder) as redis:
        collector = Process(folder, "collect", "collect", "--redis", redis.url, "--db", database)
        asked = (SOURCE, *ASKED, "--base-url", url, "--redis", redis.url)
        working = [Process(folder, f"worker-{number}", "worker", *asked) for number in range(workers)]
        cpu = {"workers": sum(worker.end() for worker in working), "collector": collector.end()}
        used = redis.client.info("cpu")
        return cpu | {"Redis": used["used_cpu_user"] + used["used_cpu_sys"]}


def _stored(database: Path) -> int:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        pages, failed = connection.execute("select sum(fetched), sum(failed) from runs").fetchone()
        assert failed == 0
        assert connection.execute("select count(*) from sightings").fetchone()[0] == pages
        return int(pages)


def measure(stories: int, rounds: int) -> list[list[str]]:
    """A row for each side: medians over interleaved rounds. Every side must have stored the same pages."""
    spent: dict[str, list[Spent]] = {name: [] for name in SIDES}
    with tempfile.TemporaryDirectory() as kept, _site(Path(kept), stories) as url:
        for number in range(rounds):
            for name, workers in SIDES.items():
                spent[name].append(spend(Path(kept) / f"{workers}-{number}", url, workers))
    assert len({each.pages for of_side in spent.values() for each in of_side}) == 1
    return [_row(name, of_side, spent) for name, of_side in spent.items()]


def _row(name: str, of_side: list[Spent], spent: dict[str, list[Spent]]) -> list[str]:
    pages = of_side[0].pages
    each = {what: 1000 * statistics.median(one.cpu[what] for one in of_side) / pages for what in of_side[0].cpu}
    base = [one.seconds for one in spent["1 worker"]]
    faster = statistics.median(alone / one.seconds for alone, one in zip(base, of_side, strict=True))
    parts = [f"{each[what]:.2f}" if what in each else "" for what in ("crawler", "workers", "collector", "Redis")]
    return [name, str(pages), *parts, f"{sum(each.values()):.2f}", f"{faster:.2f}"]


@contextlib.contextmanager
def _site(folder: Path, stories: int):
    code = (
        "import sys; from newscrawl.demo import SampleSite; site = SampleSite(stories=int(sys.argv[1]));"
        " print(site.base_url, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(stories)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd=folder) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if SERVER is None:
        sys.exit("there is no redis-server here")
    head = ["", "pages", "crawler", "workers", "collector", "Redis", "CPU ms a page, all", "times as fast as 1 worker"]
    print(table(head, measure(args.stories, args.rounds)))


if __name__ == "__main__":
    main()
