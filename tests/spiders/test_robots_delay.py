"""Crawl-delay: each host by its own robots.txt, to the second, and for as long as the crawl lasts."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import TextResponse
from scrapy.settings import Settings

from newscrawl.middlewares.addresses import AllowedAddresses
from newscrawl.middlewares.refusals import Refusal
from newscrawl.middlewares.robots import RobotsMiddleware

HOSTS = (".a.example",)


class FakeDownloader:
    """A downloader's queues, made and forgotten as Scrapy's are."""

    def __init__(self):
        self.slots, self.per_slot_settings = {}, {}

    def queue(self, host, delay):
        told = self.per_slot_settings.get(host, {})
        return self.slots.setdefault(host, Slot(1, told.get("delay", delay), told.get("jitter", 0.5)))


class FakeEngine:
    """Answers robots.txt by host, as a request's queue is made for it."""

    def __init__(self, files):
        self.downloader, self.asked, self._files = FakeDownloader(), [], files

    async def download_async(self, request):
        self.asked.append(request.url)
        host = request.url.split("/")[2]
        self.downloader.queue(host, 1.0)
        return TextResponse(request.url, body=self._files[host].encode(), request=request)


def crawler_of(files, **spider):
    about = {"hosts": HOSTS, "base_url": None, **spider}
    settings = Settings({"DOWNLOAD_DELAY": 1.0})
    return SimpleNamespace(spider=SimpleNamespace(**about), engine=FakeEngine(files), settings=settings)


def ask(crawler, *urls):
    robots = RobotsMiddleware.from_crawler(crawler)

    async def everything():
        for url in urls:
            await robots.process_request(Request(url))

    asyncio.run(everything())


FILES = {
    "www.a.example": "User-agent: *\nCrawl-delay: 5\n",
    "m.a.example": "User-agent: *\nCrawl-delay: 0.2\n",
    "static.a.example": "User-agent: *\nDisallow: /x\n",
    "slow.a.example": "User-agent: newscrawl\nCrawl-delay: 900\n",
}


def test_every_host_of_a_site_has_the_delay_of_its_own_robots_txt():
    crawler = crawler_of(FILES)
    ask(crawler, *(f"https://{host}/1.html" for host in FILES), "https://www.a.example/2.html")
    assert crawler.engine.asked == [f"https://{host}/robots.txt" for host in FILES]
    slots = crawler.engine.downloader.slots
    assert {host: (slot.delay, slot.jitter) for host, slot in slots.items()} == {
        "www.a.example": (5.0, 0.0),
        "m.a.example": (1.0, 0.0),  # the operator's is longer
        "static.a.example": (1.0, 0.5),
        "slow.a.example": (30.0, 0.0),  # the longest that is waited
    }


def test_delay_outlives_the_queue_that_scrapy_forgets():
    crawler = crawler_of(FILES)
    ask(crawler, "https://www.a.example/1.html")
    crawler.engine.downloader.slots.clear()
    assert crawler.engine.downloader.queue("www.a.example", 1.0).delay == 5.0


def test_one_hosts_refusal_is_not_anothers():
    with pytest.raises(Refusal):
        ask(crawler_of(FILES), "https://static.a.example/x/1.html")
    ask(crawler_of(FILES), "https://www.a.example/x/1.html")


def test_on_his_own_site_the_operator_decides():
    crawler = crawler_of(FILES, base_url="http://127.0.0.1:8000")
    ask(crawler, "https://www.a.example/1.html")
    assert crawler.engine.downloader.slots["www.a.example"].delay == 1.0


def test_each_host_has_its_own_queue_where_a_redirect_led_to_another():
    addresses = AllowedAddresses.from_crawler(crawler_of(FILES))
    request = Request("https://www.a.example/1.html")
    addresses.process_request(request)
    assert request.meta["download_slot"] == "www.a.example"
    redirected = request.replace(url="https://m.a.example/1.html")
    addresses.process_request(redirected)
    assert redirected.meta["download_slot"] == "m.a.example"
