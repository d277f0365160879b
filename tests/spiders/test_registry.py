"""Sources are found from their modules."""

import pytest

from newscrawl.errors import UsageError
from newscrawl.registry import check_names, source_of, sources


def test_every_source_is_found_and_named_as_its_module():
    assert list(sources()) == ["cls_depth", "cls_telegraph", "eastmoney"]
    for name, spider in sources().items():
        assert spider.name == name
        assert spider.__module__ == f"newscrawl.spiders.{name}"


def test_every_source_asks_by_https_on_hosts_of_its_own():
    for spider_class in sources().values():
        spider = spider_class()
        assert spider.channels
        for channel in spider.channels:
            url = spider.list_url(channel, None)
            assert url.startswith("https://")
            assert url.split("/")[2] in spider.hosts


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
