"""Document: a page decoded once, and parsed once when its tree is first asked for. Data set aside, noise removed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from newscrawl.decode import clean_text, decode
from newscrawl.errors import BlockedPage, EmptyPage, LayoutError, PageError
from newscrawl.items import Page
from newscrawl.json_text import read_json
from newscrawl.shape import check_shape
from newscrawl.tree import Element, parse_html, remove_noise, select, text_in, xpath

# The slider that cls.cn puts in place of a page (HTTP 200), and its like on other sites.
_SLIDER = ("aliyun_waf_", "AliyunCaptcha", "acw_sc__v2", "_CAPTCHA_", "geetest_", "TencentCaptcha")
SLIDER_SHOWN = "the site shows a slider (captcha) in place of the page"
_LONGEST_SLIDER = 100_000
_MOST_CLOSED = 200
"""Tags that a slider alone closes; those met close eight. Of a larger page it is asked once no story is found there."""
_MOST_SCOPES = 100
"""Things that a page describes in microdata; where they stand in one another, the search costs the square of it."""
_MICRODATA = xpath(".//*[contains(@itemtype, 'schema.org/') and contains(@itemtype, 'Article')][1]//*[@itemprop]")
_SCOPES = xpath(".//@itemtype")
_LD_JSON = xpath(".//script[@type='application/ld+json']")
# <script id="__NEXT_DATA__">{…}; window.__INITIAL_STATE__ = {…}; cls.cn wrote __NEXT_DATA__ = {…} in 2020.
_OWN_DATA = re.compile(
    r"""<script\b(?:[^>]*\bid\s*=\s*["']?__NEXT_DATA__\b[^>]*>|[^>]*>\s*(?:window\s*\.\s*)?__[A-Z_]+__\s*=)\s*(?=\{)"""
)
_OWN_NAMES = re.compile("__NEXT_DATA__|_STATE__")
_MOST_NAMES = 20
"""Looked at: each costs a look back over the page, and real pages have a handful."""
_NAMES = re.compile(r"[.#]([\w-]+)")
_FRAGMENT_MARKS = re.compile(r"<(?:!doctype|html|head|body|title)\b", re.IGNORECASE)


class _Parsed(NamedTuple):
    tree: Element
    json_ld: tuple[Mapping[str, Any], ...]
    meta: Mapping[str, str]
    rel: Mapping[str, str]


@dataclass(frozen=True)
class Document:
    """One page, ready to be read. Any of `tree`, `data` and `front` may be missing: `kind` of content decides.

    A page whose own data tell the story is never parsed: `tree`, `json_ld`, `meta` and `rel` are made together when one
    of them is first asked for, and then raise TooComplexPage where the page nests deeper than a parser follows.
    """

    page: Page
    text: str = field(repr=False)
    """The decoded page as it came, for checks on its end and its form."""
    is_html: bool = False
    """Whether there is a tree."""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """A JSON row, or what the page draws itself from: `__NEXT_DATA__`, `__INITIAL_STATE__`."""
    front: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The front matter of a post."""
    parts: "tuple[Document, ...]" = field(default=(), repr=False)
    """The further parts of the page's story, in order."""

    @property
    def tree(self) -> Element | None:
        """The tree of an HTML page, without scripts, styles and comments; what is hidden is still in it."""
        return self._parsed.tree if self.is_html else None

    @property
    def json_ld(self) -> tuple[Mapping[str, Any], ...]:
        """The objects of the page's JSON-LD; an article told in microdata is one more."""
        return self._parsed.json_ld if self.is_html else ()

    @property
    def meta(self) -> Mapping[str, str]:
        """`<meta>` by name or property in lower case, the first of each."""
        return self._parsed.meta if self.is_html else {}

    @property
    def rel(self) -> Mapping[str, str]:
        """`<link>` by its relation in lower case (canonical, next), the first address of each, as written."""
        return self._parsed.rel if self.is_html else {}

    @cached_property
    def _parsed(self) -> _Parsed:
        tree = parse_html(self.text)
        parsed = _Parsed(tree, _linked_data(tree), _meta(tree), _relations(tree))
        remove_noise(tree)
        return parsed

    def select(self, css: str) -> list[Element]:
        """The page's elements that a CSS selector finds, in order.

        Of its alternatives those are left out whose class or id the page does not name anywhere: a rule knows the
        names of many years, a page those of one, and to look for a name costs a tenth of looking through the tree.
        """
        parts = [part for part in css.split(",") if all(name in self.text for name in _NAMES.findall(part))]
        return select(tree, ",".join(parts)) if parts and (tree := self.tree) is not None else []

    @property
    def is_fragment(self) -> bool:
        """Whether this is a piece of a page: nowhere in it could a title or a date of the page stand."""
        return not self.front and not self.data and not _FRAGMENT_MARKS.search(self.text[:2000])


def parse_page(page: Page) -> Document:
    """Decode a page once. Raises BlockedPage, EmptyPage, EncodingError, LayoutError, TooComplexPage."""
    content_type = page.headers.get("content-type", "").lower()
    text = decode(page.body, content_type)
    if not text.strip():
        raise EmptyPage("the answer is empty")
    if "json" in content_type:
        return Document(page=page, text=text, data=_json_object(text))
    check_shape(text)
    if "markdown" in content_type:
        return _parse_post(page, text)
    refuse_slider(text)
    return Document(page=page, text=text, is_html=True, data=_own_data(text))


def refuse_slider(text: str) -> None:
    """BlockedPage for a slider in place of a page or of a list, with status 200. JSON may speak of one."""
    if text.count("</") <= _MOST_CLOSED and carries_slider(text):
        raise BlockedPage(SLIDER_SHOWN)


def carries_slider(text: str) -> bool:
    """Whether a page has a slider's marks: in place of a story, or of a large page's comments."""
    # `in` is many times faster than one pattern of all the marks.
    marked = len(text) < _LONGEST_SLIDER and any(mark in text for mark in _SLIDER) and "__NEXT_DATA__" not in text
    return marked and not text.lstrip().startswith(("{", "["))


def _parse_post(page: Page, text: str) -> Document:
    """A Jekyll post: front matter in no valid YAML (titles are not escaped), then the body."""
    parts = re.split(r"(?m)^---[ \t]*\r?$", text, maxsplit=2)
    if len(parts) < 3 or parts[0].strip():
        raise LayoutError("no front matter at the start of the post")
    _, front, body = parts
    fields = dict(re.findall(r"(?m)^(\w+):[ \t]*(.*?)[ \t]*\r?$", front))
    return Document(page=page, text=body, front=fields)


def _json_object(text: str) -> Mapping[str, Any]:
    value = read_json(text)
    if not isinstance(value, dict):
        raise LayoutError(f"a JSON object was expected, not {type(value).__name__}")
    return value


def _own_data(text: str) -> Mapping[str, Any]:
    """What the page draws itself from: a JSON script, or an assignment in one. {} when there is none to be read."""
    for name in islice(_OWN_NAMES.finditer(text), _MOST_NAMES):
        script = text.rfind("<script", 0, name.start())
        found = _OWN_DATA.match(text, script) if script >= 0 else None
        if found is None or found.end() < name.end() or _in_comment(text, script):
            continue
        try:
            value = read_json(text, start=found.end())
        except PageError:
            continue
        if isinstance(value, dict):
            return value
    return {}


def _in_comment(text: str, at: int) -> bool:
    return text.rfind("<!--", 0, at) > text.rfind("-->", 0, at)


def _linked_data(tree: Element) -> tuple[Mapping[str, Any], ...]:
    """JSON-LD, then microdata as the same."""
    found: list[Mapping[str, Any]] = []
    for script in _LD_JSON(tree):
        try:
            value = read_json(script.text or "", strict=False)
        except PageError:
            continue
        graph = value.get("@graph", value) if isinstance(value, dict) else value
        found += [item for item in (graph if isinstance(graph, list) else [graph]) if isinstance(item, dict)]
    if 0 < len(_SCOPES(tree)) <= _MOST_SCOPES and (properties := _MICRODATA(tree)):
        # Of each the first; they may stand in one another, so that to read them all would take for ever.
        first = {element.get("itemprop"): element for element in reversed(properties)}
        found.append({"@type": "Article"} | dict(_property(element) for element in first.values()))
    return tuple(found)


def _property(element: Element) -> tuple[str, str]:
    value = element.get("content") or element.get("datetime") or text_in(element)
    return element.get("itemprop", ""), " ".join(clean_text(value).split())


def _meta(tree: Element) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and content is not None:
            found.setdefault(name.lower(), clean_text(content).strip())
    return found


def _relations(tree: Element) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("link"):
        href = element.get("href")
        for name in element.get("rel", "").lower().split() if href else ():
            found.setdefault(name, clean_text(href or "").strip())
    return found
