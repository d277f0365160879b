"""A promise, the break of it, and the tests that must notice."""

import ast
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


def is_there(test: str) -> bool:
    """Whether there is such a test: its file, and in it its function."""
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return name.partition("[")[0] in names if name else True
