"""Source name -> spider class: one module of newscrawl/spiders each, and the sites without code that are kept.

Nothing is registered anywhere else.
"""

import pkgutil
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from scrapy.spiderloader import SpiderLoader

from newscrawl import spiders
from newscrawl.config import Config, SourceConfig, load_config
from newscrawl.errors import UsageError
from newscrawl.spiders.base import NewsSpider
from newscrawl.spiders.site import SiteSpider
from newscrawl.urls import host_of, hosts_of, is_host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_RESERVED = frozenset({"site", "finews"})
"""Names that mean something else in commands and in the database."""


@cache
def written() -> "Mapping[str, type[NewsSpider]]":
    """The spiders that have a module, in the order of their names. A module's spider has the module's name."""
    found = {}
    for module in sorted(each.name for each in pkgutil.iter_modules(spiders.__path__)):
        for each in vars(import_module(f"{spiders.__name__}.{module}")).values():
            if isinstance(each, type) and issubclass(each, NewsSpider) and getattr(each, "name", None) == module:
                found[module] = each
    del found[SiteSpider.name]  # a source only together with an address
    return MappingProxyType(found)


def sources(config: Config | None = None) -> "Mapping[str, type[NewsSpider]]":
    """Every source's spider by name: those that are written, then the sites that `config` keeps (the operator's file).

    UsageError for a site that bears the name of another source.
    """
    sites = {name: each for name, each in (config or load_config()).sources.items() if each.start}
    if taken := sorted(sites.keys() & (written().keys() | _RESERVED)):
        raise UsageError(f"sites.{taken[0]}: there is another source of this name")
    return MappingProxyType({**written(), **{name: site_spider(name, sites[name]) for name in sorted(sites)}})


@cache
def site_spider(name: str, site: SourceConfig) -> type[SiteSpider]:
    """The spider of a kept site."""
    told = {"name": name, "site": site, "channels": site.start, "hosts": hosts_of(site.start)}
    return type(f"SiteSpider_{name}", (SiteSpider,), {**told, "__module__": SiteSpider.__module__})


def spider_of(name: str, arguments: "Mapping[str, str]", config: Config | None = None) -> type[NewsSpider]:
    """The spider to run; a name that is none is that of a site whose `start` is among the arguments.

    UsageError for another name, with those that there are.
    """
    known = sources(config)
    if name in known:
        return known[name]
    if "start" in arguments or name == SiteSpider.name:
        return SiteSpider
    raise _unknown(name, known)


def check_names(names: "Iterable[str]", config: Config | None = None) -> None:
    """UsageError for the first name that is no source's, with those that are."""
    known = sources(config)
    for name in names:
        if name not in known:
            raise _unknown(name, known)


def check_channels(spider: NewsSpider, asked: "Iterable[str]", configured: "Sequence[str]" = ()) -> None:
    """UsageError for the first that is no list of the source; `configured` takes the place of the source's own."""
    channels = configured or spider.channels
    for channel in asked:
        if channel not in channels:
            raise UsageError(f"{spider.name} has no channel {channel!r}; its channels are {', '.join(channels)}")


def _unknown(name: str, known: "Iterable[str]") -> UsageError:
    return UsageError(f"there is no source {name!r}; the sources are {', '.join(known)}")


def source_of(url: str, config: Config | None = None) -> str:
    """The source that an address belongs to by its host. UsageError for a host of none.

    Where several share a host, the first whose spider reads single pages there: see NewsSpider.reads_pages.
    """
    host = host_of(url)
    at_host = [spider for spider in sources(config).values() if is_host(host, spider.hosts)]
    if not at_host:
        raise UsageError(f"{url}: no source has the host {host or '(none)'}; see newscrawl sources")
    return min(at_host, key=lambda spider: not spider.reads_pages).name


class SourceLoader(SpiderLoader):
    """For `scrapy list` and `scrapy crawl`: the kept sites, too."""

    def _load_all_spiders(self) -> None:
        super()._load_all_spiders()
        self._spiders |= sources()
