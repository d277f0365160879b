"""One rule of the reader switched off in the running program: its source edited, the code of its functions swapped.

A rule is a word list, a number or half a condition; a switch in the code for each would be more code than the rules.
"""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

_PACKAGE = "newscrawl"


class Edit(NamedTuple):
    """In the source of `module` (below newscrawl) `old` stands once, and becomes `new`."""

    module: str
    old: str
    new: str


class NotThere(LookupError):
    """The text of a rule stands no longer in its module, or more than once."""


@contextmanager
def edited(edits: Sequence[Edit]) -> Iterator[None]:
    """The reader with these edits. Raises NotThere."""
    undo: list[tuple[Any, str, Any]] = []
    try:
        for module, source in sources(edits).items():
            fresh: dict[str, Any] = {"__name__": module.__name__}
            exec(compile(source, str(module.__file__), "exec"), fresh)
            for name, value in fresh.items():
                _take_over(module, name, value, undo)
        yield
    finally:
        for owner, name, value in reversed(undo):
            setattr(owner, name, value)


def sources(edits: Sequence[Edit]) -> dict[ModuleType, str]:
    """The edited modules and what their source then is. Raises NotThere."""
    found: dict[ModuleType, str] = {}
    for edit in edits:
        module = import_module(f"{_PACKAGE}.{edit.module}")
        source = found.get(module) or source_of(edit.module)
        if source.count(edit.old) != 1:
            raise NotThere(f"{source.count(edit.old)} times in {edit.module}: {edit.old}")
        found[module] = source.replace(edit.old, edit.new)
    return found


def source_of(module: str) -> str:
    """The source of a module below newscrawl."""
    return inspect.getsource(import_module(f"{_PACKAGE}.{module}"))


def _take_over(module: ModuleType, name: str, value: object, undo: list[tuple[Any, str, Any]]) -> None:
    """A constant by its name; a function in place, since other modules hold it; of a class its functions."""
    old = module.__dict__.get(name)
    imported = isinstance(value, type | FunctionType) and value.__module__ != module.__name__
    if name.startswith("__") or imported:
        return
    if isinstance(old, type):
        for part, inner in vars(value).items():
            _swap(getattr(old, part), inner, undo)
    elif not _swap(old, value, undo) and value != old:
        undo.append((module, name, old))
        setattr(module, name, value)


def _swap(old: object, new: object, undo: list[tuple[Any, str, Any]]) -> bool:
    if not isinstance(old, FunctionType) or not isinstance(new, FunctionType):
        return False
    undo.append((old, "__code__", old.__code__))
    old.__code__ = new.__code__
    return True
