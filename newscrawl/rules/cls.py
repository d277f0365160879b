"""Cailianshe (cls.cn): telegraph rows, and detail pages in every layout since 2020.

A row of `v1/roll/get_roll_list` is a whole story. A detail page carries its story as JSON in `__NEXT_DATA__`: under
`props.initialState.detail` until 2026-05, under `props.pageProps` since. The DOM is read only where the JSON is gone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from lxml.html import HtmlElement

from newscrawl.dates import from_unix, parse_date
from newscrawl.document import Document, parse_fragment, plain_tree
from newscrawl.errors import GonePage, LayoutError, NotNews
from newscrawl.extraction.draft import Draft
from newscrawl.extraction.stocks import prefixed_stock
from newscrawl.extraction.text import line_text, visible_text
from newscrawl.items import ArticleKind, Image, Stock, Tag
from newscrawl.urls import absolute

_ID = re.compile(r"/(?:detail|article|share/article)/(\d{3,})")
_BRACKETED_TITLE = re.compile(r"\s*【([^【】]{1,150})】")
# 财联社9月25日讯（编辑 史正丞） and 财联社9月19日电，
_DATELINE = re.compile(r"(?:【[^】]*】)?\s*(财联社|科创板日报)\d{1,2}月\d{1,2}日(?:讯|电)")
_REPORTER = re.compile(r"[（(](?:记者|编辑|见习记者|实习记者|特约记者)[ :：]*([^（）()]{2,30})[）)]")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d+|#x[0-9a-fA-F]+|\w{2,8});")
# 盘中宝 and other paid columns.
_PAID_TYPES = frozenset({20015, 20021, 20022, 20026, 20087})
_OWN_MEDIA = ("财联社", "科创板日报", "星矿数据")


class ClsRule:
    """Reads the pages of cls_telegraph and cls_depth."""

    sources: ClassVar = ("cls_telegraph", "cls_depth")
    domains: ClassVar = ("cls.cn", "cailianpress.com")
    ends_with_html: ClassVar = True

    def recognises(self, document: Document) -> bool:
        """A detail page's data, or a telegraph row."""
        return "articleDetail" in _page_props(document.data) or {"ctime", "content", "id"} <= document.data.keys()

    def source_of(self, kind: ArticleKind) -> str:
        """Flashes are the telegraph's."""
        return "cls_telegraph" if kind == "flash" else "cls_depth"

    def identify(self, document: Document) -> tuple[str | None, str]:
        """The id that telegraphs and articles share; every host and path of it means www.cls.cn/detail/{id}."""
        match = _ID.search(document.page.url)
        number = (
            match[1] if match else _text(document.data.get("id")) or _text(_detail(document.data).get("id"))
        )
        return number, f"https://www.cls.cn/detail/{number}" if number else document.page.url

    def read(self, document: Document) -> Iterator[Draft]:
        """The row, or the page's JSON; then the page as shown."""
        if document.tree is None:
            yield _read_row(document.data)
            return
        detail = _detail(document.data)
        if detail:
            _check_same_story(detail, document.page.url)
            yield _read_detail(detail, document.page.source)
        elif "articleDetail" in _page_props(document.data):
            raise GonePage("the site knows no article of this id")
        yield _read_dom(document.tree, document)


def _read_row(row: Mapping[str, Any]) -> Draft:
    _refuse_not_news(row)
    content = str(row.get("content") or "")
    body = _body(content)
    published = from_unix(row.get("ctime"))
    modified = from_unix(row.get("modified_time"))
    return Draft(
        origin="rule",
        kind="flash",
        title=_title(row.get("title"), content),
        published=published,
        published_raw=_text(row.get("ctime")),
        body=body,
        publisher=_text(row.get("author")) or _dateline_medium(content),
        author=_reporter(content),
        modified_at=modified.at if modified else None,
        images=_images(row.get("images")),
        stocks=_stocks(row.get("stock_list")),
        tags=(*_subjects(row.get("subjects"), "subject_name"), *_level(row)),
    )


def _read_detail(detail: Mapping[str, Any], source: str) -> Draft:
    _refuse_not_news(detail)
    content = str(detail.get("content") or "")
    kind = _kind(content, source)
    images = _images(detail.get("images"))
    publisher, author = _people(detail.get("author"))
    return Draft(
        origin="rule",
        kind=kind,
        title=_title(detail.get("title"), content if kind == "flash" else ""),
        published=from_unix(detail.get("ctime")),
        published_raw=_text(detail.get("ctime")),
        body=_body(content),
        summary=visible_text(plain_tree(str(detail.get("brief") or ""))) or None,
        publisher=publisher or _dateline_medium(content),
        author=author or _reporter(content),
        editor=_text(detail.get("secReviewer")),
        # On an article these are the cover, apart from the body; a flash shows them behind its text.
        cover_url=images[0].url if images and kind == "article" else None,
        images=images if kind == "flash" else (),
        stocks=_stocks(detail.get("stock_list")),
        tags=(*_subjects(detail.get("subject"), "name"), *_column(detail), *_marks(detail), *_level(detail)),
    )


