import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlite_utils import Database

from newscrawl.errors import NewscrawlError, StorageError, UsageError
from newscrawl.storage.database import APPLICATION_ID, SCHEMA_VERSION, open_database, open_readonly
from newscrawl.storage.migrations import migrations
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import OpenLedger, make_article


def files(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, byte for byte."""
    return {each.name: each.read_bytes() if each.is_file() else None for each in folder.iterdir()}


def pragma(db: Database, name: str) -> object:
    return db.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_database_has_the_whole_schema_and_our_mark(path: Path) -> None:
    db = open_database(path)
    assert not migrations.pending(db)
    assert pragma(db, "application_id") == APPLICATION_ID
    assert pragma(db, "user_version") == SCHEMA_VERSION == len(migrations.applied(db))
    assert pragma(db, "journal_mode") == "wal"
    assert pragma(db, "foreign_keys") == 1
    assert pragma(db, "busy_timeout") == 30_000
    assert pragma(db, "synchronous") == 1
    db.close()


def test_every_table_is_strict(db: Database) -> None:
    tables = [table for table in db.tables if not table.name.startswith(("_sqlite", "articles_fts"))]
    assert [table.name for table in tables if not table.strict] == []


@pytest.mark.parametrize("column", ["title", "published_ts"])
def test_a_value_of_the_wrong_type_is_refused(db: Database, column: str) -> None:
    with pytest.raises(StorageError, match="cannot store"), immediate(db):
        db.execute(f"insert into runs (source, started_at, version, found) values ('{column}', '', '', x'00')")


def test_opening_again_writes_nothing(path: Path) -> None:
    open_database(path).close()
    before = path.read_bytes()
    open_database(path).close()
    assert path.read_bytes() == before


def test_folders_are_made(tmp_path: Path) -> None:
    open_database(tmp_path / "a" / "b" / "news.db").close()
    assert (tmp_path / "a" / "b" / "news.db").exists()


@pytest.mark.parametrize("content", [b"", None])
def test_an_empty_file_becomes_a_database(path: Path, content: bytes | None) -> None:
    if content is None:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    else:
        path.write_bytes(content)
    db = open_database(path)
    assert not migrations.pending(db)
    db.close()


def make_foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table notes (text)")
    connection.close()


def make_foreign_marked(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id = 7")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def make_newer(path: Path) -> None:
    db = open_database(path)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()


def make_text(path: Path) -> None:
    path.write_text("# 我的笔记\n", encoding="utf-8")


REFUSED = [
    (make_foreign, "another program"),
    (make_foreign_marked, "another program"),
    (make_newer, "newer newscrawl"),
    (make_text, "not a SQLite database"),
    (Path.mkdir, "not a file"),
]


@pytest.mark.parametrize("opened", [open_database, open_readonly])
@pytest.mark.parametrize(("make", "sentence"), REFUSED)
def test_what_is_not_ours_is_refused_and_left_as_it_is(path: Path, make, sentence: str, opened) -> None:  # type: ignore[no-untyped-def]
    make(path)
    before = files(path.parent)
    with pytest.raises(UsageError, match=sentence) as refusal:
        opened(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert files(path.parent) == before


def test_a_foreign_database_in_use_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("create table notes (text)")
    with pytest.raises(UsageError, match="another program"):
        open_database(path)
    connection.close()


def test_a_missing_file_is_not_made_where_that_was_not_asked(path: Path) -> None:
    for opened in (lambda: open_database(path, create=False), lambda: open_readonly(path)):
        with pytest.raises(UsageError, match="no database at"):
            opened()
    assert files(path.parent) == {}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be made"):
        open_database(tmp_path / "file" / "news.db")


def test_a_reader_wants_a_schema_that_is_up_to_date(path: Path) -> None:
    path.touch()
    with pytest.raises(UsageError, match=r"older schema 0.*newscrawl crawl"):
        open_readonly(path)


def test_a_reader_cannot_write(path: Path) -> None:
    open_database(path).close()
    reader = open_readonly(path)
    with pytest.raises(StorageError, match="readonly"), immediate(reader):
        reader.execute("delete from articles")
    reader.close()


def test_a_reader_sees_what_a_writer_commits_meanwhile(path: Path, db: Database, open_ledger: OpenLedger) -> None:
    reader = open_readonly(path)
    ledger = open_ledger()
    ledger.add(make_article(1))
    ledger.flush()
    assert reader.table("articles").count == 1
    reader.close()


@pytest.fixture
def sealed() -> Iterator[Path]:
    """A database in a folder in which nothing may be made or changed, as on a read-only medium."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        open_database(folder / "news.db").close()
        (folder / "news.db").chmod(0o444)
        folder.chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)  # root may write everywhere
        try:
            yield folder / "news.db"
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


def test_a_read_only_medium_can_be_read(sealed: Path) -> None:
    reader = open_readonly(sealed)
    assert reader.table("articles").count == 0
    reader.close()
    assert [each.name for each in sealed.parent.iterdir()] == ["news.db"]


def test_a_read_only_medium_is_told_to_a_writer_at_once(sealed: Path) -> None:
    with pytest.raises(StorageError, match="readonly"):
        open_database(sealed)


