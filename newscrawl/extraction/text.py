"""The visible text of a tree: the page's paragraphs, one per line. Pure.

Inline nodes are joined as they stand: a space put between them would corrupt words (C<a>PPI</a>B, 上海<a>证券</a>报).
"""

import re

from lxml.html import HtmlElement

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_CELLS = frozenset({"td", "th"})
_BREAK = "\n"
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0\x85]+")
# Zero-width and bidirectional marks: nobody sees them, and they part words that are one for a search.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def visible_text(element: HtmlElement) -> str:
    """The text that a reader sees, one paragraph a line; <br> also ends a line, table cells are a space apart."""
    pieces: list[str] = []
    _collect(element, pieces)
    lines = (clean_line(line) for line in "".join(pieces).split(_BREAK))
    return "\n".join(line for line in lines if line)


def line_text(element: HtmlElement | None) -> str:
    """The visible text of a small element as one line; "" for None."""
    return "" if element is None else visible_text(element).replace("\n", " ")


def clean_line(text: str) -> str:
    """One line: white space folded, the ends (ideographic spaces too) cut, invisible characters gone."""
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", text).strip(" \u3000")


def _collect(root: HtmlElement, pieces: list[str]) -> None:
    """Walk the tree without recursion: some pages nest deeper than Python's stack."""
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if leaving:
            if tag in _BLOCKS:
                pieces.append(_BREAK)
            elif tag in _CELLS:
                pieces.append(" ")
        else:
            if tag in _BLOCKS or tag == "br":
                pieces.append(_BREAK)
            if node.text and tag:
                pieces.append(node.text if _keeps_lines(node) else node.text.replace("\n", " "))
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))
            continue
        if node is not root and node.tail:
            parent = node.getparent()
            pieces.append(node.tail if _keeps_lines(parent) else node.tail.replace("\n", " "))


def _keeps_lines(node: HtmlElement | None) -> bool:
    while node is not None and node.tag not in _BLOCKS:
        node = node.getparent()
    return node is not None and node.tag == "pre"
