"""`newscrawl status`: what it tells, and when it says that somebody must look."""

import json
from contextlib import closing
from datetime import timedelta

import pytest
from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.items import Article, Failure
from newscrawl.storage.breakers import BreakerStore
from newscrawl.storage.database import SCHEMA_VERSION, open_database
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.lock import SourceLock
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.transactions import immediate

NOW = now_utc()


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch, tmp_path):
    monkeypatch.delenv("NEWSCRAWL_DB", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "news.db"


class Clock:
    """The time of day, as a test sets it."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now


def article(number, source, published):
    return Article(
        source=source,
        url=f"https://www.example.com/{source}/{number}",
        source_id=str(number),
        kind="flash",
        title=None,
        published_at=published,
        published_precision="second",
        published_raw=None,
        body=f"第{number}条快讯",
        body_html="",
        fetched_at=published,
    )


def run(
    path, *, source="cls_telegraph", ago=timedelta(0), stories=(), failures=(), outcome="ok", status=0, message=None
):
    """One run that was so long ago; stories are (number, how long before now it was published)."""
    clock = Clock(NOW - ago)
    ledger = Ledger(open_database(path), source, version="0", clock=clock)
    ledger.lists.read("roll", clock.now)
    for number, published in stories:
        ledger.found()
        ledger.add(article(number, source, NOW - published))
    for failure in failures:
        ledger.fail(failure)
    ledger.flush()
    if outcome:
        ledger.finish(outcome, status, message)
    ledger.close()


def failed(number, kind="layout"):
    return Failure(url=f"https://www.example.com/{number}", source="cls_telegraph", kind=kind, reason="没有正文")


def status(path, *arguments):
    return CliRunner().invoke(main, ["status", "--db", str(path), *arguments])


def looked(path):
    """Exit status, and what to look at."""
    result = status(path, "--json")
    return result.exit_code, json.loads(result.stdout)["look_at"]


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_all_is_well_on_one_screen(path):
    run(path, ago=5 * DAY, stories=[(number, 5 * DAY + number * HOUR) for number in range(30)])
    run(path, source="sample-portal.with-a-long-name.example", stories=[(1, HOUR)])
    run(path, stories=[(100, HOUR), (101, 2 * HOUR)], failures=[failed(1), failed(2, "gone")])
    result = status(path)
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[-1] == "all is well"
    assert max(map(len, lines)) <= 80
    [line] = [line for line in lines if line.startswith("cls_telegraph")]
    assert line.split()[3:6] == ["ok", "2", "1"]
    assert any(line.startswith("failures  1 due later, 1 gone (layout 1)") for line in lines)
    assert any(line.startswith("database") and line.endswith(f"schema {SCHEMA_VERSION}") for line in lines)
    told = json.loads(status(path, "--json").stdout)
    by_name = {each["source"]: each for each in told["sources"]}
    assert (by_name["cls_telegraph"]["last_day"], by_name["cls_telegraph"]["last_run"]["exit_status"]) == (2, 0)
    assert told["well"] is True
    assert told["sizes"]["database"] > 0


def test_runs_that_keep_ending_badly_are_told_with_the_moment_they_began(path):
    for hours in (4, 3, 2, 1):
        bad = hours < 4
        run(path, ago=hours * HOUR, outcome="blocked" if bad else "ok", status=4 if bad else 0, message="slider")
    code, [told] = looked(path)
    assert code == 1
    assert told.startswith("cls_telegraph: its last 3 runs ended blocked, since ")
    assert ": slider; wait, ask less often" in told
    run(path)
    assert looked(path) == (0, [])


@pytest.mark.parametrize(
    ("outcome", "exit_status", "count", "expected"),
    [
        ("network", 7, 2, 0),
        ("network", 7, 3, 1),
        ("layout", 5, 1, 1),
        ("storage", 8, 1, 1),
        ("interrupted", 130, 5, 0),
        ("partial", 1, 3, 1),
        (None, None, 1, 0),
        (None, None, 2, 1),
    ],
)
def test_how_soon_a_bad_end_needs_a_person(path, outcome, exit_status, count, expected):
    run(path, ago=9 * HOUR)
    for number in range(count):
        run(path, ago=(8 - number) * HOUR, outcome=outcome, status=exit_status)
    assert status(path).exit_code == expected


def test_partial_runs_whose_pages_are_tried_again_need_nobody(path):
    for hours in (3, 2, 1):
        run(path, ago=hours * HOUR, failures=[failed(hours)], outcome="partial", status=1)
    assert looked(path) == (0, [])


def test_a_killed_run_is_told_from_one_under_way(path):
    run(path, outcome=None)
    assert "killed" in status(path).output
    with SourceLock(path, "cls_telegraph"):
        result = status(path)
    assert "running" in result.output
    assert "killed" not in result.output


def test_pages_given_up_within_a_day_are_told(path):
    for hours in range(11, 1, -1):
        run(path, ago=hours * HOUR, failures=[failed(1)])
    code, [told] = looked(path)
    assert (code, told) == (
        1,
        "cls_telegraph: 1 page was given up within a day: `newscrawl failures cls_telegraph`, then --retry",
    )


def test_nothing_new_for_far_longer_than_usual(path):
    run(path, ago=4 * DAY, stories=[(number, 4 * DAY + number * 2 * HOUR) for number in range(50)])
    run(path, ago=4 * DAY - 3 * HOUR, outcome="nothing_new")
    assert looked(path) == (0, [])
    run(path, outcome="nothing_new")
    code, [told] = looked(path)
    assert code == 1
    assert "nothing new for far longer than usual: `newscrawl check cls_telegraph`" in told


def test_a_timer_that_was_switched_off_is_noticed(path):
    for number in range(12):
        run(path, ago=2 * DAY - number * timedelta(minutes=10))
    code, [told] = looked(path)
    assert code == 1
    assert "no run since" in told


def test_a_field_that_went_missing_is_told(path):
    run(path, message="editor missing in 8 of 10, usually never: newscrawl check cls_telegraph")
    code, [told] = looked(path)
    assert code == 1
    assert told.startswith("cls_telegraph: editor missing in 8 of 10")


def test_imports_are_not_expected_to_go_on(path):
    ledger = Ledger(open_database(path), "finews", version="0", clock=Clock(NOW - 300 * DAY))
    ledger.add(article(1, "finews", NOW - 400 * DAY))
    ledger.finish("ok", 0)
    ledger.close()
    assert looked(path) == (0, [])


def test_no_database_and_no_run(path):
    result = status(path)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    open_database(path).close()
    result = status(path)
    assert result.exit_code == 0
    assert "no run yet" in result.output


def test_a_source_that_is_let_alone_is_told_until_it_is_not(path):
    run(path)
    with closing(open_database(path)) as db, immediate(db):
        store = BreakerStore(db)
        store.open(store.next("cls_telegraph", "blocked", "slider", NOW - timedelta(minutes=2)))
    code, [told] = looked(path)
    assert code == 1
    assert told.startswith("cls_telegraph: let alone until ")
    assert told.endswith("(blocked): `newscrawl crawl cls_telegraph --now` asks")
    with closing(open_database(path)) as db, immediate(db):
        store = BreakerStore(db)
        store.open(store.next("cls_telegraph", "blocked", "slider", NOW - timedelta(hours=2)))
    assert looked(path) == (0, [])
