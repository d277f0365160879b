"""The page's visible text as one row of pieces: where a title, a date and the people of a story stand. Pure.

Taken before the body is cut out, so that a line is found whether it stands in the body's element or beside it.
"""

from collections.abc import Sequence

from newscrawl.extraction.generic.blocks import Outline
from newscrawl.tree import Element

_TELLING = 5
"""Characters of a piece; shorter ones (a drop cap, a link) stand all over the page. Tried: up to 3 they do."""


class Flat:
    """Every text of a page that is not blank, in the page's order."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self.pieces = pieces
        self._numbers: dict[str, list[int]] = {}
        for number, piece in enumerate(pieces):
            self._numbers.setdefault(piece, []).append(number)

    def bounds(self, body: Element) -> tuple[int, int]:
        """The numbers of the first and the last piece of `body`; the end of the page twice when it is not found."""
        texts = Outline(body).pieces
        telling = [text for text in texts if len(text) >= _TELLING] or texts
        if not telling:
            return len(self.pieces), len(self.pieces)
        last = self._numbers.get(telling[-1], [len(self.pieces) - 1])[-1]
        first = self._numbers.get(telling[0], [last])[0]
        return min(first, last), last

    def joined(self, start: int, end: int) -> str:
        """The pieces from `start` to before `end`, one a line."""
        return "\n".join(self.pieces[max(start, 0) : max(end, 0)])

    def nearest(self, text: str, start: int) -> int | None:
        """The number of the piece `text` that stands nearest above `start`, else of the first below it."""
        numbers = self._numbers.get(text)
        if not numbers:
            return None
        return max((number for number in numbers if number <= start), default=numbers[0])


def body_of(tree: Element) -> Element:
    """What a reader sees of a page: <head> tells nothing, and to walk it would cost a tenth of reading."""
    body = tree.find("body")
    return tree if body is None else body
