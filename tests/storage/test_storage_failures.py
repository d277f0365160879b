from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.errors import FAILURE_KINDS
from newscrawl.items import Failure
from newscrawl.storage.failures import MOST_TRIES, MOST_TRIES_OF_A_SITE, OF_A_SITE, FailureStore, next_try
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import Clock

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
kinds = st.sampled_from(FAILURE_KINDS)


@given(kinds, st.integers(1, 9))
def test_each_try_waits_longer_up_to_a_day(kind: str, tries: int) -> None:
    moment = next_try(kind, tries, NOON)
    assert moment is not None
    assert moment - NOON == min(timedelta(minutes=10 * 2 ** (tries - 1)), timedelta(days=1))


@given(kinds, st.integers(1, 10_000))
def test_ten_tries_are_the_last_and_forty_where_the_whole_site_may_fail(kind: str, tries: int) -> None:
    most = MOST_TRIES_OF_A_SITE if kind in OF_A_SITE else MOST_TRIES
    assert (next_try(kind, tries, NOON) is None) == (tries >= most)


@pytest.mark.parametrize(("kind", "days"), [("gone", 2.5), ("layout", 2.5), ("blocked", 30), ("http", 30)])
def test_a_page_that_the_site_does_not_show_for_so_long_is_still_had_afterwards(kind: str, days: float) -> None:
    moment, tries = NOON, 1
    while moment < NOON + timedelta(days=days):
        later = next_try(kind, tries, moment)
        assert later is not None
        moment, tries = later, tries + 1


@pytest.fixture
def store(db: Database, clock: Clock) -> FailureStore:
    store = FailureStore(db)
    failures = [
        Failure(url=f"https://a.example.cn/{number}", source=source, kind=kind, reason="没有正文")
        for number, (source, kind) in enumerate(
            [("cls_depth", "layout"), ("cls_depth", "gone"), ("eastmoney", "network"), ("eastmoney", "blocked")]
        )
    ]
    with immediate(db):
        run_id = db.table("runs").insert({"source": "cls_depth", "started_at": "", "version": ""}).last_pk
        for failure in failures:
            clock.move(minutes=1)
            for _ in range(MOST_TRIES if failure.kind == "gone" else 1):
                store.record([failure], run_id, clock())
    return store


def listed(store: FailureStore, *args: str | None, **kwargs: str) -> list[str]:
    return [row["url"][-1] for row in store.listing(*args, **kwargs)]


def test_the_latest_failures_are_listed_first(store: FailureStore) -> None:
    assert listed(store) == ["3", "2", "1", "0"]
    assert listed(store, "cls_depth") == ["1", "0"]
    assert listed(store, kind="blocked") == ["3"]
    assert listed(store, "cls_depth", kind="blocked") == []


@pytest.mark.parametrize(
    ("sources", "due"), [([], {"cls_depth": 1, "eastmoney": 2}), (["eastmoney"], {"eastmoney": 2})]
)
def test_failures_are_made_due_but_for_those_that_are_gone(
    store: FailureStore, clock: Clock, sources: list[str], due: dict[str, int]
) -> None:
    assert store.make_due(sources, clock()) == due
    assert [url[-1] for url in store.due("eastmoney", 10, clock())] == ["2", "3"]
    assert [url[-1] for url in store.due("cls_depth", 10, clock())] == (["0"] if not sources else [])


def test_what_was_given_up_is_due_again_when_it_is_asked_for(db: Database, store: FailureStore, clock: Clock) -> None:
    layout = Failure(url="https://a.example.cn/0", source="cls_depth", kind="layout", reason="没有正文")
    with immediate(db):
        for _ in range(MOST_TRIES):
            store.record([layout], 1, clock())
        assert store.due("cls_depth", 10, clock.move(days=99)) == []
        assert store.make_due(["cls_depth"], clock()) == {"cls_depth": 1}
        assert store.due("cls_depth", 10, clock()) == [layout.url]
    [kept] = [row for row in store.listing() if row["url"] == layout.url]
    assert (kept["kind"], kept["reason"], kept["tries"]) == ("layout", "没有正文", MOST_TRIES + 1)


def test_a_clock_that_was_set_back_keeps_no_page_waiting_for_years(store: FailureStore, clock: Clock) -> None:
    urls = [f"https://a.example.cn/{number}" for number in (2, 3)]
    assert store.waiting("eastmoney", urls, clock()) == set(urls)
    clock.move(days=-3650)
    assert store.waiting("eastmoney", urls, clock()) == set()
    assert store.due("eastmoney", 10, clock()) == urls


def test_a_failure_outlives_its_run(db: Database, store: FailureStore) -> None:
    db.table("runs").delete_where()
    assert {row["run_id"] for row in store.listing()} == {None}


def test_hostile_address_is_an_address(db: Database, store: FailureStore) -> None:
    url = "https://www.cls.cn/'); drop table failures; --"
    failure = Failure(url=url, source="cls_depth", kind="layout", reason="'; --")
    with immediate(db):
        store.record([failure, failure], 1, NOON)
    assert store.is_noted(failure)
    assert [row["tries"] for row in store.listing() if row["url"] == url] == [2]
