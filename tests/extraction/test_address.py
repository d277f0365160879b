"""The one address of a page whose site has no rule, and what its feed says as a last resort."""

from datetime import UTC, datetime

import pytest

from newscrawl.document import parse_page
from newscrawl.errors import LayoutError
from newscrawl.items import Page
from newscrawl.rules import rule_for
from pipelines import read_page

TEXT = "".join(f"<p>第{n}段：这里讲述了一件事情的来龙去脉，并且给出了数据和评论。</p>" for n in range(6))


def article(url, head="", heading="<h1>一条新闻的标题在这里</h1>", **more):
    html = f"<html><head>{head}</head><body>{heading}<div>{TEXT}</div></body></html>"
    fields = {"source": "a", "fetched_at": datetime(2026, 11, 20, tzinfo=UTC), **more}
    return Page(url=url, body=html.encode(), headers={"content-type": "text/html; charset=utf-8"}, **fields)


@pytest.mark.parametrize(
    ("url", "told", "stored"),
    [
        ("http://www.a.cn/n/1234.html?from=x", "", "http://www.a.cn/n/1234.html"),
        ("http://m.a.cn/1234.html", "https://www.a.cn/2026/11/1234.html", "https://www.a.cn/2026/11/1234.html"),
        ("http://m.a.cn/a/slug-of-it", "/b/slug-of-it", "http://m.a.cn/b/slug-of-it"),
        ("http://www.a.cn/1234_2.html", "http://www.a.cn/1234.html", "http://www.a.cn/1234.html"),
        ("http://www.a.cn/show?id=12345", "http://www.a.cn/n/12345.html", "http://www.a.cn/n/12345.html"),
        ("http://www.a.cn/1234.html", "http://www.a.cn/", "http://www.a.cn/1234.html"),
        ("http://www.a.cn/1234.html", "http://www.a.cn/list.html", "http://www.a.cn/1234.html"),
        ("http://www.a.cn/1234.html", "http://www.b.cn/1234.html", "http://www.a.cn/1234.html"),
        ("http://www.a.cn/x/index.html", "http://www.a.cn/y/index.html", "http://www.a.cn/x/index.html"),
        ("http://www.a.cn/1234.html", "javascript:void(0)", "http://www.a.cn/1234.html"),
        ("http://www.a.cn/1234.html", "http://[::1", "http://www.a.cn/1234.html"),
    ],
)
def test_canonical_address_of_a_page_counts_where_it_speaks_of_this_page(url, told, stored):
    head = f'<link rel="canonical" href="{told}">' if told else ""
    record = read_page(article(url, head))
    assert record.url == stored
    assert record.seen_at == (url,)


TOLD = {"title": "清单里的标题", "published": "Fri, 20 Nov 2026 13:46:00 GMT"}


def test_feed_tells_what_the_page_leaves_out():
    record = read_page(article("http://a.cn/1234.html", heading="", told=TOLD))
    assert (record.title, record.published_raw) == (TOLD["title"], TOLD["published"])
    assert record.published_at == datetime(2026, 11, 20, 13, 46, tzinfo=UTC)
    assert (record.provenance["title"], record.provenance["published_at"]) == ("feed", "feed")


def test_page_goes_before_its_feed():
    heading = "<h1>一条新闻的标题在这里</h1><p>2026-11-19 08:00</p>"
    record = read_page(article("http://a.cn/1234.html", heading=heading, told=TOLD))
    assert (record.title, record.published_raw) == ("一条新闻的标题在这里", "2026-11-19 08:00")


def test_nothing_told_is_nothing_known():
    with pytest.raises(LayoutError, match="no title"):
        read_page(article("http://a.cn/1234.html", heading=""))


def test_site_on_a_host_that_a_rule_reads_is_read_by_it():
    assert "cls_depth" in rule_for(parse_page(article("https://www.cls.cn/detail/1"))).sources
    assert rule_for(parse_page(article("https://www.a.cn/detail/1"))) is None
    assert "eastmoney" in rule_for(parse_page(article("https://www.cls.cn/detail/1", source="eastmoney"))).sources
