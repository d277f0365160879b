import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.errors import FAILURE_KINDS, BusyError, StorageError
from newscrawl.items import Failure
from newscrawl.storage.database import open_database
from newscrawl.storage.decide import Outcome
from newscrawl.storage.ledger import Counts, Ledger
from newscrawl.storage.runs import RunStore
from tests.storage.conftest import Clock, OpenLedger, make_article

ONE, TWO, THREE = (f"https://www.cls.cn/detail/{number}" for number in (1, 2, 3))


def failure(url: str = ONE, kind: str = "layout", reason: str = "没有正文") -> Failure:
    return Failure(url=url, source="cls_telegraph", kind=kind, reason=reason)


def run_row(db: Database, run_id: int) -> dict[str, Any]:
    return db.table("runs").get(run_id)


def test_a_run_is_on_record_from_its_start(db: Database, ledger: Ledger) -> None:
    row = run_row(db, ledger.run_id)
    assert (row["source"], row["version"], row["started_at"]) == (
        "cls_telegraph",
        "0.1.0",
        "2026-11-20 22:00:00+08:00",
    )
    assert row["outcome"] is row["finished_at"] is row["exit_status"] is None


def test_articles_wait_until_the_batch_is_full(db: Database, open_ledger: OpenLedger) -> None:
    ledger = open_ledger(batch=3)
    ledger.add(make_article(1))
    ledger.add(make_article(2))
    assert db.table("articles").count == ledger.counts.new == 0
    ledger.add(make_article(3))
    assert db.table("articles").count == ledger.counts.new == 3


def test_failures_fill_a_batch_too(db: Database, open_ledger: OpenLedger) -> None:
    ledger = open_ledger(batch=2)
    ledger.add(make_article(1))
    ledger.fail(failure(TWO))
    assert db.table("articles").count == db.table("failures").count == 1


def test_flush_tells_what_became_of_each(ledger: Ledger) -> None:
    for article in (make_article(1), make_article(1), make_article(1, body="改。")):
        ledger.add(article)
    assert ledger.flush() == [Outcome.NEW, Outcome.UNCHANGED, Outcome.CHANGED]
    assert ledger.flush() == []
    assert ledger.counts == Counts(new=1, unchanged=1, changed=1)


def test_an_article_that_cannot_be_written_leaves_the_batch_alone(ledger: Ledger) -> None:
    ledger.add(make_article(1))
    first_moment = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    with pytest.raises(OverflowError):
        ledger.add(make_article(2, published_at=first_moment))
    ledger.add(make_article(3))
    assert ledger.flush() == [Outcome.NEW, Outcome.NEW]


def test_counts_stay_the_same_object(ledger: Ledger) -> None:
    counts = ledger.counts
    ledger.add(make_article(1))
    ledger.flush()
    assert counts.new == 1


def test_a_failed_page_that_turns_out_to_be_no_news_is_not_asked_for_for_ever(
    open_ledger: OpenLedger, clock: Clock
) -> None:
    ledger = open_ledger()
    ledger.fail(failure(TWO))
    ledger.fail(failure(THREE))
    ledger.flush()
    ledger.fail(failure(ONE))
    clock.move(days=1)
    assert ledger.due() == [TWO, THREE]
    for url in (ONE, TWO):
        ledger.skip("advert", url)
    ledger.flush()
    assert ledger.due() == [THREE]
    assert ledger.waiting([ONE]) == set()


