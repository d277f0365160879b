"""The days of a dashboard."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import UsageError
from newscrawl.items import BEIJING
from newscrawl.web.span import MOST_DAYS, Span, read_day

WEEK = Span.ending(date(2026, 11, 20), 7)


def test_a_week_ends_with_its_day():
    assert (WEEK.first, WEEK.last, WEEK.days) == (date(2026, 11, 14), date(2026, 11, 20), 7)


def test_its_seconds_are_those_of_beijings_days():
    assert datetime.fromtimestamp(WEEK.since, BEIJING) == datetime(2026, 11, 14, tzinfo=BEIJING)
    assert datetime.fromtimestamp(WEEK.until + 1, BEIJING) == datetime(2026, 11, 21, tzinfo=BEIJING)


def test_every_hour_of_it_is_named_once_and_in_order():
    hours = list(WEEK.hours())
    assert (len(hours), hours[0], hours[-1]) == (7 * 24, "2026-11-14 00:00", "2026-11-20 23:00")
    assert hours == sorted(set(hours))


@given(st.dates(), st.integers(1, MOST_DAYS))
def test_the_next_begins_where_this_one_ends(day, days):
    try:
        span = Span.ending(day, days)
    except UsageError:
        assert (day - date.min).days < days
        return
    later = span.moved(1)
    assert later is None or ((later.first - span.last).days, later.days) == (1, days)
    assert later is None or later.moved(-1) == span
    assert len(span.dates()) == days


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_no_days_and_too_many_are_refused(days):
    with pytest.raises(UsageError, match="days"):
        Span.ending(date(2026, 11, 20), days)


def test_no_span_before_the_calendar_begins_or_after_it_ends():
    with pytest.raises(UsageError, match="too early"):
        Span.ending(date.min, 2)
    assert Span.ending(date.max).moved(1) is None
    assert Span.ending(date.min).moved(-1) is None
    assert Span.month(date(1, 1, 5)).first == date.min


@pytest.mark.parametrize("text", ["2026-13-01", "yesterday", "", "2026-11-20T10:00", "20261120", "2026-W47-5"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(UsageError, match="is no day"):
        read_day(text)
