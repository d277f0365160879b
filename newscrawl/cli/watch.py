"""`newscrawl watch`: crawl again and again, in one long-lived process.

Each round is a `newscrawl crawl` of its own: Twisted's reactor starts once a process, the memory is given back, and
what ends a round, be it a crash, does not end the watch.
"""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from shutil import get_terminal_size

import click

from newscrawl.cli.common import clipped, one_line
from newscrawl.cli.crawl import chosen
from newscrawl.cli.intervals import parse_interval
from newscrawl.cli.news import News
from newscrawl.cli.plan import program
from newscrawl.config import load_config
from newscrawl.outcomes import EXIT_STATUS, RunResult
from newscrawl.storage.timetext import in_beijing, now_utc

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LONGEST_LINE = 16 * 1024 * 1024
_CLEAR = "\r\x1b[K"


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--all", "all_sources", is_flag=True, help="Every source that newscrawl.toml does not switch off.")
@click.option(
    "--every",
    type=parse_interval,
    default="1m",
    show_default=True,
    metavar="INTERVAL",
    help="From one start to the next: 30s, 10m, 2h.",
)
@click.option("--rounds", type=click.IntRange(min=1), metavar="N", help="End after so many rounds.")
@click.option("--for", "length", type=parse_interval, metavar="INTERVAL", help="Begin no round after so long.")
@click.option("--base-url", metavar="URL", help="Ask this scheme, host and port in place of the public hosts.")
@click.option("--delay", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Between two requests (default 1).")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="In place of ./newscrawl.toml.")
@click.option("-v", "verbose", count=True, help="Write Scrapy's log beside the database; -vv: with debug messages.")
@click.option("-q", "quiet", is_flag=True, help="Say only what is wrong.")
def watch(  # noqa: PLR0917
    sources: tuple[str, ...],
    all_sources: bool,
    every: int,
    rounds: int | None,
    length: int | None,
    base_url: str | None,
    delay: float | None,
    db: Path | None,
    config: Path | None,
    verbose: int,
    quiet: bool,
) -> None:
    """Crawl sources again and again, until Ctrl-C.

    A round that takes longer than the interval is not met by the next one: that begins at the next whole interval.
    What brings news is told, and what is not as it was the round before; what stays as it is, once an hour. Times are
    Beijing times. Ctrl-C and SIGTERM end the round under way (what was fetched is stored) and the watch, with 130; else
    the exit status is the highest of all rounds.

    \b
    newscrawl watch cls_telegraph --every 30s
    newscrawl watch --all --every 5m -q
    """
    from newscrawl.cli.runner import Job, check_jobs  # noqa: PLC0415 - loads Scrapy

    settled = load_config(config)
    names = chosen(sources, all_sources, settled)
    check_jobs([Job(name) for name in names], settled)
    options = {"--base-url": base_url, "--delay": delay, "--db": db, "--config": config}
    given = [str(word) for name, value in options.items() if value is not None for word in (name, value)]
    command = [*program(), "crawl", *names, "--json", *given, *["-v"] * verbose]
    watching = Watching(command, every, rounds, length, News(quiet=quiet), live=sys.stderr.isatty() and not quiet)
    raise click.exceptions.Exit(asyncio.run(watching.run()))


class Watching:
    """Round after round of one command."""

    def __init__(
        self, command: list[str], every: int, rounds: int | None, length: int | None, news: News, *, live: bool
    ) -> None:
        self._command, self._every, self._rounds, self._length = command, every, rounds, length
        self._news, self._live = news, live
        self._round: Process | None = None
        self._stop = asyncio.Event()
        self._shown = False

    async def run(self) -> int:
        """The exit status: the highest of all rounds."""
        begun, count, worst = time.monotonic(), 0, EXIT_STATUS["ok"]
        async with self._signals():
            while True:
                status = await self._crawl()
                worst, count = max(worst, status), count + 1
                gone = time.monotonic() - begun
                wait = self._every - gone % self._every
                usage = count == 1 and status == EXIT_STATUS["usage"]  # as asked it will never work
                over = count == self._rounds or (self._length is not None and gone + wait > self._length)
                if usage or over or self._stop.is_set():
                    break
                await self._sleep(wait)
        return EXIT_STATUS["interrupted"] if self._stop.is_set() else worst

    async def _crawl(self) -> int:
        """One round, from its start to its end; in a process group of its own, so that Ctrl-C reaches it once."""
        errors = None if self._live else PIPE  # a terminal gets no progress line from a process that sees none
        try:
            self._round = await asyncio.create_subprocess_exec(
                *self._command, stdin=DEVNULL, stdout=PIPE, stderr=errors, limit=_LONGEST_LINE, process_group=0
            )
        except OSError as error:  # no memory just now, or newscrawl is being installed anew
            self._tell(_ended(EXIT_STATUS["partial"], f"could not be started: {error.strerror}"))
            return EXIT_STATUS["partial"]
        if self._stop.is_set():
            self._round.terminate()
        told, _ = await asyncio.gather(self._read(self._round.stdout), _pass_on(self._round.stderr))
        status = await self._round.wait()
        self._round = None
        if status < 0 or (status and not told):
            self._tell(_ended(status))
        return status if status >= 0 else EXIT_STATUS["partial"]

    async def _read(self, lines: asyncio.StreamReader | None) -> bool:
        """Tell of each source's run. Whether there was one."""
        told = False
        assert lines
        async for line in lines:
            try:
                result = RunResult(**json.loads(line))
            except (ValueError, TypeError):  # cut off by a kill
                click.echo(one_line(line.decode(errors="replace")), err=True)
            else:
                self._tell(result)
                told = True
        return told

    def _tell(self, result: RunResult) -> None:
        for line in self._news.of(result, time.monotonic()):
            self._show("")
            click.echo(f"{in_beijing(now_utc()):%m-%d %H:%M:%S}  {line}")

    async def _sleep(self, seconds: float) -> None:
        at = in_beijing(now_utc()) + timedelta(seconds=seconds)
        self._show(f"{self._news.summary()}; next round {at:%H:%M:%S}")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
        self._show("")

    def _show(self, text: str) -> None:
        """A line that is written over, where somebody looks on."""
        if self._live and (text or self._shown):
            click.echo(_CLEAR + clipped(text, get_terminal_size().columns - 1), err=True, nl=False)
            self._shown = bool(text)

    @asynccontextmanager
    async def _signals(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        caught = [each for each in _SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]  # nohup means it
        for each in caught:
            loop.add_signal_handler(each, self._end, each)
        yield
        for each in caught:
            loop.remove_signal_handler(each)

    def _end(self, number: signal.Signals) -> None:
        """Hand a signal on; the second one cuts the round off."""
        self._stop.set()
        if self._round and self._round.returncode is None:
            os.kill(self._round.pid, signal.SIGINT if number == signal.SIGINT else signal.SIGTERM)


async def _pass_on(lines: asyncio.StreamReader | None) -> None:
    if lines:
        async for line in lines:
            click.echo(line, err=True, nl=False)


def _ended(status: int, reason: str = "see above") -> RunResult:
    """What is left of a round that told nothing of a source, or died; negative: by which signal."""
    names = {number: name for name, number in EXIT_STATUS.items()}
    if status < 0:
        outcome, reason = "killed", f"by {signal.Signals(-status).name}"
    else:
        outcome = names.get(status, "partial")
    return RunResult(source="newscrawl crawl", outcome=outcome, exit_status=abs(status), advice=reason)
