"""`body_html`: a body as clean, sanitised HTML that is inert wherever it is shown. Pure.

nh3 rebuilds from an allow-list; a blacklist cleaner is broken about once a year.
"""

import nh3
from lxml import etree

from newscrawl.errors import TooComplexPage
from newscrawl.extraction.images import image_address
from newscrawl.tree import Element, drop
from newscrawl.urls import absolute

_TAGS = set(
    "a b blockquote br caption center code col colgroup dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr"
    " i img ins li ol p pre s small strong sub sup table tbody td tfoot th thead tr u ul".split()
)
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_EMPTIABLE = tuple("p span strong b em i a h1 h2 h3 h4 h5 h6 div center li".split())
_MOST_ESCAPES = 150_000
"""nh3 takes 0.3 s for 100,000 of &amp; in a row, and a minute for a million."""
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https"},
    clean_content_tags={"script", "style"},
)


def body_markup(body: Element, base: str) -> str:
    """The inside of `body`, sanitised; links and images absolute; TooComplexPage. Changes `body`: call it last."""
    etree.strip_tags(body, "image")  # nh3 and browsers would make an <img> of it
    make_absolute(body, base)
    drop_empty(body)
    outer = etree.Element("article")  # a tag that the allow-list leaves out, so that only the inside stays
    outer.text = body.text
    outer.extend(list(body))
    etree.strip_tags(outer, "span", "font")  # these go anyway, and nh3 takes as long for one as for a paragraph
    return sanitised(etree.tostring(outer, encoding="unicode", method="html"))


def sanitised(source: str) -> str:
    """HTML with nothing in it but what the allow-list names; TooComplexPage."""
    if source.count("&") > _MOST_ESCAPES:
        raise TooComplexPage(
            f"{source.count('&'):,} characters that HTML writes as &…; at most {_MOST_ESCAPES:,} are read"
        )
    return _CLEANER.clean(source).strip()


def make_absolute(body: Element, base: str) -> None:
    """Give every image and every link its whole address; what has none is an image or a link no more."""
    for element in list(body.iter("img")):
        if url := image_address(element, base):
            element.set("src", url)
        elif element.getparent() is not None:
            drop(element)
    for element in body.iter("a"):
        href = absolute(element.get("href") or "", base)
        if href and element.get("href"):
            element.set("href", href)
        else:
            element.attrib.pop("href", "")


def drop_empty(body: Element) -> None:
    """Remove elements that hold neither text nor an image, innermost first."""
    for element in reversed(list(body.iter(*_EMPTIABLE))):
        if element is body or element.getparent() is None:
            continue
        if len(element) == 0 and not (element.text or "").strip():
            drop(element)
