"""Stories that go on behind 下一页: their parts are asked for one after another, and handed on as one page.

A story is not known before its last part is in: a run that is killed in between has stored nothing of it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scrapy import Request

from newscrawl.errors import part_reason
from newscrawl.extraction.chain import CUT_SHORT, begins_at, is_cut_short, next_part, repeats, whole
from newscrawl.extraction.series import is_same_page
from newscrawl.items import Page
from newscrawl.middlewares.refusals import NOT_OF_THE_PAGE, failure_kind, status_kind
from newscrawl.spiders.stories import StorySpider

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure as TwistedFailure

MOST_PARTS = 50
MOST_BYTES = 16 * 1024 * 1024
"""Of all parts of one story together: as much as four of the largest pages."""
_BEFORE_STORIES = 2
"""A story that was begun is brought to its end before another one."""


class PartSpider(StorySpider):
    """What becomes of a story's page that is only the first of several."""

    def parse_page(self, response: "Response", story: str) -> Iterator[Any]:
        """The story whole, or a request for its second part."""
        for page in super().parse_page(response, story):
            if first := begins_at(page):
                self._fail(story, "layout", f"a later part of the story at {first}")
            else:
                yield from self._go_on((page,), story)

    def parse_part(self, response: "Response", story: str, pages: tuple[Page, ...]) -> Iterator[Any]:
        """One further part; `pages` are those before it."""
        number = len(pages) + 1
        if response.status != 200:
            self._part_fails(story, number, status_kind(response.status), f"HTTP status {response.status}")
            return
        page = self.page_of(response, pages[0].source)
        if repeats(page, pages):
            yield whole(pages)  # the pager of its comments, or one that does not know its end
        elif not is_same_page(response.url, response.meta["part"]):
            self._part_fails(story, number, "layout", f"leads to {response.url}")
        else:
            yield from self._go_on((*pages, page), story)

    def part_failed(self, failure: "TwistedFailure") -> None:
        """Scrapy's errback of a further part."""
        told: dict[str, Any] = failure.request.cb_kwargs  # type: ignore[attr-defined]
        if not isinstance(failure.value, NOT_OF_THE_PAGE):
            self._part_fails(told["story"], len(told["pages"]) + 1, *failure_kind(failure.value))

    def _go_on(self, pages: tuple[Page, ...], story: str) -> Iterator[Any]:
        address = next_part(pages)
        if address is None and is_cut_short(pages):
            self._part_fails(story, len(pages), "truncated", CUT_SHORT)
        elif address is None:
            yield whole(pages)
        elif len(pages) >= MOST_PARTS:
            self._fail(story, "too_complex", f"goes on after {MOST_PARTS} parts")
        elif sum(len(page.body) for page in pages) > MOST_BYTES:
            self._fail(story, "too_complex", f"goes on after {MOST_BYTES // 1024 // 1024} MB")
        else:
            yield self._part_request(address, pages, story)

    def _part_request(self, address: str, pages: tuple[Page, ...], story: str) -> Request:
        context = {"part_of": pages[0].url, "part": str(len(pages) + 1)}
        return Request(
            address,
            callback=self.parse_part,
            errback=self.part_failed,
            cb_kwargs={"story": story, "pages": pages},
            headers=self.headers,
            dont_filter=True,
            priority=_BEFORE_STORIES,
            meta={"role": "page", "context": context, "part": address},
        )

    def _part_fails(self, story: str, number: int, kind: str, reason: str) -> None:
        """Half a story is none. One whose part is gone is not gone itself: it is tried again."""
        self._fail(story, "http" if kind == "gone" else kind, part_reason(number, reason))
