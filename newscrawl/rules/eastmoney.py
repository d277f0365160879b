"""East Money (eastmoney.com): article pages of every host and year.

One article has one number of 18 digits, `YYYYMMDD` and ten more, the same in `/a/N.html`, `/news/<column>,N.html`,
`infoCode=NWN` and on finance., stock., hk., futures. and the other hosts.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from newscrawl.dates import parse_date
from newscrawl.document import Document
from newscrawl.errors import GonePage
from newscrawl.extraction.draft import Draft
from newscrawl.extraction.text import line_text
from newscrawl.items import ArticleKind
from newscrawl.rules.eastmoney_body import clean_body
from newscrawl.tree import Element, remove_hidden

_NUMBER = re.compile(r"(?<!\d)((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{9,10})(?!\d)")
_SITE_SUFFIX = re.compile(r"\s*[_|\-]+\s*(?:[^_|]{0,12}[_|])?\s*东方财富网.*$")
_GONE = re.compile(r"(?:您|你)?(?:所)?访问的(?:页面|文章)(?:不存在|已被?删除)|文章(?:不存在|已被?删除)")
_META_LINES = ".infos .item, .infos, .time, .time-source .time, .Info .time, .publish-time, .post-time"
_SOURCE_LINES = ".infos .item, .source, .data-source, .Info .source, .time-source .source"
_PRINTED = re.compile(r"(?:19|20)\d\d\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}日?(?:\s?\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?")
_LABELLED = re.compile(r"^(来源|作者|编辑|责任编辑)\s*[:：]\s*(.+)$")


class EastmoneyRule:
    """Reads the article pages of the source eastmoney."""

    sources: ClassVar = ("eastmoney",)
    domains: ClassVar = ("eastmoney.com",)
    ends_with_html: ClassVar = True

    def recognises(self, document: Document) -> bool:
        """The body's own id."""
        return document.is_html and 'id="ContentBody"' in document.text

    def source_of(self, kind: ArticleKind) -> str:  # noqa: ARG002 - one source for both kinds
        """The only source of this rule."""
        return "eastmoney"

    def identify(self, document: Document) -> tuple[str | None, str]:
        """The article's number and its address on the main host."""
        return identify(document.page.url)

    def read(self, document: Document) -> Iterator[Draft]:
        """The page as shown."""
        if document.tree is None:
            return
        body = next(iter(document.select("#ContentBody, div.txtinfos, #artibody, .article-body")), None)
        if body is None and _says_gone(document.tree):
            raise GonePage("the site says that the article is gone")
        yield _read_page(document, document.tree, body)

    def last_resort(self, document: Document) -> Iterator[Draft]:
        """The day that the article's number begins with."""
        yield from address_layer(document.page.url)


def identify(address: str) -> tuple[str | None, str]:
    """Number and canonical address of whatever form of East Money address; (None, address) for another.

    >>> identify("http://stock.eastmoney.com/news/1611,202112082206703990.html")
    ('202112082206703990', 'https://finance.eastmoney.com/a/202112082206703990.html')
    """
    match = _NUMBER.search(address)
    return (match[1], f"https://finance.eastmoney.com/a/{match[1]}.html") if match else (None, address)


def address_layer(address: str) -> Iterator[Draft]:
    """The day that the number begins with, for a page that tells no date."""
    number, _ = identify(address)
    dated = parse_date(number[:8]) if number else None
    if number and dated:
        yield Draft(origin="address", published=dated, published_raw=number[:8])


def _says_gone(tree: Element) -> bool:
    remove_hidden(tree)  # pages have their notices in them, hidden
    return bool(_GONE.search(line_text(tree)[:3000]))


def _read_page(document: Document, tree: Element, body: Element | None) -> Draft:
    labelled = _labelled_lines(document, body)
    summary = next((line_text(element) for element in document.select(".abstract .txt, .b-review, .abstract")), None)
    cleaned = clean_body(body) if body is not None else None
    raw = _printed_date(document, body)
    return Draft(
        origin="rule",
        kind="article",
        title=_title(document, tree, body),
        published=parse_date(raw, document.page.fetched_at) if raw else None,
        published_raw=raw,
        body=body,
        summary=summary or document.meta.get("description") or None,
        publisher=(cleaned.publisher if cleaned else None) or labelled.get("来源"),
        author=labelled.get("作者"),
        editor=labelled.get("责任编辑") or labelled.get("编辑") or (cleaned.editor if cleaned else None),
    )


def _title(document: Document, tree: Element, body: Element | None) -> str | None:
    """The heading outside the body; then og:title, then <title> without the site's name."""
    for element in document.select("h1, .contentbox .title, .mainleft .title, .article .title, .zwtitle, div.title"):
        if not _inside(element, body) and (text := line_text(element)):
            return text
    title = document.meta.get("og:title") or line_text(tree.find(".//title"))
    return _SITE_SUFFIX.sub("", title) or None


def _printed_date(document: Document, body: Element | None) -> str | None:
    for element in document.select(_META_LINES):
        match = _PRINTED.search(line_text(element))
        if match and not _inside(element, body):
            return match[0]
    return None


def _labelled_lines(document: Document, body: Element | None) -> dict[str, str]:
    """来源：财联社, 作者：…, 编辑：… above the body, and the editor's line under it."""
    found: dict[str, str] = {}
    for element in document.select(_SOURCE_LINES + ", .author, .edit, .res-edit, .res-edit2"):
        text = line_text(element).strip("（）() ")
        if not _inside(element, body) and (match := _LABELLED.match(text)):
            found.setdefault(match[1], match[2].strip())
    return found


def _inside(element: Element, body: Element | None) -> bool:
    return body is not None and any(ancestor is body for ancestor in element.iterancestors())


RULE = EastmoneyRule()
