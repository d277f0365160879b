"""`newscrawl backfill`: fill what is missing of one source."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newscrawl.cli.common import given, json_option
from newscrawl.cli.crawl import crawl_settings, say
from newscrawl.config import load_config

if TYPE_CHECKING:
    from newscrawl.outcomes import RunResult


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--since", required=True, metavar="DATE", help="Go back to this day or moment (Beijing time).")
@click.option("--until", metavar="DATE", help="Begin at this day or moment; default: the newest that is known.")
@click.option(
    "--channel", "channels", multiple=True, metavar="C", help="Only this list of the source; may be repeated."
)
@click.option("--again", is_flag=True, help="Ask also for what the site's own lists had no more when last asked.")
@click.option("--now", is_flag=True, help="Ask although the source is let alone after refusing.")
@click.option("--base-url", metavar="URL", help="Ask this scheme, host and port in place of the public hosts.")
@click.option("--delay", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Between two requests (default 1).")
@click.option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="Requests at once (default 1).")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="In place of ./newscrawl.toml.")
@click.option("-v", "verbose", count=True, help="Write Scrapy's log beside the database; -vv: with debug messages.")
@click.option("-q", "quiet", is_flag=True, help="Say nothing where all went well, and show no progress.")
@json_option
def backfill(  # noqa: PLR0917
    source: str,
    since: str,
    until: str | None,
    channels: tuple[str, ...],
    again: bool,
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
    """Fill what is missing of a source, the newest first.

    Only stretches of time that are not known to be complete are asked for. Each list page is committed with its stories
    before the next one is asked for: stop it when you like, the same command goes on from there. `newscrawl gaps` tells
    what is missing; what is newer than all that is known is `newscrawl crawl`'s.

    \b
    newscrawl backfill cls_telegraph --since 2026-11-01
    newscrawl backfill cls_depth --channel 1000 --since 2026-11-01 --until 2026-11-07 --delay 3
    """
    from newscrawl.cli.runner import Job, check_jobs, run_sources, worst_status  # noqa: PLC0415

    settled = load_config(config)
    arguments = given(
        since=since, until=until, now="1" if now else None, base_url=base_url, channel=" ".join(channels) or None
    )
    arguments |= {"backfill": "1", "again": str(int(again))}
    job = Job(source, arguments)
    check_jobs([job], settled)
    overrides = crawl_settings(db or settled.database, verbose, delay=delay, concurrency=concurrency)
    # However long it takes: it ends with what is asked for, and loses nothing by being stopped.
    overrides |= {"NEWSCRAWL_PROGRESS": not quiet, "CLOSESPIDER_TIMEOUT": 0}

    def tell(result: "RunResult") -> None:
        if not (quiet and (result.repeated or result.exit_status == 0)):
            say(result, as_json=as_json)

    raise click.exceptions.Exit(worst_status(run_sources([job], config=settled, overrides=overrides, tell=tell)))
