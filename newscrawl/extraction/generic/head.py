"""What stands inside a body's element and above the story: its title again, the line of date and source. Pure.

Only who knows the title can tell it from a heading of the story; so this comes after the body and the title are found.
"""

import re
from itertools import islice

from newscrawl.extraction.text import line_text
from newscrawl.tree import Element, drop

_MOST = 60
"""Elements looked at from the top: a title farther down is a quotation of it."""
_ABOVE = 200
"""Characters that may stand above the title: a path, a column's name."""
_LABEL = re.compile(
    r"(?:19|20)\d\d\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}|来源|作者|编辑|字号|字体|分享|阅读|浏览|评论|收藏|打印|APP|客户端"
)
_SENTENCE = re.compile(r"[，。！？；]")
_LINE = 60


def cut_head(body: Element, title: str | None) -> None:
    """Take the title and all above it out of `body`, then the short lines of labels that follow."""
    place = _place_of(body, title) if title else None
    if place is None:
        return
    following = place.getnext()
    _drop_with_all_above(body, place)
    while following is not None and _is_labels(following):
        line, following = following, following.getnext()
        drop(line)


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


def _is_labels(element: Element) -> bool:
    text = line_text(element)
    return element.find(".//img") is None and (
        not text or (len(text) <= _LINE and not _SENTENCE.search(text) and bool(_LABEL.search(text)))
    )
