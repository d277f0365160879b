"""Crawls one after another in one process: what lies between two of them."""

from types import SimpleNamespace

import pytest
from scrapy.crawler import Crawler

from newscrawl.cli.runner import pause_behind, worst_status
from newscrawl.outcomes import Outcome, result_of
from newscrawl.spiders.eastmoney import EastmoneySpider


@pytest.mark.parametrize(
    ("told", "expected"), [({}, 1.5), ({"a.example.cn": {"delay": 4.0}, "b.example.cn": {"concurrency": 1}}, 4.0)]
)
def test_the_next_source_waits_as_long_as_the_one_before_it_did(told, expected):
    crawler = Crawler(EastmoneySpider, {"DOWNLOAD_DELAY": 1.5})
    assert pause_behind(crawler) == 1.5
    crawler.engine = SimpleNamespace(downloader=SimpleNamespace(per_slot_settings=told))
    assert pause_behind(crawler) == expected


def test_worst_of_several_runs_is_the_status_of_the_command():
    runs = [result_of(Outcome(name), name) for name in ("nothing_new", "network", "partial")]
    assert (worst_status(runs), worst_status(runs[:1]), worst_status([])) == (7, 0, 0)
