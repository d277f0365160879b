"""RSS (0.9 to 2.0, and 1.0 in RDF) and Atom: address, title and time of each entry. Pure.

A small reader of our own and not feedparser: three fields are wanted, the bytes are decoded as all others here (GBK
under a wrong label), and nothing of a feed's HTML is kept.
"""

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree

from newscrawl.dates import parse_date
from newscrawl.extraction.text import clean_line
from newscrawl.listing.found import Entry, Found
from newscrawl.listing.xml import name_of, text_of
from newscrawl.urls import absolute, canonical

_ENTRIES = frozenset({"item", "entry"})
_PUBLISHED = ("published", "pubdate", "date", "issued", "created")
_EDITED = ("updated", "modified", "lastbuilddate")
_MARKUP = re.compile(r"<[^<>]{1,300}>")
_LONGEST_TITLE = 300
_LONGEST_DATE = 100


def read_feed(tree: etree._Element, base: str) -> Found:
    """The entries of a feed at the address `base`, in its order; `next` where it is given in pages (RFC 5005)."""
    elements = [element for element in tree.iter() if name_of(element) in _ENTRIES]
    entries = [entry for element in elements if (entry := _entry(element, base))]
    return Found(
        kind="atom" if name_of(tree) == "feed" else "rss",
        entries=tuple({entry.url: entry for entry in entries}.values()),
        next=next(_links(tree, base, "next"), None),
        odd=len(elements) - len(entries),
        links=len({entry.url for entry in entries}),
    )


def _entry(element: etree._Element, base: str) -> Entry | None:
    parts: dict[str, etree._Element] = {}
    for child in element:
        parts.setdefault(name_of(child), child)
    url = _address(element, parts, base)
    if url is None:
        return None
    printed = next((text_of(parts[name]) for name in _PUBLISHED if name in parts), "")[:_LONGEST_DATE]
    edited = next((text_of(parts[name]) for name in _EDITED if name in parts), "")[:_LONGEST_DATE]
    dated = parse_date(printed or edited)
    return Entry(
        url=canonical(url),
        title=_title(text_of(parts.get("title"))) or None,
        at=int(dated.at.timestamp()) if dated and dated.precision != "day" else None,
        printed=printed or None,
    )


def _address(element: etree._Element, parts: dict[str, etree._Element], base: str) -> str | None:
    """The entry's page: its link, else a guid or id that is an address."""
    for link in _links(element, base, "alternate"):
        return link
    named = [text_of(child) for child in element if name_of(child) == "link" and not child.get("href")]
    guid = parts.get("guid")
    if guid is not None and guid.get("isPermaLink", "true") != "false":
        named.append(text_of(guid))
    about = [value for name, value in element.attrib.items() if str(name).endswith("}about")]
    named += [*map(str, about), text_of(parts.get("id"))]
    for address in named:
        if (url := absolute(address, base)) and (address in named[:1] or address.startswith("http")):
            return url
    return None


def _links(element: etree._Element, base: str, rel: str) -> Iterator[str]:
    """The addresses of <link rel href> in an element, or in an RSS feed's <channel>."""
    places = [element, *(child for child in element if name_of(child) == "channel")]
    for child in (child for place in places for child in place):
        if name_of(child) == "link" and child.get("rel", "alternate") == rel:
            url = absolute(str(child.get("href", "")), base)
            if url:
                yield url


def _title(text: str) -> str:
    """A title without the markup that some feeds write into it, escaped once or twice."""
    return clean_line(_MARKUP.sub("", unescape(text)))[:_LONGEST_TITLE]
