"""`newscrawl gaps`: what it prints, and its exit status."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.cli.common import width
from newscrawl.storage.coverage import CoverageStore
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.timetext import length_text

TEN = 1795140000
"""2026-11-20 10:00 in Beijing."""


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch, tmp_path):
    monkeypatch.delenv("NEWSCRAWL_DB", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def store(tmp_path):
    db = open_database(tmp_path / "data" / "newscrawl.db")
    for source in ("cls_telegraph", "eastmoney"):
        Ledger(db, source, version="1").finish("ok", 0)
    yield CoverageStore(db)
    db.close()


@pytest.fixture
def outage(store):
    """Read until 10:00 and from 11:37:50 on."""
    store.add("cls_telegraph", "roll", [(TEN - 7200, TEN), (TEN + 5870, TEN + 9000)])
    store.mark_read("cls_telegraph", "roll", datetime.now(UTC) - timedelta(days=3, hours=2))
    return store


def gaps(*arguments):
    result = CliRunner().invoke(main, ["gaps", *arguments])
    return result.exit_code, result.stdout


def test_outage_is_told_with_its_length_and_the_newest_apart(outage):
    assert gaps() == (1, (
        "source         channel  missing from         to                   length\n"
        "cls_telegraph  roll     2026-11-20 10:00:01  2026-11-20 11:37:49  1 h 37 min\n"
        "\n"
        "source         channel  record from       complete to       last read\n"
        "cls_telegraph  roll     2026-11-20 08:00  2026-11-20 12:30  3 d 2 h ago\n"
    ))  # fmt: skip


def test_no_gaps(outage):
    outage.add("cls_telegraph", "roll", [(TEN, TEN + 6000)])
    status, told = gaps()
    assert status == 0
    assert told.startswith("no gaps\n\nsource ")
    assert "2026-11-20 12:30" in told


def test_what_the_site_has_no_more_is_told_apart_and_is_no_work_left(outage):
    outage.mark_end("cls_telegraph", "roll", TEN + 5870, datetime.now(UTC))
    status, told = gaps()
    assert status == 0
    parts = told.split("\n\n")
    assert parts[0] == "no gaps"
    assert parts[1].startswith("out of reach")
    assert "2026-11-20 10:00:01" in parts[2]


def test_since_and_until(outage):
    assert gaps("--since", "2026-11-20T10:30", "--until", "2026-11-20T10:59:59")[1].splitlines()[1] == (
        "cls_telegraph  roll     2026-11-20 10:30:00  2026-11-20 10:59:59  30 min"
    )
    assert gaps("--since", "2026-11-20T12:00")[0] == 0
    status, told = gaps("--since", "2026-11-19")
    assert status == 1
    assert "2026-11-19 00:00:00  2026-11-20 07:59:59  1 d 8 h" in told


def test_sources_may_be_named(outage):
    outage.add("eastmoney", "fast", [(1, 2), (5, 9)])
    assert [line.split()[1] for line in gaps("eastmoney")[1].splitlines() if line] == ["channel", "fast"] * 2
    assert len(json.loads(gaps("eastmoney", "cls_telegraph", "--json")[1])["gaps"]) == 2


def test_json_tells_all_of_it(outage):
    outage.mark_end("cls_telegraph", "roll", TEN, datetime.now(UTC))
    status, told = gaps("--json")
    assert status == 1
    [gap], [state] = json.loads(told).values()
    assert gap == {
        "source": "cls_telegraph", "channel": "roll", "from_ts": TEN + 1, "to_ts": TEN + 5869, "reachable": True,
        "seconds": 5869, "missing_from": "2026-11-20 10:00:01+08:00", "missing_to": "2026-11-20 11:37:49+08:00",
    }  # fmt: skip
    assert state["record_from"] == "2026-11-20 08:00:00+08:00"
    assert state["complete_to"] == "2026-11-20 12:30:00+08:00"
    assert state["list_begins"] == "2026-11-20 10:00:00+08:00"
    assert state["read_at"].endswith("+08:00")


def test_where_nothing_is_known_it_says_what_to_do(store):
    status, told = gaps("cls_telegraph")
    assert status == 1
    assert told == (
        "nothing is known to be complete yet: `newscrawl crawl cls_telegraph` begins a record,"
        " `newscrawl backfill cls_telegraph --since DATE` goes back\n"
    )
    assert "newscrawl crawl --all" in gaps()[1]
    assert gaps("--json") == (1, '{\n  "gaps": [],\n  "lists": []\n}\n')


def test_it_fits_a_terminal_of_80_columns(store):
    store.add("cls_telegraph", "column:350", [(TEN - 90_000_000, TEN - 89_000_000), (TEN, TEN + 1)])
    store.mark_read("cls_telegraph", "column:350", datetime.fromtimestamp(0, UTC))
    assert max(width(line) for line in gaps()[1].splitlines()) <= 80


@pytest.mark.parametrize(("arguments", "says"), [
    (["nosuch"], "there is no source 'nosuch'"),
    (["--since", "2126-01-01"], "since: 2126-01-01 00:00 is still to come"),
    (["--since", "2026-11-20", "--until", "2026-11-19"], "is later than until"),
    (["--since", "soon"], "since: 'soon' is no date"),
])  # fmt: skip
def test_what_cannot_be_told_as_asked_is_one_sentence(store, arguments, says):
    result = CliRunner().invoke(main, ["gaps", *arguments])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert says in result.stderr


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min 59 s"), (3605, "1 h"), (5870, "1 h 37 min"),
    (86400, "1 d"), (100_000_000, "1157 d 9 h"),
])  # fmt: skip
def test_length_in_its_two_largest_units(seconds, text):
    assert length_text(seconds) == text
