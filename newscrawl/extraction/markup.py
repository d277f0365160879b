"""`body_html`: a body as clean, sanitised HTML that is inert wherever it is shown. Pure.

nh3 rebuilds from an allow-list; a blacklist cleaner is broken about once a year.
"""

import nh3
from lxml import html
from lxml.html import HtmlElement

from newscrawl.extraction.images import image_address
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
_EMPTIABLE = (
    "p",
    "span",
    "strong",
    "b",
    "em",
    "i",
    "a",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "center",
    "li",
)


def body_markup(body: HtmlElement, base: str) -> str:
    """The inside of `body`, sanitised; links and images absolute. Changes `body`: call it last."""
    for element in list(body.iter("img")):
        if url := image_address(element, base):
            element.set("src", url)
        elif element.getparent() is not None:
            element.drop_tree()
    for element in body.iter("a"):
        href = absolute(element.get("href") or "", base)
        if href and element.get("href"):
            element.set("href", href)
        else:
            element.attrib.pop("href", None)
    drop_empty(body)
    outer = html.Element("article")  # a tag that the allow-list leaves out, so that only the inside stays
    outer.text = body.text
    outer.extend(list(body))
    clean = nh3.clean(
        html.tostring(outer, encoding="unicode"),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        clean_content_tags={"script", "style"},
    )
    return clean.strip()


def drop_empty(body: HtmlElement) -> None:
    """Remove elements that hold neither text nor an image, innermost first."""
    for element in reversed(list(body.iter(*_EMPTIABLE))):
        if element is body or element.getparent() is None:
            continue
        if len(element) == 0 and not (element.text or "").strip():
            element.drop_tree()
