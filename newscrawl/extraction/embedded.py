"""What pages tell machines: JSON-LD, OpenGraph, meta, microdata. Read where a site's rule found nothing. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from newscrawl.dates import Dated, parse_date
from newscrawl.document import Document
from newscrawl.extraction.draft import Draft
from newscrawl.extraction.text import clean_line
from newscrawl.urls import absolute

_ARTICLE_TYPES = frozenset({"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting"})
_DATES = tuple(
    "article:published_time og:published_time og:release_date og:article:published_time bytedance:published_time"
    " og:time publishdate publish-date publish_date publishtime publish_time pubdate pub_date pubtime datepublished"
    " published_time published weibo:article:create_at article.published article_date_original apub:time sailthru.date"
    " parsely-pub-date dc.date.issued dc.date dcterms.created dcterms.date firstpublishedtime releasedate createdate"
    " date dateupdate".split()
)
"""The names under which <meta> tells the day of publication, the surest first."""
_PUBLISHERS = ("contentsource", "source", "mediaid")
_MOST_NAMES = 10


def read(document: Document) -> Draft:
    """Date, summary, author and cover; no body: embedded ones are cut or stripped of their paragraphs.

    No title either: the generic reader weighs what machines are told against what the page shows.
    """
    ld = linked_article(document)
    raw, dated = next(dates(document), (None, None))
    meta = document.meta
    return Draft(
        origin="embedded",
        published=dated,
        published_raw=raw,
        summary=meta.get("og:description"),
        author=_name(ld.get("author")),
        publisher=_name(ld.get("publisher")) or _first_meta(meta, _PUBLISHERS),
        cover_url=absolute(meta.get("og:image", ""), document.page.url),
    )


def linked_article(document: Document) -> Mapping[str, Any]:
    """What the page's JSON-LD or microdata says of its article; {} when there is neither."""
    return next((item for item in document.json_ld if _is_article(item)), {})


def dates(document: Document) -> Iterator[tuple[str, Dated]]:
    """Every date of publication told to machines that can be read: as told, and read."""
    told = (linked_article(document).get("datePublished"), *(document.meta.get(name) for name in _DATES))
    for raw in told:
        text = _text(raw)
        if text and (dated := parse_date(text, document.page.fetched_at)):
            yield text, dated


def _is_article(item: Mapping[str, Any]) -> bool:
    types = item.get("@type")
    return any(
        each in _ARTICLE_TYPES for each in (types if isinstance(types, list) else [types]) if isinstance(each, str)
    )


def _first_meta(meta: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := meta.get(name, "").removeprefix("来源："))), None)


def _text(value: object) -> str | None:
    return (clean_line(value) or None) if isinstance(value, str) else None


def _name(value: object) -> str | None:
    """The name of a person or organisation, or those of a list of them."""
    several = value[:_MOST_NAMES] if isinstance(value, list) else [value]
    names = (_text(each.get("name") if isinstance(each, dict) else each) for each in several)
    return " ".join(name for name in names if name) or None
