"""Tells a monitor how a crawl command ended, in the manner of healthchecks.io: newscrawl.toml's `[ping]`.

Success is told only where the exit status is 0. Of a crawl that met another one under way nothing is told: it is
neither. A ping that fails is one line on stderr and changes nothing else.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click

from newscrawl import __version__
from newscrawl.cli.common import one_line
from newscrawl.config import Config
from newscrawl.outcomes import EXIT_STATUS, Outcome, RunResult, closing_line, outcome_of_error

_SECONDS = 5.0
"""All pings of one command together."""


@dataclass(frozen=True, slots=True)
class Ping:
    """One address to ask for."""

    url: str
    reason: str = ""
    """What went wrong, for the request's body; "" when nothing did."""
    source: str = ""
    """Whose it is; "" for that of the whole command."""


@dataclass(slots=True)
class Report:
    """What is known of one command's crawls, as it goes on."""

    sources: Sequence[str] = ()
    results: list[RunResult] = field(default_factory=list)

    def end(self, error: BaseException) -> None:
        """An error has ended the command: it is the result of every source that has none yet."""
        outcome = outcome_of_error(error)
        if isinstance(error, KeyboardInterrupt | click.Abort):
            outcome = Outcome("interrupted")
        left = [source for source in self.sources if source not in {result.source for result in self.results}]
        self.results += [
            RunResult(source=source, outcome=outcome.name, exit_status=outcome.exit_status, advice=outcome.advice)
            for source in left or ["newscrawl"]
        ]


@contextmanager
def reported(config: Config) -> Iterator[Report]:
    """The block fills in the report; how it ended is told when it is over, also when it could not begin."""
    report = Report()
    try:
        yield report
    except (Exception, KeyboardInterrupt) as error:
        report.end(error)
        raise
    finally:
        send(pings(config, report.results), config.proxy)


def pings(config: Config, results: Sequence[RunResult]) -> list[Ping]:
    """What is to be told: for each source that has an address, and for the command as a whole."""
    common = config.ping.url or ""
    each = common if "{source}" in common else ""
    told = []
    for result in results:
        source = result.source
        told.append(_ping((config.source(source).ping or each).replace("{source}", source), [result], source))
    if not each:
        told.append(_ping(common, results))
    return [ping for ping in told if ping]


def _ping(url: str, results: Sequence[RunResult], source: str = "") -> Ping | None:
    """None where nobody is to be told, and where neither success nor failure can be said."""
    well = {EXIT_STATUS["ok"], EXIT_STATUS["running"]}
    wrong = [one_line(closing_line(result)) for result in results if result.exit_status not in well]
    all_well = bool(results) and all(result.exit_status == EXIT_STATUS["ok"] for result in results)
    return Ping(url, "\n".join(wrong), source) if url and (wrong or all_well) else None


def send(told: Sequence[Ping], proxy: str | None = None) -> None:
    """Ask for all addresses at once; what fails, and what takes longer than a few seconds, is told on stderr."""
    problems = dict.fromkeys(told, f"no answer within {_SECONDS:.0f} s")

    def ask(ping: Ping) -> None:
        problems[ping] = _ask(ping, proxy)

    threads = [Thread(target=ask, args=(ping,), daemon=True) for ping in told]  # a slow resolver knows no time limit
    for thread in threads:
        thread.start()
    until = time.monotonic() + _SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    for ping in told:
        if problems[ping]:
            whose = f" of {ping.source}" if ping.source else ""
            # The rest of the address is as good as a password.
            where = urlsplit(ping.url).netloc
            click.echo(one_line(f"newscrawl: the ping{whose} to {where} failed: {problems[ping]}"), err=True)


def _ask(ping: Ping, proxy: str | None) -> str:
    """Why it failed; "" when it did not."""
    from urllib.error import HTTPError, URLError  # noqa: PLC0415 - most have no address to ask for
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener  # noqa: PLC0415

    class SameHost(HTTPRedirectHandler):
        def redirect_request(self, req: Request, *told: Any) -> Request | None:
            there = urlsplit(told[-1]).netloc
            return super().redirect_request(req, *told) if there == urlsplit(req.full_url).netloc else None

    headers = {"User-Agent": f"newscrawl/{__version__}", "Content-Type": "text/plain; charset=utf-8"}
    request = Request(asked(ping), data=ping.reason.encode() or None, headers=headers)
    proxies = [ProxyHandler({"http": proxy, "https": proxy})] if proxy and not _is_near(ping.url) else []
    try:
        build_opener(SameHost, *proxies).open(request, timeout=_SECONDS).close()
    except HTTPError as error:
        error.close()
        return f"HTTP status {error.code}"
    except URLError as error:
        return str(error.reason)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _is_near(url: str) -> bool:
    """Whether the address is that of a machine to which no proxy leads."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def asked(ping: Ping) -> str:
    """The address that is asked for: a failure has a path of its own.

    >>> asked(Ping("https://hc-ping.com/key/news?create=1", "eastmoney: blocked"))
    'https://hc-ping.com/key/news/fail?create=1'
    """
    if not ping.reason:
        return ping.url
    parts = urlsplit(ping.url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))
