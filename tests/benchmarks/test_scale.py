"""Invented articles and what is measured on them, without a clock."""

import json
from contextlib import closing
from datetime import date
from pathlib import Path
from shutil import copyfile

import pytest

from newscrawl.storage import linking, search_index
from newscrawl.storage.database import SCHEMA_VERSION, open_database
from tests.benchmarks import scale, scale_whole
from tests.benchmarks.invented.days import LAST, days, records
from tests.benchmarks.invented.fill import make

NUMBER = 450


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("scale") / f"{NUMBER}.db"
    make(path, NUMBER)
    return path


def test_the_days_end_with_the_last_and_have_as_many_articles_as_asked_for():
    found = days(10_000)
    assert sum(number for _, number in found) == 10_000
    assert found[-1][0] == LAST.date()
    assert found[-20:] == days(100_000)[-20:]


def test_a_day_is_the_same_each_time_and_another_one_is_another():
    day = records(7, date(2026, 11, 20), 200)
    assert day == records(7, date(2026, 11, 20), 200)
    assert sum(record.is_article for record in day) == 200
    assert {record.role for record in day} >= {"first", "repost", "copy"}
    bodies = {record.article.body for record in day if record.role == "first"}
    assert not bodies & {record.article.body for record in records(7, date(2026, 11, 19), 200)}


def test_a_database_is_whole_and_holds_everything(made):
    with closing(open_database(made)) as db:
        assert search_index.faults(db) == linking.faults(db) == []
        counts = {
            name: db.table(name).count for name in ("articles", "sightings", "stocks", "tags", "runs", "coverage")
        }
        assert counts["articles"] == NUMBER
        assert counts["sightings"] > NUMBER
        assert min(counts.values()) > 0
        shared = db.execute("select count(*) from stories where copies > 1").fetchone()[0]
        assert 0.03 * NUMBER < shared < 0.2 * NUMBER
        newest = db.execute("select max(published_at) from articles").fetchone()[0]
        assert f"{LAST:%Y-%m-%d} 2" <= newest < "2026-11-27 21"


def test_an_older_schema_is_made_and_brought_up_to_date(made, tmp_path):
    path = tmp_path / "older.db"
    copyfile(made, path)
    with closing(open_database(made)) as db:
        stories = db.execute("select id, story_id from articles").fetchall()
    scale_whole.make_older(path)
    with closing(open_database(path)) as db:
        assert db.execute("pragma user_version").fetchone()[0] == SCHEMA_VERSION
        assert db.execute("select id, story_id from articles").fetchall() == stories
        assert search_index.faults(db) == linking.faults(db) == []
    assert path.with_name("older.db.v8.backup").exists()


def test_every_work_is_done_on_every_size_and_told(tmp_path):
    rows = scale.found(tmp_path, (60, NUMBER), 1).splitlines()
    assert [row.split(",")[0].strip("| ") for row in rows[2:]] == [name.split(",")[0] for name in scale.WORK]
    assert {path.name for path in Path(tmp_path).glob("*.db")} == {"60.db", f"{NUMBER}.db"}


@pytest.mark.parametrize("work", scale_whole.WHOLE)
def test_whole_databases_are_worked_on_in_processes_of_their_own(made, tmp_path, work, monkeypatch):
    path = tmp_path / "a.db"
    copyfile(made, path)
    monkeypatch.setattr(scale_whole, "WHOLE", {work: scale_whole.WHOLE[work]})
    row = [cell.strip() for cell in scale_whole.whole([path]).splitlines()[-1].strip("|").split("|")]
    assert row[:2] == [work, str(NUMBER)]
    assert json.loads(row[-1].replace(",", "")) > 0
