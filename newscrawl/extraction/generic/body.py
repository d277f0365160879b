"""The article's body on any page: the container with most sentences, without what surrounds an article. Pure."""

import copy
from dataclasses import dataclass

from lxml.html import HtmlElement

from newscrawl.document import Document
from newscrawl.extraction.generic.blocks import Line, Outline
from newscrawl.extraction.generic.prune import Drop, inside, split
from newscrawl.extraction.generic.weigh import heaviest, line_score, weigh

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
    body, rest = split([line for line in page.lines if line.block in kept])
    drops += [piece for line in rest for piece in line.pieces]
    return Found(_cleaned(best.element, drops), best.element, _confidence(body, page))


def _cleaned(container: HtmlElement, drops: list[Drop]) -> HtmlElement:
    """A copy of the container without what is to be dropped."""
    twin = copy.deepcopy(container)
    twin.tail = None
    if not drops:
        return twin
    twins = dict(zip(container.iter(), twin.iter(), strict=True))
    for drop in drops:
        if not isinstance(drop, tuple):
            target = twins[drop]
            if target.getparent() is not None:
                target.drop_tree()
        elif drop[1]:
            twins[drop[0]].tail = None
        else:
            twins[drop[0]].text = None
    return twin


def _confidence(body: list[Line], page: Outline) -> float:
    score = sum(line_score(line) for line in body)
    return max(0.0, min(1.0, score / SURE))
