"""A promise, the break of it, and the tests that must notice."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One checkable claim of a sentence of the design."""

    words: str
    """The design's own."""
    claim: str
    """What of them is tried here."""
    file: str
    """Where the break is made."""
    old: str
    """What stands there, once."""
    new: str
    """What breaks the promise, and as little else as can be."""
    tests: tuple[str, ...]
    """Pytest's ids, of which each must fail then."""


def broken(text: str, promise: Promise) -> str:
    """The source with the break made. ValueError where what is to be broken does not stand there once."""
    if text.count(promise.old) != 1:
        raise ValueError(f"{promise.file}: stands there {text.count(promise.old)} times: {promise.old!r}")
    return text.replace(promise.old, promise.new)
