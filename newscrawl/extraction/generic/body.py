"""The article's body on any page: the container with most sentences, without what surrounds an article. Pure."""

import copy
from dataclasses import dataclass

from lxml.html import HtmlElement

from newscrawl.document import Document
from newscrawl.extraction.generic.blocks import Node, Outline, outline
from newscrawl.extraction.generic.prune import droppable, is_aside
from newscrawl.extraction.generic.weigh import line_score

_DAMPING = 0.9
"""What a block's score is worth one level up: a parent must add a tenth to be preferred to its best child."""
_ASIDE = 0.1
"""What a block's score is worth to its parents when its name says comments, sidebar, related."""
_SURE = 80.0
"""Han characters of sentences at which a body is as sure as it gets."""


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
    page = outline(document.tree)
    scores = _scores(page)
    best = _best(scores)
    if best is None:
        return None
    drops = droppable(best, page, scores)
    element = _cleaned(best.element, drops)
    return Found(element, best.element, _confidence(best, page, scores))


def _scores(page: Outline) -> dict[Node, float]:
    """Each element's sum over its lines, damped level by level."""
    scores: dict[Node, float] = dict.fromkeys(page.nodes.values(), 0.0)
    for line in page.lines:
        scores[line.block] += line_score(line)
    for node in reversed(page.nodes.values()):
        if node.parent is not None:
            score = scores[node]
            if score > 0:
                score *= _ASIDE if is_aside(node) else _DAMPING
            scores[node.parent] += score
    return scores


def _best(scores: dict[Node, float]) -> Node | None:
    best = max(scores, key=lambda node: (scores[node], node.depth), default=None)
    return best if best is not None and scores[best] > 0 else None


def _cleaned(container: HtmlElement, drops: list[HtmlElement | tuple[HtmlElement, bool]]) -> HtmlElement:
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


def _confidence(best: Node, page: Outline, scores: dict[Node, float]) -> float:
    weight = sum(line.weight for line in page.lines if line.stops)
    return min(1.0, scores[best] / _SURE) if weight else 0.0
