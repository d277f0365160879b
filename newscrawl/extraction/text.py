"""The visible text of a tree: the page's paragraphs, one per line. Pure.

Inline nodes are joined as they stand: a space put between them would corrupt words (C<a>PPI</a>B, 上海<a>证券</a>报).
"""

import re

from newscrawl.tree import Element

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_BREAKING = _BLOCKS | {"br"}
_CELLS = frozenset({"td", "th"})
_BREAK = "\n"
_RUN = re.compile(" {2,}")
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0\x85]+")
# Zero-width and bidirectional marks: nobody sees them, and they part words that are one for a search.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)


def visible_text(element: Element) -> str:
    """The text that a reader sees, one paragraph a line; <br> also ends a line, table cells are a space apart."""
    lines = (clean_line(line) for line in "".join(_pieces(element)).split(_BREAK))
    return "\n".join(line for line in lines if line)


def line_text(element: Element | None) -> str:
    """The visible text of a small element as one line; "" for None."""
    if element is None:
        return ""
    if not len(element):
        return clean_line((element.text or "").replace("\n", " "))
    return visible_text(element).replace("\n", " ")


def clean_line(text: str) -> str:
    """One line: white space folded, the ends (ideographic spaces too) cut, invisible characters gone."""
    text = text.strip()
    if not text.isprintable():  # holds white space other than " ", or what nobody sees
        text = _SPACES.sub(" ", _CONTROL.sub("", _INVISIBLE.sub("", text))).strip()
    return _RUN.sub(" ", text) if "  " in text else text


def _pieces(root: Element) -> list[str]:
    """The texts under `root`, with a break where a block begins or ends. No recursion: some pages nest deep."""
    pieces: list[str] = []
    keeps = set(root.iter("pre"))
    open_ = [root]
    _enter(root, pieces, keeps)
    for element in root.iterdescendants("*"):
        parent = element.getparent()
        while (last := open_[-1]) is not parent:
            open_.pop()
            _leave(last, pieces, keeps)
        open_.append(element)
        _enter(element, pieces, keeps)
    while (last := open_.pop()) is not root:
        _leave(last, pieces, keeps)
    return pieces


def _enter(element: Element, pieces: list[str], keeps: set[Element]) -> None:
    if element.tag in _BREAKING:
        pieces.append(_BREAK)
    if text := element.text:
        pieces.append(text if keeps and _keeps_lines(element, keeps) else text.replace("\n", " "))


def _leave(element: Element, pieces: list[str], keeps: set[Element]) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        pieces.append(_BREAK)
    elif tag in _CELLS:
        pieces.append(" ")
    if text := element.tail:
        pieces.append(text if keeps and _keeps_lines(element.getparent(), keeps) else text.replace("\n", " "))


def _keeps_lines(element: Element | None, keeps: set[Element]) -> bool:
    """Whether the innermost block around a text is one of <pre>."""
    while element is not None and element.tag not in _BLOCKS:
        element = element.getparent()
    return element in keeps
