"""What stands inside a body's element and above the story: its title again. Pure.

Only who knows the title can tell it from a heading of the story; so this comes after the body and the title are found.
"""

from itertools import islice

from newscrawl.tree import Element, drop


_MOST = 60
"""Elements looked at from the top: a title farther down is a quotation of it."""
_ABOVE = 200
"""Characters that may stand above the title: a path, a column's name."""


def cut_head(body: Element, title: str | None) -> None:
    """Take the title and all above it out of `body`."""
    place = _place_of(body, title) if title else None
    if place is not None:
        _drop_with_all_above(body, place)


def _place_of(body: Element, title: str) -> Element | None:
    """The last element near the top that says the title and nothing else."""
    found = None
    above = 0
    for element in islice(body.iter(), _MOST):
        text = "".join((element.text or "").split()) if isinstance(element.tag, str) else ""
        if element is not body and text and text == "".join(title.split()) and not len(element):
            found = element
        above += len(text)
        if above > _ABOVE + len(title):
            break
    return found


def _drop_with_all_above(body: Element, place: Element) -> None:
    node: Element | None = place
    while node is not body and node is not None and (parent := node.getparent()) is not None:
        parent.text = None
        for above in list(node.itersiblings(preceding=True)):
            parent.remove(above)
        node = parent
    drop(place)
