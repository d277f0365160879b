"""The dashboard's questions, each against what the archive is known to hold."""

from datetime import date

import pytest

from newscrawl.web import queries
from newscrawl.web.panels import QUESTIONS, panel, panels
from newscrawl.web.span import Span
from tests.web.archive import BANK, BATTERY

DAY = Span.ending(date(2026, 11, 20))
WEEK = Span.ending(date(2026, 11, 20), 7)
BEFORE = Span.ending(date(2026, 11, 10))


def ask(db, name, span=DAY):
    return panel(db, QUESTIONS[name], span)


def test_stories_by_hour(db):
    told = {(row["hour"], row["source"]): row["stories"] for row in ask(db, "stories_by_hour").rows}
    wanted = db.query("select substr(published_at, 1, 13) as hour, source, count(*) as n from articles group by 1, 2")
    assert told == {(f"{row['hour']}:00", row["source"]): row["n"] for row in wanted}
    assert len(told) > 3


def test_stories_by_day(db):
    rows = ask(db, "stories_by_day", WEEK).rows
    assert {(row["day"], row["source"]): row["stories"] for row in rows} == {
        ("2026-11-20", "cls_telegraph"): 48,
        ("2026-11-20", "cls_depth"): 1,
        ("2026-11-20", "eastmoney"): 1,
    }


def test_shares_add_up(db):
    for name in ("share_by_source", "share_by_publisher"):
        rows = ask(db, name).rows
        assert sum(row["stories"] for row in rows) == 50
        assert sum(row["percent"] for row in rows) == pytest.approx(100)


def test_who_was_first_and_by_how_many_minutes(db):
    [first, second] = ask(db, "who_was_first").rows
    assert (first["publisher"], first["source"], first["first"], first["minutes_ahead"]) == (
        "财联社",
        "cls_depth",
        1,
        7,
    )
    assert (second["publisher"], second["later"], second["minutes_behind"]) == ("云泽日报", 1, 7)


def test_stories_that_several_carried(db):
    [row] = ask(db, "latest_copied").rows
    assert (row["first"], row["copies"], row["minutes_later"]) == ("财联社", 2, "7")


def test_the_copies_of_a_day_are_those_of_the_view(db):
    copies = f"select * from ({queries.copies_of('select story_id from articles')}) order by 1, 2"
    assert list(db.query(copies)) == list(db.query("select * from story_copies order by 1, 2"))


def test_most_named_stocks_beside_the_week_before(db):
    rows = ask(db, "most_named_stocks").rows
    assert [(row["code"], row["stories"], row["a_day_in_the_week_before"]) for row in rows] == [
        (BATTERY.code, 31, 0),
        (BANK.code, 3, 0),
    ]
    assert ask(db, "most_named_stocks", BEFORE).rows == []


def test_freshness_tells_the_newest_story_and_the_last_good_run(db):
    found = {row["source"]: row for row in ask(db, "freshness").rows}
    assert set(found) == {"cls_telegraph", "cls_depth", "eastmoney"}
    assert found["eastmoney"]["newest_story"] == "2026-11-20 20:27:00+08:00"
    assert found["eastmoney"]["last_read_well"] == "2026-11-20 21:10:00+08:00"
    assert found["eastmoney"]["last_outcome"] == "partial"


def test_coverage_with_its_gaps_is_cut_to_the_days_shown(db):
    for row in ask(db, "coverage_of_lists").rows:
        assert DAY.since <= row["from_ts"] <= row["to_ts"] <= DAY.until
        assert row["state"] in {"complete", "missing"}
        assert row["begins"] < row["ends"]
    assert ask(db, "coverage_of_lists", BEFORE).rows == []


def test_failures_by_kind(db):
    [row] = ask(db, "failures_by_kind").rows
    assert (row["kind"], row["source"], row["pages"], row["tried_again"]) == ("http", "eastmoney", 1, 1)


def test_last_runs_with_their_outcomes(db):
    rows = ask(db, "last_runs").rows
    assert [row["outcome"] for row in rows] == ["partial", *["ok"] * 5]
    plot = ask(db, "last_runs").plot
    assert [bar.colour for lane in plot.lanes for bar in lane.bars if lane.label == "eastmoney"] == [
        "is-well",
        "is-bad",
    ]


def test_every_panel_but_the_list_has_a_plot_with_a_bar(db):
    for name, found in panels(db, WEEK).items():
        if name != "latest_copied":
            assert any(lane.bars for lane in found.plot.lanes), name


def test_every_link_is_that_of_the_same_query(db, get):
    for found in panels(db, DAY).values():
        answer = get(found.href.replace("?", ".json?") if "?" in found.href else f"{found.href}.json")
        answered = answer.json()
        assert answered["query"]["sql"].strip() == found.question.sql.strip()
        assert [dict(zip(answered["columns"], row, strict=True)) for row in answered["rows"]] == list(found.rows)


def test_a_day_without_anything_has_no_rows(db):
    standing = {"freshness", "failures_by_kind", "last_runs"}
    assert {name for name, found in panels(db, Span.ending(date(2020, 1, 1))).items() if found.rows} == standing
