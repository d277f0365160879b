"""The title: the text on which the page's heading, its <title> and its words for machines agree. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from newscrawl.document import Document
from newscrawl.extraction.generic.flat import Flat
from newscrawl.extraction.text import clean_line, line_text
from newscrawl.tree import Element, xpath

_TITLED = xpath(
    ".//*[self::div or self::p or self::span or self::td or self::font or self::strong or self::h4]"
    "[contains(@class, 'itle') or contains(@id, 'itle')]"
)
_META_TITLES = ("og:title", "articletitle", "headline")
_LONGEST = 200
"""Characters of a heading; longer ones are leads. Tried: 100 changes two titles of aeb."""
_NEAR = 5
"""Pieces: with more than these above the body, the first are a menu.

Tried: 0 refuses two pages of cwced, 100 names two after their menus; 2 and 10 change nothing."""
_SENTENCE = re.compile(r"[，。；：:]")
_MOST = 40
"""Headings looked at; further ones are parts of a long text. Tried: 3 changes two titles; 10 changes none."""
_SHORTEST = 4
"""Letters; shorter texts agree by chance. Tried: 6 refuses five pages of cwced, 3 changes one title."""
_BEFORE_SITE = re.compile(r"\s*(?:[_|｜<>«»·—–]|-|\s)")
_SEPARATOR = re.compile(r"\s*(?:[_|｜<>«»]|--+|——|\s[-–—·]|[-–—](?=[^-–—]*$))\s*")
_SITE_NAME = re.compile(r"(?:网|网站|频道|新闻|资讯|中心|门户|在线|日报|时报|晚报|社区|论坛|博客|首页|官网|[Nn]ews)$")


class Heading(NamedTuple):
    """A title, and the piece of the page at which it stands (None when it stands in <head> only)."""

    text: str
    at: int | None


def find_title(document: Document, flat: Flat, start: int) -> Heading | None:
    """The heading that <title> or og:title begins with, else the nearest heading above the body, else <title>.

    `start` is the piece with which the body begins.
    """
    if document.tree is None:
        return None
    names = {name: _key(name) for name in _names(document)}
    headings = list(_headings(islice(document.tree.iter("h1", "h2", "h3"), _MOST), flat, start))
    for candidates in (headings, _pieces_like(names, flat, start)):
        agreed = [(agreed, _nearness(each, start), each) for each in candidates if (agreed := _agreed(each, names))]
        if agreed:
            return max(agreed, key=lambda ranked: ranked[:2])[2]
    return _alone(document, headings, list(names), flat, start)


def _names(document: Document) -> Iterator[str]:
    """What the page calls itself outside its text."""
    title = document.tree.find(".//title") if document.tree is not None else None
    linked = (item.get("headline") for item in document.json_ld)
    told = (line_text(title), *(document.meta.get(name) for name in _META_TITLES), *linked)
    for name in told:
        if isinstance(name, str) and (line := clean_line(name.replace("\n", " "))):
            yield line


def _headings(elements: Iterable[Element], flat: Flat, start: int) -> Iterator[Heading]:
    """Those that can be placed, each where it stands nearest above the body."""
    for element in elements:
        text = line_text(element)
        if text and len(text) <= _LONGEST:
            first = next(piece for string in element.itertext() if (piece := str(string).strip()))
            if (place := flat.nearest(first, start)) is not None:
                yield Heading(text, place)


def _distance(number: int, start: int) -> int:
    """Larger is nearer; what stands below the body's beginning is farther than all above it."""
    return number - start if number <= start else -100_000 - number


def _nearness(heading: Heading, start: int) -> int:
    return _distance(heading.at, start) if heading.at is not None else -1_000_000


def _pieces_like(names: Iterable[str], flat: Flat, start: int) -> Iterator[Heading]:
    """Pieces that could be the beginning of a name: a title in plain <div>, <td> or <strong>."""
    firsts = {name[:2] for name in names}
    for number, piece in enumerate(flat.pieces[: start + 3]):
        if piece[:2] in firsts and _SHORTEST <= len(piece) <= _LONGEST:
            yield Heading(clean_line(piece.replace("\n", " ")), number)


def _agreed(heading: Heading, names: Mapping[str, str]) -> int:
    """How many letters of a name the heading is: the whole name, or all before what names the site; else 0."""
    key = _key(heading.text)
    if len(key) < _SHORTEST:
        return 0
    agrees = any(
        whole.startswith(key) and (len(key) == len(whole) or _BEFORE_SITE.match(name, _end_of(key, name)))
        for name, whole in names.items()
    )
    return len(key) if agrees else 0


def _end_of(key: str, name: str) -> int:
    """How many characters of `name` hold the letters of `key`, with the closing marks behind them."""
    letters = 0
    for place, character in enumerate(name):
        if letters >= len(key) and (character.isalnum() or _BEFORE_SITE.match(character)):
            return place
        letters += len(_key(character))
    return len(name)


def _key(text: str) -> str:
    """Letters and digits, width and case folded."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _alone(document: Document, headings: list[Heading], names: list[str], flat: Flat, start: int) -> Heading | None:
    """No agreement: <title> names a column or the site, or the page has no heading."""
    above = [heading for heading in headings if heading.at is not None and start - 40 <= heading.at <= start]
    if not above and document.tree is not None:
        titled = _headings(_TITLED(document.tree)[:_MOST], flat, start)
        above = [h for h in titled if h.at is not None and start - 20 <= h.at <= start and len(_key(h.text)) >= 6]
    proper = next((strip_site(name) for name in names if not _is_site(strip_site(name))), None)
    if proper and len(_key(proper)) >= 6:
        return Heading(proper, None)
    if above:
        return max(above, key=lambda heading: _nearness(heading, start))
    return None


def _is_site(name: str) -> bool:
    return len(_key(name)) < _SHORTEST or bool(_SITE_NAME.search(name))


def strip_site(name: str) -> str:
    """A <title> without the names of column and site behind (or before) it.

    >>> strip_site("新工厂投产_公司_澄州财经网")
    '新工厂投产'
    """
    parts = [part for part in _SEPARATOR.split(name) if part]
    if len(parts) < 2:
        return name.strip()
    first = parts[0]
    if _is_site(first) or 2 * len(first) < max(map(len, parts[1:])):
        return max(parts, key=lambda part: (not _is_site(part), len(part)))
    return first


def first_line(flat: Flat, start: int) -> Heading | None:
    """Of a page that names its title nowhere: its first line, if it is a title's form and the body follows at once."""
    for number, piece in enumerate(flat.pieces[: start + 1] if start <= _NEAR else ()):
        text = clean_line(piece.replace("\n", " ")) if len(piece) <= _LONGEST else ""
        if len(_key(text)) >= _SHORTEST and not _SENTENCE.search(text):
            return Heading(text, number)
    return None
