"""Dates as Chinese pages print them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dates import from_unix, parse_date
from newscrawl.items import BEIJING

JANUARY = datetime(2026, 1, 3, 12, 0, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2026-09-25 02:34 星期五", "2026-09-25T02:34:00+08:00", "minute"),
        ("2026年11月20日 21:46", "2026-11-20T21:46:00+08:00", "minute"),
        ("2026年11月20日21时46分", "2026-11-20T21:46:00+08:00", "minute"),
        ("2026年11月20日 21:46:05", "2026-11-20T21:46:05+08:00", "second"),
        ("2022/05/31 18:03", "2022-05-31T18:03:00+08:00", "minute"),
        ("2022.05.31", "2022-05-31T00:00:00+08:00", "day"),
        ("2022-05-31（周二）18:03", "2022-05-31T18:03:00+08:00", "minute"),
        ("2026-11-20T21:46:00+08:00", "2026-11-20T21:46:00+08:00", "second"),
        ("2026-11-20T13:46:00Z", "2026-11-20T13:46:00+00:00", "second"),
        ("2026-11-20T13:46:00.123Z", "2026-11-20T13:46:00+00:00", "second"),
        ("2022-03-29 13:42:15 +0800", "2022-03-29T13:42:15+08:00", "second"),
        ("2022-03-29 13:42:15 -0500", "2022-03-29T13:42:15-05:00", "second"),
        ("发布时间：２０２６年１１月２０日　２１：４６", "2026-11-20T21:46:00+08:00", "minute"),
        ("2026年1月2日下午3:20", "2026-01-02T15:20:00+08:00", "minute"),
        ("2026年1月2日 中午12:05", "2026-01-02T12:05:00+08:00", "minute"),
        ("2026年1月2日 凌晨12:05", "2026-01-02T00:05:00+08:00", "minute"),
        ("2026-01-02 3:20 PM", "2026-01-02T15:20:00+08:00", "minute"),
        ("20261120", "2026-11-20T00:00:00+08:00", "day"),
        ("20261120214600", "2026-11-20T21:46:00+08:00", "second"),
        ("1790274888", "2026-09-25T02:34:48+08:00", "second"),
        ("1790274888000", "2026-09-25T02:34:48+08:00", "second"),
        ("Fri, 20 Nov 2026 21:46:00 +0800", "2026-11-20T21:46:00+08:00", "second"),
        ("Nov 20, 2026 9:46 PM", "2026-11-20T21:46:00+08:00", "minute"),
        ("20 Nov 2026 21:46 CST", "2026-11-20T21:46:00+08:00", "minute"),
    ],
)
def test_reads_absolute_forms(text, expected, precision):
    dated = parse_date(text)
    assert (dated.at.isoformat(), dated.precision) == (expected, precision)


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("3分钟前", "2026-01-03T11:57:00+08:00", "minute"),
        ("半小时前", "2026-01-03T11:30:00+08:00", "minute"),
        ("2小时前", "2026-01-03T10:00:00+08:00", "minute"),
        ("3天前", "2025-12-31T00:00:00+08:00", "day"),
        ("刚刚", "2026-01-03T12:00:00+08:00", "minute"),
        ("今天 10:22", "2026-01-03T10:22:00+08:00", "minute"),
        ("昨天 22:10", "2026-01-02T22:10:00+08:00", "minute"),
        ("昨天晚上8点30分", "2026-01-02T20:30:00+08:00", "minute"),
        ("前天", "2026-01-01T00:00:00+08:00", "day"),
        ("06月14日 17:56", "2025-06-14T17:56:00+08:00", "minute"),
        ("01-02 10:22", "2026-01-02T10:22:00+08:00", "minute"),
        ("12月31日", "2025-12-31T00:00:00+08:00", "day"),
        ("02-29", "2024-02-29T00:00:00+08:00", "day"),
    ],
)
def test_resolves_what_a_text_leaves_out_against_the_time_of_the_fetch(text, expected, precision):
    dated = parse_date(text, JANUARY)
    assert (dated.at.isoformat(), dated.precision) == (expected, precision)


@pytest.mark.parametrize("text", ["3分钟前", "今天 10:22", "06月14日 17:56", "刚刚"])
def test_leaves_relative_texts_unread_without_a_reference(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["", " +0800", "2026年13月45日 25:99", "2026-13-45T25:99", "2026-02-30", "下午3:20", "10:22", "Nov 20", "2026-11",
     "Monday", "v7.2.2", "13月45日", "0", "1890-01-01", "9999999999999"],
)  # fmt: skip
def test_never_guesses(text):
    assert parse_date(text, JANUARY) is None


@given(st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)))
def test_reads_back_what_a_chinese_page_prints(moment):
    printed = f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M:%S}"
    assert parse_date(printed).at == moment.replace(microsecond=0, tzinfo=BEIJING)


@given(st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30)), st.integers(-12 * 60, 14 * 60))
def test_keeps_the_zone_that_a_page_names(moment, minutes):
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_date(aware.isoformat()).at == aware


@given(st.text(max_size=40), st.booleans())
def test_any_text_gives_a_moment_with_a_zone_or_nothing(text, with_reference):
    dated = parse_date(text, JANUARY if with_reference else None)
    assert dated is None or dated.at.tzinfo is not None


@given(st.dates(date(2017, 1, 1), date(2026, 1, 3)))
def test_a_day_without_a_year_is_never_in_the_future(day):
    dated = parse_date(f"{day.month:02}月{day.day:02}日", JANUARY)
    assert (dated.at.month, dated.at.day) == (day.month, day.day)
    assert dated.at <= JANUARY + timedelta(days=1)


@pytest.mark.parametrize("value", [None, "", 0, -5, True, "abc", [], {}, 12, 10**30])
def test_from_unix_refuses_what_is_no_time(value):
    assert from_unix(value) is None


def test_from_unix_takes_numbers_and_digits_in_beijing_zone():
    moment = datetime(2026, 9, 24, 18, 34, 48, tzinfo=UTC)
    for value in (1790274888, "1790274888", 1790274888000, 1790274888.0):
        dated = from_unix(value)
        assert dated.at == moment
        assert dated.at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("text", ["Nov 18, 2019 4:30 PM EST", "Mon, 18 Nov 2019 16:30 IST", "18 Nov 2019 16:30 ET"])
def test_a_zone_whose_name_could_be_several_is_no_date(text):
    assert parse_date(text) is None
