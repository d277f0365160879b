"""What newscrawl is measured against: Scrapy alone, Scrapy alone with our settings, and the design that comes first to mind.

    python -m tests.benchmarks.crawlers NAME BASE_URL DATABASE

crawls the list of a site that tests.benchmarks.site serves, and prints how many pages came.
"""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from tests.benchmarks.site import LIST

if TYPE_CHECKING:
    from scrapy.http import Response

_OURS = ("newscrawl.", "pipelines.")


class Bare(Spider):
    """Follows the list, fetches every page of it and reads none."""

    name = "bare"
    pages = 0

    def __init__(self, base_url: str = "", database: str = "") -> None:
        super().__init__()
        self.start_urls = [base_url + LIST[LIST.index("/portal") :]]
        self.database = database

    def parse(self, response: "Response") -> Iterator[Request]:
        for link in response.css("ul.items h2 a"):
            yield response.follow(link, self.parse_page)
        for link in response.css("div.pager a"):
            if link.css("::text").get() == "下一页":
                yield response.follow(link, self.parse)

    def parse_page(self, response: "Response") -> Iterator[Any]:
        self.pages += 1
        yield from ()


class Idle(Spider):
    """Asks for nothing."""

    name = "idle"
    pages = 0

    def __init__(self, base_url: str = "", database: str = "") -> None:
        super().__init__()

    async def start(self) -> Any:
        for nothing in ():
            yield nothing


class Naive(Bare):
    """A tree of BeautifulSoup for each page, and an upsert for each item."""

    name = "naive"
    custom_settings: ClassVar[dict[str, Any]] = {"ITEM_PIPELINES": {"tests.benchmarks.crawlers.Upsert": 100}}

    def parse_page(self, response: "Response") -> Iterator[Any]:
        from bs4 import BeautifulSoup

        self.pages += 1
        soup = BeautifulSoup(response.text, "lxml")
        body = soup.select_one(".article-content, #zoom, .detail-content")
        printed = soup.select_one("p.meta, .detail-info") or soup.find("td", string=lambda text: "来源" in (text or ""))
        assert soup.h1
        assert body
        yield {
            "url": response.url.partition("?")[0],
            "title": soup.h1.get_text(strip=True),
            "printed": printed.get_text(" ", strip=True) if printed else "",
            "body": "\n".join(block.get_text().strip() for block in body.find_all("p") if block.get_text().strip()),
            "images": [image["src"] for image in body.find_all("img")],
        }


class Upsert:
    """One row, one commit."""

    def __init__(self, database: str) -> None:
        from sqlite_utils import Database

        self._table: Any = Database(database)["articles"]

    @classmethod
    def from_crawler(cls, crawler: Any) -> "Upsert":
        return cls(crawler.spider.database)

    def process_item(self, item: Any) -> Any:
        self._table.upsert(item, pk="url")
        return item


def _ours() -> dict[str, Any]:
    """newscrawl's settings without its own parts: what of the cost is Scrapy's, set up as we set it up."""
    from newscrawl import settings

    told = {name: value for name, value in vars(settings).items() if name.isupper()}
    for name in ("DOWNLOADER_MIDDLEWARES_BASE", "EXTENSIONS", "ITEM_PIPELINES", "FEED_EXPORTERS"):
        told[name] = {path: place for path, place in told[name].items() if not str(path).startswith(_OURS)}
    left_out = {"SPIDER_LOADER_CLASS", "SPIDER_MODULES", "COMMANDS_MODULE", "DOWNLOAD_HANDLERS"}
    kept = {name: value for name, value in told.items() if name not in left_out and not name.startswith("NEWSCRAWL")}
    return kept | {"DOWNLOAD_DELAY": 0}


SPIDER_MODULES = [__name__]
"""This module is also the settings of `scrapy crawl idle`: all of them Scrapy's own."""

SIDES: dict[str, tuple[type[Any], bool]] = {
    "bare": (Bare, False),
    "bare, our settings": (Bare, True),
    "idle": (Idle, False),
    "naive": (Naive, False),
}
"""Name to the spider, and whether it runs with our settings."""


def main(name: str, base_url: str, database: str) -> None:
    """Run one side."""
    spider, as_ours = SIDES[name]
    settings = Settings()
    settings.setdict(_ours() if as_ours else {}, priority="project")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    process.crawl(crawler, base_url=base_url, database=database)
    process.start()
    print(crawler.spider.pages if crawler.spider else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
