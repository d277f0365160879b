"""A newscrawl that is killed while it brings an older database up to date leaves the older or the newer one, whole."""

import os
import signal
import sqlite3

import pytest
from sqlite_utils import Database

from newscrawl.storage import database
from newscrawl.storage.migrations import SCHEMA_VERSION, migrations
from tests.crash.support import count, in_child, integrity, store

NAMES = [migration.name for migration in migrations.pending(Database(memory=True))]


def older(path, version):
    """A database as a newscrawl of that schema left it, with articles."""
    db = Database(path)
    migrations.apply(db, stop_before=NAMES[version])
    db.execute("PRAGMA journal_mode = WAL")
    needed = "source kind body body_html image_urls provenance content_hash content_since first_seen_at updated_at"
    row = dict.fromkeys(needed.split(), "2026-11-20 20:00:00+08:00") | {"backfilled": 0}
    db.table("articles").insert_all(
        {**row, "id": number, "url": f"u{number}", "source_id": str(number)} for number in range(1, 9)
    )
    db.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {version}")
    db.close()


def killed_at(path, statement):
    """Brings it up to date, and dies before the so-many-th statement that SQLite runs."""
    prepare = database._prepare

    def traced(connection):
        left = statement

        def count_down(_):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        connection.set_trace_callback(count_down)
        return prepare(connection)

    database._prepare = traced
    database.open_database(path).close()


@pytest.mark.parametrize("version", [1, 4])
def test_killed_at_any_statement_of_a_migration(tmp_path, version):
    path, statement, killed = tmp_path / "news.db", 1, 0
    older(path, version)
    before = schema(path)
    while status := in_child(killed_at, path, statement):
        assert status == -signal.SIGKILL
        killed, statement = killed + 1, statement + 5
        with sqlite3.connect(path) as connection:
            assert connection.execute("pragma user_version").fetchone()[0] in {version, SCHEMA_VERSION}
        connection.close()
        if schema(path) != before:
            break  # the kill came behind the commit
        assert integrity(path) == "ok"
        assert count(path) == 8
    assert killed > 5
    store(path, [100])
    assert (count(path), integrity(path)) == (9, "ok")


def schema(path):
    with sqlite3.connect(path) as connection:
        found = connection.execute("select name, sql from sqlite_master order by name").fetchall()
    connection.close()
    return found
