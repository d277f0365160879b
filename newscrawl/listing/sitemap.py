"""Sitemaps, and indexes of sitemaps (sitemaps.org 0.9, with Google's news extension). Pure."""

from lxml import etree

from newscrawl.dates import parse_date
from newscrawl.listing.found import Entry, Form, Found
from newscrawl.listing.shapes import day_bounds, may_be_article, news_shapes, shape_of
from newscrawl.listing.xml import name_of, text_of
from newscrawl.urls import absolute, canonical

_DAY = 86_400
_MOST = 50_000
"""Pages that one sitemap may name."""
_LONG = 3
"""Digits of a number that is an article's where no text speaks for it: columns have short ones."""


def read_sitemap(tree: etree._Element, base: str, *, every: bool = False) -> Found:
    """The articles of a sitemap, the latest edited first: a sitemap may be in any order.

    A sitemap also names columns and the home page: articles are told from them by the commonest form of path that is
    dated, a title or a long number. A news sitemap names articles only; with `every` all entries are given.
    """
    elements = [element for element in tree if name_of(element) == "url"][:_MOST]
    entries = [entry for element in elements if (entry := _page(element, base))]
    distinct = {entry.url: entry for entry in sorted(entries, key=_recency, reverse=True)}
    every = every or all(entry.at for entry in entries)
    surely = {url: "" for url in distinct if may_be_article(url, digits=_LONG)}
    form = Form() if every else Form(news_shapes(surely))
    chosen = tuple(entry for entry in distinct.values() if every or shape_of(entry.url) in form.shapes)
    odd = len(elements) - len(entries)
    return Found(kind="sitemap", entries=chosen, form=form, odd=odd, links=len(distinct))


def read_index(tree: etree._Element, base: str) -> Found:
    """The sitemaps that an index names, the latest edited first, else as they stand."""
    elements = [element for element in tree if name_of(element) == "sitemap"][:_MOST]
    lists = [entry for element in elements if (entry := _page(element, base))]
    ordered = {entry.url: entry for entry in sorted(lists, key=_recency, reverse=True)}
    odd = len(elements) - len(lists)
    return Found(kind="sitemapindex", lists=tuple(ordered.values()), odd=odd, links=len(ordered))


def _recency(entry: Entry) -> int:
    return entry.at or entry.latest or 0


def _page(element: etree._Element, base: str) -> Entry | None:
    parts = {name_of(child): child for child in reversed(element)}
    url = absolute(text_of(_own(element, "loc")), base)
    if url is None:
        return None
    url = canonical(url)
    news = parts.get("news")
    told = {name_of(child): text_of(child) for child in news} if news is not None else {}
    printed, edited = told.get("publication_date"), parse_date(text_of(parts.get("lastmod"))[:100])
    dated = parse_date(printed[:100]) if printed else None
    earliest, latest = day_bounds(url)
    if edited:
        latest = int(edited.at.timestamp()) + (_DAY if edited.precision == "day" else 0)
    return Entry(
        url=url,
        title=told.get("title") or None,
        at=int(dated.at.timestamp()) if dated and dated.precision != "day" else None,
        printed=printed or None,
        earliest=earliest,
        latest=latest,
    )


def _own(element: etree._Element, name: str) -> etree._Element | None:
    """A child in the element's own namespace: an image's <image:loc> is no page."""
    own = str(element.tag).rpartition("}")[0]
    return next((each for each in element if name_of(each) == name and str(each.tag).rpartition("}")[0] == own), None)
