"""`newscrawl search`: the articles that hold a word."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from newscrawl.asked import read_stock
from newscrawl.cli.common import (
    check_source,
    database_for_reading,
    db_option,
    given,
    json_option,
    one_line,
    print_json,
)
from newscrawl.spiders.arguments import CrawlArguments
from newscrawl.storage.search import Query, search, words_of


@click.command("search")
@click.argument("words", nargs=-1, metavar="WORD...")
@click.option("--without", multiple=True, metavar="WORD", help="Leave out what holds this word; may be repeated.")
@click.option("--since", metavar="DATE", help="Published on this day or at this moment, or later (Beijing time).")
@click.option("--until", metavar="DATE", help="Published on this day or at this moment, or earlier.")
@click.option("--source", metavar="NAME", help="Only of this source.")
@click.option("--kind", type=click.Choice(["flash", "article"]), help="Only of this kind.")
@click.option("--publisher", metavar="NAME", help="Only of this publisher, such as 财联社.")
@click.option("--stock", metavar="CODE", help="Only what names this security: 600519 or 600519.SH.")
@click.option("-i", "--ignore-case", "loose", is_flag=True, help="Take ETF, etf and ＥＴＦ for the same.")
@click.option("--best", is_flag=True, help="Best first, in place of newest first.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, metavar="N", help="How many.")
@click.option("--page", type=click.IntRange(1, 1_000_000), default=1, metavar="N", help="The N-th page of them.")
@db_option
@json_option
def search_(  # noqa: PLR0917
    words: tuple[str, ...],
    without: tuple[str, ...],
    since: str | None,
    until: str | None,
    source: str | None,
    kind: str | None,
    publisher: str | None,
    stock: str | None,
    loose: bool,
    best: bool,
    limit: int,
    page: int,
    db: Path,
    as_json: bool,
) -> None:
    """Find every article whose title or body holds all of these words, the newest first.

    A word is any piece of text, from one character on, in the middle of others or not; it is found as it is written.
    White space parts words, "double quotes" keep them together.

    \b
    newscrawl search 降准 --since 2026-11-01
    newscrawl search 新能源 电池 --without 汽车 --stock 300750
    newscrawl search etf -i --best
    """
    dates = CrawlArguments.read(**given(since=since, until=until))
    query = Query(
        words=words_of(words, loose=loose),
        without=words_of(without, loose=loose) if without else (),
        source=source,
        kind=kind,
        publisher=publisher,
        stock=read_stock(stock) if stock is not None else None,
        since=dates.since,
        until=dates.until,
        loose=loose,
        ranked=best,
    )
    with database_for_reading(db) as database:
        check_source(database, source)
        found = search(database, query, limit=limit + 1, offset=limit * (page - 1))
    if as_json:
        print_json(found[:limit])
        return
    for row in found[:limit]:
        click.echo(told(row, query.words))
    if len(found) > limit:
        click.echo(f"there are more: --page {page + 1}", err=True)
    if not found:
        click.echo("nothing found" + ("" if loose else "; -i ignores capitals and full width"), err=True)


def told(row: dict[str, Any], words: Sequence[str]) -> str:
    """One hit as a terminal shows it: when, what, whose, its number, and the text around the word."""
    when = (row["published_at"] or "no date").removesuffix("+08:00")[:16]
    whose = " ".join(filter(None, (row["publisher"], f"({row['source']}, {row['id']})")))
    head = f"{when:<16}  {_marked(row['title'] or row['headline'] or '', words)}"
    return f"{head}\n{'':18}{one_line(whose)}\n{'':18}{_marked(row['snippet'], words)}"


def _marked(text: str, words: Sequence[str]) -> str:
    """One safe line with the words in bold, where it is a terminal that shows it."""
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(pattern, lambda match: click.style(match[0], bold=True), one_line(text))
