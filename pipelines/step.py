"""What the thin Scrapy classes share: a refusal ends in the ledger and in the statistics, never in silence."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar, Self

from newscrawl.errors import NewscrawlError, NotNews, PageError, printable
from newscrawl.items import Failure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.items import Article, Page
    from newscrawl.storage.ledger import Ledger

logger = logging.getLogger(__name__)


class Step:
    """One step of the pipeline as Scrapy calls it; subclasses set `name` and `run`."""

    name: ClassVar[str]

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        return cls(crawler)

    @property
    def ledger(self) -> Ledger:
        """This run's account, given to the spider before it starts."""
        return self.crawler.spider.ledger  # type: ignore[union-attr, no-any-return]

    def process_item(self, item: Any) -> Any:
        """Run the step; a page that it refuses is dropped here and kept in the failures table."""
        page = _page_of(item)
        try:
            return self.run(item)
        except NotNews as skipped:
            self.ledger.skip(skipped.kind, page.url)
            self._drop(skipped.kind, str(page.url))
        except PageError as refused:
            self._fail(page, refused.kind, refused.reason)
        except NewscrawlError:
            raise
        except Exception as fault:
            # Ours, not the page's; but the page must not be lost for it.
            logger.exception("step %s failed on %s", self.name, page.url)
            self._fail(page, "error", printable(f"{type(fault).__name__} in step {self.name}: {fault}"))

    def run(self, item: Any) -> Any:
        """The step itself: the pure function."""
        raise NotImplementedError

    def _fail(self, page: Page | Article, kind: str, reason: str) -> None:
        self.ledger.fail(Failure(url=page.url, source=page.source, kind=kind, reason=reason))
        self._drop(kind, page.url)

    def _drop(self, kind: str, url: str) -> None:
        from scrapy.exceptions import DropItem  # noqa: PLC0415 - the steps load without Scrapy

        if self.crawler.stats:
            self.crawler.stats.inc_value(f"newscrawl/{self.name}/{kind}")
        raise DropItem(f"{self.name}: {kind}: {url}", log_level="INFO")


def _page_of(item: Any) -> Page | Article:
    """The page (or the article made of it) that an item is about: both tell `url` and `source`."""
    found: Page | Article = getattr(item, "page", item)
    return found
