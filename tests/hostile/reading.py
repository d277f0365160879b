"""Every parser on one answer, each time with what must hold of its result; the word says what came of it."""

import tempfile
from pathlib import Path

from scrapy.robotstxt import ProtegoRobotParser

from newscrawl.config import load_config
from newscrawl.demo.server import NOW
from newscrawl.errors import NewscrawlError, NotNews, PageError
from newscrawl.items import Page
from newscrawl.listing.complaints import complaint
from newscrawl.listing.reading import Wanted, read
from newscrawl.middlewares.robots import Rules, _whole_lines
from newscrawl.replay import foreign_page
from newscrawl.spiders.cls_depth import ClsDepthSpider
from newscrawl.spiders.cls_telegraph import ClsTelegraphSpider
from newscrawl.spiders.eastmoney import EastmoneySpider
from newscrawl.storage.archive import read_archive
from pipelines import read_page
from pipelines.posts import post_page
from tests.hostile.valid import check_address, check_article, check_refusal, check_rows, check_text

_HOSTS = (".a.example",)
_LARGE = 200_000
"""Bytes of a page that is read by the generic reader alone: to read it by each rule takes its time once more."""
_SPIDERS = (
    (ClsTelegraphSpider, "roll"),
    (ClsDepthSpider, "1000"),
    (EastmoneySpider, "column:350"),
    (EastmoneySpider, "fast"),
)
_ADDRESSES = {
    "": "https://www.a.example/2026/11/20/1.html",
    "cls_depth": "https://www.cls.cn/detail/2600318",
    "cls_telegraph": "https://www.cls.cn/detail/2600318",
    "eastmoney": "https://finance.eastmoney.com/a/202611203900022126.html",
}


def read_any(kind, body):
    """What came of an answer of this kind: its outcomes, sorted."""
    return " ".join(sorted(set(_READERS[kind](body))))


def story(page):
    """What came of a story's page."""
    try:
        article = read_page(page)
    except NotNews as skipped:
        return skipped.kind
    except PageError as refused:
        check_refusal(refused)
        return refused.kind
    check_article(article)
    return "record"


def made(body, source, content_type="text/html", url=None):
    headers = {"content-type": content_type}
    return Page(
        url=_ADDRESSES[source] if url is None else url, source=source, body=body, headers=headers, fetched_at=NOW
    )


def pages(body):
    for source in _ADDRESSES if len(body) < _LARGE else ("",):
        yield story(made(body, source))


def jsons(body):
    for spider, channel in _SPIDERS:
        try:
            listing = spider().read_list(made(body, spider.name, "application/json"), channel)
        except PageError as refused:
            check_refusal(refused)
            yield refused.kind
            continue
        check_rows(listing)
        yield "listed"
        for row in listing.rows[:5]:
            if row.body is not None:
                yield story(made(row.body, spider.name, "application/json", row.url))
    yield story(made(body, "cls_telegraph", "application/json"))


def lists(body):
    page = made(body, "", "application/xml", "https://www.a.example/list/")
    try:
        found = read(page, Wanted(hosts=_HOSTS))
    except PageError as refused:
        check_refusal(refused)
        check_text(complaint(page, Wanted(hosts=_HOSTS)) or "")
        yield refused.kind
        return
    for entry in (*found.entries, *found.lists):
        check_address(entry.url)
        for text in (entry.url, entry.title or "", entry.printed or ""):
            check_text(text)
            assert len(text) < 10_000
            assert "root:" not in text  # of /etc/passwd
        assert entry.at is None or 0 < entry.at < 2**33
    if found.next:
        check_address(found.next)
    yield found.kind


def robots(body):
    rules = Rules(ProtegoRobotParser(_whole_lines(body), None))
    for _ in range(3):
        assert rules.refusal("https://a.example/x/1.html") or b"/x/" not in body[:500_000]
    delay = rules.parser.crawl_delay("newscrawl")
    yield "read" if delay is None else "delayed"


def warcs(body):
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.warc.gz" if body[:2] == b"\x1f\x8b" else "x.warc")
        path.write_bytes(body)
        try:
            for answer in read_archive([path], on_problem=problems.append):
                try:
                    yield story(foreign_page(answer))
                except NotNews as skipped:
                    yield skipped.kind
        except NewscrawlError as error:
            yield type(error).__name__
    yield from ("problem" for _ in problems)


def posts(body):
    for name in ("2026-11-20-NW202611203900022126.md", "../../-x.md", "2026-99-99-\x1b[31m.md"):
        yield story(post_page(name, body, NOW))


def configs(body):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "newscrawl.toml")
        path.write_bytes(body)
        try:
            load_config(path)
        except NewscrawlError as error:
            check_text(str(error))
            yield "refused"
        else:
            yield "read"


_READERS = {
    "page": pages,
    "json": jsons,
    "list": lists,
    "robots": robots,
    "warc": warcs,
    "post": posts,
    "config": configs,
}
