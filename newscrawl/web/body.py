"""An article's body as a page may show it: sanitised once more, pictures as addresses until somebody asks for them."""

import re
from collections.abc import Sequence

from lxml import etree
from markupsafe import Markup

from newscrawl.errors import TooComplexPage
from newscrawl.extraction.markup import sanitised
from newscrawl.storage.wordings import Piece
from newscrawl.tree import Element, drop, parse_fragment

_SCHEMES = ("https://", "http://")
_CLASSES = {"-": "del", "+": "ins"}


def shown(body_html: str, pictures: bool = False) -> Markup:
    """The stored HTML for a page. Without `pictures` an <img> becomes its address, which asks nobody for anything.

    What is stored is sanitised already; it is once more, because others may write to the database, and once at the end,
    because parsers change what they read. TooComplexPage.
    """
    parse_fragment(body_html)  # refuses at once what a sanitiser takes minutes for
    root = parse_fragment(sanitised(body_html))
    for element in list(root.iter("a", "img")):
        _keep_addresses(element)
    for image in list(root.iter("img")) if not pictures else []:
        _put_address(image)
    _rank_headings(root)
    inside = (root.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return Markup(sanitised(inside))


def shown_or_text(body_html: str, body: str, pictures: bool = False) -> Markup:
    """The same; the text alone, a paragraph a line, where the HTML is such that no parser should be given it."""
    try:
        return shown(body_html, pictures)
    except TooComplexPage:
        return Markup("").join(Markup("<p>{}</p>").format(line) for line in body.splitlines())


def address_only(text: str | None) -> str:
    """A stored address that a link may lead to; "" for javascript: and for what would mean something on this site."""
    return text if text and text.lower().startswith(_SCHEMES) else ""


def differences(pieces: Sequence[Piece]) -> Markup:
    """What went and what came, as <del> and <ins>."""
    return Markup("").join(
        Markup("<{0}>{1}</{0}>").format(Markup(_CLASSES[kind]), text) if kind in _CLASSES else Markup("{}").format(text)
        for kind, text in pieces
    )


def marked(text: str | None, words: Sequence[str]) -> Markup:
    """A text with these words marked, each as it stands there."""
    if not text or not words:
        return Markup("{}").format(text or "")
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(f"({pattern})", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if number % 2 else Markup("{}").format(part)
        for number, part in enumerate(parts)
    )


def _keep_addresses(element: Element) -> None:
    """Addresses with a scheme and a host; all others would mean something on this site."""
    for name in ("href", "src"):
        if not address_only(element.get(name)):
            element.attrib.pop(name, "")
    if element.tag == "img" and not element.get("src"):
        drop(element)


def _put_address(image: Element) -> None:
    link = etree.Element("a", href=image.get("src") or "")
    link.text = f"[{image.get('alt') or 'picture'}]"
    link.tail = image.tail
    parent = image.getparent()
    if parent is not None:
        parent.replace(image, link)


def _rank_headings(root: Element) -> None:
    """The page's own heading is the first; those of the body come below it, without a step left out."""
    used = [level for level in range(1, 7) if root.find(f".//h{level}") is not None]
    for heading in list(root.iter(*(f"h{level}" for level in used))) if used else []:
        heading.tag = f"h{min(used.index(int(heading.tag[1])) + 2, 6)}"