def test_the_run_row_tells_every_count(db: Database, open_ledger: OpenLedger, clock: Clock) -> None:
    first = open_ledger("eastmoney")
    first.add(make_article(8, source="eastmoney", url="https://finance.example.cn/a/8.html"))
    first.finish("ok", 0)
    ledger = open_ledger()
    ledger.found(9)
    ledger.fetched(5)
    ledger.add(make_article(1))
    ledger.add(make_article(8))
    ledger.fail(failure(TWO))
    ledger.fail(failure(THREE, kind="gone"))
    ledger.still_failing(["https://www.cls.cn/detail/8", "https://www.cls.cn/detail/9"])
    ledger.skip("advert")
    ledger.skip("advert")
    ledger.skip("paid")
    ledger.seen(["https://finance.example.cn/a/8.html"])
    clock.move(minutes=3)
    ledger.finish("partial", 1, "see newscrawl failures")
    row = run_row(db, ledger.run_id)
    counts = {
        "found": 9,
        "fetched": 5,
        "new": 1,
        "changed": 0,
        "unchanged": 1,
        "duplicate": 1,
        "failed": 3,
        "skipped": 3,
        "gone": 1,
    }
    assert {name: row[name] for name in counts} == counts
    assert row["skipped_kinds"] == '{"advert":2,"paid":1}'
    assert (row["outcome"], row["exit_status"], row["message"]) == ("partial", 1, "see newscrawl failures")
    assert row["finished_at"] == "2026-11-20 22:03:00+08:00"


def test_known_is_what_is_committed_or_waits(db: Database, open_ledger: OpenLedger) -> None:
    ledger = open_ledger()
    ledger.add(make_article(1, aliases=("https://m.example.cn/1",)))
    asked = [ONE, "https://m.example.cn/1", TWO]
    assert ledger.known(asked) == {ONE, "https://m.example.cn/1"}
    ledger.flush()
    assert ledger.known(asked) == {ONE, "https://m.example.cn/1"}
    assert ledger.known([]) == set()


def test_another_sources_own_address_is_known_but_not_its_aliases(open_ledger: OpenLedger) -> None:
    ledger = open_ledger()
    ledger.add(make_article(1, aliases=("https://m.example.cn/1",)))
    ledger.flush()
    assert open_ledger("cls_depth").known([ONE, "https://m.example.cn/1"]) == {ONE}


def test_young_articles_of_this_source_are_asked_for_again(open_ledger: OpenLedger, clock: Clock) -> None:
    ledger = open_ledger()
    old = clock.now - timedelta(days=3)
    ledger.add(make_article(1, published_at=old))
    ledger.add(make_article(2, published_at=clock.now))
    ledger.add(make_article(3, published_at=None, published_precision=None))
    ledger.flush()
    after = clock.now - timedelta(hours=24)
    assert ledger.known([ONE, TWO, THREE], recheck_after=after) == {ONE}
    assert open_ledger("cls_depth").known([ONE, TWO, THREE], recheck_after=after) == {ONE, TWO, THREE}


def test_asking_what_is_known_writes_nothing(db: Database, ledger: Ledger) -> None:
    before = db.conn.total_changes
    ledger.known([ONE])
    ledger.waiting([ONE])
    ledger.due()
    ledger.lists.stretches("")
    assert db.conn.total_changes == before


def test_seen_moves_the_time_of_the_last_sight(db: Database, open_ledger: OpenLedger, clock: Clock) -> None:
    ledger = open_ledger()
    ledger.add(make_article(1, aliases=("https://m.example.cn/1",)))
    ledger.add(make_article(2))
    ledger.flush()
    clock.move(hours=1)
    ledger.seen([ONE, "https://m.example.cn/1"])
    assert ledger.counts.unchanged == 2
    ledger.flush()
    late = {row["url"] for row in db.query("select url from sightings where last_seen_at like '%23:00:00%'")}
    assert late == {ONE, "https://m.example.cn/1"}


def test_seen_by_another_source_is_a_sighting_of_its_own(db: Database, open_ledger: OpenLedger) -> None:
    ledger = open_ledger()
    ledger.add(make_article(1))
    ledger.flush()
    other = open_ledger("cls_depth")
    other.seen([ONE, "https://nowhere.example.cn"])
    other.flush()
    assert {(row["source"], row["url"]) for row in db.table("sightings").rows} == {
        ("cls_telegraph", ONE),
        ("cls_depth", ONE),
    }


def test_seen_addresses_do_not_pile_up(db: Database, open_ledger: OpenLedger, clock: Clock) -> None:
    ledger = open_ledger()
    ledger.add(make_article(1))
    ledger.flush()
    clock.move(hours=1)
    ledger.seen([ONE, *(f"https://www.cls.cn/x/{number}" for number in range(1000))])
    assert db.execute("select last_seen_at from sightings").fetchone()[0] == "2026-11-20 23:00:00+08:00"


