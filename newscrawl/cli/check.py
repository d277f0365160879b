"""`newscrawl check`: one list page and a few articles of each source, beside what its articles usually have."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from newscrawl.cli.common import database_for_reading, given, json_option, one_line, print_json
from newscrawl.config import Config, load_config
from newscrawl.errors import PageError, UsageError
from newscrawl.items import Article, Page
from newscrawl.outcomes import closing_line, result_of
from newscrawl.storage.archive import read_archive
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.usual import Usual, record_of, same_hours
from newscrawl.storage.walks import channels_of

if TYPE_CHECKING:
    from newscrawl.cli.checking import Check, ListLook
    from newscrawl.cli.runner import Job
    from newscrawl.outcomes import RunResult


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--channel", metavar="C", help="This list of the source; default: its first.")
@click.option(
    "--articles",
    "count",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    metavar="N",
    help="Look at so many of the list's first articles.",
)
@click.option("--base-url", metavar="URL", help="Ask this scheme, host and port in place of the public hosts.")
@click.option("--delay", type=click.FloatRange(0, 3600), metavar="SECONDS", help="Between two requests (default 1).")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="In place of ./newscrawl.toml.")
@json_option
def check(  # noqa: PLR0917
    sources: tuple[str, ...],
    channel: str | None,
    count: int,
    base_url: str | None,
    delay: float | None,
    db: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Fetch one list page and a few articles of each source, and show field by field what was read of them.

    Beside it stands how many of the source's articles of the last four weeks have the field, and by which layer of
    reading: a field that nearly all have and none of these has is the sign of a new layout. Nothing is stored; the
    database is only read. Without names: every source that newscrawl.toml does not switch off.

    Exit status 0 where all is as usual, 5 where something usual is missing, else that of a crawl.

    \b
    newscrawl check
    newscrawl check cls_depth --channel 1003 --articles 5
    """
    settled = load_config(config)
    database = db or settled.database
    arguments = given(base_url=base_url, channel=channel, limit=str(count))
    jobs = [_job(name, arguments, database, settled) for name in _named(sources, settled)]
    checks = _check(jobs, database, delay, settled, as_json=as_json)
    if as_json:
        from newscrawl.cli.checking import as_data  # noqa: PLC0415 - a wrong option is told without loading it

        print_json([as_data(each) for each in checks])
    raise click.exceptions.Exit(max(each.result.exit_status for each in checks))


def _named(sources: tuple[str, ...], config: Config) -> list[str]:
    from newscrawl.cli.crawl import chosen  # noqa: PLC0415

    return chosen(sources, not sources, config)


def _job(source: str, arguments: dict[str, str], db: Path, config: Config) -> "Job":
    """A crawl of one list page that takes so many stories. A site may be named that was crawled by its address."""
    from newscrawl import registry  # noqa: PLC0415
    from newscrawl.cli.runner import Job  # noqa: PLC0415
    from newscrawl.spiders.site import SiteSpider  # noqa: PLC0415

    starts = [] if source in registry.sources(config) or not db.exists() else _starts(db, source)
    arguments = arguments | given(start=" ".join(starts) or None)
    spider = registry.spider_of(source, arguments, config)(**arguments)
    channels = config.source(source).channels or spider.channels
    one_page = {"pages": "1"} if isinstance(spider, SiteSpider) else {}
    return Job(source, {"channel": channels[0], **arguments, **one_page})


def _starts(db: Path, source: str) -> list[str]:
    with database_for_reading(db) as database:
        return list(channels_of(database, source))


def _check(jobs: Sequence["Job"], db: Path, delay: float | None, config: Config, *, as_json: bool) -> "list[Check]":
    """Crawl into a database that is gone afterwards; each source is told of as it ends."""
    from newscrawl.cli.checking import Check, as_text, look_at_fields, outcome_of  # noqa: PLC0415
    from newscrawl.cli.crawl import crawl_settings  # noqa: PLC0415
    from newscrawl.cli.runner import check_jobs, run_sources  # noqa: PLC0415

    check_jobs(jobs, config)
    checks: list[Check] = []
    articles: list[Article] = []

    with TemporaryDirectory(prefix="newscrawl-") as folder:

        def tell(result: "RunResult") -> None:
            job, seen = jobs[len(checks)], tuple(articles)
            articles.clear()
            record = _record(db, job.source)
            fields = look_at_fields(seen, record)
            told = Check(
                source=job.source,
                list=_list_look(job, Path(folder) / "warc", db, config),
                articles=seen,
                fields=fields,
                record={kind: usual.count for kind, usual in record.items()},
                result=result_of(outcome_of(result, seen, fields), job.source, failures=result.failures),
            )
            checks.append(told)
            if not as_json:
                click.echo(as_text(told, int(now_utc().timestamp())))
                click.echo(one_line(closing_line(told.result)) + ("\n" if len(checks) < len(jobs) else ""))

        settings = crawl_settings(Path(folder) / "checked.db", 0, delay=delay)
        settings |= {"NEWSCRAWL_ARCHIVE": str(Path(folder) / "warc"), "NEWSCRAWL_PROGRESS": False}
        run_sources(jobs, config=config, overrides=settings, tell=tell, on_item=articles.append)
    return checks


def _record(db: Path, source: str) -> Mapping[str, Usual]:
    """What the source's articles usually have; nothing where there is no database yet."""
    if not db.exists():
        return {}
    with database_for_reading(db) as database:
        return record_of(database, source, now_utc())


def _list_look(job: "Job", archive: Path, db: Path, config: Config) -> "ListLook | None":
    """What the list page told that was just read; None where there is none that can be read."""
    from newscrawl import registry  # noqa: PLC0415
    from newscrawl.cli.checking import look_at_list  # noqa: PLC0415

    spider = registry.spider_of(job.source, job.arguments, config)(**job.arguments)
    spider.configure(config.source(job.source))
    try:
        answers = [each for each in read_archive([archive]) if (each.source, each.role) == (job.source, "listing")]
    except UsageError:  # not one answer
        return None
    for answer in answers[:1]:
        headers = {name.lower(): value for name, value in answer.headers if name.lower() == "content-type"}
        page = Page(url=answer.url, source=job.source, body=answer.body, headers=headers, fetched_at=answer.fetched_at)
        try:
            look = look_at_list(job.arguments["channel"], spider.read_list(page, job.arguments["channel"]))
        except PageError:
            return None
        if look.newest is None or look.reaches is None or not db.exists():
            return look
        with database_for_reading(db) as database:
            return replace(look, usual=tuple(same_hours(database, job.source, look.reaches, look.newest)))
    return None
