"""`newscrawl crawl`: crawl sources and store what is new."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli.asked_options import asked_options
from newscrawl.cli.common import given, json_option, one_line
from newscrawl.cli.ping import reported
from newscrawl.config import MIB, Config, load_config
from newscrawl.errors import UsageError
from newscrawl.sites import source_name
from newscrawl.storage.breakers import BreakerStore
from newscrawl.storage.database import open_database
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.walks import unread

if TYPE_CHECKING:
    from newscrawl.cli.runner import Job
    from newscrawl.outcomes import RunResult


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--all", "every", is_flag=True, help="Every source that newscrawl.toml does not switch off.")
@click.option("--since", metavar="DATE", help="Go back to this day or moment (Beijing time), whatever is stored.")
@click.option("--until", metavar="DATE", help="Take nothing later than this day or moment.")
@click.option("--limit", metavar="N", help="Take at most N stories of each source.")
@asked_options
@click.option("--delay", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Between two requests (default 1).")
@click.option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="Requests at once (default 1).")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="In place of ./newscrawl.toml.")
@click.option("-v", "verbose", count=True, help="Write Scrapy's log beside the database; -vv: with debug messages.")
@click.option("-q", "quiet", is_flag=True, help="Say nothing of a run that ended well, or as was told before.")
@json_option
def crawl(  # noqa: PLR0917
    sources: tuple[str, ...],
    every: bool,
    since: str | None,
    until: str | None,
    limit: str | None,
    recheck: str | None,
    start: str | None,
    article: str | None,
    following: str | None,
    pages: str | None,
    now: bool,
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
    newscrawl crawl site --start https://www.example.com/news/
    """
    from newscrawl.cli.runner import check_jobs, run_sources, worst_status  # noqa: PLC0415

    settled = load_config(config)
    arguments = given(
        since=since, until=until, limit=limit, recheck=recheck, base_url=base_url, now="1" if now else None
    )
    site = given(start=start, article=article, next=following, pages=pages)
    with reported(settled) as report:
        jobs = [job_of(source, arguments, site) for source in chosen(sources, every, settled)]
        report.sources = [job.source for job in jobs]
        if site and "site" not in sources:
            raise UsageError(f"--{next(iter(site))} goes with the source `site`: newscrawl crawl site --start ADDRESS")
        check_jobs(jobs, settled)
        database = db or settled.database
        jobs = [looked_at(job, database, settled) for job in jobs]
        create = not any(job.look_at for job in jobs)
        overrides = crawl_settings(database, verbose, delay=delay, concurrency=concurrency, create=create)
        overrides |= {"NEWSCRAWL_PROGRESS": not quiet}

        def tell(result: "RunResult") -> None:
            report.results.append(result)
            if result.outcome == "usage":
                click.echo(f"newscrawl: {one_line(result.advice)}", err=True)
            elif not quiet or result.is_news or not (result.repeated or result.outcome in _WELL):
                say(result, as_json=as_json)

        run_sources(jobs, config=settled, overrides=overrides, tell=tell)
    raise click.exceptions.Exit(worst_status(report.results))


_LONGEST_LOG = 10 * MIB
_WELL = frozenset({"ok", "nothing_new", "running"})
"""Nothing of which an operator must hear: with a crawl every minute, one may meet another."""


def job_of(source: str, arguments: dict[str, str], site: dict[str, str]) -> "Job":
    """One crawl; a site that has no name is called by its host."""
    from newscrawl.cli.runner import Job  # noqa: PLC0415

    if source != "site":
        return Job(source, arguments)
    return Job(source_name(site["start"].split(" ")[0]) or source if "start" in site else source, {**arguments, **site})


def looked_at(job: "Job", database: Path, config: Config) -> "Job":
    """The job, with those lists of a site that no crawl has read to a complete end yet: they are looked at first."""
    from newscrawl import registry  # noqa: PLC0415
    from newscrawl.spiders.site import SiteSpider  # noqa: PLC0415

    spider = registry.spider_of(job.source, job.arguments, config)(**job.arguments)
    if not isinstance(spider, SiteSpider):
        return job
    if not database.exists():
        return replace(job, look_at=spider.channels)
    db = open_database(database)  # brought up to date, so that the question can be asked
    try:
        breaker = BreakerStore(db).get(spider.name)
        if breaker and breaker.holds(now_utc()) and not spider.arguments.now:
            return job  # which will tell it
        return replace(job, look_at=tuple(unread(db, spider.name, spider.channels, spider.reading)))
    finally:
        db.close()


def chosen(sources: tuple[str, ...], every: bool, config: Config) -> list[str]:
    """The sources to crawl, each once. UsageError when it is not clear which."""
    from newscrawl import registry  # noqa: PLC0415

    if every == bool(sources):
        both = "either name sources or say --all, not both" if every else "name the sources to crawl, or say --all"
        raise UsageError(f"{both}; `newscrawl sources` lists them")
    if every:
        return [name for name in registry.sources(config) if config.source(name).enabled]
    return list(dict.fromkeys(sources))


def crawl_settings(
    database: Path,
    verbose: int,
    *,
    delay: float | None = None,
    concurrency: int | None = None,
    create: bool = True,
) -> dict[str, Any]:
    """Settings of a crawl from the command line. Opens the database once, so that a wrong one is told at once.

    Where it is not there it is made, unless `create` is false: then the crawl makes it.
    """
    if create or database.exists():
        open_database(database).close()
    settings = given(DOWNLOAD_DELAY=delay, CONCURRENT_REQUESTS=concurrency, CONCURRENT_REQUESTS_PER_DOMAIN=concurrency)
    settings |= {"NEWSCRAWL_DB": str(database), "NEWSCRAWL_PROGRESS": True}
    if not verbose:
        return settings | {"LOG_ENABLED": False}
    log = database.with_suffix(".log")
    make_room(log)
    return settings | {"LOG_FILE": str(log), "LOG_LEVEL": "DEBUG" if verbose > 1 else "INFO"}


def make_room(log: Path) -> None:
    """A log that has become long is put aside, over the one that was put aside before. Nobody need rotate it."""
    with suppress(OSError):  # none there, or a folder that tells it itself when the log is opened
        if log.stat().st_size > _LONGEST_LOG:
            log.replace(log.with_name(f"{log.name}.1"))


def say(result: "RunResult", *, as_json: bool) -> None:
    """One line about a run that has ended."""
    from newscrawl.outcomes import closing_line  # noqa: PLC0415

    try:
        click.echo(json.dumps(asdict(result)) if as_json else one_line(closing_line(result)))
    except OSError:  # `| head -1`, a terminal that was closed: nobody listens, and the run's exit status stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
