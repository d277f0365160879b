"""What is said of a site without code, and its stories: from what its lists tell to a Page."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from scrapy import Request

from newscrawl import __version__
from newscrawl.config import SourceConfig
from newscrawl.errors import UsageError
from newscrawl.items import Page
from newscrawl.listing.found import Entry, Found
from newscrawl.listing.reading import Wanted, read
from newscrawl.listing.xml import MAX_CHARACTERS
from newscrawl.sites import read_typed, source_name
from newscrawl.spiders.base import NewsSpider
from newscrawl.spiders.paging import Listing, Row, reach
from newscrawl.spiders.site_walk import may_be_within
from newscrawl.urls import host_of, hosts_of, is_on

if TYPE_CHECKING:
    from scrapy.http import Response


class SiteStories(NewsSpider):
    """A site by what its operator says of it, and the way from an entry of its lists to a Page."""

    site: ClassVar[SourceConfig] = SourceConfig()
    """What newscrawl.toml says of it."""

    to_fill = "`newscrawl crawl {source} --since DATE` reads the list once more"

    def __init__(
        self,
        name: str | None = None,
        start: str | None = None,
        article: str | None = None,
        next: str | None = None,
        pages: str | None = None,
        **arguments: str,
    ) -> None:
        self.asked = replace(self.site, **read_typed(start=start, article=article, next=next, pages=pages))
        self.channels = self.asked.start
        if not self.channels:
            raise UsageError("say which list to read: --start ADDRESS")
        self.hosts = hosts_of(self.channels)
        self.typed_hosts = frozenset(map(host_of, self.channels))
        if "backfill" in arguments:
            raise UsageError(
                f"{name or self.name}: a site's lists can only be read from their top: crawl it with --since"
            )
        super().__init__(name or (source_name(self.channels[0]) if start else None), **arguments)
        self._told: dict[str, dict[str, str]] = {}
        self._timeless = False

    @property
    def wanted(self) -> Wanted:
        """What is to be looked for on its lists."""
        article, following = (re.compile(each) if each else None for each in (self.asked.article, self.asked.next))
        return Wanted(hosts=self.hosts, article=article, next=following)

    @property
    def reading(self) -> str:
        """How its lists are read: where this changes, what was complete says nothing of what would be found now."""
        return f"{__version__} article={self.asked.article or ''} next={self.asked.next or ''}"

    def list_url(self, channel: str, cursor: str | None) -> str:
        return cursor or channel

    def read_list(self, page: Page, channel: str) -> Listing:  # noqa: ARG002
        found = read(page, self.wanted)
        rows = self.rows_of(found)
        return Listing(rows=rows, cursor=found.next, reaches=reach(rows), odd=found.odd)

    def rows_of(self, found: Found) -> list[Row]:
        """A list's articles, but for those that are of another time than is asked for, as far as it tells."""
        self._timeless = self._timeless or any(entry.at is None for entry in found.entries)
        if found.kind in {"rss", "atom"}:
            self._told |= {entry.url: told for entry in found.entries if (told := _told(entry))}
        since, until = self.arguments.since, self.arguments.until
        return [
            Row(url=entry.url, at=entry.at, skip=None if is_on(entry.url, self.hosts) else "outside")
            for entry in found.entries
            if may_be_within(entry, since, until)
        ]

    def _page_request(self, url: str) -> Request:
        request = super()._page_request(url)
        if url in self.channels:
            request.meta["download_maxsize"] = MAX_CHARACTERS
        if told := self._told.pop(url, None):
            request.meta["context"] = told
        return request

    def page_of(self, response: "Response", source: str) -> Page:
        page = super().page_of(response, source)
        told = response.meta.get("context", {}) if response.meta.get("role") == "page" else {}
        # Where the list told no time, the article's own date decides.
        within = (self.arguments.since, self.arguments.until) if self._timeless else (None, None)
        return replace(page, told=told, within=within)


def _told(entry: Entry) -> dict[str, str]:
    told = {"title": entry.title, "published": entry.printed}
    return {name: value for name, value in told.items() if value}
