"""Where a story goes on: the address of the part that a page's 下一页 leads to. Pure.

A link is followed when its address is that of this story's next part (`series`) and when the page says so: by a pager's
word, by numbers that name this part and the next one, or by rel=next. Neither alone would do: 下一页 also stands under
lists and comments, and an address one further may be a neighbour's.
"""

import re
from collections.abc import Collection, Iterator
from itertools import chain, islice
from typing import cast

from newscrawl.document import Document
from newscrawl.extraction.generic.names import is_comments
from newscrawl.extraction.series import is_later, next_way
from newscrawl.extraction.text import line_text
from newscrawl.tree import Element, hidden
from newscrawl.urls import absolute, host_of

_WORD = re.compile(
    r"[\[【(（<《»\s]*(?:点击|进入|继续|阅读|查看|翻到|转到)*\s*(?:下一?[页頁]|[后後]一?[页頁]|余下全文|next\s*page)"
    r"(?:\s*[(（]?\d+/\d+[)）]?|[:：].{1,40})?[\s>»›→＞\])）】》….]*",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"[<«‹←＜\s\[【(（]*(?:上一?[页頁]|[前首]一?[页頁]|第?\s*[1一]\s*页?|prev(?:ious)?\s*page)[\s\]】)）]*",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?:next\s*)?[>»›→＞]*", re.IGNORECASE)
"""Says no more than rel=next does: on some sites, the next article."""
_NUMBER = re.compile(r"[\[(（【]?\s*(?:第\s*)?(\d{1,2})(?:\s*[页頁])?(?:\s*/\s*\d{1,2})?\s*[\])）】]?")
_REL_NEXT = re.compile(
    r"<link\b(?=[^<>]{0,300}\brel\s*=\s*[\"']?next\b)[^<>]{0,300}?\bhref\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE
)
_REMARKS = re.compile(r"comment|reply|pinglun|respond", re.IGNORECASE)
_PAGER = 400
"""Characters that the list of a story's parts may hold, their headings among them."""
_LABEL = 80
"""Characters of a pager's longest link, which may name the next part's heading."""
_LINKS = 20
"""Links to one part that are looked at: a pager above, one below, and what else may lead there."""
_ABOVE = 8
"""Elements above a link that tell whether it stands among comments."""


def find_first(document: Document) -> str | None:
    """The address to which a later part's pager leads back."""
    for element, address in links_of(document):
        says = _says(element) if element is not None else ""
        if _BACK.fullmatch(says) and is_later(address, document.page.url, least=1 if "上" in says else 2):
            return address
    return None


def find_next(document: Document, first: str, number: int) -> str | None:
    """The address to which part `number` of the story that begins at `first` leads on."""
    weak: str | None = None
    here = document.page.url
    ways = ((each, address, next_way(first, here, address)) for each, address in links_of(document))
    for element, address, way in islice((found for found in ways if found[2]), _LINKS):
        if way is None or (element is not None and _stands_in_comments(element)):
            continue
        says = _says(element) if element is not None else ""
        if _WORD.fullmatch(says) or (element is not None and _is_numbered(element, says, number)):
            return address
        is_next = element is None or element.get("rel", "").lower() == "next" or (says and _MARK.fullmatch(says))
        if is_next and way.form != "slug":
            weak = weak or address
    return weak


def links_of(document: Document) -> Iterator[tuple[Element | None, str]]:
    """Every link of the page's host without its fragment; those of <head>, which the cleaned tree has lost, last."""
    tree, host = document.tree, host_of(document.page.url)
    if tree is None:
        return
    base = _base_of(document, tree)
    unseen = set(hidden(tree))
    shown = ((each, each.get("href") or "") for each in tree.iter("a") if not _is_in(each, unseen))
    heads = ((None, href.replace("&amp;", "&")) for href in _REL_NEXT.findall(document.text))
    for element, href in chain(shown, heads):
        address, _, fragment = (absolute(href, base) or "").partition("#")
        if address and host_of(address) == host and not _REMARKS.search(fragment):
            yield element, address


def _is_in(element: Element, unseen: Collection[Element]) -> bool:
    return bool(unseen) and (element in unseen or any(above in unseen for above in element.iterancestors()))


def _base_of(document: Document, tree: Element) -> str:
    told = next((element.get("href") for element in tree.iter("base")), None)
    return absolute(told or "", document.page.url) or document.page.url


def _says(element: Element) -> str:
    """What a link shows: its text, else what is said of its image."""
    told = (line_text(element), element.get("title"), *(image.get("alt") for image in element.iter("img")))
    return next((text for each in told if each and (text := each.strip()) and len(text) <= _LABEL), "")


def _is_numbered(element: Element, says: str, number: int) -> bool:
    """Whether a link is the next number of a row in which this part's number stands too."""
    match = _NUMBER.fullmatch(says)
    if match is None or int(match[1]) != number + 1:
        return False
    for row in element.iterancestors():
        texts = [text.strip() for text in cast(Iterator[str], row.itertext())]
        if sum(map(len, texts)) > _PAGER:
            return False
        if any((told := _NUMBER.fullmatch(text)) and int(told[1]) == number for text in texts):
            return True
    return False


def _stands_in_comments(element: Element) -> bool:
    for _, above in zip(range(_ABOVE), element.iterancestors(), strict=False):
        if above.tag in {"html", "body", "main", "article", "form"} or above.find(".//h1") is not None:
            return False
        if is_comments(above):
            return True
    return False
