"""Is the page whole? A cut one parses into a valid-looking shorter article, so its end is looked for. Pure."""

import re

from newscrawl.document import Document
from newscrawl.errors import TruncatedPage
from newscrawl.extraction.rule import Rule

_PAGE_END = re.compile(r"</html\s*>", re.IGNORECASE)
_TAIL = 2_000
# What a page closes that forgets its </html>, as all twelve such pages of the 183 labelled do. <p>, <li> and <td> need
# not be closed. In a comment or a script nothing is an element, so their ends are looked for, too.
_MARK = re.compile(r"<!--|-->|<(/?)(script|style|body|div|table|article|section|main)\b", re.IGNORECASE)
_TEXTS = frozenset({"script", "style"})


def check_whole(document: Document, rule: Rule | None) -> None:
    """Raise TruncatedPage for a page that ends too early."""
    if not document.is_html:
        return
    _check_comments(document.text, strict=bool(rule and rule.ends_with_html))
    if document.front or document.is_fragment or _PAGE_END.search(document.text[-_TAIL:]):
        return
    if rule and rule.ends_with_html:
        raise TruncatedPage("the page ends before its </html>")
    if not _PAGE_END.search(document.text) and (left := _open_containers(document.text)):
        raise TruncatedPage(f"the page ends with {left} elements open, and no </html>")


def _open_containers(text: str) -> int:
    """How many more elements are opened than closed."""
    count, within = 0, ""
    for mark in _MARK.finditer(text):
        name = (mark[2] or mark[0]).lower()
        if within:
            ended = name == "-->" if within == "<!--" else mark[1] and name == within
            within = "" if ended else within
        elif name in _TEXTS or name == "<!--":
            within = "" if mark[1] else name
        elif mark[2]:
            count += -1 if mark[1] else 1
    return max(0, count)


def _check_comments(text: str, *, strict: bool) -> None:
    """A comment that is never closed swallows the rest of the page: flagged when much is lost, or the page's end."""
    if "<!--" not in text:
        return
    # As browsers and lxml read it, both close a comment.
    opened = text.find("<!--", max(text.rfind("-->"), text.rfind("--!>")) + 1)
    if opened < 0 or (len(text) - opened <= _TAIL and not strict):
        return
    # In a script it is a text like any other, and ends with the script.
    if text.rfind("<script", 0, opened) <= text.rfind("</script", 0, opened):
        raise TruncatedPage("a comment is not closed: what follows it is lost")