def test_a_failure_waits_longer_each_time_and_is_then_given_up(
    db: Database, open_ledger: OpenLedger, clock: Clock
) -> None:
    waits = []
    for _ in range(10):
        ledger = open_ledger()
        ledger.fail(failure())
        ledger.flush()
        [row] = db.table("failures").rows
        start = clock.now
        while row["next_try_at"] and ledger.waiting([ONE]):
            clock.move(minutes=10)
        waits.append((clock.now - start) / timedelta(minutes=10) if row["next_try_at"] else None)
        if row["next_try_at"]:
            assert ledger.due() == [ONE]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 144, None]
    assert row["tries"] == 10
    assert row["first_seen_at"] == "2026-11-20 22:00:00+08:00"
    clock.move(days=400)
    assert ledger.waiting([ONE]) == {ONE}
    assert ledger.due() == []


def test_what_is_gone_ten_times_is_never_asked_for_again(open_ledger: OpenLedger, clock: Clock) -> None:
    for _ in range(10):
        ledger = open_ledger()
        ledger.fail(failure(kind="gone"))
        ledger.flush()
    clock.move(days=400)
    assert ledger.waiting([ONE, TWO]) == {ONE}
    assert ledger.due() == []


def test_a_failure_of_this_run_waits_before_it_is_committed(ledger: Ledger) -> None:
    ledger.fail(failure())
    assert ledger.waiting([ONE, TWO]) == {ONE}


def test_due_pages_come_oldest_first_and_no_more_than_asked(open_ledger: OpenLedger, clock: Clock) -> None:
    ledger = open_ledger()
    for number in (3, 1, 2):
        ledger.fail(failure(f"https://www.cls.cn/detail/{number}"))
        ledger.flush()
        clock.move(minutes=1)
    ledger.fail(failure(""))
    ledger.flush()
    clock.move(days=1)
    assert ledger.due() == [THREE, ONE, TWO]
    assert ledger.due(2) == [THREE, ONE]
    assert open_ledger("eastmoney").due() == []


@pytest.mark.parametrize("flush_between", [True, False])
def test_an_article_ends_the_failures_of_its_addresses(db: Database, ledger: Ledger, flush_between: bool) -> None:
    for url in (ONE, "https://m.example.cn/1", TWO):
        ledger.fail(failure(url))
    if flush_between:
        ledger.flush()
    ledger.add(make_article(1, aliases=("https://m.example.cn/1",)))
    ledger.flush()
    assert [row["url"] for row in db.table("failures").rows] == [TWO]


def test_the_same_page_failing_twice_in_a_batch_has_two_tries(db: Database, ledger: Ledger) -> None:
    ledger.fail(failure())
    ledger.fail(failure(kind="empty", reason="空"))
    ledger.flush()
    [row] = db.table("failures").rows
    assert (row["tries"], row["kind"], row["reason"], row["run_id"]) == (2, "empty", "空", ledger.run_id)


def test_stretches_are_committed_with_the_end_of_the_run(db: Database, open_ledger: OpenLedger) -> None:
    ledger = open_ledger()
    ledger.lists.cover("", 100, 200)
    ledger.lists.cover("", 150, 300)
    ledger.flush()
    assert ledger.lists.stretches("") == []
    ledger.finish("ok", 0)
    assert ledger.lists.stretches("") == [(100, 300)]
    later = open_ledger()
    later.lists.cover("", 400, 500)
    later.finish("nothing_new", 0)
    assert later.lists.stretches("") == [(400, 500), (100, 300)]
    assert later.lists.stretches("other") == []


@pytest.mark.parametrize("outcome", ["interrupted", "storage"])
def test_a_run_cut_short_covers_nothing(ledger: Ledger, outcome: str) -> None:
    ledger.lists.cover("", 100, 200)
    ledger.add(make_article(1))
    ledger.finish(outcome, 130)
    assert ledger.lists.stretches("") == []
    assert ledger.counts.new == 1


def test_a_stretch_that_ends_before_it_begins_is_a_mistake(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="before it begins"):
        ledger.lists.cover("", 2, 1)


