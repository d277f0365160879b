"""The shape of an address: two articles of a site mostly differ in their numbers only. Pure.

A shape is a regular expression, so what was found out can be shown, and typed as --article.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newscrawl.items import BEIJING

_NUMBER = r"\d+"
_MIXED = r"\w+"
_SLUG = r"[^/]+"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EXTENSION = re.compile(r"\.[A-Za-z]{2,5}\d?$")
_LONG = 300
"""Characters of a name that is looked at piece by piece."""
_WORDS = 3
"""Words in a slug: some-company-wins is a title, about-us is none."""
_OTHER = re.compile(
    r"/(?:tags?|topics?|keywords?|authors?|users?|members?|space|columns?|categor(?:y|ies)|cat|search|login|comments?"
    r"|pages?|lists?|calendar|reply|share|print|download)/",
    re.IGNORECASE,
)
"""Folders of pages that are none of articles, whatever their number."""
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:([-/_])(\d{1,2})\2(\d{1,2})|-?(\d\d)[-/]?(\d\d))(?!\d)")
_DAY_SECONDS = 86_400


@lru_cache(maxsize=2048)
def shape_of(url: str) -> str:
    """The form of an address's path and query, without its host.

    >>> shape_of("https://www.a.cn/2026/11/20/123.html"), shape_of("https://a.cn/show.php?cat=gs&id=7")
    ('/\\\\d+/\\\\d+/\\\\d+/\\\\d+\\\\.html', '/show\\\\.php\\\\?cat=gs&id=\\\\d+')
    """
    parts = urlsplit(url)
    path = "/".join(_segment(segment) for segment in parts.path.split("/"))
    return path + (r"\?" + "&".join(map(_parameter, parts.query.split("&"))) if parts.query else "")


def _segment(segment: str) -> str:
    stem = _EXTENSION.sub("", segment)
    if _UUID.fullmatch(stem):
        form = r"[\w-]+"
    elif len(stem) > _LONG or _is_slug(stem):
        form = _SLUG
    else:
        form = "".join(map(_token, re.split(r"([-_.,])", stem)))
    return form + _escaped(segment[len(stem) :])


def _is_slug(stem: str) -> bool:
    words = [word for word in re.split(r"[-_]", stem) if word.isalpha() and len(word) > 1]
    return len(words) >= _WORDS or stem.count("%") >= 4 * _WORDS


def _token(token: str) -> str:
    letters, digits = any(map(str.isalpha, token)), any(map(str.isdigit, token))
    if letters and digits and len(token) >= 8:
        return _MIXED
    return re.sub(r"\d+", lambda _: _NUMBER, _escaped(token))


def _escaped(text: str) -> str:
    return re.escape(text).replace(r"\-", "-")


def _parameter(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return _escaped(name) + equals + _token(value)


def may_be_article(url: str, digits: int = 1) -> bool:
    """Whether the end of an address is a number of so many digits, or a title: menus, tags and columns are named."""
    parts = urlsplit(url)
    if _OTHER.search(parts.path):
        return False
    last = f"{parts.path.rstrip('/').rsplit('/', 1)[-1]}?{parts.query}"
    stem = _EXTENSION.sub("", last.partition("?")[0])
    return bool(re.search(rf"\d{{{digits}}}", last)) or _is_slug(stem) or _UUID.fullmatch(stem) is not None


def news_shapes(links: Mapping[str, str]) -> tuple[str, ...]:
    """The commonest shape of addresses that may be articles, and those that differ from it by folder only.

    `links` is address to text; the texts decide between shapes that are equally common. () where there is none.
    """
    weight: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for url, text in links.items():
        if may_be_article(url):
            score = weight[shape_of(url)]
            score[0] += 1
            score[1] += len(text)
    if not weight:
        return ()
    best = max(weight, key=lambda shape: weight[shape])
    tail = _tail(best)
    return (best, *(shape for shape in weight if shape != best and tail.count("/") and _tail(shape) == tail))


def _tail(shape: str) -> str:
    """From the first numbered folder on: news and stock of one site differ before it."""
    segments = shape.split("/")
    first = next((at for at, each in enumerate(segments) if _NUMBER in each or each in (_MIXED, _SLUG)), 0)
    return "/".join(segments[first:])


def day_bounds(url: str) -> tuple[int | None, int | None]:
    """Between which moments an article with this address was hardly not published, a day of grace at both ends.

    (None, None) where the address tells no day.
    """
    match = _DAY.search(unquote(urlsplit(url).path))
    if not match:
        return None, None
    try:
        day = datetime(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6]), tzinfo=BEIJING)
    except ValueError:
        return None, None
    start = int(day.timestamp())
    return start - _DAY_SECONDS, start + 2 * _DAY_SECONDS - 1
