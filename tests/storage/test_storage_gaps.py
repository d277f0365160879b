"""Gaps, and what is known of each list: in the view, and for the command."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.storage.coverage import CoverageStore, Stretch, missing
from newscrawl.storage.database import open_database
from newscrawl.storage.gaps import list_states
from tests.storage.conftest import Clock, OpenLedger

stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=8
)


def seconds(covered: Iterable[Stretch]) -> set[int]:
    return {second for start, end in covered for second in range(start, end + 1)}


@given(stretches, st.integers(0, 70), st.integers(0, 70))
def test_missing_is_exactly_what_is_asked_for_and_not_covered(covered: list[Stretch], since: int, until: int) -> None:
    gaps = missing(covered, since, until)
    assert seconds(gaps) == set(range(since, until + 1)) - seconds(covered)
    assert sum(end - start + 1 for start, end in gaps) == len(seconds(gaps))
    assert gaps == sorted(gaps, reverse=True)


def rows_of_view(db: Database) -> list[tuple[object, ...]]:
    columns = "source, channel, from_ts, to_ts, seconds, reachable"
    return db.execute(f"select {columns} from gaps order by source, channel, from_ts desc").fetchall()


def rows_of_command(db: Database) -> list[tuple[object, ...]]:
    gaps = [gap for state in list_states(db) for gap in state.gaps()]
    return [(gap.source, gap.channel, gap.from_ts, gap.to_ts, gap.seconds, int(gap.reachable)) for gap in gaps]


def test_view_and_command_tell_the_same(db: Database, clock: Clock) -> None:
    store = CoverageStore(db)
    store.add("a", "x", [(100, 199), (300, 399), (350, 420), (600, 700)])
    store.add("a", "y", [(100, 199)])
    store.add("b", "x", [(500, 599), (700, 799)])
    store.mark_end("b", "x", 650, clock())
    store.mark_floor("a", "y", 49)
    store.mark_floor("b", "x", 560)
    store.mark_floor("c", "x", 10)
    assert rows_of_view(db) == rows_of_command(db)
    assert rows_of_view(db) == [
        ("a", "x", 421, 599, 179, 1),
        ("a", "x", 200, 299, 100, 1),
        ("a", "y", 50, 99, 50, 1),
        ("b", "x", 600, 699, 100, 1),
    ]
    store.mark_end("b", "x", 700, clock())
    assert rows_of_view(db)[-1] == ("b", "x", 600, 699, 100, 0)
    assert rows_of_view(db) == rows_of_command(db)


def test_view_tells_beijing_time(db: Database) -> None:
    CoverageStore(db).add("a", "x", [(0, 9), (3610, 3700)])
    [(first, last)] = db.execute("select missing_from, missing_to from gaps")
    assert (first, last) == ("1970-01-01 08:00:10+08:00", "1970-01-01 09:00:09+08:00")


def test_gaps_may_be_asked_for_between_moments(db: Database) -> None:
    CoverageStore(db).add("a", "x", [(100, 199), (300, 399)])
    [state] = list_states(db, ["a"])
    assert [(gap.from_ts, gap.to_ts) for gap in state.gaps(50, 250)] == [(200, 250), (50, 99)]
    assert [(gap.from_ts, gap.to_ts) for gap in state.gaps(50, 9999)] == [(200, 299), (50, 99)]
    assert list(state.gaps(500)) == [], "what came after the newest known is not known to be missing"
    assert list_states(db, ["b"]) == []


def test_list_that_is_read_past_its_end_has_that_end_no_more(db: Database, clock: Clock) -> None:
    store = CoverageStore(db)
    store.mark_end("a", "x", 100, clock())
    store.add("a", "x", [(100, 200)])
    assert store.end("a", "x") == 100
    store.add("a", "y", [(10, 20)])
    assert store.end("a", "x") == 100
    store.add("a", "x", [(90, 120)])
    assert store.end("a", "x") is None


def test_what_a_clock_that_was_ahead_said_of_a_lists_last_reading_does_not_stay(db: Database, clock: Clock) -> None:
    """A list that nobody reads any more would look fresh until then."""
    store, now = CoverageStore(db), clock()
    store.mark_read("a", "x", clock.move(days=3650))
    store.mark_read("a", "x", now)
    store.mark_end("a", "x", 5, now)
    assert list_states(db)[0].read_at == "2026-11-20 22:00:00+08:00"


def test_what_a_run_learns_of_its_lists_waits_for_the_transaction_of_their_stories(
    db: Database, open_ledger: OpenLedger, clock: Clock
) -> None:
    ledger = open_ledger()
    ledger.lists.read("x", clock())
    ledger.lists.cover("x", 100, 200)
    ledger.lists.ends_at("x", 100)
    ledger.flush()
    [state] = list_states(db)
    assert (state.complete, state.ends_at, state.read_at) == ([], None, "2026-11-20 22:00:00+08:00")
    ledger.flush(covered=True)
    [state] = list_states(db)
    assert (state.complete, state.ends_at) == ([(100, 200)], 100)
    assert ledger.lists.complete("x") == ledger.lists.stretches("x") == [(100, 200)]


def test_mark_of_a_first_crawl_is_where_the_next_may_stop_and_claims_nothing(
    db: Database, open_ledger: OpenLedger
) -> None:
    CoverageStore(db).mark_floor("cls_telegraph", "x", 50)
    lists = open_ledger().lists
    assert lists.stretches("x") == [(50, 50)]
    assert lists.complete("x") == []


@pytest.mark.parametrize("marks", [[(50, 50)], [(50, 50), (70, 70)], []])
def test_marks_in_older_databases_are_no_coverage_any_more(path: Path, marks: list[Stretch]) -> None:
    db = open_database(path)
    db.execute("drop view gaps")
    db.execute("drop table lists")
    for start, end in [*marks, (90, 99)]:
        db.table("coverage").insert({"source": "a", "channel": "x", "from_ts": start, "to_ts": end})
    db.execute("delete from _sqlite_migrations where name like '%_lists'")
    db.conn.commit()
    db.close()
    db = open_database(path)
    assert CoverageStore(db).stretches("a", "x") == [(90, 99)]
    assert CoverageStore(db).floor("a", "x") == (50 if marks else None)
    db.close()
