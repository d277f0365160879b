"""Whether two texts tell one piece of news: a sketch by which likely pairs are found, and the test of each pair. Pure.

A news text tells its news first, so what is compared is its lead: the beginning of the body without datelines, source
lines and what sites append. A repost may have changed words, lost its end or got a longer one; it does not begin with
another matter, and does not give other figures. Nothing here may depend on the order in which texts are met.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from newscrawl.storage.figures import Figure, dates, figures, lacks

LEAD = 160
"""Characters of a lead, punctuation left out."""
BANDS = 12
"""Two values of the sketch each: of two leads with half their pieces in common, 97 of 100 share a band."""
_START = 4 * LEAD
"""Characters of a body in which its lead is looked for."""
_PIECE = 3
_ALIKE = 0.7
"""Share of the shorter lead's pieces that the other one must have."""
_WHOLE = 0.5
"""The same of the whole texts: columns begin with one introduction every day."""
_TWO_BYTES = 2
_RING = 2**32
_POINTS = [(number * 2_654_435_769) % _RING for number in range(2 * BANDS)]
_MIX = 0x9E3779B97F4A7C15

_APPENDED = re.compile(
    r"^(?:相关(?:报道|阅读|新闻|链接)|延伸阅读|推荐阅读|(?:更多|热点)(?:报道|阅读|新闻)):?$", re.MULTILINE
)
_NO_NEWS = re.compile(
    r"[(](?:文章来源|来源|原标题|图片来源|责任编辑|编辑):[^()]*[)]"
    r"|^(?:文章来源|来源|原标题|责任编辑|责编|编辑|记者|作者):[^\n]{0,60}$",
    re.MULTILINE,
)
_HEADLINE = re.compile(r"^【[^】\n]{1,120}】(?=.)")
_DATELINE = re.compile(
    r"^(?:[《(]?[\w·]{2,16}?[》)]?[,\s]?(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:电|讯|消息|报道)"
    r"|《?[\w·]{1,12}?》?讯(?=\s*[,:(]))"
    r"\s*(?:[(][^()\n]{1,40}[)])?\s*[,:]?"
)
_SAYS = re.compile(r"^据[《“\w》”·]{2,16}?(?:报道|消息|讯)[,:]")
_GAPS = re.compile(r"[\W_]+")
_WIDE = tuple(zip("，：；！？（）％", ",:;!?()%", strict=True))
_OPPOSITES = (
    ("涨", "跌"),
    ("升", "降"),
    ("增", "减"),
    ("流入", "流出"),
    ("买入", "卖出"),
    ("盈", "亏"),
    ("上调", "下调"),
)


@dataclass(frozen=True)
class Text:
    """One article's text, as it is compared."""

    title: str | None
    body: str
    securities: frozenset[tuple[str, str]] = frozenset()
    """Code and market."""

    @cached_property
    def news(self) -> str:
        """The body without what is not the news."""
        return self.start if len(self.body) <= _START else news_of(self.body)

    @cached_property
    def start(self) -> str:
        """The same of the body's beginning, more than a lead."""
        return news_of(self.body[:_START]) or news_of(self.title or "")

    @cached_property
    def first_letters(self) -> str:
        """The lead without punctuation."""
        return _GAPS.sub("", self.start)[:LEAD]

    @cached_property
    def letters(self) -> str:
        """The news without punctuation."""
        return _GAPS.sub("", self.news)

    @cached_property
    def lead(self) -> frozenset[str]:
        """The pieces of the lead."""
        return _pieces(self.first_letters)

    @cached_property
    def whole(self) -> frozenset[str]:
        """The pieces of the whole text."""
        return _pieces(self.letters)

    @cached_property
    def opening(self) -> str:
        """The lead as it is written, about."""
        return self.start[: LEAD + LEAD // 8]

    @cached_property
    def told_first(self) -> frozenset[Figure]:
        """The figures of the lead."""
        return figures(self.opening)

    @cached_property
    def told(self) -> frozenset[Figure]:
        """All figures."""
        return figures(self.news)

    @cached_property
    def days(self) -> frozenset[str]:
        """The dates of the lead."""
        return dates(self.opening)


def news_of(text: str) -> str:
    """The text without its dateline, a headline in brackets, source lines, and what was appended below."""
    text = _normal(text)
    appended = _APPENDED.search(text)
    text = _NO_NEWS.sub("", text[: appended.start()] if appended else text).strip()
    for beginning in (_HEADLINE, _DATELINE, _SAYS):
        text = beginning.sub("", text).lstrip()
    return text


def _normal(text: str) -> str:
    """The text in normal form, NFKC. Of most texts only these marks are not: to be looked through costs far less."""
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def sketch(text: Text) -> bytes:
    """MinHash bands of a lead, four bytes each; empty for a text without letters.

    Of the pieces' hashes, laid on a ring, each value is the one that follows a fixed point: the least by the order that
    begins there. Two texts have a value in common as often as a piece of their union is in both.
    """
    coded = text.first_letters.encode("utf-16-le", "surrogatepass")
    size = _TWO_BYTES * _PIECE
    ends = range(size, max(len(coded), size) + 1, _TWO_BYTES)
    ring = sorted({crc32(coded[end - size : end]) * _MIX >> 16 & _RING - 1 for end in ends}) if coded else []
    if not ring:
        return b""
    values = [ring[bisect_left(ring, point) % len(ring)] for point in _POINTS]
    keys = (
        ((values[band] * 31 + values[band + 1]) * _MIX + band * _MIX >> 20) % _RING - _RING // 2
        for band in range(0, 2 * BANDS, 2)
    )
    return array("i", keys).tobytes()


def keys(sketch: bytes) -> list[int]:
    """The bands of a sketch: two texts that may be alike have one in common."""
    return array("i", sketch).tolist()


def likeness(one: Text, other: Text) -> float:
    """How much of the shorter lead is in the other, from 0 to 1; 0 where they do not tell one piece of news."""
    shared = share(one.lead, other.lead)
    if shared < _ALIKE or _differ(one, other) or share(one.whole, other.whole) < _WHOLE:
        return 0.0
    return shared


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """Of the smaller set's pieces, how many the other has."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _differ(one: Text, other: Text) -> bool:
    """Whether the texts speak of other figures, days, securities or directions: then they are two, however alike."""
    if one.letters == other.letters:
        return False
    return (
        (lacks(one.told_first, other.told) and lacks(other.told_first, one.told))
        or _apart(one.days, other.days)
        or _apart(one.securities, other.securities)
        or any(_opposed(one.opening, other.opening, *pair) for pair in _OPPOSITES)
    )


def _apart(one: Iterable[object], other: Iterable[object]) -> bool:
    """Whether both name something, and nothing in common."""
    one, other = set(one), set(other)
    return bool(one and other) and not one & other


def _opposed(one: str, other: str, up: str, down: str) -> bool:
    ups, downs = (up in one, up in other), (down in one, down in other)
    return ups != downs and ups == downs[::-1] and ups[0] != ups[1]


def _pieces(letters: str) -> frozenset[str]:
    if len(letters) <= _PIECE:
        return frozenset([letters] if letters else [])
    return frozenset(letters[at : at + _PIECE] for at in range(len(letters) - _PIECE + 1))
