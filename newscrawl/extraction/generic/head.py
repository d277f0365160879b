"""What stands inside a body's element and above the story: its title again. Pure.

Only who knows the title can tell it from a heading of the story; so this comes after the body and the title are found.
"""

from lxml import html

from newscrawl.tree import Element, drop

_ABOVE = 20
"""Characters that may stand above the title: a path, a column's name. With 200, flashes that quote it are cut."""


def cut_head(body: Element, title: str | None) -> None:
    """Take the title and all above it out of `body`."""
    place = _place_of(body, title) if title else None
    if place is not None:
        _drop_with_all_above(body, place)


def _place_of(body: Element, title: str) -> Element | None:
    """The last element near the top that says the title and nothing else."""
    found, above, name = None, 0, _squeezed(title)
    for event, element in html.etree.iterwalk(body, events=("start", "end")):
        text = _squeezed(element.text if event == "start" else element.tail)
        if event == "start" and element is not body and text == name and not len(element):
            found = element
        above += len(text)
        if above > _ABOVE + len(name):
            break
    return found


def _squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def _drop_with_all_above(body: Element, place: Element) -> None:
    node: Element | None = place
    while node is not body and node is not None and (parent := node.getparent()) is not None:
        parent.text = None
        for above in list(node.itersiblings(preceding=True)):
            parent.remove(above)
        node = parent
    drop(place)
