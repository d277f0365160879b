"""`newscrawl export jekyll`: a folder of posts, a site for readers."""

import re
from pathlib import Path

import click

from newscrawl.cli.common import (
    check_source,
    database_for_reading,
    db_option,
    given,
    json_option,
    one_line,
    print_json,
)
from newscrawl.errors import UsageError
from newscrawl.export.folder import Written
from newscrawl.export.jekyll import DAYS, TITLE, Site, export_jekyll
from newscrawl.outcomes import EXIT_STATUS
from newscrawl.spiders.arguments import CrawlArguments
from newscrawl.storage.timetext import now_utc

_WORK = ("new", "changed", "moved", "removed", "unchanged")
_SHOWN = 5
_HOME = re.compile(r"(?:(?:https?:)?//[^\s/<>()\"'{}]+)?(?:/[^\s/<>()\"'{}?#]+)*/?")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--days",
    type=click.IntRange(1),
    metavar="N",
    help=f"Days in _posts/, the last that of the newest article.  [{DAYS}]",
)
@click.option("--all", "whole", is_flag=True, help="All days in _posts/, none in old_post/.")
@click.option("--source", metavar="NAME", help="Only this source's articles.")
@click.option("--since", metavar="DATE", help="Only what was published on this day or moment (Beijing time), or later.")
@click.option("--title", default=TITLE, show_default=True, metavar="TEXT", help="The site's name.")
@click.option(
    "--home", default="", metavar="ADDRESS", help="Where it will stand: https://news.example.org, or /folder."
)
@db_option
@json_option
def jekyll(  # noqa: PLR0917
    folder: Path,
    days: int | None,
    whole: bool,
    source: str | None,
    since: str | None,
    title: str,
    home: str,
    db: Path,
    as_json: bool,
) -> None:
    """Make DIR hold the articles as Jekyll posts, with category pages, an index and an Atom feed.

    The newest days stand in _posts/, older ones in old_post/. A post that is so already is not touched; one of ours
    that is no longer wanted is removed. A file that is not ours, or that was changed by hand, is left and named, and
    the exit status is 1. _config.yml, index.html and _layouts/category.html are written where there are none.

    \b
    newscrawl export jekyll site && jekyll build -s site -d public
    newscrawl export jekyll site --days 7 --home https://news.example.org
    """
    if whole and days is not None:
        raise UsageError("--all and --days cannot be given together")
    if not _HOME.fullmatch(home):
        raise UsageError(
            f"home: {home!r} is neither an address such as https://news.example.org nor a folder such as /news"
        )
    times = CrawlArguments.read(**given(since=since))
    site = Site(
        days=None if whole else days or DAYS,
        source=source,
        since=times.since,
        title=title,
        home=home.rstrip("/"),
    )
    with database_for_reading(db) as database:
        check_source(database, source)
        written = export_jekyll(database, folder, site, now_utc())
    _say(written, folder, as_json=as_json)
    raise click.exceptions.Exit(EXIT_STATUS["partial"] if written.foreign else EXIT_STATUS["ok"])


def _say(written: Written, folder: Path, *, as_json: bool) -> None:
    counts = {name: written.counts[name] for name in ("posts", *_WORK, "undated")}
    if as_json:
        print_json(counts | {"left": written.foreign})
        return
    told = ", ".join(f"{name} {counts[name]}" for name in _WORK if counts[name] or name == "new")
    click.echo(f"{counts['posts']} posts in {one_line(str(folder))} (files: {told})")
    if counts["undated"]:
        click.echo(f"{counts['undated']} articles without a date are left out")
    for path in written.foreign[:_SHOWN]:
        click.echo(f"newscrawl: {one_line(path)} is not as newscrawl wrote it, and is left", err=True)
    if len(written.foreign) > _SHOWN:
        click.echo(f"newscrawl: and {len(written.foreign) - _SHOWN} more", err=True)
