"""Reads a page of any site: what no rule and no word for machines has told. Pure.

The body comes first (`body`); title, date and people are then looked for where they stand on news pages: around it.
"""

from collections.abc import Iterator
from dataclasses import replace

from newscrawl.document import Document
from newscrawl.extraction.draft import Draft
from newscrawl.extraction.generic.blocks import Outline
from newscrawl.extraction.generic.body import cut, find_body
from newscrawl.extraction.generic.flat import Flat, body_of
from newscrawl.extraction.generic.head import cut_head
from newscrawl.extraction.generic.people import find_people
from newscrawl.extraction.generic.refuse import refuse_what_is_none
from newscrawl.extraction.generic.title import find_title, first_line
from newscrawl.extraction.generic.when import find_date
from newscrawl.tree import Element


def read(document: Document, place: Element | None = None) -> Iterator[Draft]:
    """The page as a reader sees it; its tree is then cut down to the body. `place` holds the body, where that is known.

    Raises GonePage, BlockedPage, EmptyPage or LayoutError for what is no story.
    """
    if document.tree is None:
        return
    page = Outline(body_of(document.tree))
    flat = Flat(page.pieces)
    found = find_body(page, place)
    refuse_what_is_none(document, flat, found)
    if found:
        draft = _read_around(document, flat, found.start, found.end)
        images = cut(found, document.page.url)
        cut_head(found.element, draft.title)
        yield replace(draft, kind="article", body=found.element, images=images)


def read_beside(document: Document, body: Element) -> Iterator[Draft]:
    """Title, date and people of a story whose body the site's rule has found."""
    if document.tree is not None:
        flat = Flat(Outline(body_of(document.tree)).pieces)
        yield _read_around(document, flat, *flat.bounds(body))


def _read_around(document: Document, flat: Flat, start: int, end: int) -> Draft:
    heading = find_title(document, flat, start) or first_line(flat, start)
    title_at = heading.at if heading else None
    when = find_date(document, flat, title_at, start, end)
    people = find_people(flat, title_at, start, end)
    return Draft(
        origin="generic",
        title=heading.text if heading else None,
        published=when.dated if when else None,
        published_raw=when.raw if when else None,
        publisher=people.publisher,
        author=people.author,
        editor=people.editor,
    )
