"""The item pipelines without Scrapy's own queue around them: what they refuse is told to the spider's ledger."""

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.items import Page

MOVED = "newscrawl/extract/moved"


class Steps:
    """All that ITEM_PIPELINES names, in order."""

    def __init__(self, crawler: "Crawler") -> None:
        self._stats: Any = crawler.stats
        names = build_component_list(crawler.settings.getdict("ITEM_PIPELINES"))
        self._steps: list[Any] = [build_from_crawler(load_object(name), crawler) for name in names]

    def take(self, page: "Page") -> bool:
        """Whether the site's rule did not find the article's body, where it should have."""
        item: Any = page
        before = self._stats.get_value(MOVED, 0)
        try:
            for step in self._steps:
                item = step.process_item(item)
        except DropItem:
            pass  # the step has told the ledger why
        return bool(self._stats.get_value(MOVED, 0) > before)
