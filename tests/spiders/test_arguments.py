"""What an operator types, and what is no such thing."""

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.errors import UsageError
from newscrawl.spiders.arguments import CrawlArguments


def seconds(text):
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())


def test_day_is_the_whole_day_in_beijing():
    read = CrawlArguments.read(since="2026-11-20", until="2026-11-20")
    assert read.since == seconds("2026-11-20T00:00:00+08:00")
    assert read.until == seconds("2026-11-20T23:59:59+08:00")


def test_moment_is_beijing_time_unless_it_names_a_zone():
    assert CrawlArguments.read(since="2026-11-20 21:46").since == seconds("2026-11-20T21:46:00+08:00")
    assert CrawlArguments.read(until="2026-11-20T13:46:05Z").until == seconds("2026-11-20T21:46:05+08:00")


def test_numbers_and_addresses():
    read = CrawlArguments.read(
        limit="5", recheck="1.5", url="https://www.cls.cn/detail/1", base_url="http://127.0.0.1:8000/"
    )
    assert (read.limit, read.recheck) == (5, timedelta(minutes=90))
    assert (read.urls, read.base_url) == (("https://www.cls.cn/detail/1",), "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    "typed",
    [
        {"since": "2026-13-01"},
        {"since": "yesterday"},
        {"since": ""},
        {"until": "2026-11-31"},
        {"since": "2026-11-21", "until": "2026-11-20"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "ten"},
        {"limit": "1" * 30},
        {"recheck": "0"},
        {"recheck": "nan"},
        {"recheck": "x"},
        {"url": "www.cls.cn/detail/1"},
        {"url": "file:///etc/passwd"},
        {"url": "https://www.cls.cn/\x1b[31m"},
        {"url": "http://[::1"},
        {"base_url": "127.0.0.1:8000"},
        {"base_url": "http://127.0.0.1:8000/path"},
        {"base_url": "http://u:p@127.0.0.1"},
        {"base_url": "http://127.0.0.1:port"},
        {"retry": "maybe"},
        {"sinse": "2026-11-20"},
    ],
)
def test_anything_else_is_a_usage_error_that_names_it(typed):
    with pytest.raises(UsageError) as refused:
        CrawlArguments.read(**typed)
    assert next(iter(typed)) in str(refused.value)


@pytest.mark.parametrize(("moment", "inside"), [(9, False), (10, True), (20, True), (21, False), (None, True)])
def test_covers_both_ends_and_stories_without_a_time(moment, inside):
    assert CrawlArguments(since=10, until=20).covers(moment) is inside
