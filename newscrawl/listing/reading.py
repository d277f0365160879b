"""One answer -> Found. Which kind of list it is, its content tells: neither its address nor its label. Pure."""

import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from newscrawl.decode import decode
from newscrawl.document import Document, parse_page
from newscrawl.errors import EmptyPage, LayoutError, TooComplexPage, TruncatedPage
from newscrawl.extraction.generic.blocks import Outline
from newscrawl.extraction.generic.body import find_body
from newscrawl.extraction.generic.refuse import MIN_CONFIDENCE
from newscrawl.extraction.whole import check_whole
from newscrawl.items import Page
from newscrawl.listing.anchors import Anchor, anchors_of
from newscrawl.listing.feeds import read_feed
from newscrawl.listing.found import Entry, Form, Found
from newscrawl.listing.links import FEWEST, article_form, articles, articles_like
from newscrawl.listing.pager import next_like, next_page
from newscrawl.listing.sitemap import read_index, read_sitemap
from newscrawl.listing.xml import MAX_CHARACTERS, parse_xml, root_of
from newscrawl.urls import canonical

_GZIP = b"\x1f\x8b"
_LONG = 250
"""Characters of a text that is an article's, and no column's word on itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an operator says of a site's lists; what he does not say is found out."""

    hosts: tuple[str, ...]
    """The site's hosts, as urls.is_on reads them."""
    article: re.Pattern[str] | None = None
    """Which addresses are articles."""
    next: re.Pattern[str] | None = None
    """Which address is the next page."""


def read(page: Page, wanted: Wanted, *, form: Form | None = None, seen: Collection[str] = ()) -> Found:
    """The list that an answer is.

    `form` is that of an earlier page of the same list, `seen` are the pages of it that were read. Raises a
    PageError: LayoutError for what is no list, EmptyPage, EncodingError, BlockedPage, TooComplexPage, TruncatedPage.
    """
    page = replace(page, body=_unpacked(page.body))
    text = decode(page.body, page.headers.get("content-type", "").lower())
    if not text.strip():
        raise EmptyPage("the answer is empty")
    match root_of(text):
        case "rss" | "rdf" | "feed":
            found = read_feed(parse_xml(text), page.url)
        case "urlset":
            found = read_sitemap(parse_xml(text), page.url, every=wanted.article is not None)
        case "sitemapindex":
            return read_index(parse_xml(text), page.url)
        case _:
            return _read_page(page, wanted, form, seen)
    return replace(found, entries=_like(found.entries, wanted.article))


def _like(entries: tuple[Entry, ...], pattern: re.Pattern[str] | None) -> tuple[Entry, ...]:
    return entries if pattern is None else tuple(entry for entry in entries if pattern.search(entry.url))


def _read_page(page: Page, wanted: Wanted, form: Form | None, seen: Collection[str]) -> Found:
    document = parse_page(page)
    if document.tree is None:
        raise LayoutError("neither a web page nor a feed nor a sitemap")
    check_whole(document, None)
    own, anchors = canonical(page.url), anchors_of(document, wanted.hosts)
    links = len({anchor.url for anchor in anchors})
    found_here = form is None
    form = Form() if wanted.article else form or article_form(anchors)
    if form is None:
        raise LayoutError(f"a page with {links} links to its own site, on which no {FEWEST} headlines make a list")
    entries = articles_like(anchors, wanted.article, own) if wanted.article else articles(anchors, form, own)
    if not wanted.article and found_here and _is_article(document, anchors, entries, form):
        raise LayoutError("an article's page; the headlines on it stand beside the article")
    seen = {own, *seen}
    following = next_like(anchors, wanted.next, seen) if wanted.next else next_page(document, anchors, seen)
    listed = {entry.url for entry in entries}
    return Found(
        kind="page", entries=entries, next=following if following not in listed else None, form=form, links=links
    )


def _is_article(document: Document, anchors: Sequence[Anchor], entries: Sequence[Entry], form: Form) -> bool:
    """Whether the page has a long text with the headlines beside it, not in it: a list's summaries are its own."""
    body = find_body(Outline(document.tree)) if document.tree is not None else None
    if body is None or body.confidence < MIN_CONFIDENCE:
        return False
    listed = {entry.url for entry in entries}
    links = [anchor.element for anchor in anchors if anchor.url in listed]
    inside = sum(body.element in set(link.iterancestors()) for link in links)
    least = 0 if form.beside else max(sum(len(entry.title or "") for entry in entries), _LONG)
    return 2 * inside <= len(links) and sum(len(line.text) for line in body.lines) > least


def _unpacked(body: bytes) -> bytes:
    """The bytes of a .gz file; others as they are."""
    if not body.startswith(_GZIP):
        return body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacking.decompress(body, MAX_CHARACTERS)
    except zlib.error as error:
        raise LayoutError(f"no gzip file that can be read: {error}") from None
    if unpacking.unconsumed_tail:
        raise TooComplexPage(f"larger than {MAX_CHARACTERS:,} bytes once unpacked")
    if not unpacking.eof:
        raise TruncatedPage("the gzip file ends too early")
    return unpacked
