"""One pass over a page's texts: which line of text stands in which block, how long, how much of it in links. Pure.

A line is what a reader sees as one: the texts between two block boundaries or line breaks. Old pages put their text
right under <td>, <font> or <body> with <br> between, so a line, not a <p>, is the unit that everything here weighs.
Only elements with text under them are visited: libxml2 finds the texts, Python sees a third of the tree.
"""

import re
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

_TEXTS = etree.XPath(".//text()[normalize-space()]")
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead"
    " tr ul".split()
)
_UNREAD = frozenset("button datalist head input label option optgroup select svg textarea title".split())
"""What stands in these is a control, not a text."""
_STOPS = re.compile(r"[，。！？；：、…]|[.,;!?:](?=[\s\"”’)]|$)")
"""Punctuation that sentences have and headlines, menus and labels mostly lack; a point in 3.5 or a.com is none."""
_SHORT = 1.0
"""Han characters of a text that is not worth a search for punctuation."""


class Node:
    """One block with text somewhere under it, and what stands in and under it. Weights as in Line."""

    __slots__ = ("aside", "depth", "element", "links", "parent", "score", "weight")

    def __init__(self, element: HtmlElement, parent: "Node | None") -> None:
        self.element = element
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.score = self.weight = self.links = 0.0
        self.aside = False
        """Whether it stands beside the article; known once its score is."""


class Line:
    """One line of text. Weights are in Han characters: three bytes of UTF-8, so a Latin word counts about two."""

    __slots__ = ("_text", "block", "links", "stops", "texts", "weight")

    def __init__(self, block: Node) -> None:
        self.block = block
        self.texts: list[Any] = []
        """lxml's own strings, which know where they stand."""
        self.weight = self.links = 0.0
        self.stops = 0
        self._text: str | None = None

    @property
    def pieces(self) -> list[tuple[HtmlElement, bool]]:
        """Where its texts stand: an element, and whether behind it (tail) or in it."""
        return [(text.getparent(), text.is_tail) for text in self.texts]

    @property
    def text(self) -> str:
        """The line as read, white space folded."""
        if self._text is None:
            self._text = " ".join("".join(self.texts).split())
        return self._text


class Outline:
    """A tree's lines in order, its blocks with text, parents before children, and its controls."""

    __slots__ = ("_blocks", "_linked", "_unread", "controls", "lines", "nodes")

    def __init__(self, root: HtmlElement) -> None:
        self.nodes: list[Node] = []
        self.lines: list[Line] = []
        self.controls: list[HtmlElement] = []
        self._blocks: dict[HtmlElement, Node] = {}
        """The block in which the text of an element stands."""
        self._linked: set[HtmlElement] = set()
        self._unread: set[HtmlElement] = set()
        self._read(root)

    def _read(self, root: HtmlElement) -> None:
        """Read every text under `root` once. Written for speed: it runs for every text of every page."""
        blocks, linked, unread = self._blocks, self._linked, self._unread
        line: Line | None = None
        for text in cast(list[Any], _TEXTS(root)):
            element, is_tail = text.getparent(), text.is_tail
            owner = element.getparent() if is_tail else element
            block = blocks.get(owner) or self._place(owner)
            if owner in unread:
                continue
            if line is None or line.block is not block or (is_tail and element.tag in _BLOCKS):
                line = Line(block)
                self.lines.append(line)
            line.texts.append(text)
            weight = len(text.strip().encode("utf-8", "replace")) / 3
            if owner in linked:
                line.links += weight
            else:
                line.weight += weight
                if weight > _SHORT:
                    line.stops += len(_STOPS.findall(text))

    def _place(self, element: HtmlElement) -> Node:
        """The element's block; missing ancestors get theirs first, so that `nodes` holds parents before children."""
        blocks = self._blocks
        chain = [element]
        above = element.getparent()
        while above is not None and above not in blocks:
            chain.append(above)
            above = above.getparent()
        for missing in reversed(chain):
            self._step(missing, above)
            above = missing
        return blocks[element]

    def _step(self, element: HtmlElement, parent: HtmlElement | None) -> None:
        tag = element.tag
        block = None if parent is None else self._blocks[parent]
        if tag == "a" or parent in self._linked:
            self._linked.add(element)
        if parent in self._unread:
            self._unread.add(element)
        elif tag in _UNREAD:
            self._unread.add(element)
            self.controls.append(element)
        if tag in _BLOCKS or block is None:
            block = Node(element, block)
            self.nodes.append(block)
        self._blocks[element] = block
