"""The article's body on any page: the container with most sentences, without what surrounds an article. Pure."""

from dataclasses import dataclass

from newscrawl.extraction.generic.blocks import Line, Outline
from newscrawl.extraction.generic.images import drop_ornaments
from newscrawl.extraction.generic.prune import Drop, inside, split
from newscrawl.extraction.generic.weigh import heaviest, line_score, weigh
from newscrawl.extraction.images import body_images
from newscrawl.items import Image
from newscrawl.tree import Element, drop, xpath

_IMAGES_BEHIND = xpath("following::img")
SURE = 80.0
"""The score of the lines kept from which a body is as sure as it gets: three short sentences.

Tried: with 40 a hint passes for a story, 320 refuses a page of cx163; 160 loses nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the body is, what of it goes, and how sure that is."""

    element: Element
    """The container, in the document's tree, with all that it holds."""
    drops: list[Drop]
    lines: list[Line]
    """Those of the body."""
    start: int
    """The number of its first piece on the page."""
    end: int
    """And of its last."""
    confidence: float


def find_body(page: Outline, place: Element | None = None) -> Found | None:
    """The body of a page; None when nothing on it reads like sentences. Leaves the tree as it is.

    `place` is its container where that is known: what stands there is sure to be the body.
    """
    weigh(page)
    known = None if place is None else next((node for node in page.nodes if node.element is place), None)
    best = known or heaviest(page)
    if best is None:
        return None
    kept, drops = inside(best, page)
    parts = split([line for line in page.lines if line.block in kept])
    drops += [page.places[number] for line in parts.rest for number in line.numbers]
    if parts.behind:
        drops.append((page.places[parts.behind.numbers[0]][0], "behind"))
    return Found(best.element, drops, parts.body, *_bounds(page, parts.body), 1.0 if known else _confidence(parts.body))


def _bounds(page: Outline, lines: list[Line]) -> tuple[int, int]:
    """The numbers of the body's first and last piece; the end of the page twice when there is none."""
    if not lines:
        return len(page.pieces), len(page.pieces)
    return lines[0].numbers[0], lines[-1].numbers[-1]


def _confidence(lines: list[Line]) -> float:
    score = sum(line_score(line) for line in lines)
    return max(0.0, min(1.0, score / SURE))


def cut(found: Found, base: str) -> tuple[Image, ...]:
    """Cut the container in the tree down to the body: its tables and lists stay in it; its images with their captions,
    which are no part of the text, are told."""
    late = [image for element, part in found.drops if part == "behind" for image in _IMAGES_BEHIND(element)]
    # Texts first: an element that goes hands the text behind it on.
    for element, part in found.drops:
        if part == "text":
            element.text = None
        elif part == "tail":
            element.tail = None
    for whole in [element for element, part in found.drops if part == "element"] + late:
        drop(whole)
    drop_ornaments(found.element, base)
    images = body_images(found.element, base)
    for element in [element for element, part in found.drops if part == "caption"]:
        _drop_caption(element)
    return images


def _drop_caption(caption: Element) -> None:
    """A caption leaves the body, the images in it do not."""
    if caption.getparent() is not None:
        for image in list(caption.iter("img")):
            image.tail = None
            caption.addprevious(image)
        drop(caption)
