"""Document: a page decoded and parsed once. The tree is cleaned of noise; embedded data is put aside before that."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from bs4 import BeautifulSoup
from lxml import html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, soupparser

from newscrawl.decode import clean_text, decode
from newscrawl.errors import BlockedPage, EmptyPage, LayoutError, TooComplexPage
from newscrawl.items import Page
from newscrawl.shape import check_shape

# The slider that cls.cn puts in place of a page (HTTP 200), and its like on other sites.
_SLIDER = ("aliyun_waf_", "AliyunCaptcha", "acw_sc__v2", "_CAPTCHA_", "geetest_", "TencentCaptcha")
_LONGEST_SLIDER = 100_000
_NOISE = (
    *("script", "style", "noscript", "template", "iframe", "object", "embed", "link"),
    html.etree.Comment,
    html.etree.ProcessingInstruction,
)
# Relative paths: the root that BeautifulSoup's conversion gives is not its document's.
_STYLED = html.etree.XPath(".//*[@style or @hidden]")
_META = html.etree.XPath(".//meta[(@name or @property or @itemprop) and @content]")
_LD_JSON = html.etree.XPath(".//script[@type='application/ld+json']/text()")
_NEXT = html.etree.XPath(".//script[@id='__NEXT_DATA__' or starts-with(normalize-space(text()), '__NEXT_DATA__')]")
_NO_CHARACTER = re.compile(r"&#(?:[xX]0*[fF]{3}[eEfF]|0*6553[45]);?")
_OUTER_TAGS = re.compile(r"</?(?:html|body)\b[^>]*>", re.IGNORECASE)
# What character references such as &#27; may name, and a tree cannot hold.
_NOT_XML = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FRAGMENT_MARKS = re.compile(r"<(?:!doctype|html|head|body|title)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """One page, ready to be read. Any of `tree`, `data` and `front` may be missing: `kind` of content decides."""

    page: Page
    text: str = field(repr=False)
    """The decoded page as it came, for checks on its end and its form."""
    tree: HtmlElement | None = None
    """The cleaned tree of an HTML page."""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """A JSON row, or the page's `__NEXT_DATA__`."""
    json_ld: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    meta: Mapping[str, str] = field(default_factory=dict, repr=False)
    """`<meta>` by name or property in lower case, the first of each."""
    front: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The front matter of a post."""

    @property
    def is_fragment(self) -> bool:
        """Whether this is a piece of a page: nowhere in it could a title or a date of the page stand."""
        return not self.front and not self.data and not _FRAGMENT_MARKS.search(self.text[:2000])


def parse_page(page: Page) -> Document:
    """Decode and parse a page once. Raises BlockedPage, EmptyPage, EncodingError, LayoutError, TooComplexPage."""
    content_type = page.headers.get("content-type", "").lower()
    text = decode(page.body, content_type)
    if not text.strip():
        raise EmptyPage("the answer is empty")
    if "json" in content_type:
        return Document(page=page, text=text, data=_json_object(text))
    check_shape(text)
    if "markdown" in content_type:
        return _parse_post(page, text)
    if _is_slider(text):
        raise BlockedPage("the site shows a slider (captcha) in place of the page")
    return _parse_html(page, text)


def _is_slider(text: str) -> bool:
    # `in` is many times faster than one pattern of all the marks.
    return len(text) < _LONGEST_SLIDER and any(mark in text for mark in _SLIDER) and "__NEXT_DATA__" not in text


def parse_html(text: str) -> HtmlElement:
    """One lxml parse; BeautifulSoup takes over where lxml gives up. Raises TooComplexPage when the tree is cut."""
    if "&#" in text:
        text = _NO_CHARACTER.sub("", text)  # lxml lets U+FFFF in, and then into no other tree
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except html.etree.ParserError:
        return parse_fragment(text)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise TooComplexPage("nested deeper than a parser follows")
    return tree


@cache
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css)


def select(element: HtmlElement, css: str) -> list[HtmlElement]:
    """The elements that a CSS selector finds; each selector is compiled once (that costs more than to run it)."""
    return cast(list[HtmlElement], _compiled(css)(element))


def parse_fragment(text: str) -> HtmlElement:
    """A story's HTML field or a post's body, without noise. BeautifulSoup reads what people and editors type."""
    check_shape(text)
    try:
        # Inside <body>, or the conversion would drop the text beside a lone element.
        soup = BeautifulSoup("<html><body>" + _OUTER_TAGS.sub("", _NOT_XML.sub("", text)), "html.parser")
        _drop_controls(soup)
        root: HtmlElement = soupparser.convert_tree(soup)[0]
    except RecursionError:
        raise TooComplexPage("nested deeper than a parser follows") from None
    root.tag = "div"
    remove_noise(root)
    return root


def _drop_controls(soup: BeautifulSoup) -> None:
    """What character references made of themselves, in texts and in attributes: no tree can hold it."""
    for string in soup.find_all(string=_NOT_XML):
        string.replace_with(_NOT_XML.sub("", string))
    for tag in soup.find_all(lambda tag: any(_NOT_XML.search(str(value)) for value in tag.attrs.values())):
        tag.attrs = {name: _NOT_XML.sub("", str(value)) for name, value in tag.attrs.items()}


def plain_tree(text: str) -> HtmlElement:
    """A tree for a plain text: one paragraph per line."""
    root = html.Element("div")
    for line in _NOT_XML.sub("", text).splitlines():
        if line.strip():
            html.etree.SubElement(root, "p").text = line
    return root


def remove_noise(tree: HtmlElement) -> None:
    """Drop what no reader sees: scripts, styles, comments, hidden elements. Text behind them stays."""
    hidden = [element for element in _STYLED(tree) if _is_hidden(element)]
    for element in [*tree.iter(*_NOISE), *hidden]:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or "display:none" in element.get("style", "").replace(" ", "").lower()


def _parse_html(page: Page, text: str) -> Document:
    tree = parse_html(text)
    document = Document(
        page=page, text=text, tree=tree, data=_next_data(tree), json_ld=_json_ld(tree), meta=_meta(tree)
    )
    remove_noise(tree)
    return document


def _parse_post(page: Page, text: str) -> Document:
    """A Jekyll post: front matter in no valid YAML (titles are not escaped), then the body."""
    parts = re.split(r"(?m)^---[ \t]*\r?$", text, maxsplit=2)
    if len(parts) < 3 or parts[0].strip():
        raise LayoutError("no front matter at the start of the post")
    _, front, body = parts
    fields = dict(re.findall(r"(?m)^(\w+):[ \t]*(.*?)[ \t]*\r?$", front))
    return Document(page=page, text=body, front=fields)


def _json_object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except RecursionError:
        raise TooComplexPage("JSON nested deeper than a parser follows") from None
    except ValueError as error:
        raise LayoutError(f"no valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise LayoutError(f"a JSON object was expected, not {type(value).__name__}")
    return value


def _next_data(tree: HtmlElement) -> Mapping[str, Any]:
    """The page's own data: a JSON script, or (2020) an assignment in one. {} when there is none that can be read."""
    for script in _NEXT(tree):
        source = (script.text or "").strip()
        try:
            value, _ = json.JSONDecoder().raw_decode(source, max(source.find("{"), 0))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return {}


def _json_ld(tree: HtmlElement) -> tuple[Mapping[str, Any], ...]:
    found: list[Mapping[str, Any]] = []
    for source in _LD_JSON(tree):
        try:
            value = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue
        graph = value.get("@graph", value) if isinstance(value, dict) else value
        found += [item for item in (graph if isinstance(graph, list) else [graph]) if isinstance(item, dict)]
    return tuple(found)


def _meta(tree: HtmlElement) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for element in _META(tree):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        found.setdefault(name, clean_text(element.get("content", "")).strip())
    return found
