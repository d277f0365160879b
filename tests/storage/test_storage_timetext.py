from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.storage.timetext import from_text, in_beijing, now_utc, to_text

moments = st.datetimes(
    min_value=datetime(1980, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))),
).map(lambda moment: moment.replace(microsecond=0))


def test_a_moment_is_written_in_beijings_zone() -> None:
    assert to_text(datetime(2026, 11, 20, 13, 46, tzinfo=UTC)) == "2026-11-20 21:46:00+08:00"


def test_a_time_without_a_zone_is_a_chinese_one() -> None:
    assert to_text(datetime(2026, 11, 20, 21, 46)) == "2026-11-20 21:46:00+08:00"


@given(moments)
def test_a_written_moment_is_read_back(moment: datetime) -> None:
    assert from_text(to_text(moment)) == moment


@given(moments, moments)
def test_text_order_is_time_order(a: datetime, b: datetime) -> None:
    assert (to_text(a) < to_text(b)) is (a < b)


def test_now_has_a_zone() -> None:
    assert in_beijing(now_utc()).utcoffset() == timedelta(hours=8)
