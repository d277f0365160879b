"""The addresses under which one story's parts stand: 123.html, 123_2.html, 123_3.html. Pure.

A next article is often one number away from this one, as a next part is. They are told apart by what is numbered: a
part has the whole address of its first part, and only a number of its own is added or counted up.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from newscrawl.urls import canonical

_NUMBER = r"0?([0-9]{1,2})"
_WORD = r"(?:p|pg|page|part)"
_PARAMETER = re.compile(
    r"p|pn|pg|pages?|paged|page_?(?:no|num|number|index|id)|cur_?page|current_?page|part", re.IGNORECASE
)
_INDEX = re.compile(r"/(?:index|default)(?=\.\w+$)", re.IGNORECASE)
_NAME = re.compile(r"(.*?)(\.[A-Za-z]{2,5})?/?")
_NUMBERED = re.compile(rf"(.+?)([_-]{_WORD}?[_-]?|/(?:{_WORD}/?)?){_NUMBER}", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d[-_/]?(?:0?[1-9]|1[0-2])[-_/]?(?:[0-2]?\d|3[01])?(?!\d)")
_STARTS = (0, 1)


class Way(NamedTuple):
    """How a story's parts are numbered."""

    form: str
    """name (123_2.html), slug (a-story-2: may be another story of that title), folder (123/2.html), query (?page=2)."""
    stem: str
    """What all of them share."""


def next_way(first: str, current: str, address: str) -> Way | None:
    """How `address` follows `current` in the story that begins at `first`; None when it does not.

    >>> next_way("https://a.cn/123.html", "https://a.cn/123.html", "https://a.cn/123_2.html").form
    'name'
    >>> next_way("https://a.cn/123.html", "https://a.cn/123.html", "https://a.cn/124.html")
    """
    before = _numbers(first, current)
    for way, number in _numbers(first, address).items():
        if way in before:
            if number == before[way] + 1:
                return way
        elif canonical(current) == canonical(first) and number in {1, 2}:  # a first part mostly bears no number
            return way
    return None


def is_later(first: str, address: str, *, least: int = 2) -> bool:
    """Whether `address` is that of a later part of the story at `first`: numbered `least` or higher, or after it."""
    begun = _numbers(first, first)
    return any(number > begun.get(way, least - 1) for way, number in _numbers(first, address).items())


def is_beyond(first: str, current: str, address: str) -> bool:
    """Whether `address` is that of a part behind `current`, numbered in the same way."""
    told = _numbers(first, address)
    return any(told.get(way, number) > number for way, number in _numbers(first, current).items())


def may_be_later(address: str) -> bool:
    """Whether the address alone could be that of a further part."""
    return any(number > 0 for _, number in _own(address))


def may_link_on(first: str, body: bytes) -> bool:
    """Whether a page's bytes may link to the second part of the story at `first`, in whatever spelling.

    A fast no for nearly every page: plain searches for what every such address holds.
    """
    if _has_query(body):
        return True
    _, path, _ = _key(first)
    stem, extension = _split(path)
    numbered = _NUMBERED.fullmatch(stem)
    folder = _INDEX.sub("/", path).removesuffix(extension)
    names = {_name(each) for each in (stem, numbered[1] if numbered else stem, folder)} - {""}
    if any("%" in name for name in names) and _ENDING.search(body):
        return True  # how the page spells such a name is not known
    if (folder.endswith("/") or (numbered and numbered[2].startswith("/"))) and _BARE.search(body):
        return True
    return any(_is_numbered(name.encode("utf-8", "replace"), body) for name in names)


def _is_numbered(name: bytes, text: bytes) -> bool:
    """Whether `name` stands in `text` with a second part's number behind it."""
    place = text.find(name)
    while place >= 0:
        if _BEHIND.match(text, place + len(name)):
            return True
        place = text.find(name, place + 1)
    return False


def _has_query(body: bytes) -> bool:
    """As _QUERY.search; the few marks of a usual page are found faster than a pattern goes through it."""
    if body.count(b"?") > _MOST_MARKS:
        return _QUERY.search(body) is not None
    place = body.find(b"?")
    while place >= 0:
        if _QUERY.match(body, place):
            return True
        place = body.find(b"?", place + 1)
    return False


