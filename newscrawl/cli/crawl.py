"""`newscrawl crawl`: crawl sources and store what is new."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli.common import given, json_option, one_line
from newscrawl.config import Config, load_config
from newscrawl.errors import UsageError
from newscrawl.storage.database import open_database

if TYPE_CHECKING:
    from newscrawl.outcomes import RunResult


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--all", "every", is_flag=True, help="Every source that newscrawl.toml does not switch off.")
@click.option("--since", metavar="DATE", help="Go back to this day or moment (Beijing time), whatever is stored.")
@click.option("--until", metavar="DATE", help="Take nothing later than this day or moment.")
@click.option("--limit", metavar="N", help="Take at most N stories of each source.")
@click.option("--recheck", metavar="HOURS", help="Ask again for stored articles younger than this.")
@click.option("--base-url", metavar="URL", help="Ask this scheme, host and port in place of the public hosts.")
@click.option("--delay", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Between two requests (default 1).")
@click.option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="Requests at once (default 1).")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="In place of ./newscrawl.toml.")
@click.option("-v", "verbose", count=True, help="Write Scrapy's log beside the database; -vv: with debug messages.")
@click.option("-q", "quiet", is_flag=True, help="Say nothing of a run that ended well, or found another one under way.")
@json_option
def crawl(  # noqa: PLR0917
    sources: tuple[str, ...],
    every: bool,
    since: str | None,
    until: str | None,
    limit: str | None,
    recheck: str | None,
    base_url: str | None,
    delay: float | None,
    concurrency: int | None,
    db: Path | None,
    config: Path | None,
    verbose: int,
    quiet: bool,
    as_json: bool,
) -> None:
    """Crawl sources, one after another, and store what is new.

    The first crawl of an empty database takes what the newest list pages hold; a later one goes back until it meets
    what is complete already. The exit status is 0 only if everything found was stored or known before.

    \b
    newscrawl crawl cls_telegraph eastmoney
    newscrawl crawl --all --since 2026-11-01 --until 2026-11-07
    newscrawl crawl cls_depth --base-url http://127.0.0.1:8000 --delay 0
    """
    from newscrawl.cli.runner import Job, check_jobs, run_sources, worst_status  # noqa: PLC0415

    settled = load_config(config)
    arguments = given(since=since, until=until, limit=limit, recheck=recheck, base_url=base_url)
    jobs = [Job(source, arguments) for source in chosen(sources, every, settled)]
    check_jobs(jobs, settled)
    overrides = crawl_settings(db or settled.database, verbose, delay=delay, concurrency=concurrency)
    overrides |= {"NEWSCRAWL_PROGRESS": not quiet}

    def tell(result: "RunResult") -> None:
        if not (quiet and result.outcome in _WELL):
            say(result, as_json=as_json)

    results = run_sources(jobs, config=settled, overrides=overrides, tell=tell)
    raise click.exceptions.Exit(worst_status(results))


_WELL = frozenset({"ok", "nothing_new", "running"})
"""Nothing of which an operator must hear: with a crawl every minute, one may meet another."""


def chosen(sources: tuple[str, ...], every: bool, config: Config) -> list[str]:
    """The sources to crawl, each once. UsageError when it is not clear which."""
    from newscrawl import registry  # noqa: PLC0415

    if every == bool(sources):
        both = "either name sources or say --all, not both" if every else "name the sources to crawl, or say --all"
        raise UsageError(f"{both}; `newscrawl sources` lists them")
    if every:
        return [name for name in registry.sources() if config.source(name).enabled]
    return list(dict.fromkeys(sources))


def crawl_settings(
    database: Path, verbose: int, *, delay: float | None = None, concurrency: int | None = None
) -> dict[str, Any]:
    """Settings of a crawl from the command line. Opens the database once, so that a wrong one is told at once."""
    open_database(database).close()
    settings = given(DOWNLOAD_DELAY=delay, CONCURRENT_REQUESTS=concurrency, CONCURRENT_REQUESTS_PER_DOMAIN=concurrency)
    settings |= {"NEWSCRAWL_DB": str(database), "NEWSCRAWL_PROGRESS": True}
    if not verbose:
        return settings | {"LOG_ENABLED": False}
    return settings | {"LOG_FILE": str(database.with_suffix(".log")), "LOG_LEVEL": "DEBUG" if verbose > 1 else "INFO"}


def say(result: "RunResult", *, as_json: bool) -> None:
    """One line about a run that has ended."""
    from newscrawl.outcomes import closing_line  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps(asdict(result)))
    else:
        click.echo(one_line(closing_line(result)))
