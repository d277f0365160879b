"""The hash of an article's visible text. Pure."""

import hashlib

VERSION = "1"
_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"  # soft hyphen, zero-width and direction marks
_SEPARATOR = "\n"  # never part of a squeezed text, so "ab" + "c" and "a" + "bc" differ


def content_hash(title: str | None, body: str) -> str:
    """`1:` and 64 hex digits: equal exactly when title and body show the same characters.

    White space of every kind and characters without width do not count, nor does markup (it is not in `body`).
    The number before the colon is the version of this rule: hashes of two versions say nothing about each other.
    """
    visible = squeeze(title or "") + _SEPARATOR + squeeze(body)
    return f"{VERSION}:{hashlib.sha256(visible.encode('utf-8', 'surrogatepass')).hexdigest()}"


def squeeze(text: str) -> str:
    """The text without white space and without characters that show nothing."""
    for character in _INVISIBLE:
        text = text.replace(character, "")
    return "".join(text.split())
