"""What is wrong with a start address or a pattern, in one sentence that says what was seen. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from newscrawl.errors import PageError
from newscrawl.items import Page
from newscrawl.listing.found import NAMES, Found
from newscrawl.listing.reading import Wanted, read
from newscrawl.listing.shapes import shape_of

_ANY = re.compile("")
_PASSING = frozenset({"blocked", "truncated"})
"""Failures that say nothing of the address: the crawl will tell them."""


def complaint(page: Page, wanted: Wanted) -> str | None:
    """Why nothing can be crawled from this page as wanted; None when something can, or another time might."""
    try:
        found = read(page, wanted)
    except PageError as error:
        if error.kind in _PASSING:
            return None
        return (
            f"{page.url} is no list of articles, no feed and no sitemap that can be read: {error.reason}{_more(page)}"
        )
    return next(_faults(page, wanted, found), None)


def _more(page: Page) -> str:
    label = page.headers.get("content-type", "")
    if label and "html" not in label:
        return f" (it calls itself {label})"
    return "; --article REGEX can say which links are articles" if b"<a" in page.body.lower() else ""


def _faults(page: Page, wanted: Wanted, found: Found) -> Iterator[str]:
    what = f"the {NAMES[found.kind]} {page.url}"
    if found.kind == "sitemapindex":
        return
    if wanted.article and not found.entries and found.links:
        none = f"--article {wanted.article.pattern!r} matches none of the {_links(found)} of {what}"
        yield f"{none}{_forms(page, wanted)}"
    if found.kind == "sitemap" and not found.entries and found.links:
        yield f"{what} names {found.links} pages, none of them numbered or dated; --article REGEX can say which to take"
    if found.kind != "page":
        return
    every = {entry.url for entry in read(page, replace(wanted, article=_ANY, next=None)).entries}
    if wanted.article and len(every) > 1 and every <= {entry.url for entry in found.entries}:
        yield f"--article {wanted.article.pattern!r} matches all {_links(found)} of {what}, its menus too"
    if wanted.next:
        fitting = {url for url in every if wanted.next.search(url)}
        if not fitting and found.next is None:
            yield f"--next {wanted.next.pattern!r} matches none of the {_links(found)} of {what}"
        if len(every) > 1 and fitting == every:
            yield f"--next {wanted.next.pattern!r} matches all {_links(found)} of {what}"


def _links(found: Found) -> str:
    return f"{found.links} link{'s' * (found.links != 1)}"


def _forms(page: Page, wanted: Wanted) -> str:
    """The form that most of its addresses have."""
    entries = read(page, replace(wanted, article=_ANY, next=None)).entries
    forms = Counter(shape_of(entry.url) for entry in entries).most_common(1)
    return f"; most of them look like {forms[0][0]}" if forms else ""
