"""The links of a page: each address once, with what is to be known to judge it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawl.document import Document
from newscrawl.extraction.generic.names import is_aside
from newscrawl.extraction.text import line_text
from newscrawl.tree import Element, xpath
from newscrawl.urls import absolute, canonical, is_on

_ANCHORS = xpath(".//a[@href]")
_HEADING = xpath("(descendant::*[self::h1 or self::h2 or self::h3 or self::h4])[1]")
_BASE = xpath("(.//base[@href])[1]")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "strong", "dt"})
_HEADING_CLASS = re.compile("tit|hd|head")
_MOST = 5_000
"""Links that are looked at: a page with more is no list for readers."""
_LONGEST_TITLE = 200
_LONGEST_HEADING = 16
_BESIDE = re.compile(
    r"热[门点文榜评]|最热|排行|点击[榜量]|阅读榜|推荐|相关|猜你|往期|精彩|\d+小时|一周|本[周月]|友情链接|合作伙伴|专题|标签"
    r"|Popular|Trending|Most [Rr]ead|Related|Recommended"
)
"""What stands over a list that is not this page's own."""
_DEPTH = 4
"""Levels above a link at which the heading of its list may stand."""


@dataclass(slots=True, eq=False)
class Anchor:
    """One link as it stands on the page."""

    url: str
    """Canonical."""
    text: str
    element: Element
    aside: bool = False
    """Whether it stands in a menu, a footer or in a list beside this page's own."""

    @property
    def weight(self) -> float:
        """The length of its text in Han characters."""
        return len(self.text.encode()) / 3


def base_of(document: Document) -> str:
    """The address that the page's relative links are relative to."""
    base = next(iter(_BASE(document.tree)), None) if document.tree is not None else None
    told = base.get("href", "") if base is not None else ""
    return absolute(told, document.page.url) or document.page.url


def anchors_of(document: Document, hosts: tuple[str, ...]) -> list[Anchor]:
    """The links of a page to these hosts, in its order; an address may stand there several times."""
    if document.tree is None:
        return []
    beside = _Beside()
    return [
        Anchor(url=url, text=_text(element), element=element, aside=beside.holds(element))
        for element, url in _links(document, hosts)
    ]


def _links(document: Document, hosts: tuple[str, ...]) -> Iterator[tuple[Element, str]]:
    base = base_of(document)
    scheme, _, rest = document.page.url.partition("://")
    own = f"://{rest.partition('/')[0]}"
    for element in _ANCHORS(document.tree)[:_MOST] if document.tree is not None else ():
        address = element.get("href", "").strip()
        url = absolute(address, base) if not address.startswith("#") else None
        if url and is_on(url, hosts):
            url = canonical(url)
            # One host's pages by http and by https are one.
            before, _, behind = url.partition("://")
            yield element, f"{scheme}://{behind}" if f"://{behind.partition('/')[0]}" == own else f"{before}://{behind}"


def _text(element: Element) -> str:
    """The link's headline: its heading, else all its text, else what it says of its picture."""
    heading = _HEADING(element)
    text = line_text(heading[0]) if heading else line_text(element)
    title = " ".join((element.get("title") or "").split())
    if title and (not text or text.endswith(("...", "…"))):
        text = title
    if not text:
        text = " ".join(" ".join(image.get("alt", "") for image in element.iter("img")).split())
    return text[:_LONGEST_TITLE]


class _Beside:
    """Which elements stand beside a page's own list; remembers what it was asked, for links share their ancestors."""

    def __init__(self) -> None:
        self._known: dict[Element, bool] = {}
        self._headings: dict[Element, str | None] = {}
        self._before: dict[Element, Element | None] = {}

    def holds(self, element: Element) -> bool:
        """Whether an ancestor is a menu, a footer or the like by its name, or a list under another heading."""
        return self._by_name(element.getparent()) or self._by_heading(element)

    def _by_name(self, element: Element | None) -> bool:
        path = []
        while element is not None and element not in self._known:
            path.append(element)
            element = element.getparent()
        aside = self._known[element] if element is not None else False
        for each in reversed(path):
            aside = aside or is_aside(each) or each.tag == "header"
            self._known[each] = aside
        return aside

    def _by_heading(self, element: Element) -> bool:
        above = element.getparent()
        for _ in range(_DEPTH):
            if above is None or above.tag == "body":
                return False
            if above not in self._headings:
                heading = self._heading_before(above)
                self._headings[above] = None if heading is None else line_text(heading)
            text = self._headings[above]
            if text is not None:
                return len(text) <= _LONGEST_HEADING and _BESIDE.search(text) is not None
            above = above.getparent()
        return False

    def _heading_before(self, element: Element) -> Element | None:
        """The last heading among the elements before one; each is looked at once, however many there are."""
        path = [element]
        while (before := path[-1].getprevious()) is not None and before not in self._before:
            path.append(before)
        for each in reversed(path):
            before = each.getprevious()
            known = None if before is None else self._before[before]
            self._before[each] = before if before is not None and _is_heading(before) else known
        return self._before[element]


def _is_heading(element: Element) -> bool:
    return element.tag in _HEADINGS or _HEADING_CLASS.search(element.get("class") or "") is not None
