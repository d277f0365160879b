"""Sources are found from their modules."""

import pytest

from newscrawl.config import Config, SourceConfig
from newscrawl.errors import UsageError
from newscrawl.registry import check_names, site_spider, source_of, sources, spider_of, written
from newscrawl.sites import shipped
from newscrawl.spiders.site import SiteSpider
from newscrawl.urls import is_host


def test_every_source_is_found_and_named_as_its_module():
    assert list(written()) == ["cls_depth", "cls_telegraph", "eastmoney"]
    assert list(sources()) == [*written(), *sorted(shipped())]
    for name, spider in written().items():
        assert spider.name == name
        assert spider.__module__ == f"newscrawl.spiders.{name}"


def test_every_source_asks_by_https_on_hosts_of_its_own():
    for spider_class in sources().values():
        spider = spider_class()
        assert spider.channels
        for channel in spider.channels:
            url = spider.list_url(channel, None)
            assert url.startswith("https://")
            assert is_host(url.split("/")[2], spider.hosts)


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://www.cls.cn/detail/1", "cls_depth"),
        ("https://finance.eastmoney.com/a/202609183878840472.html", "eastmoney"),
        ("http://stock.eastmoney.com/a/202609183878840472.html", "eastmoney"),
    ],
)
def test_address_belongs_to_the_source_of_its_host(url, source):
    assert source_of(url) == source


@pytest.mark.parametrize("url", ["https://example.org/1", "http://127.0.0.1:8000/detail/1", "nonsense"])
def test_address_of_no_source_is_refused(url):
    with pytest.raises(UsageError, match="no source has the host"):
        source_of(url)


def test_unknown_name_is_refused_with_those_that_there_are():
    with pytest.raises(UsageError, match=r"'cls'.*cls_depth, cls_telegraph, eastmoney"):
        check_names(["eastmoney", "cls"])


def test_kept_site_is_a_source_of_its_own():
    kept = SourceConfig(start=("https://www.a.example/news/",), hosts=("cdn.example",))
    config = Config(sources={"a": kept})
    spider = sources(config)["a"]
    assert (spider.name, spider.channels, spider.hosts) == ("a", kept.start, (".a.example",))
    assert issubclass(spider, SiteSpider)
    assert site_spider("a", kept) is spider
    assert source_of("https://m.a.example/1.html", config) == "a"


@pytest.mark.parametrize("name", ["eastmoney", "finews", "site"])
def test_site_cannot_take_the_name_of_another_source(name):
    with pytest.raises(UsageError, match=f"sites.{name}: there is another source"):
        sources(Config(sources={name: SourceConfig(start=("https://a.example/",))}))


def test_name_that_is_none_is_a_site_only_with_its_address():
    assert spider_of("a.example", {"start": "https://a.example/"}) is SiteSpider
    with pytest.raises(UsageError, match=r"no source 'a\.example'"):
        spider_of("a.example", {})
    with pytest.raises(UsageError, match="--start ADDRESS"):
        spider_of("site", {})()


def test_shipped_sites_are_off_until_they_are_switched_on():
    assert {name: Config().source(name).enabled for name in shipped()} == dict.fromkeys(shipped(), False)
