"""`newscrawl worker`: fetch and read for a collector, with as many other workers as there are."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli.asked_options import asked_options
from newscrawl.cli.common import given, one_line
from newscrawl.cli.crawl import chosen
from newscrawl.cli.several import linked, redis_options
from newscrawl.config import load_config
from newscrawl.outcomes import EXIT_STATUS

if TYPE_CHECKING:
    from newscrawl.outcomes import RunResult


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--all", "every", is_flag=True, help="Every source that newscrawl.toml does not switch off.")
@redis_options
@click.option("--since", metavar="DATE", help="Go back to this day or moment (Beijing time), whatever is stored.")
@click.option("--until", metavar="DATE", help="Take nothing later than this day or moment.")
@asked_options
@click.option("--delay", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Between two requests to one host.")
@click.option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="Requests to one host at once.")
@click.option(
    "--lease",
    type=click.FloatRange(1, 3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="What this worker holds goes to another one when nothing is heard of it for so long.",
)
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="In place of ./newscrawl.toml.")
@click.option("-v", "verbose", count=True, help="Scrapy's log on stderr; -vv: with debug messages.")
def worker(  # noqa: PLR0917
    sources: tuple[str, ...],
    every: bool,
    redis: str,
    wait: float,
    stay: bool,
    since: str | None,
    until: str | None,
    recheck: str | None,
    start: str | None,
    article: str | None,
    following: str | None,
    pages: str | None,
    now: bool,
    base_url: str | None,
    delay: float | None,
    concurrency: int | None,
    lease: float,
    config: Path | None,
    verbose: int,
) -> None:
    """Fetch and read for a collector, with as many other workers as there are.

    The sources that are named are crawled, by all workers together: where a crawl of one is under way this worker
    joins it, as it was begun, else it asks for one. Without names it works for whatever is under way. --delay and
    --concurrency hold for all workers together. The exit status is the highest of the crawls', as of `newscrawl crawl`;
    7 or 8 where the other end is not heard of.

    \b
    newscrawl collect --redis redis://10.0.0.1/0
    newscrawl worker --redis redis://10.0.0.1/0 cls_depth eastmoney
    newscrawl worker --redis redis://10.0.0.1/0 --stay
    """
    from newscrawl.cli.runner import Job, check_jobs, engine, run_reactor, worst_status  # noqa: PLC0415

    settled = load_config(config)
    link = linked(redis)
    arguments = given(since=since, until=until, recheck=recheck, base_url=base_url, now="1" if now else None)
    site = given(start=start, article=article, next=following, pages=pages)
    from newscrawl.cli.crawl import job_of  # noqa: PLC0415
    from newscrawl.cluster.board import wish  # noqa: PLC0415
    from newscrawl.cluster.working import SETTINGS, Working, middlewares  # noqa: PLC0415

    names = chosen(sources, every, settled) if sources or every else []
    jobs: list[Job] = [job_of(source, arguments, site) for source in names]
    check_jobs(jobs, settled)
    process = engine(settled, {**SETTINGS, **_log(verbose)})
    chain = middlewares(process.settings.getdict("DOWNLOADER_MIDDLEWARES_BASE"))
    process.settings.set("DOWNLOADER_MIDDLEWARES_BASE", chain, priority="cmdline")
    wanted = [wish(job.source, arguments=dict(job.arguments), delay=delay, concurrency=concurrency) for job in jobs]

    def tell(result: "RunResult", handed_in: int) -> None:
        words = f" - {result.advice}" if result.advice else ""
        click.echo(one_line(f"{result.source}: {result.outcome} (by this worker {handed_in} requests){words}"))

    working = Working(link, process, settled, wanted, lease=lease, wait=wait, stay=stay, tell=tell)
    run_reactor(process, working.run())
    raise click.exceptions.Exit(EXIT_STATUS["interrupted"] if working.is_stopped else worst_status(working.results))


def _log(verbose: int) -> dict[str, Any]:
    return {"LOG_ENABLED": bool(verbose), "LOG_LEVEL": "DEBUG" if verbose > 1 else "INFO"}
