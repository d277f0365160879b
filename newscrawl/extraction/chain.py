"""A story's parts, page after page: which comes next, and whether the last one is there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from newscrawl.document import parse_page
from newscrawl.errors import PageError, TruncatedPage, part_reason
from newscrawl.extraction import generic
from newscrawl.extraction.continued import find_first, find_next, links_of
from newscrawl.extraction.series import is_beyond, is_same_page, may_be_later, may_link_on
from newscrawl.extraction.text import visible_text
from newscrawl.items import Page
from newscrawl.tree import Element

CUT_SHORT = "does not lead on, though another part names a later one"
_SAME = 0.9
"""The share of a body's text from which another page shows the same one again."""


def joined(first: Page, further: Mapping[int, Page]) -> Page:
    """A story's page with the parts that belong to it, as a crawl that fetched all of these would hand it on.

    `further` are pages by the numbers under which they were asked for, from 2 on, such as an archive tells them.
    Raises TruncatedPage where one is missing.
    """
    pages = [first]
    while next_part(pages) is not None:
        number = len(pages) + 1
        if number not in further:
            raise TruncatedPage(part_reason(number, "is not there"), url=first.url)
        if repeats(further[number], pages):
            return whole(pages)
        pages.append(further[number])
    if is_cut_short(pages):
        raise TruncatedPage(part_reason(len(pages), CUT_SHORT), url=first.url)
    return whole(pages)


def whole(pages: Sequence[Page]) -> Page:
    """The story's page with all its parts."""
    return replace(pages[0], parts=tuple(pages[1:]))


def next_part(pages: Sequence[Page]) -> str | None:
    """The address of the part that follows `pages`, a story's parts so far; None where it ends, or cannot be read."""
    if len(pages) == 1 and not may_link_on(pages[0].url, pages[0].body):
        return None
    try:
        return find_next(parse_page(pages[-1]), pages[0].url, len(pages))
    except PageError:
        return None  # the pipelines say why


def begins_at(page: Page) -> str | None:
    """The address of the first part where this page is a later one: no story begins there."""
    if not may_be_later(page.url):
        return None
    try:
        return find_first(parse_page(page))
    except PageError:
        return None


def is_cut_short(pages: Sequence[Page]) -> bool:
    """Whether one of a story's parts links to one behind the last of them: then that one has lost its pager.

    A last page that is no story is no sign: the pipelines refuse it for what it is.
    """
    first, last = pages[0].url, pages[-1].url
    if len(pages) == 1 or _body_of(pages[-1]) is None:
        return False
    return any(is_beyond(first, last, address) for page in pages for address in _linked(page))


def _linked(page: Page) -> list[str]:
    try:
        document = parse_page(page)
    except PageError:
        return []
    return [address for _, address in links_of(document)]


def repeats(page: Page, pages: Sequence[Page]) -> bool:
    """Whether `page` shows again what the first or the last of `pages` did: other comments, or the end once more."""
    if any(page.body == each.body or is_same_page(page.url, each.url) for each in pages):
        return True
    shown = _lines(page)
    return any(_share(_lines(each), shown) >= _SAME for each in {0: pages[0], len(pages) - 1: pages[-1]}.values())


def _lines(page: Page) -> frozenset[str]:
    body = _body_of(page)
    return frozenset() if body is None else frozenset(visible_text(body).splitlines())


def _body_of(page: Page) -> Element | None:
    """The text of a page as any reader sees it; None of one that is no story."""
    try:
        draft = next(generic.read(parse_page(page)), None)
    except PageError:
        return None
    return draft.body if draft else None


def _share(lines: frozenset[str], shown: frozenset[str]) -> float:
    """How much of the text in `lines` stands among `shown`."""
    return sum(map(len, lines & shown)) / (sum(map(len, lines)) or 1)
