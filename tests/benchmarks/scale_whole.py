"""Work on a whole database, each in a process of its own: export, backup, and bringing an older schema up to date.

    python -m tests.benchmarks.scale_whole export|backup|migrate|insert FILE.db

prints what it cost as JSON. Linux only: it reads /proc/self/status.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from newscrawl.export.columns import check_columns, record
from newscrawl.export.tables import write_csv
from newscrawl.storage.copies import copy_database
from newscrawl.storage.database import open_database, open_readonly
from newscrawl.storage.selection import Selection, selected
from tests.benchmarks.resident import status
from tests.benchmarks.scale_work import WORK, Sized
from tests.quality.tables import table

_MIB = 1024 * 1024
_SINCE_8 = ("stories", "story_copies", "stories_per_day", "stories_per_hour", "stories_per_publisher")
_SINCE_8 += ("stories_per_stock", "latest_per_stock", "delays", "coverage_per_hour")
_STATES_OF_8 = """
    create view states as
    select article_id, title, body, published_at, content_hash, valid_from, valid_to from revisions
    where reason = 'publisher'
    union all select id, title, body, published_at, content_hash, content_since, null from articles
"""
Cost = dict[str, float]


def whole(paths: Sequence[Path]) -> str:
    """A table: a row for each database and work."""
    rows = []
    for work in WHOLE:
        for path in paths:
            command = [sys.executable, "-m", "tests.benchmarks.scale_whole", work, str(path)]
            told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            numbers = (
                told["seconds"],
                1e6 * told["seconds"] / told.get("done", told["articles"]),
                told["wall"],
                told["peak"],
                told["disk"],
            )
            rows.append([work, f"{told['articles']:,.0f}", *(f"{each:,.1f}" for each in numbers)])
            print(rows[-1], file=sys.stderr, flush=True)
    head = [
        "work",
        "articles",
        "CPU s",
        "µs an article",
        "seconds",
        "peak memory, MiB",
        "disk beside the database, MiB",
    ]
    return table(head, rows)


def _export(path: Path) -> float:
    """CSV of everything; the disk it took."""
    names = check_columns(None)
    with TemporaryDirectory(prefix="newscrawl-", dir=path.parent) as folder, closing(open_readonly(path)) as db:
        file = Path(folder) / "all.csv"
        with file.open("wb") as opened:
            write_csv(opened, (record(row, names) for row in selected(db, Selection())), names)
        return _size(file)


def _backup(path: Path) -> float:
    with TemporaryDirectory(prefix="newscrawl-", dir=path.parent) as folder:
        copy_database(path, Path(folder) / "copy.db")
        return _size(Path(folder) / "copy.db")


def _migrate(path: Path) -> float:
    """From schema 8, that is without search index and stories, to the present; with the copy that is kept."""
    with TemporaryDirectory(prefix="newscrawl-", dir=path.parent) as folder:
        older = Path(folder) / "older.db"
        subprocess.run(["cp", "--reflink=auto", str(path), str(older)], check=True)
        make_older(older)
        before = _size(older)
        start, begun = time.process_time(), time.monotonic()
        with closing(open_database(older)):
            beside = _size(older) - before + _size(older.with_name("older.db-wal"))
        _cost.update(seconds=time.process_time() - start, wall=time.monotonic() - begun)
        return beside + _size(older.with_name("older.db.v8.backup"))


def make_older(path: Path) -> None:
    """Takes from a database what schemas after the eighth brought."""
    with closing(Database(path)) as db:
        tables = (
            *("story_queue", "story_bands", "story_sketches", "articles_fts", "search_rows", "search_queue"),
            *("trails", "cluster_crawls"),
        )
        kinds = {
            "view": [*_SINCE_8, "states"],
            "table": tables,
            "index": ["idx_articles_story_id", "idx_articles_source"],
        }
        triggers = db.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for kind, names in {"trigger": [name for (name,) in triggers], **kinds}.items():
            for name in names:
                db.execute(f"drop {kind} if exists {name}")
        db.execute(_STATES_OF_8)
        db.execute("update articles set story_id = null")
        db.execute("delete from _sqlite_migrations where name >= 'm009'")
        db.execute("pragma user_version = 8")
        db.conn.commit()
        db.execute("vacuum")


def _insert(path: Path) -> float:
    """Ten thousand more, for their memory."""
    with closing(open_database(path)) as db:
        sized, before = Sized(db), _size(path)
        for number in range(10):
            WORK["insert"].cost(sized)
            if number == 0:
                _cost["first"] = status("VmRSS")
        _cost.update(growth=status("VmRSS") - _cost["first"], done=10_000)
    return _size(path) - before


_cost: Cost = {}
WHOLE: dict[str, Callable[[Path], float]] = {
    "export csv": _export,
    "backup": _backup,
    "migrate from schema 8": _migrate,
    "insert 10,000 more": _insert,
}


def _size(path: Path) -> float:
    return path.stat().st_size / _MIB if path.exists() else 0.0


def _measure(work: str, path: Path) -> Cost:
    with closing(open_readonly(path)) as db:
        articles = db.table("articles").count
    start, begun = time.process_time(), time.monotonic()
    disk = WHOLE[work](path)
    spent = {"seconds": time.process_time() - start, "wall": time.monotonic() - begun}
    return {**spent, **_cost, "articles": articles, "peak": status("VmHWM"), "disk": disk}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]))))
