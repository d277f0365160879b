"""Any site, without code: its articles are found from a list page, a feed or a sitemap.

`newscrawl crawl site --start ADDRESS` reads one that is typed; one kept in newscrawl.toml ([sites.NAME]) is a source
like the others, by a subclass that the registry makes.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request

from newscrawl.errors import PageError
from newscrawl.listing.found import Found
from newscrawl.listing.reading import read
from newscrawl.listing.xml import MAX_CHARACTERS
from newscrawl.middlewares.refusals import NOT_OF_THE_PAGE, failure_kind
from newscrawl.spiders.paging import Listing
from newscrawl.spiders.site_stories import SiteStories
from newscrawl.spiders.site_walk import SiteWalk, Step, is_past, is_settled
from newscrawl.storage.timetext import to_text
from newscrawl.storage.walks import Validators
from newscrawl.urls import is_on

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure


class SiteSpider(SiteStories):
    """A site of which an operator says where a list is; the rest is found out."""

    name = "site"

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name, **arguments)
        self.site_walks: list[SiteWalk] = []

    def first_request(self, channel: str) -> Request:
        """The request for a list's start."""
        dated, _ = self._new_walk(channel)
        before = self.ledger.walks.walked(channel, self.reading)
        trusted = before.complete_at is not None and self._wants_news_only()
        walk = SiteWalk(
            channel=channel,
            most_pages=self.asked.pages,
            most_depth=self.asked.depth,
            before=before,
            validators=self.ledger.walks.validators(channel, self.run.clock()) if trusted else {},
            dated=dated,
            seen={channel},
        )
        self.site_walks.append(walk)
        self.walks[-1] = cast(Any, walk)
        return self._ask(walk, (channel, 0))

    def _wants_news_only(self) -> bool:
        """Whether a list that has not changed holds nothing that is asked for."""
        asked = self.arguments
        return not (asked.backfills or asked.recheck or asked.limit)

    def _ask(self, walk: SiteWalk, step: Step) -> Request:
        url, depth = step
        told = walk.validators.get(url)
        return Request(
            url,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"walk": walk, "depth": depth},
            headers={**self.headers, **(told.headers if told else {})},
            dont_filter=True,
            meta={
                "role": "listing",
                "context": {"channel": walk.channel},
                "handle_httpstatus_list": [304],
                "download_maxsize": MAX_CHARACTERS,
            },
        )

    def parse_list(self, response: "Response", walk: SiteWalk, depth: int = 0) -> Iterator[Any]:  # type: ignore[override]
        """The stories of a list, then the next list."""
        page = self.page_of(response, self.name)
        url = response.meta.get("redirect_urls", [page.url])[0]
        if response.status == 304 and url in walk.validators:
            self.run.note("")
            walk.lists[url] = walk.validators[url]
            yield from self._next_list(walk, walk.skip(whole=True))
            return
        try:
            found = read(page, self.wanted, form=walk.form, seen=walk.seen)
            walk.seen.add(page.url)
            listing = walk.add_dates(found)
        except PageError as error:
            self._problem(cast(Any, walk), error.kind, error.reason)
            yield from self._next_list(walk, walk.skip(whole=False))
            return
        self.run.note("")
        self._tell(walk, found, listing)
        if listing and walk.pages == 0:
            self.ledger.lists.read(walk.channel, page.fetched_at)
        if found.kind != "sitemapindex":  # it may name the same sitemaps for ever while they change
            walk.lists[url] = _validators(response, page.fetched_at)
        settled = self._settled(walk, found)
        following = walk.read(found, depth, last=settled or is_past(found, self.arguments.since))
        if not settled:
            self._begin(walk)
        yield from self.take_rows(self.rows_of(found), page.fetched_at)
        yield from self._next_list(walk, following)

    def list_failed(self, failure: "TwistedFailure") -> Iterator[Any]:  # type: ignore[override]
        """Scrapy's errback of a list: a sitemap among others is no reason to leave those."""
        if isinstance(failure.value, NOT_OF_THE_PAGE):
            return
        walk: SiteWalk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        kind, reason = failure_kind(failure.value)
        if kind == "gone" and walk.pages:  # many pagers name one page more than there is
            self.run.note("")
            yield from self._next_list(walk, walk.skip(whole=True))
        else:
            self._problem(cast(Any, walk), kind, reason)
            yield from self._next_list(walk, walk.skip(whole=False))

    def _next_list(self, walk: SiteWalk, following: Step | None) -> Iterator[Request]:
        if following and not self.cut_short:
            yield self._ask(walk, following)
        elif walk.cut:
            self.run.notes.append(f"list {walk.channel}: {walk.cut}")
        if walk.complete and not walk.works:
            self.run.empty_lists.append(walk.channel)

    def _tell(self, walk: SiteWalk, found: Found, listing: Listing | None) -> None:
        if found.odd:
            self.run.notes.append(f"list {walk.channel}: {found.odd} entries have no address that can be asked")
        if listing and walk.dated:
            self._tell_odd(walk.dated, listing)

    def _settled(self, walk: SiteWalk, found: Found) -> bool:
        """Whether an earlier walk was complete from this list on, and none of it is to be asked for again."""
        urls = [entry.url for entry in found.entries if is_on(entry.url, self.hosts)]
        if self.arguments.backfills or not is_settled(urls, walk.before, self.ledger.walks.first_seen(urls)):
            return False
        recheck = self.arguments.recheck
        after = self.run.clock() - recheck if recheck else None
        return after is None or self.ledger.known(urls) == self.ledger.known(urls, recheck_after=after)

    def _begin(self, walk: SiteWalk) -> None:
        """Before its first stories are taken; a look into the past says nothing of what is complete."""
        if not walk.begun and not self.arguments.backfills:
            walk.begun = True
            self.ledger.walks.begin(walk.channel, self.reading)

    def completed(self) -> None:
        """Notes every walk that ended where it was to end, and how to ask its lists next time if all is stored."""
        whole = self._wants_news_only() and not self.ledger.counts.failed
        now = self.run.clock()
        for walk in self.site_walks:
            if walk.dated and walk.dated.ends_at is not None:
                self.ledger.lists.ends_at(walk.channel, walk.dated.ends_at)
        for walk in () if self.arguments.backfills else self.site_walks:
            if walk.complete:
                end = self.ledger.walks.end
                self.ledger.with_end(partial(end, walk.channel, self.reading, walk.lists if whole else {}, now))


def _validators(response: "Response", read_at: "datetime") -> Validators:
    etag, last_modified = (
        value.decode("latin-1") if (value := response.headers.get(name)) else None for name in ("ETag", "Last-Modified")
    )
    return Validators(etag, last_modified, to_text(read_at))
