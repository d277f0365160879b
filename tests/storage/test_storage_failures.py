from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.errors import FAILURE_KINDS
from newscrawl.items import Failure
from newscrawl.storage.failures import FailureStore, next_try
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import Clock

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
kinds = st.sampled_from([kind for kind in FAILURE_KINDS if kind != "gone"])


@given(kinds, st.integers(1, 9))
def test_each_try_waits_longer_up_to_a_day(kind: str, tries: int) -> None:
    moment = next_try(kind, tries, NOON)
    assert moment is not None
    assert moment - NOON == min(timedelta(minutes=10 * 2 ** (tries - 1)), timedelta(days=1))


@given(kinds, st.integers(10, 10_000))
def test_ten_tries_are_the_last(kind: str, tries: int) -> None:
    assert next_try(kind, tries, NOON) is None


def test_gone_is_gone() -> None:
    assert next_try("gone", 1, NOON) is None


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
            store.record([failure], run_id, clock.move(minutes=1))
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


def test_a_failure_outlives_its_run(db: Database, store: FailureStore) -> None:
    db.table("runs").delete_where()
    assert {row["run_id"] for row in store.listing()} == {None}
