"""Cailianshe (cls.cn): telegraph rows, and detail pages in every layout since 2020.

A row of `v1/roll/get_roll_list` is a whole story. A detail page carries its story as JSON in `__NEXT_DATA__`: under
`props.initialState.detail` until 2026-05, under `props.pageProps` since. The DOM is read only for what the JSON lacks.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from newscrawl.dates import from_unix, parse_date
from newscrawl.document import Document
from newscrawl.errors import GonePage, LayoutError
from newscrawl.extraction.draft import Draft
from newscrawl.extraction.text import line_text, visible_text
from newscrawl.items import ArticleKind
from newscrawl.rules.cls_fields import (
    Json,
    body_of,
    dateline_medium,
    dateline_reporter,
    images_of,
    mapping,
    people,
    refuse_not_news,
    stocks_of,
    tags_of,
    text_of,
    title_of,
)
from newscrawl.tree import Element, plain_tree

_ID = re.compile(r"/(?:detail|article)/(\d{3,})")
_DATE_LINE = re.compile(r"20\d\d[-年]\d")
# Class names of 2026, 2021 and 2020.
_TITLES = ".article-title span, .detail-title span, .detail-title-content, .detail-header, .detail-banner-title"
_BODIES = ("div.detail-content > div.m-b-10", "div.detail-content", "div.detail-telegraph-content")
_LINES = ".f-l, .detail-time, span.f-s-24.f-w-b"


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
        told = text_of(document.data.get("id")) or text_of(_detail(document.data).get("id"))
        number = match[1] if match else told
        return number, f"https://www.cls.cn/detail/{number}" if number else document.page.url

    def read(self, document: Document) -> Iterator[Draft]:
        """The row, or the page's JSON; then the page as shown."""
        if not document.is_html:
            yield _read_row(document.data)
            return
        if detail := _detail(document.data):
            _check_same_story(detail, document.page.url)
            yield _read_detail(detail, document.page.source)
        elif "articleDetail" in _page_props(document.data):
            raise GonePage("the site knows no article of this id")
        if (tree := document.tree) is not None:  # parsed only here: the JSON is mostly complete
            yield _read_dom(document, tree)

    def last_resort(self, document: Document) -> Iterator[Draft]:  # noqa: ARG002
        """An id tells nothing."""
        yield from ()


def _page_props(data: Json) -> Json:
    """The object that holds `articleDetail`, in either layout."""
    props = mapping(data.get("props"))
    new = mapping(props.get("pageProps"))
    return new if "articleDetail" in new else mapping(mapping(props.get("initialState")).get("detail"))


def _detail(data: Json) -> Json:
    return mapping(_page_props(data).get("articleDetail"))


def _check_same_story(detail: Json, url: str) -> None:
    match = _ID.search(url)
    if match and "id" in detail and str(detail["id"]) != match[1]:
        raise LayoutError(f"the page of article {match[1]} holds article {detail['id']}")


def _read_row(row: Json) -> Draft:
    refuse_not_news(row)
    content = str(row.get("content") or "")
    modified = from_unix(row.get("modified_time"))
    return Draft(
        origin="rule",
        kind="flash",
        title=title_of(row.get("title"), content),
        published=from_unix(row.get("ctime")),
        published_raw=text_of(row.get("ctime")),
        body=body_of(content),
        publisher=text_of(row.get("author")) or dateline_medium(content),
        author=dateline_reporter(content),
        modified_at=modified.at if modified else None,
        images=images_of(row.get("images")),
        stocks=stocks_of(row.get("stock_list")),
        tags=tags_of(row),
    )


def _read_detail(detail: Json, source: str) -> Draft:
    refuse_not_news(detail)
    content = str(detail.get("content") or "")
    kind = _kind(content, source)
    images = images_of(detail.get("images"))
    publisher, author = people(detail.get("author"))
    return Draft(
        origin="rule",
        kind=kind,
        title=title_of(detail.get("title"), content if kind == "flash" else ""),
        published=from_unix(detail.get("ctime")),
        published_raw=text_of(detail.get("ctime")),
        body=body_of(content),
        summary=visible_text(plain_tree(str(detail.get("brief") or ""))) or None,
        publisher=publisher or dateline_medium(content),
        author=author or dateline_reporter(content),
        editor=text_of(detail.get("secReviewer")),
        # On an article these are the cover, which the body does not show; a flash shows them behind its text.
        cover_url=images[0].url if images and kind == "article" else None,
        images=images if kind == "flash" else (),
        stocks=stocks_of(detail.get("stock_list")),
        tags=tags_of(detail),
    )


def _kind(content: str, source: str) -> ArticleKind:
    """A telegraph's own page has the path of an article; its content is plain text."""
    if source:
        return "flash" if source == "cls_telegraph" else "article"
    return "article" if "<p" in content else "flash"


def _read_dom(document: Document, tree: Element) -> Draft:
    """The page as shown; the lines under the title are known by their form, since their classes mean only style."""
    body = next((found for selector in _BODIES for found in document.select(selector)), None)
    lines = [line_text(element) for element in document.select(_LINES)]
    dated = next((i for i, line in enumerate(lines) if _DATE_LINE.match(line)), None)
    raw = lines[dated] if dated is not None else None
    behind = lines[dated + 1] if dated is not None and dated + 1 < len(lines) else ""
    publisher, author = people(None if behind.startswith("责编") else behind)
    editor = next((line.removeprefix("责编").strip() for line in lines if line.startswith("责编")), None)
    brief = tree.find(".//pre")
    return Draft(
        origin="rule:dom",
        kind="flash" if body is not None and "telegraph" in body.get("class", "") else None,
        title=next((line_text(element) for element in document.select(_TITLES)), None) or None,
        published=parse_date(raw, document.page.fetched_at) if raw else None,
        published_raw=raw,
        body=body,
        summary=(visible_text(brief) or None) if brief is not None else None,
        publisher=publisher,
        author=author,
        editor=editor,
    )


RULE = ClsRule()
