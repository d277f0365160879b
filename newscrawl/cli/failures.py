"""`newscrawl failures`: pages that did not become articles, and asking for them again."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli.common import (
    check_source,
    database_for_reading,
    db_option,
    given,
    json_option,
    one_line,
    print_json,
    table,
)
from newscrawl.config import load_config
from newscrawl.errors import FAILURE_KINDS
from newscrawl.storage.database import open_database
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.ledger import DUE_AT_ONCE
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.transactions import immediate
from newscrawl.storage.walks import channels_of

if TYPE_CHECKING:
    from newscrawl.cli.runner import Job
    from newscrawl.outcomes import RunResult


@click.command()
@click.argument("source", required=False, metavar="[SOURCE]")
@click.option("--kind", type=click.Choice(FAILURE_KINDS), metavar="KIND", help="Only failures of this kind.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="How many.")
@click.option("--retry", is_flag=True, help="Ask for them again, now, and for nothing else.")
@click.option("--now", is_flag=True, help="With --retry: ask although the source is let alone after refusing.")
@click.option("--base-url", metavar="URL", help="With --retry: ask this scheme, host and port in place of the public.")
@click.option("--delay", type=click.FloatRange(0, 3600), metavar="SECONDS", help="With --retry: between requests.")
@db_option
@json_option
def failures(  # noqa: PLR0917
    source: str | None,
    kind: str | None,
    limit: int,
    retry: bool,
    now: bool,
    base_url: str | None,
    delay: float | None,
    db: Path,
    as_json: bool,
) -> None:
    """List the pages that did not become articles, the latest first: why, how often, and when each is tried again.

    Every crawl tries those again whose time has come, ten times at most, and keeps what was given up with its reason.
    --retry asks for all of them now, also for those given up, but not for pages that the site has removed; its exit
    status is that of a crawl. Times are Beijing times.

    \b
    newscrawl failures
    newscrawl failures cls_depth --kind layout
    newscrawl failures --retry
    """
    if not retry and (now or base_url or delay is not None):
        raise click.UsageError("--now, --base-url and --delay go with --retry")
    if not retry:
        _list(db, source, kind, limit, as_json)
    elif kind:
        raise click.UsageError("--retry asks for failures of every kind: leave --kind out")
    else:
        _retry(db, source, given(base_url=base_url, now="1" if now else None), delay, as_json)


def _list(db: Path, source: str | None, kind: str | None, limit: int, as_json: bool) -> None:
    with database_for_reading(db) as database:
        check_source(database, source)
        rows = FailureStore(database).listing(source, kind=kind)
    if as_json:
        print_json(rows[:limit])
        return
    if not rows:
        click.echo("no failures")
        return
    header = ("source", "kind", "tries", "last try", "next try", "address", "reason")
    click.echo(table(header, [_cells(row) for row in rows[:limit]]))
    if len(rows) > limit:
        click.echo(f"and {len(rows) - limit} more (--limit)")


def _cells(row: dict[str, Any]) -> list[object]:
    next_try = row["next_try_at"] or ("never" if row["kind"] == "gone" else "given up")
    times = [text.removesuffix("+08:00") for text in (row["last_try_at"], next_try)]
    return [row["source"], row["kind"], row["tries"], *times, row["url"], row["reason"]]


def _retry(db: Path, source: str | None, arguments: dict[str, str], delay: float | None, as_json: bool) -> None:
    """Makes the failures due and crawls nothing but what is due."""
    from newscrawl.cli.crawl import crawl_settings, say  # noqa: PLC0415 - listing must not load the crawler
    from newscrawl.cli.runner import check_jobs, run_sources, worst_status  # noqa: PLC0415

    config = load_config()
    jobs = _jobs(db, _make_due(db, source), arguments)
    if not jobs:
        click.echo("no failures to ask for again", err=True)
        return
    check_jobs(jobs, config)
    overrides = crawl_settings(db, verbose=0, delay=delay)

    def tell(result: "RunResult") -> None:
        say(result, as_json=as_json)

    raise click.exceptions.Exit(worst_status(run_sources(jobs, config=config, overrides=overrides, tell=tell)))


def _make_due(db: Path, source: str | None) -> dict[str, int]:
    database = open_database(db, create=False)
    try:
        check_source(database, source)
        with immediate(database):
            return FailureStore(database).make_due([source] if source else [], now_utc())
    finally:
        database.close()


def _jobs(db: Path, due: dict[str, int], arguments: dict[str, str]) -> "list[Job]":
    """As many crawls of each source as it takes to ask for every page: each takes DUE_AT_ONCE of them."""
    from newscrawl import registry  # noqa: PLC0415
    from newscrawl.cli.runner import Job  # noqa: PLC0415

    jobs: list[Job] = []
    for source, count in due.items():
        site = {} if source in registry.sources() else _site(db, source)
        if source in registry.sources() or site:
            jobs += [Job(source, {"retry": "1", **site, **arguments})] * -(-count // DUE_AT_ONCE)
        else:
            click.echo(f"{one_line(source)}: {count} failures come from an import: import again", err=True)
    return jobs


def _site(db: Path, source: str) -> dict[str, str]:
    """The lists of a site that was crawled by its address; {} for what is no site."""
    with database_for_reading(db) as database:
        starts = channels_of(database, source)
    return {"start": " ".join(starts)} if starts else {}
