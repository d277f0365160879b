"""The fields of cls.cn's JSON, in rows and in `articleDetail`: whatever has another type than it should is absent."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from newscrawl.errors import NotNews
from newscrawl.extraction.stocks import prefixed_stock
from newscrawl.extraction.text import clean_line, line_text
from newscrawl.items import Image, Stock, Tag, TagKind
from newscrawl.tree import Element, parse_fragment, plain_tree
from newscrawl.urls import absolute

Json = Mapping[str, Any]

_BRACKETED = re.compile(r"\s*【([^【】]{1,150})】")
# 财联社9月25日讯（编辑 史正丞）… and 财联社9月19日电，…
_DATELINE = re.compile(r"\s*(?:【[^】]*】)?\s*(财联社|科创板日报)\d{1,2}月\d{1,2}日(?:讯|电)")
_REPORTER = re.compile(r"[（(](?:见习|实习|特约)?(?:记者|编辑)[ :：]*([^（）()]{2,30})[）)]")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d+|#x[0-9a-fA-F]+|\w{2,8});")
_TAG = re.compile(r"<[^>]*>")
# 盘中宝 (20015) and the other paid columns.
_PAID_TYPES = frozenset({"20015", "20021", "20022", "20026", "20087"})
_OWN_MEDIA = ("财联社", "科创板日报", "星矿数据")


def refuse_not_news(story: Json) -> None:
    """Raise NotNews for an advertisement, and for a story of which only a teaser is shown."""
    if story.get("is_ad") or story.get("is_fad"):
        raise NotNews("advert")
    paid = text_of(story.get("type")) in _PAID_TYPES or str(story.get("share_img") or "").endswith("/vip.png")
    # author_extends names the stocks that a paid row hides: sz002245@@蔚蓝锂芯##…
    if paid or story.get("isFree") is False or "@@" in str(story.get("author_extends") or ""):
        raise NotNews("paid")


def body_of(content: str) -> Element | None:
    """The content field as a tree; most rows are plain text, and some hold <br>, <em> or entities."""
    if not content.strip():
        return None
    return parse_fragment(content) if _MARKUP.search(content) else plain_tree(content)


def title_of(title: object, content: str) -> str | None:
    """The field, else the 【…】 that the content begins with; about every second flash has neither."""
    if text := text_of(title):
        return text
    match = _BRACKETED.match(content)
    return line_text(parse_fragment(match[1])) if match else None


def people(author: object) -> tuple[str | None, str | None]:
    """Medium and reporter from "财联社 赵昊" (or {name: …}); a name without the house's is the medium reprinted."""
    name = text_of(author.get("name") if isinstance(author, Mapping) else author)
    medium = next((medium for medium in _OWN_MEDIA if name and name.startswith(medium)), None)
    if not name or not medium:
        return name, None
    return medium, name[len(medium) :].strip() or None


def dateline_medium(content: str) -> str | None:
    """The house that the first words name: 财联社9月19日电."""
    match = _DATELINE.match(_TAG.sub("", content[:1000]))
    return match[1] if match else None


def dateline_reporter(content: str) -> str | None:
    """The reporter whom the dateline names: （编辑 史正丞）, （记者 张三 李四）."""
    text = _TAG.sub("", content[:1000])
    dateline = _DATELINE.match(text)
    match = _REPORTER.match(text, dateline.end()) if dateline else None
    return clean_line(match[1]) if match else None


def images_of(addresses: object) -> tuple[Image, ...]:
    """A list of image addresses."""
    found = (absolute(str(address), "https://www.cls.cn/") for address in _items(addresses))
    return tuple(Image(url) for url in found if url)


def stocks_of(rows: object) -> tuple[Stock, ...]:
    """stock_list: {name, StockID: "sh603986"}; "mentioned", not "about"."""
    found = (prefixed_stock(str(row.get("StockID") or ""), text_of(row.get("name"))) for row in _rows(rows))
    return tuple(stock for stock in found if stock)


def tags_of(story: Json) -> tuple[Tag, ...]:
    """Subjects (of rows and of pages), column, marks such as 原创, and the level: A and B are the red (加红) ones."""
    column = mapping(story.get("column"))
    named = isinstance(column.get("columnID"), int) and column["columnID"] > 0
    found: list[tuple[TagKind, object]] = [
        *(("subject", row.get("subject_name")) for row in _rows(story.get("subjects"))),
        *(("subject", row.get("name")) for row in _rows(story.get("subject"))),
        ("column", column.get("columnName") if named else None),
        *(("category", row.get("name")) for row in _rows(story.get("visibleTags"))),
        ("level", story.get("level")),
    ]
    return tuple(Tag(kind, name) for kind, told in found if (name := text_of(told)))


def mapping(value: object) -> Json:
    """A JSON object, or an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def text_of(value: object) -> str | None:
    """A text or a number as text; None for an empty one and for anything else."""
    return (clean_line(str(value)) or None) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _rows(value: object) -> Iterator[Json]:
    return (row for row in _items(value) if isinstance(row, Mapping))


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
