"""`newscrawl collect`: the one writer of what several workers fetch."""

from pathlib import Path

import click

from newscrawl.cli.common import json_option, one_line
from newscrawl.cli.crawl import crawl_settings, say
from newscrawl.cli.several import linked, redis_options
from newscrawl.cli.stopping import stoppable
from newscrawl.config import load_config
from newscrawl.outcomes import EXIT_STATUS


@click.command()
@redis_options
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
@click.option(
    "--ahead",
    type=click.IntRange(1, 1_000_000),
    default=500,
    show_default=True,
    metavar="N",
    help="Workers pause while so many results wait to be stored.",
)
@click.option("--forget", is_flag=True, help="Drop the crawls that are under way, and end.")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="In place of ./newscrawl.toml.")
@click.option("-v", "verbose", count=True, help="Write Scrapy's log beside the database; -vv: with debug messages.")
@json_option
def collect(  # noqa: PLR0917
    redis: str,
    wait: float,
    stay: bool,
    db: Path | None,
    ahead: int,
    forget: bool,
    config: Path | None,
    verbose: int,
    as_json: bool,
) -> None:
    """Store what several workers fetch, in one database with one archive.

    It plans as `newscrawl crawl` does, reads the lists, decides what is new, and writes; the workers ask the sites and
    read the stories. It ends with the last crawl that they wanted; --stay waits for the next. One collector works on a
    Redis. Killed and started again, it goes on where the database stands. The exit status is the highest of the
    crawls'.

    \b
    newscrawl collect --redis redis://10.0.0.1/0 --db data/newscrawl.db
    """
    from newscrawl.cli.runner import settings_of, worst_status  # noqa: PLC0415

    settled = load_config(config)
    link = linked(redis)
    from scrapy.utils.log import configure_logging  # noqa: PLC0415

    from newscrawl.cluster.collecting import Collector  # noqa: PLC0415

    settings = settings_of(settled, crawl_settings(db or settled.database, verbose))
    configure_logging(settings)
    collector = Collector(
        link,
        settings,
        settled,
        ahead=ahead,
        wait=wait,
        stay=stay,
        tell=lambda result: say(result, as_json=as_json),
        warn=lambda words: click.echo(f"newscrawl: {one_line(words)}", err=True),
    )
    if forget:
        click.echo(f"dropped: {', '.join(collector.forget()) or 'nothing was under way'}")
        return
    with stoppable() as stopped:
        reason = collector.run(stopped)
    if reason == "stopped":
        raise click.exceptions.Exit(EXIT_STATUS["interrupted"])
    if reason:
        click.echo(f"newscrawl: {reason}", err=True)
        raise click.exceptions.Exit(EXIT_STATUS["network"])
    raise click.exceptions.Exit(worst_status(collector.results))
