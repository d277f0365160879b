"""One pass over a page's texts: which line of text stands in which block, how long, how much of it in links. Pure.

A line is what a reader sees as one: the texts between two block boundaries or line breaks. Old pages put their text
right under <td>, <font> or <body> with <br> between, so a line, not a <p>, is the unit that everything here weighs.
Only elements with text under them are visited: libxml2 finds the texts, Python sees a third of the tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

_TEXTS = etree.XPath(".//text()[normalize-space()]")
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
    " br".split()
)
_UNREAD = frozenset("button datalist head input label option optgroup select svg textarea title".split())
"""What stands in these is a control, not a text."""
_STOPS = re.compile(r"[，。！？；：、…]|[.,;!?:](?=[\s\"”’)]|$)")
"""Punctuation that sentences have and headlines, menus and labels mostly lack; a point in 3.5 or a.com is none."""


class Node:
    """One element with text somewhere under it."""

    __slots__ = ("block", "depth", "element", "in_link", "lines", "parent", "tag", "unread")

    def __init__(self, element: HtmlElement, parent: "Node | None") -> None:
        self.element = element
        self.parent = parent
        self.tag = tag = element.tag if isinstance(element.tag, str) else ""
        self.depth: int = parent.depth + 1 if parent else 0
        self.block: Node = self if parent is None or tag in _BLOCKS else parent.block
        self.in_link: bool = tag == "a" or (parent is not None and parent.in_link)
        self.unread: bool = tag in _UNREAD or (parent is not None and parent.unread)
        self.lines: list[Line] = []


@dataclass(slots=True)
class Line:
    """One line of text. Weights are in Han characters: three bytes of UTF-8, so a Latin word counts about two."""

    block: Node
    pieces: list[tuple[HtmlElement, bool]] = field(default_factory=list)
    """Where its texts stand: an element, and whether behind it (tail) or in it."""
    texts: list[str] = field(default_factory=list)
    weight: float = 0.0
    link_weight: float = 0.0
    stops: int = 0

    @property
    def text(self) -> str:
        """The line as read, white space folded."""
        return " ".join("".join(self.texts).split())


@dataclass(slots=True)
class Outline:
    """A tree's lines in order, and its elements with text, parents before children."""

    nodes: dict[HtmlElement, Node]
    lines: list[Line]


def outline(root: HtmlElement) -> Outline:
    """Read every text under `root` once."""
    nodes: dict[HtmlElement, Node] = {}
    lines: list[Line] = []
    line: Line | None = None
    for text, element, is_tail in _texts(root):
        node = _node(nodes, element.getparent() if is_tail else element)
        if node.unread:
            continue
        block = node.block
        if line is None or line.block is not block or (is_tail and element.tag in _BLOCKS):
            line = Line(block)
            block.lines.append(line)
            lines.append(line)
        _add(line, text, node, element, is_tail)
    return Outline(nodes, lines)


def _texts(root: HtmlElement) -> Iterator[tuple[str, HtmlElement, bool]]:
    for text in _TEXTS(root):
        yield text, text.getparent(), text.is_tail


def _add(line: Line, text: str, node: Node, element: HtmlElement, is_tail: bool) -> None:
    line.pieces.append((element, is_tail))
    line.texts.append(text)
    weight = len(text.strip().encode("utf-8", "replace")) / 3
    if node.in_link:
        line.link_weight += weight
    else:
        line.weight += weight
        line.stops += len(_STOPS.findall(text))


def _node(nodes: dict[HtmlElement, Node], element: HtmlElement) -> Node:
    """The element's node; missing ancestors are made first, so that `nodes` holds parents before children."""
    if (node := nodes.get(element)) is not None:
        return node
    chain: list[HtmlElement] = []
    while element is not None and element not in nodes:
        chain.append(element)
        element = element.getparent()
    node = nodes[element] if element is not None else None
    for missing in reversed(chain):
        node = nodes[missing] = Node(missing, node)
    assert node is not None
    return node
