"""Which links of a page are its articles: those of the shape that most of its headlines have. Pure."""

import re
from collections.abc import Iterable

from newscrawl.listing.anchors import Anchor
from newscrawl.listing.found import Entry, Form
from newscrawl.listing.shapes import day_bounds, may_be_article, news_shapes, shape_of

HEADLINE = 7.0
"""Han characters from which a link's text is a headline: menus and tags have two to four."""
_SHORTEST = 2.0
FEWEST = 3
"""Headlines of one shape that make a list."""
_PAGER = re.compile(
    r"[\s\d.…<>«»‹›←→]*|.{0,3}[上下前后首末尾][一]?[页頁].{0,3}|(?:next|prev(?:ious)?)(?: page)?", re.IGNORECASE
)


def article_form(anchors: Iterable[Anchor]) -> Form | None:
    """The form of the articles' addresses: judged by the headlines in the page's own list, else by all its headlines.

    None where there is no list.
    """
    headlines = [anchor for anchor in anchors if anchor.weight >= HEADLINE]
    for beside in (False, True):
        among = [anchor for anchor in headlines if beside or not anchor.aside]
        shapes = news_shapes(longest_texts(among))
        if len({anchor.url for anchor in among if shape_of(anchor.url) in shapes}) >= FEWEST:
            return Form(shapes, beside)
    return None


def articles(anchors: Iterable[Anchor], form: Form, own: str) -> tuple[Entry, ...]:
    """The links of this form on a page, in its order. `own` is the page's address."""
    return _entries(
        anchor
        for anchor in anchors
        if (form.beside or not anchor.aside)
        and anchor.url != own
        and anchor.weight >= _SHORTEST
        and not _PAGER.fullmatch(anchor.text)
        and shape_of(anchor.url) in form.shapes
        and may_be_article(anchor.url)
    )


def articles_like(anchors: Iterable[Anchor], pattern: re.Pattern[str], own: str) -> tuple[Entry, ...]:
    """The links that the operator's pattern finds, wherever they stand."""
    return _entries(
        anchor
        for anchor in anchors
        if anchor.url != own and pattern.search(anchor.url) and not (anchor.text and _PAGER.fullmatch(anchor.text))
    )


def longest_texts(anchors: Iterable[Anchor]) -> dict[str, str]:
    """Address to the longest text that leads there: a picture and a headline are one link."""
    texts: dict[str, str] = {}
    for anchor in anchors:
        if len(anchor.text) >= len(texts.get(anchor.url, "")):
            texts[anchor.url] = anchor.text
    return texts


def _entries(anchors: Iterable[Anchor]) -> tuple[Entry, ...]:
    entries = []
    for url, text in longest_texts(anchors).items():
        earliest, latest = day_bounds(url)
        entries.append(Entry(url=url, title=text or None, earliest=earliest, latest=latest))
    return tuple(entries)
