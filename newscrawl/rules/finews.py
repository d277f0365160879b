"""finews: Jekyll posts that the seed's cron script wrote from East Money's feeds, one article each.

Two kinds of body for one article: the feed's `text` (file name and address with NW before the number; no stock
links) and its `content` (first line the digest behind `>`; stock links). Both carry the same 18-digit number.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import unescape
from typing import ClassVar

from newscrawl.dates import parse_date
from newscrawl.document import Document
from newscrawl.errors import EmptyPage
from newscrawl.extraction.draft import Draft
from newscrawl.extraction.text import visible_text
from newscrawl.items import ArticleKind, Tag
from newscrawl.rules import eastmoney
from newscrawl.rules.eastmoney_body import clean_body
from newscrawl.tree import Element, parse_fragment, plain_tree

# The end of every post: its source's address, then up to two lines of links back (five forms over time).
_FOOTER = re.compile(r"\n+<(?P<address>[^<>\s]*)>[ \t]*(?:\n+(?:\[返回[^\n]*\n?)*)?\s*\Z")
_LONGEST_FOOTER = 4_000
"""Characters: in a long text of such lines the search would take for ever."""
_DIGEST = re.compile(r"\A\s*>[ \t]*(?P<digest>[^\n]*)(?:\n|\Z)")
_NOT_A_MEDIUM = frozenset({"emnews", "sitenews"})


class FinewsRule:
    """Reads the posts of the source finews."""

    sources: ClassVar = ("finews",)
    domains: ClassVar = ("finews.zning.xyz", "finews.withounder.com", "finews.zning.me")
    ends_with_html: ClassVar = False

    def recognises(self, document: Document) -> bool:
        """A post has front matter."""
        return bool(document.front)

    def source_of(self, kind: ArticleKind) -> str:  # noqa: ARG002 - one source for both kinds
        """The only source of this rule."""
        return "finews"

    def identify(self, document: Document) -> tuple[str | None, str]:
        """The article's number, from its source line or from the file's name; else the name itself."""
        page = document.page
        for address in (page.url, *page.aliases, page.headers.get("x-file-name", "")):
            number, url = eastmoney.identify(address)
            if number:
                return number, url
        return page.headers.get("x-file-name") or None, page.url

    def read(self, document: Document) -> Iterator[Draft]:
        """The post."""
        front = document.front
        _, text = split_footer(document.text)
        digest, text = _split_digest(text)
        body = _body(text)
        cleaned = clean_body(body) if body is not None else None
        if body is not None and not visible_text(body) and not any(True for _ in body.iter("img")):
            body = None
        if body is None and digest:
            body, digest = plain_tree(digest), None
        if body is None:
            raise EmptyPage("the post has no body")
        raw = _unquote(front.get("date", "")) or None
        yield Draft(
            origin="rule",
            kind="article",
            title=_unquote(front.get("title", "")) or None,
            published=parse_date(raw) if raw else None,
            published_raw=raw,
            body=body,
            summary=digest,
            publisher=(cleaned.publisher if cleaned else None) or _medium(front),
            editor=cleaned.editor if cleaned else None,
            tags=_tags(front),
        )

    def last_resort(self, document: Document) -> Iterator[Draft]:
        """The day that the article's number begins with."""
        yield from eastmoney.address_layer(self.identify(document)[0] or "")


def split_footer(text: str) -> tuple[str, str]:
    """The source's address ("" when it is empty or missing) and the text before it."""
    text = text.replace("\r\n", "\n")
    match = _FOOTER.search(text, max(0, len(text) - _LONGEST_FOOTER))
    return (match["address"], text[: match.start()]) if match else ("", text)


def _split_digest(text: str) -> tuple[str | None, str]:
    match = _DIGEST.match(text)
    return (unescape(match["digest"]).strip() or None, text[match.end() :]) if match else (None, text)


def _body(text: str) -> Element | None:
    if not text.strip():
        return None
    return parse_fragment(text) if "<" in text else plain_tree(text)


def _unquote(text: str) -> str:
    """A value without its quotes: as JSON wrote it, or as the script did, which escaped nothing within."""
    with suppress(ValueError):
        if isinstance(value := json.loads(text), str):
            return value.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text.strip()


def _medium(front: Mapping[str, str]) -> str | None:
    """The medium of a tag such as 财联社新闻: the script put 新闻 behind the medium's name."""
    tag = _unquote(front.get("tags", ""))
    named = _unquote(front.get("categories", "")) not in _NOT_A_MEDIUM and tag.endswith("新闻")
    return (tag.removesuffix("新闻") or None) if named else None


def _tags(front: Mapping[str, str]) -> tuple[Tag, ...]:
    categories = (Tag("category", name) for name in _unquote(front.get("categories", "")).split())
    return (*categories, *(Tag("keyword", name) for name in _unquote(front.get("tags", "")).split()))


RULE = FinewsRule()
