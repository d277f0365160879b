"""One walk over a page's texts: which line of text stands in which block, how long, how much of it in links. Pure.

A line is what a reader sees as one: the texts between two block boundaries or line breaks. Old pages put their text
right under <td>, <font> or <body> with <br> between, so a line, not a <p>, is the unit that everything here weighs.
"""

import re
from itertools import chain
from typing import TypeAlias

from newscrawl.tree import Element, hidden

_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead"
    " tr ul".split()
)
_UNREAD = frozenset("button datalist head input label option optgroup select svg textarea title".split())
"""What stands in these is a control, not a text."""
_STOPS = re.compile(r"[，。！？；：、…]|[.,;!?:](?=[\s\"”’)]|$)")
"""Punctuation that sentences have and headlines, menus and labels mostly lack; a point in 3.5 or a.com is none."""
_SHORT = 3
"""Bytes of a text that is not worth a search for punctuation."""
_END = (None,)
_CONTROL, _HIDDEN = 1, 2
"""A control's text is a piece (a date may stand in it) and no line; of what is hidden, and of a <title> in the body of
a page whose <head> ended too early, there is nothing."""
_VOID = frozenset({"br", "hr"})
_SCOPED = _BLOCKS | _UNREAD | {"a"}

Place: TypeAlias = tuple[Element, str]
"""Where a text stands: an element, and whether in it ("text") or behind it ("tail")."""


class Node:
    """One block, and what stands in and under it. Weights as in Line."""

    __slots__ = ("aside", "element", "links", "parent", "score", "weight")

    def __init__(self, element: Element, parent: "Node | None") -> None:
        self.element = element
        self.parent = parent
        self.score = self.weight = self.links = 0.0
        self.aside = False
        """Whether it stands beside the article; known once its score is."""


_Scope: TypeAlias = tuple[Node, bool, int]
"""The block in which a text stands, whether in a link, and whether it is read (0, _CONTROL or _HIDDEN)."""


class Line:
    """One line of text. Weights are in Han characters: three bytes of UTF-8, so a Latin word counts about two."""

    __slots__ = ("block", "links", "numbers", "stops", "texts", "weight")

    def __init__(self, block: Node) -> None:
        self.block = block
        self.numbers: list[int] = []
        """Of its pieces."""
        self.weight = self.links = 0.0
        self.stops = 0
        self.texts: list[str] = []
        """The pieces, with the white space around them."""

    @property
    def text(self) -> str:
        """The line as read, white space folded."""
        return " ".join("".join(self.texts).split())


class Outline:
    """A tree's texts in order, as pieces and as lines; its blocks, parents before children; what is not read."""

    __slots__ = ("_line", "lines", "nodes", "pieces", "places", "skipped")

    def __init__(self, root: Element) -> None:
        self.pieces: list[str] = []
        """Every text that is not blank, stripped."""
        self.places: list[Place] = []
        """Where each piece stands."""
        self.nodes: list[Node] = []
        self.lines: list[Line] = []
        self.skipped: list[Element] = []
        self._line: Line | None = None
        """The line under way; None where the next text begins one."""
        self._walk(root)

    def _walk(self, root: Element) -> None:
        """In document order, without recursion. Written for speed: it sees every element of a page."""
        open_, scopes = [root], [self._enter(root, None)]
        unseen = set(hidden(root))
        if root.text and not root.text.isspace():
            self._add(root.text, root, "text", scopes[0])
        for element in chain(root.iterdescendants("*"), _END):
            parent = root if element is None else element.getparent()
            while (last := open_[-1]) is not parent:
                open_.pop()
                scopes.pop()
                if last.tag in _BLOCKS:
                    self._line = None
                if (tail := last.tail) and not tail.isspace():
                    self._add(tail, last, "tail", scopes[-1])
            if element is not None:
                scope = scopes[-1]
                if element in unseen:
                    scope = self._skip(element, scope, _HIDDEN)
                elif element.tag in _SCOPED:
                    scope = self._enter(element, scope)
                open_.append(element)
                scopes.append(scope)
                if (text := element.text) and not text.isspace():
                    self._add(text, element, "text", scope)

    def _enter(self, element: Element, outer: _Scope | None) -> _Scope:
        block, linked, unread = outer or (None, False, 0)
        tag = element.tag
        if tag in _BLOCKS or block is None:
            self._line = None
            if tag not in _VOID or block is None:
                block = Node(element, block)
                self.nodes.append(block)
        elif tag == "a":
            linked = True
        else:
            return self._skip(element, (block, linked, unread), _HIDDEN if tag == "title" else _CONTROL)
        return block, linked, unread

    def _skip(self, element: Element, outer: _Scope, why: int) -> _Scope:
        block, linked, unread = outer
        if not unread:
            self.skipped.append(element)
        return block, linked, max(unread, why)

    def _add(self, text: str, element: Element, part: str, scope: _Scope) -> None:
        block, linked, unread = scope
        if unread == _HIDDEN:
            return
        piece = text.strip()
        self.pieces.append(piece)
        self.places.append((element, part))
        if unread:
            return
        line = self._line
        if line is None:
            line = self._line = Line(block)
            self.lines.append(line)
        line.numbers.append(len(self.pieces) - 1)
        line.texts.append(text)
        size = len(piece.encode())
        if linked:
            line.links += size / 3
        else:
            line.weight += size / 3
            if size > _SHORT:
                line.stops += len(_STOPS.findall(text))
