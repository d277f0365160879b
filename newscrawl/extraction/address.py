"""The one address of a page whose site has no rule: what it calls canonical, where that is true. Pure."""

import re
from urllib.parse import urlsplit

from newscrawl.document import Document
from newscrawl.urls import absolute, canonical, host_of, site_of

_NUMBER = re.compile(r"\d{4,}")
_NO_NAMES = frozenset({"", "index", "default", "article", "content", "show", "view", "detail", "news"})


def own_address(document: Document) -> str:
    """The canonical address; "" for a page without one.

    Some sites call their home page, or the first page of a column, canonical for all pages. So what a page says counts
    only where it ends as its own address does, or carries the same number.
    """
    page = document.page
    if not page.url:
        return ""
    own = canonical(page.url)
    told = absolute(document.rel.get("canonical", ""), page.url)
    return canonical(told) if told and _is_same(own, canonical(told)) else own


def _is_same(own: str, told: str) -> bool:
    if site_of(host_of(own)) != site_of(host_of(told)):
        return False
    name, other = _name(own), _name(told)
    if name == other and name not in _NO_NAMES:
        return True
    return bool(set(_numbers(own)) & set(_numbers(told)))


def _name(url: str) -> str:
    return re.sub(r"\.\w{2,5}$", "", urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]).lower()


def _numbers(url: str) -> list[str]:
    parts = urlsplit(url)
    return _NUMBER.findall(f"{parts.path.rstrip('/').rsplit('/', 1)[-1]}?{parts.query}")
