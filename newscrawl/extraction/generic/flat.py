"""The page's visible text as one row of pieces: where a title, a date and the people of a story stand. Pure.

Taken before the body is cut out, so that a line is found whether it stands in the body's element or beside it.
"""

from contextlib import suppress
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

_TEXTS = html.etree.XPath(".//text()", smart_strings=False)
# Shorter pieces of a body (a drop cap, a link) stand all over the page.
_TELLING = 10


@dataclass(frozen=True, slots=True)
class Flat:
    """Every text node that is not blank, in the page's order."""

    pieces: tuple[str, ...]

    def bounds(self, body: HtmlElement | None) -> tuple[int, int]:
        """The numbers of the first and the last piece of `body`; the end of the page twice when it is not found."""
        texts = [] if body is None else _pieces(body)
        telling = [text for text in texts if len(text) >= _TELLING] or texts
        if not telling:
            return len(self.pieces), len(self.pieces)
        last = self._last(telling[-1])
        first = self._first(telling, last)
        return first, max(first, last)

    def joined(self, start: int, end: int) -> str:
        """The pieces from `start` to before `end`, one a line."""
        return "\n".join(self.pieces[max(start, 0) : max(end, 0)])

    def nearest(self, text: str, start: int) -> int | None:
        """The number of the piece `text` that stands nearest above `start`, else of the first below it."""
        found: int | None = None
        number = -1
        with suppress(ValueError):
            while number < start or found is None:
                number = self.pieces.index(text, number + 1)
                if found is None or number <= start:
                    found = number
        return found

    def _last(self, text: str) -> int:
        for number in range(len(self.pieces) - 1, -1, -1):
            if self.pieces[number] == text:
                return number
        return len(self.pieces) - 1

    def _first(self, telling: list[str], last: int) -> int:
        """Where the body's first telling piece is followed by its second one; a summary above may hold the first."""
        places = [number for number, piece in enumerate(self.pieces[: last + 1]) if piece == telling[0]]
        if len(places) > 1 and len(telling) > 1:
            following = [n for n in places if telling[1] in self.pieces[n + 1 : n + 12]]
            places = following[-1:] or places
        return places[0] if places else last


def flatten(tree: HtmlElement) -> Flat:
    """The pieces of a page's body; <head> tells nothing that a reader sees."""
    body = tree.find("body")
    pieces = _pieces(tree if body is None else body)
    title = tree.findtext("body//title") or ""
    if title.strip() in pieces:  # of a page whose <head> ended too early
        pieces.remove(title.strip())
    return Flat(tuple(pieces))


def _pieces(element: HtmlElement) -> list[str]:
    return [stripped for text in _TEXTS(element) if (stripped := text.strip())]
