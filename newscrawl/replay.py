"""Archived answers as the pages that a crawl made of them. Pure; no Scrapy, so no reactor."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlsplit

from newscrawl.errors import LayoutError, NotNews
from newscrawl.extraction.chain import begins_at, joined
from newscrawl.items import Page
from newscrawl.spiders import cls_roll
from newscrawl.spiders.paging import Listing
from newscrawl.storage.archive_reading import ArchivedAnswer
from newscrawl.urls import canonical, host_of

WHOLE_ROWS: Mapping[str, Callable[[Page], Listing]] = MappingProxyType({"cls_telegraph": cls_roll.read_list})
"""The sources whose lists hold whole stories. Of the others' lists nothing is to be read again."""
_KEPT_HEADERS = ("content-type", "content-length", "content-encoding")


def first_page(answer: ArchivedAnswer) -> Page:
    """The page of one answer of a crawl, without its further parts."""
    return _page(
        answer,
        url=answer.url,
        source=answer.context.get("page_source", answer.source),
        aliases=tuple(answer.context.get("redirected_from", "").split()),
    )


def story_page(story: Sequence[ArchivedAnswer]) -> Page:
    """The page of one story, whose further parts stand behind the first.

    TruncatedPage where one is missing, LayoutError where the first is none.
    """
    first = first_page(story[0])
    if begins := begins_at(first):
        raise LayoutError(f"a later part of the story at {begins}", url=first.url)
    return joined(first, {int(part.context["part"]): first_page(part) for part in story[1:] if part.status == 200})


def row_pages(answer: ArchivedAnswer) -> list[Page]:
    """A page for each row of a list that holds whole stories. PageError for a list that cannot be read."""
    listing = WHOLE_ROWS[answer.source](first_page(answer))
    return [
        Page(
            url=row.url,
            source=answer.source,
            body=row.body,
            fetched_at=answer.fetched_at,
            headers={"content-type": "application/json"},
            backfilled=True,
        )
        for row in listing.rows
        if row.body is not None and not row.skip
    ]


def foreign_page(answer: ArchivedAnswer) -> Page:
    """The page of another crawler's answer, of no known source.

    NotNews for what cannot be a story's page, TruncatedPage for one that goes on elsewhere.
    """
    if "." not in host_of(answer.url):
        raise NotNews("address")  # nobody's host, or one that looks like the name of a source
    parts = urlsplit(answer.url)
    if parts.path == "/robots.txt":
        raise NotNews("robots")
    if answer.status != 200:
        raise NotNews("status")
    if "html" not in answer.header("content-type").lower():
        raise NotNews("not_html")
    if parts.path in {"", "/"} and not parts.query:
        raise NotNews("home")
    url = canonical(answer.url)
    page = _page(answer, url=url, source="", aliases=(answer.url,) if answer.url != url else ())
    if begins_at(page):
        raise NotNews("later_part")
    return joined(page, {})


def foreign_source(url: str) -> str:
    """The source's name for a page of a site of which nothing is known."""
    return host_of(url).removeprefix("www.")


def _page(answer: ArchivedAnswer, *, url: str, source: str, aliases: tuple[str, ...]) -> Page:
    return Page(
        url=url,
        source=source,
        body=answer.body,
        fetched_at=answer.fetched_at,
        status=answer.status,
        headers={name: value for name in _KEPT_HEADERS if (value := answer.header(name))},
        aliases=aliases,
        backfilled=True,  # it is stored long after it came
    )