def _read_dom(tree: HtmlElement, document: Document) -> Draft:
    """The page as shown: class names of 2020, 2021 and 2026 (SHAPES §5.3)."""
    body = _first(
        tree, "div.detail-content > div.m-b-10", "div.detail-content", "div.detail-telegraph-content"
    )
    telegraph = bool(tree.cssselect("div.detail-telegraph-content"))
    lines = [line_text(item) for item in tree.cssselect(".f-l.m-r-10, .f-l, .detail-time, span.f-s-24.f-w-b")]
    dated = next((i for i, line in enumerate(lines) if re.match(r"20\d\d[-年]\d", line)), None)
    raw = lines[dated] if dated is not None else None
    publisher, author = _people(lines[dated + 1] if dated is not None and dated + 1 < len(lines) else None)
    editor = next((line for line in lines if line.startswith("责编")), "")
    return Draft(
        origin="rule:dom",
        kind="flash" if telegraph else None,
        title=line_text(_first(tree, *_TITLES)) or None,
        published=parse_date(raw, document.page.fetched_at) if raw else None,
        published_raw=raw,
        body=body,
        summary=visible_text(pre) if (pre := _first(tree, "pre")) is not None else None,
        publisher=publisher,
        author=author,
        editor=editor.removeprefix("责编").strip() or None,
    )


_TITLES = (
    ".article-title span",
    ".detail-title span",
    ".detail-title-content",
    ".detail-header",
    ".detail-banner-title",
)


def _page_props(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object that holds `articleDetail`, in either layout."""
    props = _mapping(data.get("props"))
    new = _mapping(props.get("pageProps"))
    return new if "articleDetail" in new else _mapping(_mapping(props.get("initialState")).get("detail"))


def _detail(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(_page_props(data).get("articleDetail"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _check_same_story(detail: Mapping[str, Any], url: str) -> None:
    match = _ID.search(url)
    if match and "id" in detail and str(detail["id"]) != match[1]:
        raise LayoutError(f"the page at {match[1]} is about {detail['id']}")


def _refuse_not_news(story: Mapping[str, Any]) -> None:
    if story.get("is_ad") or story.get("is_fad"):
        raise NotNews("advert")
    paid = story.get("type") in _PAID_TYPES or str(story.get("share_img") or "").endswith("/vip.png")
    if paid or story.get("isFree") is False or "@@" in str(story.get("author_extends") or ""):
        raise NotNews("paid")


def _body(content: str) -> HtmlElement | None:
    if not content.strip():
        return None
    return parse_fragment(content) if _MARKUP.search(content) else plain_tree(content)


def _kind(content: str, source: str) -> ArticleKind:
    """A telegraph's own page has the path of an article; its content is plain text."""
    if source == "cls_telegraph":
        return "flash"
    return "article" if source == "cls_depth" or "<p" in content else "flash"


def _title(title: object, content: str) -> str | None:
    if text := _text(title):
        return text
    match = _BRACKETED_TITLE.match(content)
    return line_text(parse_fragment(match[1])) if match else None


def _people(author: object) -> tuple[str | None, str | None]:
    """Medium and reporter from "财联社 赵昊"; a name that is no medium of the house is the medium reprinted."""
    name = _text(_mapping(author).get("name") if isinstance(author, Mapping) else author)
    if not name:
        return None, None
    medium = next((medium for medium in _OWN_MEDIA if name.startswith(medium)), None)
    return (medium, name[len(medium) :].strip() or None) if medium else (name, None)


def _dateline_medium(content: str) -> str | None:
    match = _DATELINE.match(re.sub(r"<[^>]*>", "", content))
    return match[1] if match else None


def _reporter(content: str) -> str | None:
    text = re.sub(r"<[^>]*>", "", content)[:400]
    match = _REPORTER.search(text) if _DATELINE.match(text) else None
    return match[1].strip() if match else None


def _images(addresses: object) -> tuple[Image, ...]:
    found = (absolute(str(address), "https://www.cls.cn/") for address in _items(addresses) if address)
    return tuple(Image(url) for url in found if url)


def _stocks(rows: object) -> tuple[Stock, ...]:
    found = (prefixed_stock(str(row.get("StockID") or ""), _text(row.get("name"))) for row in _rows(rows))
    return tuple(stock for stock in found if stock)


def _subjects(rows: object, key: str) -> tuple[Tag, ...]:
    return tuple(Tag("subject", name) for row in _rows(rows) if (name := _text(row.get(key))))


def _column(detail: Mapping[str, Any]) -> tuple[Tag, ...]:
    column = _mapping(detail.get("column"))
    name = _text(column.get("columnName"))
    return (Tag("column", name),) if name and _number(column.get("columnID")) > 0 else ()


def _marks(detail: Mapping[str, Any]) -> tuple[Tag, ...]:
    """原创 and its like."""
    return tuple(
        Tag("category", name) for row in _rows(detail.get("visibleTags")) if (name := _text(row.get("name")))
    )


def _level(story: Mapping[str, Any]) -> tuple[Tag, ...]:
    """A and B are the red (加红) ones."""
    level = _text(story.get("level"))
    return (Tag("level", level),) if level else ()


def _rows(value: object) -> Iterator[Mapping[str, Any]]:
    return (row for row in _items(value) if isinstance(row, Mapping))


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str | None:
    return (
        (str(value).strip() or None) if isinstance(value, str | int) and not isinstance(value, bool) else None
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _first(tree: HtmlElement, *selectors: str) -> HtmlElement | None:
    return next((found for selector in selectors for found in tree.cssselect(selector)), None)


RULE = ClsRule()
