"""A writer that is killed at any moment leaves whole batches and nothing else."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.items import Failure, Stock, Tag
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from tests.storage.conftest import make_article

BATCH = 20
# Writes batches for ever, saying after each flush how many articles are committed.
WRITER = """
import sys
from pathlib import Path
from newscrawl.items import Image, Stock, Tag
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from tests.storage.conftest import make_article

ledger = Ledger(open_database(Path(sys.argv[1])), "cls_telegraph", version="0", batch=10**9)
first = int(sys.argv[2])
image, stock, tag = Image("https://img.example.cn/1.png"), Stock("600519", "SH"), Tag("level", "A")
parts = {"images": (image,), "stocks": (stock,), "tags": (tag,)}
while True:
    for number in range(first, first + int(sys.argv[3])):
        ledger.add(make_article(number, **parts))
    print("flushing", flush=True)
    ledger.flush()
    first += int(sys.argv[3])
    print("committed", ledger.counts.new, flush=True)
"""


def killed_after(path: Path, first: int, lines: int) -> int:
    """How many articles a writer said were committed before it was killed."""
    command = [sys.executable, "-c", WRITER, str(path), str(first), str(BATCH)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        said = [child.stdout.readline() for _ in range(lines)]
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
    assert child.returncode == -signal.SIGKILL
    return max((int(line.split()[1]) for line in said if line.startswith("committed")), default=0)


@pytest.mark.parametrize("lines", [1, 2, 3, 7, 20])
def test_a_killed_writer_leaves_whole_batches(path: Path, lines: int) -> None:
    said = killed_after(path, 1, lines)
    db = open_database(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    stored = db.table("articles").count
    assert stored % BATCH == 0
    # The last batch may be committed although its writer did not live to say so.
    assert stored in {said, said + BATCH}
    for part in ("sightings", "images", "stocks", "tags"):
        assert db.execute(f"select count(distinct article_id) from {part}").fetchone()[0] == stored, part
    [run] = db.table("runs").rows
    assert (run["new"], run["outcome"]) == (stored, None)
    db.close()


def test_a_killed_writers_work_is_gone_on_with(path: Path) -> None:
    for lines in (2, 4, 3):
        killed_after(path, 1, lines)
    db = open_database(path)
    numbers = [int(row["source_id"]) for row in db.query("select source_id from articles order by id")]
    assert numbers == list(range(1, len(numbers) + 1))
    db.close()


def flushed_in_a_process_that_dies(path: Path, left: int) -> bool:
    """Whether a batch was flushed by a process that is killed before its statement with this number."""

    def count(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        db = open_database(path)
        ledger = Ledger(db, "cls_telegraph", version="0")
        for number in (1, 2):
            ledger.add(make_article(number, stocks=(Stock("600519", "SH"),), tags=(Tag("level", "A"),)))
        ledger.fail(Failure(url="https://www.cls.cn/detail/3", source="cls_telegraph", kind="layout", reason="x"))
        db.conn.set_trace_callback(count)
        ledger.flush()
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def test_a_batch_is_whole_or_not_there_at_whichever_statement_it_is_killed(tmp_path: Path) -> None:
    left, flushed, empty = 0, False, tmp_path / "empty.db"
    open_database(empty).close()
    while not flushed:
        left += 1
        path = shutil.copy(empty, tmp_path / f"{left}.db")
        flushed = flushed_in_a_process_that_dies(path, left)
        with closing(sqlite3.connect(path)) as connection:
            [(*there, new)] = connection.execute(
                "select (select count(*) from articles), (select count(*) from sightings), (select count(*) from stocks),"
                " (select count(*) from tags), 2 * (select count(*) from failures), new from runs"
            ).fetchall()
        assert there == [new] * 5
        assert new == 2 if flushed else new in {0, 2}
    assert left > 10


def test_killed_while_the_schema_is_made(path: Path) -> None:
    """Every moment of it at which SQLite runs a statement: each time the file is left empty or whole."""
    code = """
import os, signal, sys
from pathlib import Path
from newscrawl.storage import database

left = int(sys.argv[2])
def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

prepare = database._prepare
def traced(connection):
    connection.set_trace_callback(count)
    return prepare(connection)
database._prepare = traced
database.open_database(Path(sys.argv[1])).close()
"""
    left = 1
    while True:
        status = subprocess.run([sys.executable, "-c", code, str(path), str(left)], check=False).returncode
        connection = sqlite3.connect(path)
        tables = connection.execute("select count(*) from sqlite_master").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.close()
        assert (tables > 0) is (version > 0)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        left += 13
    assert left > 20
    open_database(path).close()
