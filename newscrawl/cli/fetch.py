"""`newscrawl fetch`: one address on demand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from newscrawl.cli.common import given, json_option, one_line, safe
from newscrawl.cli.crawl import crawl_settings
from newscrawl.config import load_config
from newscrawl.items import Article
from newscrawl.outcomes import EXIT_STATUS, status_of_failure, what_is_wrong

if TYPE_CHECKING:
    from newscrawl.outcomes import RunResult


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--save", is_flag=True, help="Store it too.")
@click.option("--base-url", metavar="URL", help="Ask this scheme, host and port in place of the public host.")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
@click.option("-v", "verbose", count=True, help="With --save: write Scrapy's log beside the database.")
@json_option
def fetch(  # noqa: PLR0917
    urls: tuple[str, ...], save: bool, base_url: str | None, db: Path | None, verbose: int, as_json: bool
) -> None:
    """Fetch single addresses and print their records, field by field.

    The source is found by the address's host. Nothing is stored without --save. robots.txt is asked as always.

    \b
    newscrawl fetch https://www.cls.cn/detail/2487608
    newscrawl fetch --save https://finance.eastmoney.com/a/202609183878840472.html
    """
    from newscrawl.cli.runner import Job, check_jobs, run_sources  # noqa: PLC0415
    from newscrawl.outcomes import closing_line  # noqa: PLC0415
    from newscrawl.registry import source_of  # noqa: PLC0415

    config = load_config()
    sources: dict[str, list[str]] = {}
    for url in urls:
        sources.setdefault(source_of(url, config), []).append(url)
    # One crawl for each source, so that its host is given time between the addresses.
    jobs = [Job(source, given(url=" ".join(asked), base_url=base_url)) for source, asked in sources.items()]
    check_jobs(jobs, config)
    articles: list[Article] = []
    status = EXIT_STATUS["ok"]

    def tell(result: "RunResult") -> None:
        nonlocal status
        status = max(status, _say(result, articles, as_json))
        if save:
            click.echo(one_line(closing_line(result)), err=True)
        articles.clear()

    with _database(db or config.database, save) as database:
        settings = crawl_settings(database, verbose) | {"NEWSCRAWL_PROGRESS": False}
        if not save:
            settings["NEWSCRAWL_ARCHIVE"] = ""  # beside the database, and gone with it
        if base_url:
            settings["DOWNLOAD_DELAY"] = 0
        if not save:
            settings["NEWSCRAWL_ARCHIVE"] = ""  # beside the database, and gone with it
        run_sources(jobs, config=config, overrides=settings, tell=tell, on_item=articles.append)
    raise click.exceptions.Exit(status)


@contextmanager
def _database(database: Path, save: bool) -> Iterator[Path]:
    """The operator's database, or one that is gone afterwards, with its archive."""
    if save:
        yield database
        return
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        yield Path(folder) / "fetched.db"


def _say(result: "RunResult", articles: list[Article], as_json: bool) -> int:
    """Print what was read, or why nothing was; the exit status of it."""
    for article in articles:
        click.echo(article_json(article) if as_json else article_text(article))
    for failure in result.failures:
        click.echo(f"{one_line(failure.url)}: {failure.kind}: {one_line(failure.reason)}", err=True)
    for kind in result.skipped:
        click.echo(f"{result.source}: no news but {kind}: not stored", err=True)
    if result.failures:
        return max(status_of_failure(failure.kind) for failure in result.failures)
    if result.exit_status and not articles:
        click.echo(f"newscrawl: {one_line(what_is_wrong(result))}", err=True)
    return result.exit_status or (EXIT_STATUS["partial"] if result.skipped else EXIT_STATUS["ok"])


def article_json(article: Article) -> str:
    """One line of JSON, the same as `scrapy crawl -O FILE.jsonl` writes."""
    from itemadapter.adapter import ItemAdapter  # noqa: PLC0415
    from scrapy.utils.serialize import ScrapyJSONEncoder  # noqa: PLC0415

    # ASCII: nothing in the text can steer a terminal.
    return json.dumps(ItemAdapter(article).asdict(), cls=ScrapyJSONEncoder)


def article_text(article: Article) -> str:
    """A record as a person reads it: one line for each field that has something, the body last."""
    names = [field.name for field in fields(article) if field.name not in {"body", "body_html", "image_urls"}]
    lines = [(name, told(getattr(article, name))) for name in names]
    return "\n".join([*(f"{name + ':':<21}{value}" for name, value in lines if value), "", safe(article.body), ""])


def told(value: object) -> str:
    """A field's value on one line; "" for nothing."""
    if isinstance(value, tuple):
        return ", ".join(told(each) for each in value)
    if hasattr(value, "__dataclass_fields__"):
        parts = [told(getattr(value, name)) for name in value.__dataclass_fields__]
        return " ".join(part for part in parts if part)
    if isinstance(value, dict):
        return ", ".join(f"{name} {told}" for name, told in value.items())
    return one_line(str(value)) if value not in {None, False} else ""
