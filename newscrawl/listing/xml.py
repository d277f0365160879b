"""Hostile or careless XML as a tree: nothing is resolved, expanded or fetched. Pure.

The parser sees the root element only. What stands before it (DOCTYPE above all) is cut off, so no entity is ever
declared: there is nothing to expand, and nothing outside to ask for.
"""

import re
from html import unescape

from lxml import etree

from newscrawl.errors import LayoutError, TooComplexPage, TruncatedPage

MAX_CHARACTERS = 16 * 1024 * 1024
MAX_TAGS = 600_000
"""A sitemap may name 50,000 pages, each in up to five elements."""
_PROLOG = re.compile(
    r"(?:[\s\ufeff]|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_CROWDED = re.compile(r"<[A-Za-z][^<>]{20000}")
# Feeds use HTML's names for characters without declaring them.
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")
_TAIL = 500


def root_of(text: str) -> str:
    """The local name of the first element, in lower case; "" where the text begins with something else."""
    root = _root(text)
    return root[2].lower() if root else ""


def _root(text: str) -> re.Match[str] | None:
    prolog = _PROLOG.match(text)
    return _ROOT.match(text, prolog.end() if prolog else 0)


def parse_xml(text: str) -> etree._Element:
    """The tree of a text whose first element is its root. Faults in it are left out as far as can be.

    TooComplexPage for more than a parser is to be given, TruncatedPage where the root's end is missing, LayoutError
    for what is no XML at all.
    """
    if len(text) > MAX_CHARACTERS or text.count("<") > MAX_TAGS or _CROWDED.search(text):
        raise TooComplexPage(f"{len(text):,} characters of XML, {text.count('<'):,} tags: more than is read")
    root = _root(text)
    if root is None:
        raise LayoutError("no XML with a root element")
    if not re.search(rf"</{re.escape(root[0][1:])}\s*>", text[-_TAIL:]):
        raise TruncatedPage(f"the list ends before its </{root[0][1:]}>")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    source = _ENTITY.sub(lambda match: unescape(match[0]), text[root.start() :])
    tree = etree.fromstring(source.encode("utf-8", "replace"), parser)
    if tree is None:
        raise LayoutError("the list is no XML that can be read")
    return tree


def name_of(element: etree._Element) -> str:
    """The element's name without its namespace; "" for what is no element. One of no declared namespace stays whole."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def text_of(element: etree._Element | None) -> str:
    """All text in an element, white space folded; "" for None."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())
