"""A story of several parts as one: the bodies of the further parts behind the first one's. Pure.

Each part is read by the layer that has read the first. Title, date and people are the first part's; only the editor may
stand on a later one. What a part repeats (its title, its date line) and the pager are no text of the story.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from lxml import etree

from newscrawl.document import Document
from newscrawl.errors import LayoutError, about_part
from newscrawl.extraction import generic, state
from newscrawl.extraction.draft import Draft, combine, fill
from newscrawl.extraction.generic.blocks import Outline
from newscrawl.extraction.images import settle_images
from newscrawl.extraction.markup import drop_empty, make_absolute
from newscrawl.extraction.pager import drop_pager, drop_repeated_head
from newscrawl.extraction.rule import Rule
from newscrawl.tree import Element, remove_hidden, text_in

_CONTAINERS = frozenset("article body center div font form main section td".split())
_CLOSED = re.compile(r"[^\w，、,]$")
_COMMA = re.compile(r"[，,]")
_HEADING = 20
"""Characters; a longer line with a comma in it is a sentence and no heading, caption or signature."""
_WORDS = re.compile(r"[\w，、,]")


def join_parts(document: Document, rule: Rule | None, draft: Draft) -> Draft:
    """`draft`, what was read of the first part, with the bodies of the further ones joined to its own.

    Raises PageError for a part that cannot be read: half a story is none.
    """
    if draft.body is None or not document.parts:
        return draft
    body = etree.Element("div")
    further = list(_read_further(document, rule, draft, draft.body))
    for number, (page, part) in enumerate(zip((document, *document.parts), (draft, *further), strict=True), 1):
        with about_part(number):
            _add(body, _story_of(page, part, number, draft.title or "", document))
    editor = next((part.editor for part in (draft, *reversed(further)) if part.editor), None)
    images = (*draft.images, *(image for part in further for image in part.images))
    layer = draft.provenance["body"]
    added = ({"editor": layer} if editor else {}) | ({"images": layer} if images else {})
    return replace(draft, body=body, images=images, editor=editor, provenance=added | draft.provenance)


def _read_further(document: Document, rule: Rule | None, draft: Draft, body: Element) -> Iterator[Draft]:
    """The further parts, each read by the layer that has read the first one's body."""
    layer = draft.provenance["body"]
    for number, part in enumerate(document.parts, 2):
        with about_part(number):
            if layer == "embedded":
                yield next(state.read(part), Draft(origin=layer))
            elif rule is None or layer == "generic":
                yield _read_generic(part, body)
            else:
                yield _read_by_rule(part, rule)


def _read_by_rule(part: Document, rule: Rule) -> Draft:
    draft = combine(rule.read(part))
    return draft if draft.body is None else fill(draft, next(generic.read_beside(part, draft.body)))


def _read_generic(part: Document, first: Element) -> Draft:
    """The part's body where the first part's was: a last part may be too short to be found by its weight."""
    while first.tag not in _CONTAINERS and (above := first.getparent()) is not None:
        first = above
    place = None if part.tree is None else next(_places_like(first, part.tree), None)
    return next(generic.read(part, place), Draft(origin="generic"))


def _places_like(place: Element, tree: Element) -> Iterator[Element]:
    """The element of another page that has the same name, else the same class, else the same place."""
    for name in ("id", "class"):
        if value := place.get(name):
            same = [element for element in tree.iter(place.tag) if element.get(name) == value]
            if len(same) == 1:
                yield same[0]
    yield from cast(list[Element], tree.getroottree().xpath(place.getroottree().getpath(place)))


def _story_of(page: Document, part: Draft, number: int, title: str, story: Document) -> Element:
    """The part's body without what belongs to its being a part."""
    if part.body is None:
        raise LayoutError("no body found")
    remove_hidden(part.body)
    make_absolute(part.body, page.page.url)
    settle_images(part.body)
    drop_pager(part.body, number, [each.page.url for each in (story, *story.parts)])
    if number > 1:
        drop_repeated_head(part.body, title)
    drop_empty(part.body)
    if not text_in(part.body).strip() and part.body.find(".//img") is None:
        raise LayoutError("no body text")
    return part.body


def _add(body: Element, part: Element) -> None:
    """Put a part behind what is there, as paragraphs of their own; only a sentence that was cut is one again."""
    part.tail = None
    bare = part.text or "".join(child.tail or "" for child in part)
    children = [part] if part.tag not in _CONTAINERS or bare.strip() else list(part)
    if len(body) and children and _is_cut(body[-1], children[0]):
        _mend(body[-1], children.pop(0))
    body.extend(children)


def _is_cut(last: Element, first: Element) -> bool:
    """Whether a sentence goes on from one paragraph to the next.

    Sites part their stories between paragraphs, so only what cannot be the end of one counts: a sentence with no
    closing mark behind it, and words that lead to one. A heading, a caption or a name has no such mark either.
    """
    if last.tag != "p" or first.tag != "p":
        return False
    before, behind = "".join(text_in(last).split()), "".join(text_in(first).split())
    begun = len(before) > _HEADING and bool(_COMMA.search(before)) and not _CLOSED.search(before)
    return begun and bool(_WORDS.match(behind)) and bool(_CLOSED.search(behind))


def _mend(last: Element, first: Element) -> None:
    """Put the words of a paragraph behind those of the one before."""
    owner, part = Outline(last).places[-1]
    if part == "text":
        owner.text = (owner.text or "").rstrip()
    else:
        owner.tail = (owner.tail or "").rstrip()
    words = (first.text or "").lstrip()
    if len(last):
        last[-1].tail = (last[-1].tail or "").rstrip() + words
    else:
        last.text = (last.text or "") + words
    last.extend(list(first))
