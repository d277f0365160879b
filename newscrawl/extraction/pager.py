"""What stands in a part of a story because it is one: the pager, and the head that every part repeats. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator

from newscrawl.extraction.generic.blocks import Line, Outline
from newscrawl.extraction.series import is_same_page
from newscrawl.tree import Element, drop, text_in

_WORDS = (
    r"[上下]一?[页頁]|[前后後]一?[页頁]|首[页頁]|[尾末][页頁]|第\s*\d{1,2}\s*[页頁]|共\s*\d{1,2}\s*[页頁]"
    r"|(?:在本页)?(?:阅读|显示|查看|余下|浏览)全文|全文(?:阅读|显示)|接上[页頁]|[下]?转下[页頁]"
    r"|(?:next|prev|previous)(?:\s*page)?|page\s*\d{1,2}(?:\s*of\s*\d{1,2})?"
)
# A line holds no blank texts: the links 1 2 3 are 123 in it.
_PIECE = rf"{_WORDS}|\d+|当前|页码|分页|本文|[页頁]"
_MARKS = r"[\s<>«»‹›＜＞→←|｜/\\\[\]()（）【】.…·:：,，、-]"
_PIECES = re.compile(rf"{_PIECE}|{_MARKS}", re.IGNORECASE)
_HEADED = re.compile(r"[上下]一?页\s*[:：].{1,40}")
_NAMED = re.compile(_WORDS, re.IGNORECASE)
_HEAD = 6
"""Lines from a part's beginning among which its repeated head is looked for."""
_SENTENCE = 15.0
"""Han characters of a line with punctuation from which the story goes on."""
_COUNTED = r"(?:第?\d{1,2}页?(?:共?\d{1,2}页?)?)?"
_DATED = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}")
_LABELLED = re.compile(r"\d{1,2}:\d\d|来源|作者|记者|编辑|发布|字号")


def drop_pager(body: Element, number: int, addresses: Collection[str]) -> None:
    """Take the pager's lines and controls out of the body of part `number`; `addresses` are those of the parts."""
    page = Outline(body)
    _drop(body, page, list(_pager_lines(page, number, addresses)))
    for control in page.skipped:
        drop(control)


def drop_repeated_head(body: Element, title: str) -> None:
    """Take the story's title and its line of date and source out of the beginning of a further part's body."""
    page = Outline(body)
    titled = re.compile(re.escape(_letters(title)) + _COUNTED) if _letters(title) else None
    cut = 0
    for place, line in enumerate(page.lines[:_HEAD], 1):
        is_dated = _DATED.search(line.text) and _LABELLED.search(line.text) and "。" not in line.text
        if (titled and titled.fullmatch(_letters(line.text))) or (is_dated and len(line.text) < 80):
            cut = place
        elif line.stops and line.weight > _SENTENCE:
            break
    _drop(body, page, page.lines[:cut])


def _pager_lines(page: Outline, number: int, addresses: Collection[str]) -> Iterator[Line]:
    """Stretches of lines that may be a pager's, where one of them says or leads to what only a pager does."""
    stretch: list[Line] = []
    for line in (*page.lines, None):
        if line is not None and _may_belong(line, number):
            stretch.append(line)
            continue
        if any(_NAMED.search(each.text) or _leads_to(page, each, addresses) for each in stretch):
            yield from stretch
        stretch = []


def _may_belong(line: Line, number: int) -> bool:
    if _PIECES.sub("", line.text) and not _HEADED.fullmatch(line.text):
        return False
    digits = re.sub(r"\D", "", line.text)
    return bool(_NAMED.search(line.text) or line.links or not digits or digits == str(number))


def _leads_to(page: Outline, line: Line, addresses: Collection[str]) -> bool:
    places = (page.places[number][0] for number in line.numbers)
    hrefs = {link.get("href") for place in places for link in _links_around(place)}
    return any(is_same_page(href, address) for href in hrefs if href for address in addresses)


def _links_around(element: Element) -> Iterator[Element]:
    if element.tag == "a":
        yield element
    yield from element.iterancestors("a")


def _drop(body: Element, page: Outline, lines: Iterable[Line]) -> None:
    """Take lines out of a body, and with them the elements that held nothing else."""
    for line in lines:
        for number in line.numbers:
            element, part = page.places[number]
            if part == "text":
                element.text = None
            else:
                element.tail = None
        emptied = line.block.element
        while emptied is not body and not text_in(emptied).strip() and emptied.find(".//img") is None:
            above = emptied.getparent()
            if above is None:
                break
            drop(emptied)
            emptied = above


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
