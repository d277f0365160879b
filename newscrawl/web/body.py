"""An article's body as a page may show it: sanitised once more, pictures as addresses until somebody asks for them."""

import re
from collections.abc import Sequence

from lxml import etree
from markupsafe import Markup

from newscrawl.extraction.markup import sanitised
from newscrawl.storage.wordings import Piece
from newscrawl.tree import Element, parse_fragment

_CLASSES = {"-": "del", "+": "ins"}


def shown(body_html: str, pictures: bool = False) -> Markup:
    """The stored HTML for a page. Without `pictures` an <img> becomes its address, which asks nobody for anything.

    What is stored is sanitised already; it is once more, because others may write to the database.
    """
    root = parse_fragment(body_html)
    for image in list(root.iter("img")):
        if not pictures:
            _put_address(image)
    _deepen_headings(root)
    inside = (root.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return Markup(sanitised(inside))


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


def _put_address(image: Element) -> None:
    source = image.get("src") or ""
    link = etree.Element("a", href=source)
    link.text = f"[{image.get('alt') or 'picture'}]"
    link.tail = image.tail
    parent = image.getparent()
    if parent is not None:
        parent.replace(image, link)


def _deepen_headings(root: Element) -> None:
    """The page's own heading is the first; those of the body come below it."""
    for level in range(6, 0, -1):
        for heading in root.iter(f"h{level}"):
            heading.tag = f"h{min(level + 1, 6)}"
