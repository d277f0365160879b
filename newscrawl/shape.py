"""Is this text fit for a parser? A look at its shape before any parser sees it. Pure, linear in the text.

Everything runs on one thread, and no parser is safe: 100,000 attributes on one element keep lxml busy for over a
minute, 500,000 tags cost 26 s and 1.2 GB, nesting past libxml2's limit cuts the article without a word.
"""

import re

from newscrawl.errors import TooComplexPage

MAX_CHARACTERS = 3_000_000
MAX_TAGS = 60_000
"""The largest news pages met have 1.5 million characters and 15,000 tags; at these bounds reading takes two seconds."""
MAX_ATTRIBUTES = 1_000
"""On one element: lxml takes 0.3 s for 10,000 and worse than linearly more for more."""
_LONG = 2_000
"""Characters of an element's tag below which it cannot have so many."""
_LARGE = 90_000
"""Characters. In a smaller page even a crowd that hides costs lxml no more than two seconds."""
_SEEMS_LONG = re.compile(rf"<[a-zA-Z][^>]{{{_LONG}}}")
# As parsers read it: a value in quotes behind = may hold < and >; a quotation mark elsewhere is none.
_TAG = re.compile(r"""<[a-zA-Z][^>=]*+(?:=\s*+(?:"[^"]*+"|'[^']*+')?+[^>=]*+)*+""")
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
    # A comparison in a script looks like a tag, so what is found is looked for again without scripts.
    if (len(text) > _LARGE or _seems_long(text)) and _is_crowded(text) and _is_crowded(_SCRIPT.sub("", text)):
        raise TooComplexPage(f"an element with more than {MAX_ATTRIBUTES:,} attributes")


def _seems_long(text: str) -> bool:
    """To cut the text at every end of a tag is cheaper than to go from every beginning to its end."""
    return any(len(piece) > _LONG and _SEEMS_LONG.search(piece) for piece in text.split(">"))


def _is_crowded(text: str) -> bool:
    """Whether some element has too many attributes; a long value (a data: image) is one of them."""
    tags = (match[0] for match in _TAG.finditer(text) if match.end() - match.start() > _LONG)
    return any(len(_ATTRIBUTE.findall(_VALUE.sub("=", tag))) > MAX_ATTRIBUTES for tag in tags)
