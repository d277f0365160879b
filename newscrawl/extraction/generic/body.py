"""The article's body on any page: the container with most sentences, without what surrounds an article. Pure."""

import copy
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from newscrawl.document import Document
from newscrawl.extraction.generic.blocks import Line, Outline
from newscrawl.extraction.generic.images import drop_ornaments
from newscrawl.extraction.generic.prune import Drop, inside, split
from newscrawl.extraction.generic.weigh import heaviest, line_score, weigh

_IMAGES_BEHIND = etree.XPath("following::img")
SURE = 80.0
"""The score of the lines kept from which a body is as sure as it gets: three short sentences."""


@dataclass(frozen=True, slots=True)
class Found:
    """A body and how sure it is."""

    element: HtmlElement
    """A cleaned copy of the container, its images, tables and lists still in it."""
    place: HtmlElement
    """The container itself, untouched, in the document's tree."""
    confidence: float


def find_body(document: Document) -> Found | None:
    """The body of a page; None when nothing on it reads like sentences. Leaves the document's tree as it is."""
    if document.tree is None:
        return None
    page = Outline(document.tree)
    weigh(page)
    best = heaviest(page)
    if best is None:
        return None
    kept, drops = inside(best, page)
    parts = split([line for line in page.lines if line.block in kept])
    drops += [piece for line in parts.rest for piece in line.pieces]
    element = _cleaned(best.element, drops, parts.behind.pieces[0][0] if parts.behind else None)
    drop_ornaments(element, document.page.url)
    return Found(element, best.element, _confidence(parts.body))


def _cleaned(container: HtmlElement, drops: list[Drop], behind: HtmlElement | None) -> HtmlElement:
    """A copy of the container without what is to be dropped, and without images from `behind` on."""
    twin = copy.deepcopy(container)
    twin.tail = None
    if not drops:
        return twin
    twins = dict(zip(container.iter(), twin.iter(), strict=True))
    late = [] if behind is None else _IMAGES_BEHIND(twins[behind])
    for drop in drops:
        if isinstance(drop, tuple):
            _drop_text(twins[drop[0]], drop[1])
        elif drop in twins:
            _drop(twins[drop])
    for image in late:
        _drop(image)
    return twin


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _drop_text(element: HtmlElement, is_tail: bool) -> None:
    if is_tail:
        element.tail = None
    else:
        element.text = None


def _confidence(lines: list[Line]) -> float:
    score = sum(line_score(line) for line in lines)
    return max(0.0, min(1.0, score / SURE))