def test_a_full_disk_loses_nothing(db: Database, ledger: Ledger) -> None:
    db.execute("PRAGMA wal_checkpoint(truncate)")
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    article = make_article(1, body="很长的正文。" * 20_000)
    ledger.add(article)
    ledger.fail(failure(TWO))
    with pytest.raises(StorageError, match="full"):
        ledger.flush()
    assert db.table("articles").count == db.table("failures").count == 0
    assert ledger.counts.new == 0
    db.execute("PRAGMA max_page_count = 100000")
    ledger.finish("ok", 0)
    assert db.table("articles").count == db.table("failures").count == ledger.counts.new == 1


def test_a_writer_that_does_not_let_go_ends_in_an_error(path: Path, db: Database, ledger: Ledger) -> None:
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    ledger.add(make_article(1))
    with pytest.raises(BusyError, match="locked"):
        ledger.flush(wait=0)
    other.close()
    assert ledger.flush() == [Outcome.NEW]


@pytest.mark.parametrize("replaced", [True, False])
def test_a_database_that_was_taken_away_is_noticed(path: Path, db: Database, ledger: Ledger, replaced: bool) -> None:
    ledger.add(make_article(1))
    path.rename(path.with_name("gone.db"))
    if replaced:
        path.write_bytes(b"")
    with pytest.raises(StorageError, match="removed or replaced"):
        ledger.flush()
    with pytest.raises(StorageError, match="removed or replaced"):
        ledger.finish("ok", 0)


def test_a_ledger_in_memory_has_no_file_to_lose(clock: Clock) -> None:
    from newscrawl.storage.migrations import migrations

    db = Database(memory=True)
    migrations.apply(db)
    ledger = Ledger(db, "cls_telegraph", version="0", clock=clock)
    ledger.add(make_article(1))
    ledger.finish("ok", 0)
    assert ledger.counts.new == 1
    ledger.close()


def test_a_closed_ledger_let_its_database_go(path: Path, clock: Clock) -> None:
    ledger = Ledger(open_database(path), "cls_telegraph", version="0", clock=clock)
    ledger.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        ledger.known([ONE])


def test_recent_runs_come_newest_first(db: Database, open_ledger: OpenLedger) -> None:
    ids = [open_ledger(source).run_id for source in ("cls_depth", "eastmoney", "cls_depth")]
    runs = RunStore(db)
    assert [row["id"] for row in runs.recent()] == ids[::-1]
    assert [row["id"] for row in runs.recent(1)] == [ids[2]]
    assert [row["id"] for row in runs.recent(source="cls_depth")] == [ids[2], ids[0]]


steps = st.lists(
    st.tuples(st.sampled_from(["add", "fail", "seen", "flush"]), st.integers(1, 6), st.sampled_from(FAILURE_KINDS)),
    max_size=25,
)


@given(steps, st.integers(1, 5))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_nothing_found_is_uncounted_and_no_address_is_lost(
    tmp_path_factory: pytest.TempPathFactory, clock: Clock, steps: list[tuple[str, int, str]], batch: int
) -> None:
    db = open_database(tmp_path_factory.mktemp("ledger") / "news.db")
    ledger = Ledger(db, "cls_telegraph", version="0", clock=clock, batch=batch)
    stored: set[str] = set()
    refused: set[str] = set()
    for step, number, kind in steps:
        url = f"https://www.cls.cn/detail/{number}"
        if step == "flush":
            ledger.flush()
            continue
        ledger.found()
        if step == "add":
            ledger.add(make_article(number))
            stored.add(url)
            refused.discard(url)
        elif step == "fail":
            ledger.fail(failure(url, kind=kind))
            refused.add(url)
        else:
            ledger.seen([url])
    ledger.finish("ok", 0)
    counts = ledger.counts
    assert counts.found == counts.new + counts.changed + counts.unchanged + counts.failed + counts.gone
    assert ledger.known([f"https://www.cls.cn/detail/{number}" for number in range(1, 7)]) == stored
    assert {row["url"] for row in db.table("failures").rows} == refused
    ledger.close()
