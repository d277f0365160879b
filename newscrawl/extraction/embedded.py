"""What pages tell machines: JSON-LD, OpenGraph, meta. Read where a site's rule found nothing. Pure."""

from collections.abc import Mapping
from typing import Any

from newscrawl.dates import parse_date
from newscrawl.document import Document
from newscrawl.extraction.draft import Draft
from newscrawl.extraction.text import clean_line
from newscrawl.urls import absolute

_ARTICLE_TYPES = frozenset({"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting"})
_DATES = ("article:published_time", "og:published_time", "publishdate", "pubdate", "datepublished", "date")


def read(document: Document) -> Draft:
    """Title, date, summary, author and cover; never a body: embedded bodies are cut or stripped of their paragraphs."""
    ld = next((item for item in document.json_ld if _is_article(item)), {})
    raw = _text(ld.get("datePublished")) or _first_meta(document.meta, _DATES)
    return Draft(
        origin="embedded",
        title=_text(ld.get("headline")) or document.meta.get("og:title") or None,
        published=parse_date(raw, document.page.fetched_at) if raw else None,
        published_raw=raw,
        summary=document.meta.get("og:description") or _text(ld.get("description")),
        author=_name(ld.get("author")),
        publisher=_name(ld.get("publisher")),
        cover_url=absolute(document.meta.get("og:image", ""), document.page.url),
    )


def _is_article(item: Mapping[str, Any]) -> bool:
    types = item.get("@type")
    return bool(_ARTICLE_TYPES.intersection(types if isinstance(types, list) else [types]))


def _first_meta(meta: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if meta.get(name)), None)


def _text(value: object) -> str | None:
    return (clean_line(value) or None) if isinstance(value, str) else None


def _name(value: object) -> str | None:
    if isinstance(value, list):
        names = [name for item in value if (name := _name(item))]
        return " ".join(names) or None
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)
