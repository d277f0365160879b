"""One pass over a page's texts: which line of text stands in which block, how long, how much of it in links. Pure.

A line is what a reader sees as one: the texts between two block boundaries or line breaks. Old pages put their text
right under <td>, <font> or <body> with <br> between, so a line, not a <p>, is the unit that everything here weighs.
Only elements with text under them are visited: libxml2 finds the texts, Python sees a third of the tree.
"""

import re

from lxml import etree
from lxml.html import HtmlElement

from newscrawl.extraction.generic.names import is_aside

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
_SHORT = 4
"""Characters of a text that is hardly a sentence; not worth a search for punctuation."""


class Node:
    """One element with text somewhere under it, and what stands in and under it. Weights as in Line."""

    __slots__ = ("aside", "block", "depth", "element", "in_link", "links", "parent", "score", "stops", "unread", "weight")

    def __init__(self, element: HtmlElement, parent: "Node | None") -> None:
        self.element = element
        self.parent = parent
        tag = element.tag
        self.score = self.weight = self.links = 0.0
        self.stops = 0
        self.aside = is_aside(element)
        if parent is None:
            self.depth, self.block, self.in_link, self.unread = 0, self, tag == "a", tag in _UNREAD
        else:
            self.depth = parent.depth + 1
            self.block: Node = self if tag in _BLOCKS else parent.block
            self.in_link = parent.in_link or tag == "a"
            self.unread = parent.unread or tag in _UNREAD


class Line:
    """One line of text. Weights are in Han characters: three bytes of UTF-8, so a Latin word counts about two."""

    __slots__ = ("block", "links", "pieces", "stops", "texts", "weight")

    def __init__(self, block: Node) -> None:
        self.block = block
        self.pieces: list[tuple[HtmlElement, bool]] = []
        """Where its texts stand: an element, and whether behind it (tail) or in it."""
        self.texts: list[str] = []
        self.weight = self.links = 0.0
        self.stops = 0

    @property
    def text(self) -> str:
        """The line as read, white space folded."""
        return " ".join("".join(self.texts).split())


class Outline:
    """A tree's lines in order, and its elements with text, parents before children."""

    __slots__ = ("lines", "nodes")

    def __init__(self, root: HtmlElement) -> None:
        self.nodes: dict[HtmlElement, Node] = {}
        self.lines: list[Line] = []
        self._read(root)

    def _read(self, root: HtmlElement) -> None:
        """Read every text under `root` once."""
        nodes = self.nodes
        line: Line | None = None
        for text in _TEXTS(root):
            element, is_tail = text.getparent(), text.is_tail
            owner = element.getparent() if is_tail else element
            node = nodes.get(owner) or self._add(owner)
            if node.unread:
                continue
            if line is None or line.block is not node.block or (is_tail and element.tag in _BLOCKS):
                line = Line(node.block)
                self.lines.append(line)
            line.pieces.append((element, is_tail))
            line.texts.append(text)
            weight = len(text.strip().encode("utf-8", "replace")) / 3
            if node.in_link:
                line.links += weight
            else:
                line.weight += weight
                if len(text) > _SHORT:
                    line.stops += len(_STOPS.findall(text))

    def _add(self, element: HtmlElement) -> Node:
        """The element's node; missing ancestors are made first, so that `nodes` holds parents before children."""
        chain: list[HtmlElement] = []
        above: HtmlElement | None = element
        while above is not None and above not in self.nodes:
            chain.append(above)
            above = above.getparent()
        node = None if above is None else self.nodes[above]
        for missing in reversed(chain):
            node = self.nodes[missing] = Node(missing, node)
        assert node is not None
        return node
