"""The database under the pages: read-only, and the one that stands there now."""

import asyncio
import os
import shutil
import sqlite3

import pytest

from newscrawl.storage import database
from newscrawl.web.site import make_site
from tests.web.archive import build
from tests.web.conftest import asking


@pytest.fixture
def own(tmp_path, path):
    return shutil.copy(path, tmp_path / "a b#1?.db")


def test_a_path_with_odd_characters_is_that_file_and_no_other(own):
    for get in asking(own):
        assert "第144号公告" not in get("/articles/1").text
        assert get("/articles/1").status_code == 200
    assert {name.removesuffix("-shm").removesuffix("-wal") for name in os.listdir(own.parent)} == {own.name}


def test_nothing_can_open_it_for_writing(path):
    database = make_site(path).get_database("newscrawl")
    with pytest.raises(PermissionError):
        database.connect(write=True)
    connection = database.connect()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("delete from articles")
    connection.close()


def test_a_database_put_in_its_place_is_shown_at_once(own, tmp_path):
    for get in asking(own):
        assert get("/newscrawl/articles/1.json").status_code == 200
        other = sqlite3.connect(build(tmp_path / "other.db"))
        other.execute("update articles set title = '另一份档案' where id = 1")
        other.commit()
        other.execute("pragma wal_checkpoint(truncate)")
        other.close()
        os.replace(tmp_path / "other.db", own)
        assert "另一份档案" in get("/articles/1").text
        assert "另一份档案" in get("/newscrawl/articles/1.json").json()["rows"][0]


def test_what_a_crawl_stores_meanwhile_is_shown_at_once(own):
    for get in asking(own):
        get("/")
        writer = sqlite3.connect(own)
        writer.execute("update articles set title = '刚刚更新' where id = 1")
        writer.commit()
        assert "刚刚更新" in get("/articles/1").text
        writer.close()


def test_a_database_that_is_gone_is_told_in_one_sentence(own):
    for get in asking(own):
        get("/")
        own.unlink()
        for _ in range(8):  # whichever thread reads it
            answer = get("/")
            assert answer.status_code == 503
            assert "unable to open" in answer.text


def test_a_writer_that_locks_everybody_out_is_told_and_leaves_nothing_stale(own, monkeypatch):
    monkeypatch.setattr("newscrawl.web.site._WAIT", 0.01)
    writer = sqlite3.connect(own, isolation_level=None)
    writer.execute("pragma journal_mode = delete")
    writer.execute("begin exclusive")
    writer.execute("update articles set title = '刚刚更新' where id = 1")
    for get in asking(own):
        answer = get("/articles/1")
        assert (answer.status_code, "database is locked" in answer.text) == (503, True)
        writer.execute("commit")
        assert "刚刚更新" in get("/articles/1").text
    writer.close()


def test_what_was_opened_as_a_file_alone_is_opened_anew_when_it_is_written_to(own, monkeypatch):
    """A server that may not write beside the file cannot make WAL's files, and SQLite does not watch it then."""
    monkeypatch.setattr("newscrawl.web.site.connect_readonly", lambda path, wait: database._connect_untouched(path))
    checkpointed(own, "select 1")
    for get in asking(own):
        for _ in range(8):
            get("/articles/1")
        checkpointed(own, "update articles set title = '刚刚更新' where id = 1")
        for _ in range(8):
            assert "刚刚更新" in get("/articles/1").text


def checkpointed(path, sql):
    writer = sqlite3.connect(path)
    writer.execute(sql)
    writer.commit()
    writer.close()  # the last one moves everything out of the WAL file and takes it away


def test_a_question_that_takes_too_long_is_ended(own, monkeypatch):
    monkeypatch.setattr("newscrawl.web.site._SETTINGS", {"sql_time_limit_ms": 20})
    for get in asking(own):
        monkeypatch.setattr(
            "newscrawl.web.reading._NEWEST",
            "with recursive n(i) as (select 1 union all select i + 1 from n) select * from n {}",
        )
        answer = get("/")
        assert answer.status_code == 503
        assert "took too long" in answer.text


def test_two_sites_in_one_process_do_not_mix(own, tmp_path):
    async def titles():
        found = []
        for path in (own, build(tmp_path / "second.db")):
            site = make_site(path)
            found.append((await site.client.get("/articles/1")).status_code)
            for each in site.databases.values():
                each.close()
        return found

    assert asyncio.run(titles()) == [200, 200]