def test_a_reader_and_an_unreadable_file(path: Path) -> None:
    open_database(path).close()
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 4000 + content[4100:])
    with pytest.raises(StorageError, match=r"damaged.*rebuild --into.*restore"):
        open_readonly(path)


def write_something(path: Path) -> None:
    db = open_database(path)
    try:
        with immediate(db):
            db.table("articles").insert({"id": 1})
    finally:
        db.close()


@pytest.mark.parametrize("start", [100, 4096])
def test_a_corrupt_file_is_an_error_and_not_made_worse(path: Path, start: int) -> None:
    open_database(path).close()
    content = path.read_bytes()
    path.write_bytes(content[:start] + b"\xff" * 4000 + content[start + 4000 :])
    before = path.read_bytes()
    with pytest.raises(StorageError):
        write_something(path)
    assert path.read_bytes() == before


def test_an_unreadable_start_of_a_file(tmp_path: Path) -> None:
    """/proc/self/mem is a file that opens and cannot be read at its beginning."""
    link = tmp_path / "news.db"
    link.symlink_to("/proc/self/mem")
    with pytest.raises(NewscrawlError):
        open_database(link)


def test_a_failed_migration_leaves_an_empty_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(db: Database) -> None:
        db.execute("create table half (id integer)")
        db.execute("this is no SQL")

    monkeypatch.setattr(migrations, "_migrations", [*migrations._migrations, migrations._Migration("broken", broken)])
    with pytest.raises(StorageError):
        open_database(path)
    monkeypatch.undo()
    connection = sqlite3.connect(path)
    assert connection.execute("select count(*) from sqlite_master").fetchone() == (0,)
    connection.close()
    open_database(path).close()


def raise_key_error(_: object) -> None:
    raise KeyError("stop")


def test_an_error_in_a_transaction_takes_all_of_it_back(db: Database) -> None:
    runs = db.table("runs")
    with pytest.raises(KeyError, match="stop"), immediate(db):
        raise_key_error(runs.insert({"source": "a", "started_at": "", "version": ""}))
    assert runs.count == 0
    assert not db.conn.in_transaction


def test_many_processes_may_make_one_database_at_the_same_time(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from newscrawl.storage.database import open_database;"
        " sys.stdin.read(); open_database(Path(sys.argv[1])).close()"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    results = []
    for child in children:
        assert child.stdin
        child.stdin.close()
    for child in children:
        assert child.stderr
        results.append((child.wait(), child.stderr.read()))
        child.stderr.close()
    assert results == [(0, b"")] * 4
    db = open_database(path)
    assert pragma(db, "user_version") == SCHEMA_VERSION
    db.close()


def test_a_copy_of_the_file_is_the_whole_database(path: Path, db: Database, open_ledger: OpenLedger) -> None:
    ledger = open_ledger()
    ledger.add(make_article(1))
    ledger.finish("ok", 0)
    db.close()
    shutil.copy(path, path.with_name("copy.db"))
    reader = open_readonly(path.with_name("copy.db"))
    assert reader.table("articles").count == 1
    reader.close()


def test_several_processes_write_at_the_same_time(path: Path, db: Database) -> None:
    code = """
import sys
from pathlib import Path
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from tests.storage.conftest import make_article

source = sys.argv[2]
ledger = Ledger(open_database(Path(sys.argv[1])), source, version="0", batch=5)
for number in range(100):
    url = f"https://{source}.example.cn/{number}"
    ledger.add(make_article(number, source=source, url=url, body=f"{source}第{number}稿。"))
ledger.finish("ok", 0)
ledger.close()
"""
    sources = ["a", "b", "c", "d"]
    children = [subprocess.Popen([sys.executable, "-c", code, str(path), source]) for source in sources]
    assert [child.wait() for child in children] == [0] * 4
    counted = db.execute("select source, count(*) from articles group by source order by source").fetchall()
    assert counted == [(source, 100) for source in sources]
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_older_database_keeps_what_it_holds(path: Path) -> None:
    db = Database(path)
    migrations.apply(db, stop_before="m006_readings")
    row = dict.fromkeys("source kind body body_html image_urls provenance content_hash content_since".split(), "")
    db.table("articles").insert(row | {"id": 1, "backfilled": 0, "first_seen_at": "2026", "updated_at": "2026"})
    former = dict.fromkeys("kind body body_html images stocks tags provenance content_hash".split(), "")
    db.table("revisions").insert(former | {"article_id": 1, "valid_from": "2025", "valid_to": "2026"})
    db.table("sightings").insert({"article_id": 1, "source": "", "url": "", "first_seen_at": "", "last_seen_at": ""})
    db.table("runs").insert({"source": "", "started_at": "", "version": ""})
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.close()
    db = open_database(path)
    assert not migrations.pending(db)
    assert [row["reason"] for row in db.table("revisions").rows] == ["publisher"]
    assert [row["read_at"] for row in db.table("sightings").rows] == [None]
    assert [row["reread"] for row in db.table("runs").rows] == [0]
    assert [row["valid_from"] for row in db.query("select * from states order by 1, 6")] == ["", "2025"]
    db.close()
