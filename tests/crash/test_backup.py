"""`newscrawl backup`: a whole copy at its place, or none."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from newscrawl.cli.backup import back_up
from newscrawl.storage import copies
from newscrawl.storage.database import open_database
from tests.crash.support import SmallDisk, count, damage_page, files, in_child, integrity, newscrawl, store

WRITER = """
import sys
from tests.crash.support import store
from pathlib import Path

for first in range(1000, 100_000, 20):
    store(Path(sys.argv[1]), range(first, first + 20))
    print(first, flush=True)
"""


@pytest.fixture
def db(tmp_path):
    store(tmp_path / "news.db", range(50))
    return tmp_path / "news.db"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def rows(path):
    with sqlite3.connect(path) as connection:
        dump = list(connection.iterdump())
    connection.close()
    return dump


def test_a_backup_is_the_whole_database(db, folder):
    said = newscrawl("backup", folder, "--db", db)
    [copy] = folder.iterdir()
    assert said.stdout.startswith(f"backup: {copy} (50 articles, ")
    assert sorted(rows(copy)) == sorted(rows(db))
    assert integrity(copy) == "ok"


def test_a_folder_keeps_the_newest(db, folder):
    others = ["news-20200101T000000Z.db", "news-20210101T000000Z.db", "news-20220101T000000Z.db"]
    for name in [*others, "news-notes.db", "other-20200101T000000Z.db"]:
        (folder / name).touch()
    said = newscrawl("backup", folder, "--keep", 2, "--db", db, "-q")
    assert (said.status, said.stdout, said.stderr) == (0, "", "")
    left = sorted(path.name for path in folder.iterdir())
    assert left[0] == others[-1]
    assert left[2:] == ["news-notes.db", "other-20200101T000000Z.db"]
    assert count(folder / left[1]) == 50


@pytest.mark.parametrize(
    ("path", "options", "says"),
    [
        ("old.db", [], "there already; --replace"),
        ("foreign.db", ["--replace"], "another program"),
        ("news.db", ["--replace"], "is the database itself"),
        ("new.db", ["--keep", 3], "no folder"),
        ("nowhere/new.db", [], "there is no folder"),
        ("backups", ["--db", "none.db"], "no database at none.db"),
    ],
)
def test_what_would_overwrite_something_is_refused(db, folder, path, options, says):
    store(db.with_name("old.db"), [1])
    with sqlite3.connect(db.with_name("foreign.db")) as connection:
        connection.execute("create table mine (x)")
    connection.close()
    before = files(db.parent, "*.db")
    said = newscrawl("backup", path, "--db", db, *options)
    assert (said.status, said.stdout) == (2, "")
    assert says in said.stderr
    assert files(db.parent, "*.db") == before


def test_an_older_copy_gives_way_where_that_is_asked_for(db):
    store(db.with_name("copy.db"), [1])
    assert newscrawl("backup", "copy.db", "--replace", "--db", db).status == 0
    assert count("copy.db") == 50


def test_copies_made_while_a_crawl_writes_are_of_one_moment(db, folder):
    with subprocess.Popen([sys.executable, "-c", WRITER, db], stdout=subprocess.PIPE, text=True) as writer:
        for number in range(4):
            writer.stdout.readline()
            copy, articles = back_up(db, folder / f"{number}.db")
            assert integrity(copy) == "ok"
            assert (articles - 50) % 20 == 0
            assert count(copy) == count(copy, "sightings") == articles
        writer.kill()
    assert integrity(db) == "ok"


def killed_at(look, db, target):
    """A backup that is killed when SQLite looks up for the so-many-th time."""
    left = look

    def kill():
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    copies._STEPS, copies._go_on = 500, kill
    back_up(db, target, replace=True)


def test_killed_at_any_moment_it_leaves_the_copy_before_or_the_new_one(db, folder):
    target, look, killed = folder / "copy.db", 1, 0
    store(target, [1])
    old = target.read_bytes()
    while status := in_child(killed_at, look, db, target):
        assert status == -signal.SIGKILL
        assert target.read_bytes() == old
        killed, look = killed + 1, look + max(look // 4, 1)
    assert killed > 5
    assert count(target) == 50
    assert [path.name for path in folder.iterdir()] == ["copy.db"], "the halves are gone"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_and_leaves_nothing(db, folder, number):
    def stopped():
        looks = iter([lambda: os.kill(os.getpid(), number)])
        copies._STEPS, copies._go_on = 500, lambda: next(looks, lambda: None)() or 0
        return newscrawl("backup", folder, "--db", db).status

    assert in_child(stopped) == 130
    assert list(folder.iterdir()) == []


def test_a_full_disk_leaves_the_copy_before(db, tmp_path):
    with SmallDisk(tmp_path / "small", 300) as disk:
        store(tmp_path / "old.db", [1])
        (disk.folder / "copy.db").write_bytes((tmp_path / "old.db").read_bytes())
        before = files(disk.folder, "*")
        said = newscrawl("backup", disk.folder / "copy.db", "--replace", "--db", db)
        assert said.status == 8
        assert "cannot take a copy" in said.stderr
        assert "full" in said.stderr
        assert files(disk.folder, "*") == before


@pytest.mark.parametrize("name", ["articles", "idx_articles_url", "idx_sightings_url"])
def test_a_damaged_database_does_not_take_the_place_of_a_good_copy(db, folder, name):
    newscrawl("backup", folder, "--db", db)
    before = files(folder)
    damage_page(db, name)
    said = newscrawl("backup", folder, "--keep", 1, "--db", db)
    assert said.status == 8
    assert "damaged" in said.stderr
    assert "newscrawl restore" in said.stderr
    assert files(folder) == before


def test_a_row_that_belongs_to_nothing_is_damage(db, folder):
    with sqlite3.connect(db) as connection:
        connection.execute("delete from articles where id = 7")
    connection.close()
    said = newscrawl("backup", folder, "--db", db)
    assert (said.status, "belongs to none of articles" in said.stderr) == (8, True)


def test_a_database_of_an_older_newscrawl_is_copied_as_it_is(db, folder):
    with sqlite3.connect(db) as connection:
        connection.execute("pragma user_version = 1")
    connection.close()
    newscrawl("backup", folder / "old.db", "--db", db)
    with sqlite3.connect(folder / "old.db") as connection:
        assert connection.execute("pragma user_version").fetchone() == (1,)
    connection.close()
    open_database(folder / "old.db").close()