_MOST_MARKS = 1_000
_SECOND = rb"0?[12](?![0-9])"
_PREFIX = _WORD.encode() + b"?"
_BEHIND = re.compile(
    rb"(?:\.[a-z]{2,5})?[/_-]" + _PREFIX + rb"[/_-]?" + _SECOND + rb"(?!\.(?:jpe?g|png|gif|webp|bmp|svg)\b)",
    re.IGNORECASE,
)
"""A story's pictures are often numbered as parts would be: 123_1.jpg is none."""
_ENDING = re.compile(rb"[/_-]" + _PREFIX + rb"[/_-]?" + _SECOND, re.IGNORECASE)
_BARE = re.compile(rb"href\s*=\s*[\"']?\s*(?:\./)?" + _PREFIX + rb"/?" + _SECOND, re.IGNORECASE)
_QUERY = re.compile(
    rb"\?(?:[^\"'\s<>#?]{0,200}[&;])?(?:" + _PARAMETER.pattern.encode() + b")=" + _SECOND, re.IGNORECASE
)


def _name(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def is_same_page(first: str, second: str) -> bool:
    """Whether two addresses differ in nothing but the scheme and what names the visit."""
    return _key(first) == _key(second)


def _numbers(first: str, address: str) -> Mapping[Way, int]:
    """The number that `address` has as a part of the story at `first`, in each way of numbering."""
    ways, shared = _ways(first)
    if shared not in address:  # as nearly every link of a page
        return {}
    return {way: number for way, number in _own(address) if way in ways}


@lru_cache(maxsize=64)
def _ways(first: str) -> tuple[frozenset[Way], str]:
    """The ways in which parts of the story at `first` may be numbered, and what every part's path holds.

    One whose own address has a number begins with 0 or 1; else it stands in mid-row, and the next is another article.
    """
    own = dict(_own(first))
    begun = {way for way, number in own.items() if number in _STARTS and _is_named(way)}
    stem, _ = _split(_INDEX.sub("", _key(first)[1]))
    numbered = _NUMBERED.fullmatch(stem)
    return frozenset(begun | (set(_plain(first)) - own.keys())), numbered[1] if numbered else stem


def _plain(url: str) -> Iterator[Way]:
    """The ways in which numbers may be added to an address that bears none."""
    host, path, query = _key(url)
    if path.strip("/") or re.search(r"\d", query):  # else it is the site's front page
        yield Way("query", _stem(host, path, query))
    for name in {path, _INDEX.sub("", path)} if path.strip("/") else ():
        stem, extension = _split(name)
        yield Way("name", _stem(host, f"{stem}#{extension}", query))
        yield Way("slug", _stem(host, f"{stem}#{extension}", query))
        yield Way("folder", _stem(host, stem, query))


@lru_cache(maxsize=256)
def _own(url: str) -> tuple[tuple[Way, int], ...]:
    """Every way in which an address bears a number, and the number."""
    host, path, query = _key(url)
    return (*_counted(host, path, query), *_numbered(host, path, query))


def _counted(host: str, path: str, query: str) -> Iterator[tuple[Way, int]]:
    pairs = parse_qsl(query, True) if query else []
    for name, value in pairs:
        if _PARAMETER.fullmatch(name) and re.fullmatch(r"[0-9]{1,3}", value):
            rest = urlencode([pair for pair in pairs if pair[0] != name])
            yield Way("query", _stem(host, path, rest)), int(value)


def _numbered(host: str, path: str, query: str) -> Iterator[tuple[Way, int]]:
    stem, extension = _split(path)
    match = _NUMBERED.fullmatch(stem) if stem[-1:].isdigit() else None
    if match:
        form = "folder" if match[2].startswith("/") else "name"
        if match[2] == "-" and not match[1][-1].isdigit():
            form = "slug"
        name = match[1] if form == "folder" else f"{match[1]}#{extension}"
        yield Way(form, _stem(host, name, query)), int(match[3])


def _is_named(way: Way) -> bool:
    """Whether what the parts share names an article: /20261120/1.html and /20261120/2.html are two of one day."""
    path, _, query = way.stem.partition("?")
    last = _DAY.sub("", path.split("#")[0].rsplit("/", 1)[-1])
    if way.form == "query":
        return bool(last) or bool(re.search(r"\d", query))
    least = 3 if way.form == "folder" else 1  # /c/12/1.html may be the first of column 12
    return len(re.findall(r"\d", last)) >= least or last.count("-") > 1


def _split(path: str) -> tuple[str, str]:
    """A path's stem and its extension."""
    match = _NAME.fullmatch(path)
    return (match[1], match[2] or "") if match else (path, "")


def _stem(host: str, path: str, query: str) -> str:
    return f"{host}{path}?{query}"


def _key(url: str) -> tuple[str, str, str]:
    """Host, path and parameters in order; of what is no address, nothing."""
    try:
        parts = urlsplit(canonical(url))
    except ValueError:
        return "", "", ""
    return parts.netloc, parts.path, urlencode(sorted(parse_qsl(parts.query, True)))
