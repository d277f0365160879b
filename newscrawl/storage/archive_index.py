"""What stands in an archive's files already: a convenience beside them."""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

INDEX_NAME = "digests.db"
_AT_ONCE = 100
_FIND = """select d.date, d.file, f.size from digests d join files f on f.name = d.file
           where d.url = ? and d.sha1 = ?"""


@dataclass(frozen=True, slots=True)
class Written:
    """Where and when some bytes of an address were archived."""

    date: str
    """The record's WARC-Date."""
    file: str


class DigestIndex:
    """Which bytes of which address are archived already, and how far each file was written to its end.

    A convenience kept in `digests.db`: where it is lost, unreadable or cannot be written, bytes are archived once more,
    and a file is not gone on with. So what is remembered is written some hundred at a time, and by `flush`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: dict[str, int] = {}
        self._waiting: dict[tuple[str, str], Written] = {}
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            self._remove()
            self._db = self._open()

    def __enter__(self) -> "DigestIndex":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, url: str, sha1: str) -> Written | None:
        """Where this address's bytes stand, if their file is still there and whole."""
        if written := self._waiting.get((url, sha1)):
            return written
        with suppress(sqlite3.Error, OSError):
            row = self._db.execute(_FIND, [url, sha1]).fetchone()
            if row and (self._folder / row[1]).stat().st_size >= row[2]:
                return Written(row[0], row[1])
        return None

    def remember(self, file: str, size: int, *, url: str = "", sha1: str = "", date: str = "") -> None:
        """Notes that a file is whole up to `size`, and (with `url`) what its last record holds."""
        self._sizes[file] = size
        if url:
            self._waiting[url, sha1] = Written(date, file)
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Writes down what was remembered."""
        rows = [(url, sha1, written.date, written.file) for (url, sha1), written in self._waiting.items()]
        with suppress(sqlite3.Error), self._db.atomic():
            self._db.conn.executemany("insert or replace into files (name, size) values (?, ?)", self._sizes.items())
            self._db.conn.executemany(
                "insert or replace into digests (url, sha1, date, file) values (?, ?, ?, ?)", rows
            )
        self._sizes.clear()
        self._waiting.clear()

    def whole_files(self) -> dict[str, int]:
        """Name and size of each file as it was when last written to."""
        with suppress(sqlite3.Error):
            return dict(self._db.execute("select name, size from files").fetchall())
        return {}

    def forget(self, names: Iterable[str]) -> None:
        """Drops what is said of files that are gone."""
        with suppress(sqlite3.Error), self._db.atomic():
            for name in names:
                self._db.table("digests").delete_where("file = ?", [name])
                self._db.table("files").delete_where("name = ?", [name])

    def close(self) -> None:
        """Writes down what was remembered, and closes the index."""
        self.flush()
        self._db.close()

    def _open(self) -> Database:
        connection = sqlite3.connect(self._folder / INDEX_NAME, timeout=30)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            db = Database(connection)
            db.table("files").create({"name": str, "size": int}, pk="name", strict=True, if_not_exists=True)
            columns = {"url": str, "sha1": str, "date": str, "file": str}
            db.table("digests").create(columns, pk=("url", "sha1"), strict=True, if_not_exists=True)
            db.table("digests").create_index(["file"], if_not_exists=True)
        except BaseException:
            connection.close()
            raise
        return db

    def _remove(self) -> None:
        for name in (INDEX_NAME, f"{INDEX_NAME}-wal", f"{INDEX_NAME}-shm"):
            (self._folder / name).unlink(missing_ok=True)
