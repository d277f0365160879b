"""Is this text fit for a parser? A look at its shape before any parser sees it. Pure, linear in the text.

Everything runs on one thread, and no parser is safe: 100,000 attributes on one element keep lxml busy for over a
minute, 500,000 tags cost 26 s and 1.2 GB, nesting past libxml2's limit cuts the article without a word.
"""

import re

from newscrawl.errors import TooComplexPage

MAX_CHARACTERS = 4_000_000
MAX_TAGS = 100_000
MAX_ATTRIBUTES = 1_000
"""On one element: lxml takes 0.3 s for 10,000 and worse than linearly more for more."""
_SEPARATORS = " \n\t\r\f\"'/"
_MANY_SEPARATORS = 4 * MAX_ATTRIBUTES
"""lxml takes 0.1 s for so many on one element; a page of 30 KB has about half of it in all."""
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{2000,}")
_SCRIPT = re.compile(r"<!--.*?-->|<script\b[^>]*>.*?</script\s*>", re.IGNORECASE | re.DOTALL)
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_ATTRIBUTE = re.compile(r"""(?:^|[\s"'/])[^\s"'=<>/]+""")


def check_shape(text: str) -> None:
    """Raise TooComplexPage for a text that is larger or stranger than a parser is to be given."""
    if len(text) > MAX_CHARACTERS:
        raise TooComplexPage(f"{len(text):,} characters; at most {MAX_CHARACTERS:,} are read")
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise TooComplexPage(f"{tags:,} tags; at most {MAX_TAGS:,} are read")
    # Twice, since a value may hold < or >, and a quotation mark in a text is no value.
    if _may_be_crowded(text) and (_is_crowded(text) or _is_crowded(_VALUE.sub("=", text))):
        raise TooComplexPage(f"an element with more than {MAX_ATTRIBUTES:,} attributes")


def _may_be_crowded(text: str) -> bool:
    """Whether all that can part attributes is there often enough for many of them; most pages need no closer look."""
    return sum(map(text.count, _SEPARATORS)) > _MANY_SEPARATORS


def _is_crowded(text: str) -> bool:
    """A comparison in a script looks like a tag, so what is found is looked for again without scripts."""
    return _has_crowded_tag(text) and _has_crowded_tag(_SCRIPT.sub("", text))


def _has_crowded_tag(text: str) -> bool:
    """Whether some element has too many attributes; a long value (a data: image) is one attribute."""
    tags = (_VALUE.sub("=", match[0]) for match in _LONG_TAG.finditer(text))
    return any(len(_ATTRIBUTE.findall(tag)) > MAX_ATTRIBUTES for tag in tags)
