"""The article's body on any page: the container with most sentences, without what surrounds an article. Pure."""

import copy
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

from newscrawl.document import Document
from newscrawl.extraction.generic.blocks import Line, Outline
from newscrawl.extraction.generic.images import drop_ornaments
from newscrawl.extraction.generic.prune import Drop, inside, split
from newscrawl.extraction.generic.weigh import heaviest, line_score, weigh
from newscrawl.extraction.images import body_images
from newscrawl.items import Image

_MARK = "newscrawl-drop"
_MARKED = html.etree.XPath(f"descendant-or-self::*[@{_MARK}]")
_IMAGES_BEHIND = html.etree.XPath("following::img")
SURE = 80.0
"""The score of the lines kept from which a body is as sure as it gets: three short sentences."""


@dataclass(frozen=True, slots=True)
class Found:
    """A body and how sure it is."""

    element: HtmlElement
    """A cleaned copy of the container, its images, tables and lists still in it."""
    place: HtmlElement
    """The container itself, untouched, in the document's tree."""
    images: tuple[Image, ...]
    """Its images with their captions, which are no part of the element's text."""
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
    title = "".join((document.tree.findtext(".//title") or "").split())
    parts = split([line for line in page.lines if line.block in kept], title)
    drops += [(element, "tail" if is_tail else "text") for line in parts.rest for element, is_tail in line.pieces]
    element, captions = _cleaned(best.element, drops, parts.behind.pieces[0][0] if parts.behind else None)
    images = _take_images(element, captions, document.page.url)
    return Found(element, best.element, images, _confidence(parts.body))


def _take_images(element: HtmlElement, captions: list[HtmlElement], base: str) -> tuple[Image, ...]:
    """The images that are the article's, with their captions; these then leave the body."""
    drop_ornaments(element, base)
    images = body_images(element, base)
    for caption in captions:
        if caption.getparent() is None:
            continue
        for image in list(caption.iter("img")):
            image.tail = None
            caption.addprevious(image)
        caption.drop_tree()
    return images


def _cleaned(
    container: HtmlElement, drops: list[Drop], behind: HtmlElement | None
) -> tuple[HtmlElement, list[HtmlElement]]:
    """A copy of the container without what is to be dropped and without images from `behind` on; and its captions.

    The drops carry a mark into the copy: to walk both trees side by side would cost as much as reading the page.
    """
    marks: dict[HtmlElement, list[str]] = {}
    for drop in drops:
        element, part = drop if isinstance(drop, tuple) else (drop, "element")
        marks.setdefault(element, []).append(part)
    if behind is not None:
        marks.setdefault(behind, []).append("behind")
    for element, parts in marks.items():
        element.set(_MARK, " ".join(parts))
    twin = copy.deepcopy(container)
    twin.tail = None
    for element in marks:
        del element.attrib[_MARK]
    return twin, _apply(twin)


def _apply(twin: HtmlElement) -> list[HtmlElement]:
    """Drop what is marked; the captions among it stay for now."""
    marked = [(element, element.attrib.pop(_MARK).split()) for element in _MARKED(twin)]
    late = [image for element, parts in marked if "behind" in parts for image in _IMAGES_BEHIND(element)]
    for element, parts in marked:
        _drop(element, parts)
    for image in late:
        _drop(image, ["element"])
    return [element for element, parts in marked if "caption" in parts]


def _drop(element: HtmlElement, parts: list[str]) -> None:
    if "text" in parts:
        element.text = None
    if "tail" in parts:
        element.tail = None
    if "element" in parts and element.getparent() is not None:
        element.drop_tree()


def _confidence(lines: list[Line]) -> float:
    score = sum(line_score(line) for line in lines)
    return max(0.0, min(1.0, score / SURE))
