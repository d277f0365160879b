"""Source name -> spider class, found from the modules in newscrawl/spiders: nothing is registered anywhere else."""

import pkgutil
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from newscrawl import spiders
from newscrawl.errors import UsageError
from newscrawl.spiders.base import NewsSpider
from newscrawl.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@cache
def sources() -> "Mapping[str, type[NewsSpider]]":
    """Every source's spider by name, in the order of the names. A module's spider has the module's name."""
    found = {}
    for module in sorted(each.name for each in pkgutil.iter_modules(spiders.__path__)):
        for each in vars(import_module(f"{spiders.__name__}.{module}")).values():
            if isinstance(each, type) and issubclass(each, NewsSpider) and getattr(each, "name", None) == module:
                found[module] = each
    return MappingProxyType(found)


def check_names(names: "Iterable[str]") -> None:
    """UsageError for the first name that is no source's, with those that are."""
    for name in names:
        if name not in sources():
            raise UsageError(f"there is no source {name!r}; the sources are {', '.join(sources())}")


def check_channels(source: str, asked: "Iterable[str]", configured: "Sequence[str]" = ()) -> None:
    """UsageError for the first that is no list of the source; `configured` takes the place of the source's own."""
    channels = configured or sources()[source].channels
    for channel in asked:
        if channel not in channels:
            raise UsageError(f"{source} has no channel {channel!r}; its channels are {', '.join(channels)}")


def source_of(url: str) -> str:
    """The source that an address belongs to by its host. UsageError for a host of none.

    Where several share a host, the first whose spider reads single pages there: see NewsSpider.reads_pages.
    """
    host = host_of(url)
    at_host = [spider for spider in sources().values() if host in spider.hosts]
    if not at_host:
        raise UsageError(f"{url}: no source has the host {host or '(none)'}; see newscrawl sources")
    return min(at_host, key=lambda spider: not spider.reads_pages).name
