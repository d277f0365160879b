"""Text -> tree: one lxml parse, and the few things that every reader of a tree needs. Pure.

Elements are lxml's plain ones: those of lxml.html are made by a look-up in Python, which costs as much as the parse.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from html.entities import name2codepoint
from typing import TYPE_CHECKING, TypeAlias, cast

from lxml import etree
from lxml.cssselect import CSSSelector

from newscrawl.errors import TooComplexPage
from newscrawl.shape import check_shape

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

Element: TypeAlias = etree._Element

_NOISE = ("script", "style", "noscript", "template", "iframe", "object", "embed", "link")
_NO_CHARACTER = re.compile(r"&#(?:[xX]0*[fF]{3}[eEfF]|0*6553[45]);?")
_OUTER_TAGS = re.compile(r"</?(?:html|body)\b[^>]*>|<\?[^>]*>?", re.IGNORECASE)
"""And processing instructions: nobody sees them, and no tree takes one called xml."""
# What character references such as &#27; may name, and a tree cannot hold.
_NOT_XML = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Markup that all parsers read alike: tags that are none of a page's outer ones, with attributes in quotes.
_PLAIN = re.compile(
    r"</?(?!html|head|body|title|base|frame|script|style|template|textarea|svg|math|plaintext|xmp)[a-zA-Z][a-zA-Z0-9]*"
    r"(?:\s+[a-zA-Z_:][\w:.-]*(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))?)*\s*/?>|<!--[^<>-]*-->"
)
_MOST_ODD_TAGS = 20_000
"""BeautifulSoup takes four seconds for 50,000 that are never closed."""
_NAME = re.compile(r"[\w.:-]+")
_REFERENCE = re.compile(
    r"&(?:([a-zA-Z]{2,8})|#(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]|1[6-9]\d|[2-9]\d\d|[1-9]\d{3}|[1-4]\d{4}));"
)
"""Numbers from 127 to 159 mean another character to BeautifulSoup, as they do to browsers."""
_AMPERSAND = re.compile(r"&(?:amp|#0*38|#[xX]0*26);")


# Made once: a parser of its own for each page costs a tenth of a parse.
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)


def parse_html(text: str) -> Element:
    """One lxml parse; BeautifulSoup takes over where lxml gives up. Raises TooComplexPage when the tree is cut."""
    if "&#" in text:
        text = _NO_CHARACTER.sub("", text)  # lxml lets U+FFFF in, and then into no other tree
    tree = _parse(text)
    return parse_fragment(text) if tree is None else tree


def _parse(text: str) -> Element | None:
    """None where lxml finds nothing to make a tree of."""
    try:
        tree = cast(Element | None, etree.fromstring(text.encode(), parser=_PARSER))
    except etree.XMLSyntaxError:
        return None
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in _PARSER.error_log):
        raise TooComplexPage("nested deeper than a parser follows")
    return tree


def parse_fragment(text: str) -> Element:
    """A story's HTML field or a post's body, without noise: by lxml where its markup is plain, else by BeautifulSoup.

    BeautifulSoup reads what people and editors type (3<5, tags that nobody knows, attributes without an end), at
    fifteen times the cost.
    """
    check_shape(text)
    text = _OUTER_TAGS.sub("", _NOT_XML.sub("", text))
    root = _parse_plain(text)
    if root is None:
        root = _parse_soup(text)
    remove_noise(root)
    remove_hidden(root)
    return root


def _parse_plain(text: str) -> Element | None:
    """The fragment as lxml reads it; None where its markup is odd, or does not end where the fragment does."""
    tree = _parse(f"<div>{text}</div>") if _is_plain(text) else None
    body = None if tree is None else tree.find("body")
    if body is None or len(body) != 1 or body.text or body[0].tail or body[0].tag != "div":
        return None
    root = body[0]
    body.remove(root)
    return root


def _is_plain(text: str) -> bool:
    references = _REFERENCE.findall(text)
    return (
        text.count("<") == sum(1 for _ in _PLAIN.finditer(text))
        and text.count("&") == len(references)
        and all(not name or name in name2codepoint for name in references)
    )


def _parse_soup(text: str) -> Element:
    from bs4 import BeautifulSoup  # noqa: PLC0415 - takes 0.1 s to load, and most pages never need it
    from lxml.html import soupparser  # noqa: PLC0415

    if text.count("<") > _MOST_ODD_TAGS:
        raise TooComplexPage(f"{text.count('<'):,} tags, odd ones among them; at most {_MOST_ODD_TAGS:,} are read")
    try:
        # Inside <body>, or the conversion would drop the text beside a lone element.
        # The conversion decodes references once more, so that &amp;lt; would become a tag's beginning.
        soup = BeautifulSoup("<html><body>" + _AMPERSAND.sub("&amp;amp;", text), "html.parser")
        _drop_controls(soup)
        _drop_odd_names(soup)
        root: Element = soupparser.convert_tree(soup, makeelement=_PARSER.makeelement)[0]
    except RecursionError:
        raise TooComplexPage("nested deeper than a parser follows") from None
    root.tag = "div"
    return root


def _drop_controls(soup: "BeautifulSoup") -> None:
    """What character references made of themselves, in texts and in attributes: no tree can hold it."""
    for string in soup.find_all(string=_NOT_XML):
        string.replace_with(_NOT_XML.sub("", string))
    for tag in soup.find_all(lambda tag: any(_NOT_XML.search(str(value)) for value in tag.attrs.values())):
        tag.attrs = {name: _NOT_XML.sub("", str(value)) for name, value in tag.attrs.items()}


def _drop_odd_names(soup: "BeautifulSoup") -> None:
    """Tags such as <scr<b>, of which only the inside stays, and attributes: no tree takes such names."""
    for tag in soup.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if _NAME.fullmatch(name)}
        if not _NAME.fullmatch(tag.name):
            tag.unwrap()


def plain_tree(text: str) -> Element:
    """A tree for a plain text: one paragraph per line."""
    root = _PARSER.makeelement("div")
    for line in _NOT_XML.sub("", text).splitlines():
        if line.strip():
            etree.SubElement(root, "p").text = line
    return root


def xpath(path: str) -> Callable[[Element], list[Element]]:
    """A compiled path that finds elements."""
    return cast(Callable[[Element], list[Element]], etree.XPath(path, smart_strings=False))


def text_in(element: Element) -> str:
    """All text in an element, as it stands."""
    return "".join(cast(Iterator[str], element.itertext()))


@cache
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css)


def select(element: Element, css: str) -> list[Element]:
    """The elements that a CSS selector finds; each selector is compiled once (that costs more than to run it)."""
    return cast(list[Element], _compiled(css)(element))


def drop(element: Element) -> None:
    """Take an element out of its tree with all that is in it; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def remove_noise(tree: Element) -> None:
    """Drop what holds no text for readers: scripts, styles, comments. Text behind them stays."""
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, *_NOISE, with_tail=False)


# A relative path: the root that BeautifulSoup's conversion gives is not its document's.
_may_hide = xpath(".//@style/.. | .//@hidden/..")


def hidden(tree: Element) -> list[Element]:
    """The elements that say that they are not shown."""
    return [each for each in _may_hide(tree) if each.get("hidden") is not None or _hides(each.get("style", ""))]


def _hides(style: str) -> bool:
    return "none" in style.lower() and "display:none" in style.replace(" ", "").lower()


def remove_hidden(tree: Element) -> None:
    """Drop the elements that no reader sees."""
    for element in hidden(tree):
        drop(element)
