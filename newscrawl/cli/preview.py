"""`newscrawl preview`: what a crawl would read at an address, without one."""

import json
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli.common import fail, json_option, one_line, print_json, safe
from newscrawl.cli.fetch import article_json, told
from newscrawl.config import load_config
from newscrawl.document import parse_page
from newscrawl.errors import NotNews, PageError, UsageError
from newscrawl.extraction.generic.blocks import Outline
from newscrawl.extraction.generic.body import find_body
from newscrawl.items import BEIJING, Article, Page
from newscrawl.listing.complaints import complaint
from newscrawl.listing.found import NAMES, Entry, Found
from newscrawl.listing.reading import Wanted, read
from newscrawl.outcomes import EXIT_STATUS, status_of_failure, what_is_wrong
from newscrawl.sites import read_start, read_typed, source_name

if TYPE_CHECKING:
    from newscrawl.outcomes import RunResult

_SHOWN = 10
_ORIGINS = {"published_precision": "published_at", "published_raw": "published_at"}
"""Fields that are read with another."""


@dataclass(frozen=True, slots=True)
class Look:
    """What an address holds: a list or an article."""

    page: Page
    found: Found | None
    article: Article | None
    confidence: float | None
    """Of the generic reader in the article's body, 0 to 1."""


@click.command()
@click.argument("address")
@click.option("--article", metavar="REGEX", help="Which addresses are articles. Found out otherwise.")
@click.option("--next", "following", metavar="REGEX", help="Which address is the list's next page.")
@click.option("--base-url", metavar="URL", help="Ask this scheme, host and port in place of the public host.")
@json_option
def preview(address: str, article: str | None, following: str | None, base_url: str | None, as_json: bool) -> None:
    """Fetch one address and show what a crawl would make of it; nothing is stored.

    Of a list page, a feed or a sitemap: its articles, the pattern by which they were found, the next page. Of an
    article's page: the record, field by field, and where each field was read. robots.txt is asked as always.

    \b
    newscrawl preview https://www.example.com/news/
    newscrawl preview https://www.example.com/feed.xml
    newscrawl preview https://www.example.com/2026/11/20/123.html
    """
    try:
        start = read_start(address)[0]
    except ValueError as error:
        raise UsageError(f"{address!r} is no http or https address") from error
    typed = read_typed(article=article, next=following)
    page = _fetch(start, {**typed, **({"base_url": base_url} if base_url else {})})
    from newscrawl.spiders.site import SiteSpider  # noqa: PLC0415

    wanted = SiteSpider(start=start, **typed).wanted
    seen = look(page, wanted)
    wrong = complaint(page, wanted) if typed or not (seen.found or seen.article) else None
    if wrong:
        raise UsageError(wrong)
    print_json(as_data(seen)) if as_json else click.echo(as_text(seen))


def _fetch(url: str, arguments: dict[str, str]) -> Page:
    """The page; ends the command where there is none to be had."""
    from newscrawl.cli.runner import Job, aside, run_sources  # noqa: PLC0415

    pages: list[Page] = []
    results: list[RunResult] = []
    job = Job(source_name(url), {"start": url, "url": url, **arguments})
    with aside() as settings:
        settings |= {"LOG_ENABLED": False, **({"DOWNLOAD_DELAY": 0} if "base_url" in arguments else {})}
        results += run_sources([job], config=load_config(), overrides=settings, on_item=pages.append)
    if pages:
        return pages[0]
    for failure in results[0].failures:
        fail(f"{failure.url}: {failure.kind}: {failure.reason}", status_of_failure(failure.kind))
    return fail(f"{url}: {what_is_wrong(results[0])}", results[0].exit_status or EXIT_STATUS["partial"])


def look(page: Page, wanted: Wanted) -> Look:
    """What a page holds: a list, else an article."""
    try:
        found = read(page, wanted)
    except PageError:
        found = None
    if found and found.kind != "page":
        return Look(page, found, None, None)
    article = None if found else _article(page)
    if article is None or article.provenance.get("body") != "generic":
        return Look(page, found, article, None)
    tree = parse_page(page).tree
    body = find_body(Outline(tree)) if tree is not None else None
    return Look(page, found, article, body.confidence if body else None)


def _article(page: Page) -> Article | None:
    from pipelines import read_page  # noqa: PLC0415

    try:
        return read_page(replace(page, source=""))
    except (PageError, NotNews):
        return None


def as_data(seen: Look) -> dict[str, Any]:
    """A look as JSON holds it."""
    data: dict[str, Any] = {"url": seen.page.url}
    if seen.found:
        data["list"] = {
            "kind": seen.found.kind,
            "pattern": pattern_of(seen.found),
            "next": seen.found.next,
            "articles": [_entry_data(entry) for entry in seen.found.entries],
            "lists": [entry.url for entry in seen.found.lists],
        }
    if seen.article:
        data["article"] = json.loads(article_json(seen.article)) | {"confidence": seen.confidence}
    return data


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {"url": entry.url, "title": entry.title, "published_at": _moment(entry)}


def pattern_of(found: Found) -> str | None:
    """What `--article` would have to be to find the same; None where all entries are articles."""
    forms = [f"{shape}$" for shape in found.form.shapes]
    return "|".join(forms) or None


def as_text(seen: Look) -> str:
    """A look as a person reads it."""
    parts = [f"{one_line(seen.page.url)}\n"]
    if seen.found:
        parts.append(_list_text(seen.found))
    if seen.article:
        parts.append(_article_text(seen.article, seen.confidence))
    return "\n".join(parts).rstrip()


def _list_text(found: Found) -> str:
    lines = [f"{NAMES[found.kind]}: {len(found.entries)} articles among {found.links} addresses"]
    if found.kind == "sitemapindex":
        lines = [f"{NAMES[found.kind]}: {len(found.lists)} sitemaps"]
    named = (("pattern", pattern_of(found)), ("next page", found.next))
    lines += [f"{name + ':':<11}{one_line(value)}" for name, value in named if value]
    for entry in (*found.entries, *found.lists)[:_SHOWN]:
        headline = one_line(" ".join(filter(None, (_moment(entry), entry.title))))
        lines += [f"  {headline}", f"    {entry.url}"] if headline else [f"  {entry.url}"]
    left = len(found.entries) + len(found.lists) - _SHOWN
    return "\n".join([*lines, *([f"  and {left} more"] if left > 0 else []), ""])


def _moment(entry: Entry) -> str | None:
    return None if entry.at is None else f"{datetime.fromtimestamp(entry.at, BEIJING):%Y-%m-%d %H:%M}"


def _article_text(article: Article, confidence: float | None) -> str:
    """The record, and behind each field where on the page it was read."""
    hidden = {"body", "body_html", "image_urls", "source", "fetched_at", "provenance"}
    lines = ["article"]
    for name in (field.name for field in fields(article) if field.name not in hidden):
        origin = article.provenance.get(_ORIGINS.get(name, name))
        value = told(getattr(article, name))
        lines += [f"{name + ':':<21}{value}" + (f"  ({origin})" if origin else "")] if value else []
    sure = f", confidence {confidence:.2f}" if confidence is not None else ""
    lines.append(f"{'body:':<21}{len(article.body)} characters  ({article.provenance.get('body')}{sure})")
    return "\n".join([*lines, "", safe(article.body), ""])
