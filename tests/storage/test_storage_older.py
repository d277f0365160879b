"""A database of an older version is kept before it is brought up to date, and one of a newer version is refused."""

import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing

import pytest
from sqlite_utils import Database

from newscrawl.errors import StorageError, UsageError
from newscrawl.storage.database import APPLICATION_ID, SCHEMA_VERSION, open_database
from newscrawl.storage.migrations import migrations


@pytest.fixture
def older(tmp_path):
    """A database of version 1 that holds one article."""
    path = tmp_path / "news.db"
    db = Database(path)
    migrations.apply(db, stop_before="m002_parts")
    names = "source kind body body_html image_urls provenance content_hash content_since first_seen_at updated_at"
    row = dict.fromkeys(names.split(), "2026-11-20 20:00:00+08:00") | {"id": 7, "backfilled": 0}
    db.table("articles").insert(row)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")
    db.close()
    return path


def told(path):
    """Version, tables and views, and the articles."""
    with closing(sqlite3.connect(path)) as db:
        names = {name for (name,) in db.execute("select name from sqlite_master where type in ('table', 'view')")}
        return db.execute("PRAGMA user_version").fetchone()[0], names, db.execute("select id from articles").fetchall()


def test_it_is_kept_whole_and_brought_up_to_date(older):
    before = told(older)
    open_database(older).close()
    kept = older.with_name("news.db.v1.backup")
    assert told(kept) == before == (1, before[1], [(7,)])
    version, names, articles = told(older)
    assert (version, articles) == (SCHEMA_VERSION, [(7,)])
    assert {"states", "stories_per_day", "coverage_per_hour"} <= names
    made = kept.stat()
    open_database(older).close()
    assert (kept.stat().st_mtime_ns, kept.stat().st_ino) == (made.st_mtime_ns, made.st_ino)
    assert [each.name for each in older.parent.iterdir() if "backup" in each.name] == [kept.name]


def test_a_new_database_leaves_no_copy(tmp_path):
    open_database(tmp_path / "new.db").close()
    assert [each.name for each in tmp_path.iterdir()] == ["new.db"]


def test_without_room_nothing_is_changed(older, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 0))
    before = told(older)
    with pytest.raises(StorageError, match=r"kept as news.db.v1.backup.*0.0 MiB are free"):
        open_database(older)
    assert told(older) == before
    assert not older.with_name("news.db.v1.backup").exists()


def test_a_damaged_one_is_not_changed(older):
    with closing(sqlite3.connect(older)) as db:
        size, page = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    with older.open("r+b") as file:
        file.seek((size - 1) * page)
        file.write(b"\xff" * page)
    with pytest.raises(StorageError, match="damaged"):
        open_database(older)
    assert not list(older.parent.glob("*backup*"))


def test_a_newer_one_is_refused_and_left(older):
    with closing(sqlite3.connect(older)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = older.read_bytes()
    with pytest.raises(UsageError, match="written by a newer newscrawl"):
        open_database(older)
    assert older.read_bytes() == before
