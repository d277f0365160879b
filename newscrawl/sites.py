"""Sites without code: what may be said of one, and those that are shipped (sites.toml)."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from newscrawl.errors import UsageError
from newscrawl.urls import absolute, canonical, host_of

SHIPPED = Path(__file__).with_name("sites.toml")
KEYS = frozenset({"start", "article", "next", "pages", "depth"})
"""What is said of a site and of no other source."""
SHARED_KEYS = frozenset({"enabled", "base_url", "hosts", "delay", "ping"})
MOST_PAGES = 20
"""List pages that one crawl reads of one list, unless the operator says otherwise."""
MOST_DEPTH = 3
"""Sitemaps that name sitemaps that name sitemaps."""


@cache
def shipped() -> Mapping[str, Mapping[str, Any]]:
    """The tables of the sites that come with newscrawl, by name."""
    tables: Mapping[str, Mapping[str, Any]] = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["sites"]
    return tables


def read_start(value: object) -> tuple[str, ...]:
    """One or several addresses of lists; ValueError for what is none."""
    several = value if isinstance(value, list) and value else [value]
    addresses = [absolute(each) if isinstance(each, str) and each.isprintable() else None for each in several]
    if not all(each and host_of(each) for each in addresses):
        raise ValueError("must be an http or https address, or a list of them")
    return tuple(dict.fromkeys(canonical(each) for each in addresses if each))


def read_pattern(value: object) -> str:
    """A regular expression; ValueError for what is none."""
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError("must be a regular expression")
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"is no regular expression: {value!r}: {error}") from None
    return value


def source_name(start: str) -> str:
    """The name of a site that has none: its host without a leading `www.`."""
    return host_of(start).removeprefix("www.")


def read_typed(**typed: str | None) -> dict[str, Any]:
    """What was typed of a site (start, article, next, pages; None: nothing), read. UsageError for what cannot be."""
    told: dict[str, Any] = {}
    for name, text in typed.items():
        if text is not None:
            try:
                told[name] = _READERS[name](text)
            except ValueError as error:
                raise UsageError(f"{name} {error}") from error
    return told


def _several(text: str) -> tuple[str, ...]:
    try:
        return read_start(text.split(" "))
    except ValueError:
        raise ValueError(f"must be an http or https address, not {text!r}") from None


def _pages(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
        raise ValueError(f"{text!r} is no whole number from 1 up")
    return int(text)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "start": _several,
    "article": read_pattern,
    "next": read_pattern,
    "pages": _pages,
}
