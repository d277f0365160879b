"""The link to a list's next page: by its relation, its words, the numbers of a pager, or the pager's script. Pure."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from newscrawl.document import Document
from newscrawl.listing.anchors import Anchor
from newscrawl.listing.shapes import shape_of
from newscrawl.tree import Element, text_in
from newscrawl.urls import absolute, canonical

_WORDS = re.compile(
    r"[\s\[(<（]*(?:下[一1]?[页頁]|[后後]一?[页頁]|next(?: page)?|older(?: (?:posts|entries))?)[\s\])>）»›→]*",
    re.IGNORECASE,
)
_ARROWS = re.compile(r"[>»›→]{1,2}")
_PAGER_NAMES = re.compile(r"pag(?:e|er|es|ing|ination|enav)|fenye|turn", re.IGNORECASE)
_CALENDAR_NAMES = re.compile(r"calendar|rili|datepicker", re.IGNORECASE)
_MONTH = re.compile(r"[年月日]|month|day|calendar", re.IGNORECASE)
_DAY_IN_ADDRESS = re.compile(r"(?:19|20)\d\d[-/]?(?:0?[1-9]|1[0-2])(?!\d)|(?:19|20)\d{6}(?!\d)|month=|date=|day=")
# TRS and its like write their pagers with a script: how many pages, which one this is, name and ending of the files.
_SCRIPT = re.compile(r"""createPageHTML\(\s*(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w{2,6})["']""")
_WEEK = re.compile(
    r"[日天]一二三四五六|一二三四五六[日天]|Su\w*Mo\w*Tu|Mo\w*Tu\w*We|周一周二|星期一星期二", re.IGNORECASE
)
_LEVELS, _CALENDAR_LEVELS = 3, 6
_STATE = re.compile(r"disabled|forbid", re.IGNORECASE)


def next_page(document: Document, anchors: Sequence[Anchor], seen: Collection[str]) -> str | None:
    """The address of the next page; None where there is none that is not in `seen` (the pages read already)."""
    open_to_us = [anchor for anchor in anchors if anchor.url not in seen and not _is_dead(anchor)]
    finders: tuple[Callable[[], str | None], ...] = (
        lambda: _by_relation(document, open_to_us),
        lambda: _first(anchor for anchor in open_to_us if _WORDS.fullmatch(anchor.text)),
        lambda: _by_number(document, anchors),
        lambda: _first(each for each in open_to_us if _is_arrow(each)),
        lambda: _by_script(document),
    )
    found = (find() for find in finders)
    return next((url for url in found if url and url not in seen), None)


def next_like(anchors: Sequence[Anchor], pattern: re.Pattern[str], seen: Collection[str]) -> str | None:
    """The next page among the links that the operator's pattern finds: the one that says so, else the least number."""
    fitting = [anchor for anchor in anchors if pattern.search(anchor.url) and anchor.url not in seen]
    said = _first(anchor for anchor in fitting if _WORDS.fullmatch(anchor.text))
    numbered = [(int(anchor.text), anchor.url) for anchor in fitting if _is_number(anchor.text)]
    return said or min(numbered, default=(0, None))[1] or _first(iter(fitting))


def _first(anchors: Iterator[Anchor]) -> str | None:
    return next((anchor.url for anchor in anchors), None)


def _by_relation(document: Document, anchors: Sequence[Anchor]) -> str | None:
    told = absolute(document.rel.get("next", ""), document.page.url) if document.rel.get("next") else None
    if told and not _DAY_IN_ADDRESS.search(told):
        return canonical(told)
    related = (anchor for anchor in anchors if "next" in anchor.element.get("rel", "").lower().split())
    return _first(each for each in related if not _MONTH.search(each.text) and not _in_calendar(each.element))


def _by_number(document: Document, anchors: Sequence[Anchor]) -> str | None:
    """In a row of numbers, the one behind the page's own."""
    for pager, row in _number_rows(anchors):
        current = _own_number(document, pager, row)
        if current is not None and current + 1 in row:
            return row[current + 1].url
    return None


def _number_rows(anchors: Sequence[Anchor]) -> Iterator[tuple[Element, dict[int, Anchor]]]:
    """The pagers of a page: an element each, and its numbers. A calendar's days are none."""
    rows: dict[Element, dict[int, Anchor]] = {}
    for anchor in anchors:
        if _is_number(anchor.text) and not _DAY_IN_ADDRESS.search(anchor.url) and not _in_calendar(anchor.element):
            for above in list(anchor.element.iterancestors())[:_LEVELS]:
                rows.setdefault(above, {}).setdefault(int(anchor.text), anchor)
    for pager, row in rows.items():
        if len({shape_of(anchor.url) for anchor in row.values()}) <= 2 and (len(row) > 1 or _is_pager(pager)):
            yield pager, row


def _own_number(document: Document, pager: Element, row: dict[int, Anchor]) -> int | None:
    """The number of this page: the link to itself, or the only number of the pager that is no link."""
    own = canonical(document.page.url)
    for number, anchor in row.items():
        if anchor.url == own:
            return number
    plain = [text for text in (str(each).strip() for each in pager.itertext()) if _is_number(text)]
    alone = [int(text) for text in plain if int(text) not in row]
    return alone[0] if alone else None


def _by_script(document: Document) -> str | None:
    match = _SCRIPT.search(document.text)
    if not match or int(match[2]) + 1 >= int(match[1]):
        return None
    url = absolute(f"{match[3]}_{int(match[2]) + 1}.{match[4]}", document.page.url)
    return canonical(url) if url else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) <= 5


def _is_dead(anchor: Anchor) -> bool:
    parent = anchor.element.getparent()
    own = anchor.element.get("class", "") + (parent.get("class", "") if parent is not None else "")
    return _STATE.search(own) is not None


def _names(element: Element) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _is_pager(element: Element) -> bool:
    return _PAGER_NAMES.search(_names(element)) is not None


def _is_arrow(anchor: Anchor) -> bool:
    if not _ARROWS.fullmatch(anchor.text) or _in_calendar(anchor.element):
        return False
    return any(_is_pager(each) for each in list(anchor.element.iterancestors())[:_LEVELS])


def _in_calendar(element: Element) -> bool:
    """By its name, or by the days of the week over its columns: old pages put everything into tables."""
    above = list(element.iterancestors())[:_CALENDAR_LEVELS]
    if any(_CALENDAR_NAMES.search(_names(each)) for each in above):
        return True
    table = next((each for each in above if each.tag == "table"), None)
    return table is not None and _WEEK.search("".join(text_in(table).split())) is not None
