"""For how long a source is let alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.storage.breakers import BreakerStore, OpenBreaker, rest
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import Clock, OpenLedger, make_article

MINUTE = timedelta(minutes=1)


def test_rests_grow_from_ten_minutes_to_six_hours() -> None:
    assert [rest(times) / MINUTE for times in range(1, 8)] == [10, 20, 40, 80, 160, 320, 360]


@given(st.integers(1, 10**9))
def test_no_rest_is_longer_than_six_hours(times: int) -> None:
    assert rest(times) <= timedelta(hours=6)


@given(st.integers(1, 10), st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=10**6)))
def test_a_wish_is_fulfilled_up_to_a_day(times: int, wish: timedelta) -> None:
    assert rest(times, wish) == min(wish, timedelta(days=1))


def opened(db: Database, clock: Clock, source: str = "eastmoney") -> OpenBreaker:
    store = BreakerStore(db)
    breaker = store.next(source, "blocked", "HTTP status 403", clock())
    with immediate(db):
        store.open(breaker)
    return breaker


def test_a_breaker_holds_until_its_time_and_is_opened_for_longer_each_time_in_a_row(db: Database, clock: Clock) -> None:
    store = BreakerStore(db)
    for times, minutes in enumerate((10, 20, 40), 1):
        assert opened(db, clock).times == times
        breaker = store.get("eastmoney")
        assert breaker is not None
        assert breaker == opened_as_kept(breaker)
        clock.move(minutes=minutes, seconds=-1)
        assert breaker.holds(clock())
        clock.move(seconds=1)
        assert not breaker.holds(clock())
    with immediate(db):
        store.close("eastmoney")
    assert store.get("eastmoney") is None
    assert opened(db, clock).times == 1


def opened_as_kept(breaker: OpenBreaker) -> OpenBreaker:
    return OpenBreaker(
        source="eastmoney",
        kind="blocked",
        reason="HTTP status 403",
        opened_at=breaker.opened_at,
        until=breaker.opened_at + rest(breaker.times),
        times=breaker.times,
    )


def test_a_clock_that_was_set_back_opens_no_breaker_for_years(db: Database, clock: Clock) -> None:
    breaker = opened(db, clock)
    clock.move(days=-3650)
    assert not breaker.holds(clock())


def test_all_breakers_are_told_by_source(db: Database, clock: Clock) -> None:
    opened(db, clock, "eastmoney")
    opened(db, clock, "cls_depth")
    assert [breaker.source for breaker in BreakerStore(db).all()] == ["cls_depth", "eastmoney"]


@pytest.mark.parametrize(
    ("before", "last"),
    [
        (["blocked"] * 4, True),
        (["blocked"] * 3, False),
        (["ok", "blocked", "blocked", "blocked", "blocked"], True),
        (["blocked", "blocked", "nothing_new", "blocked", "blocked"], False),
        (["blocked", "network", "blocked", "blocked"], False),
        ([None, "blocked", "blocked", "blocked"], False),
    ],
)
def test_five_runs_in_a_row_that_read_nothing(
    db: Database, open_ledger: OpenLedger, before: list[str | None], last: bool
) -> None:
    for outcome in before:
        ledger = open_ledger()
        if outcome:
            ledger.finish(outcome, 4)
    assert BreakerStore(db).is_last_of_a_row("cls_telegraph", open_ledger().run_id, "blocked") is last
    assert not BreakerStore(db).is_last_of_a_row("eastmoney", 1000, "blocked")


def test_a_run_that_stored_something_is_none_of_the_row(db: Database, open_ledger: OpenLedger) -> None:
    for number in range(4):
        ledger = open_ledger()
        ledger.add(make_article(number)) if number == 2 else None
        ledger.finish("blocked", 4)
    assert not BreakerStore(db).is_last_of_a_row("cls_telegraph", open_ledger().run_id, "blocked")
