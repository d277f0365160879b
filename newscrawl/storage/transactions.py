"""Reading and writing through an open database: whole or not at all, and SQLite's complaints as ours."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from newscrawl.errors import BusyError, StorageError

BUSY_SECONDS = 30.0
"""How long another writer is waited for."""
_AT_ONCE_MS = 200
"""How long SQLite itself waits for one: while it does, no signal is heard."""
_LITTLE_ROOM = 1024 * 1024
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@contextmanager
def immediate(db: Database, *, wait: float | None = None) -> Iterator[None]:
    """One write transaction: the block's writes all stand, or, after any exception, none.

    It takes the write lock at once. BusyError when another writer keeps it for `wait` seconds (BUSY_SECONDS by
    default), StorageError for what else SQLite reports.
    """
    with reading(db):
        begin(db.conn, wait)
        try:
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise


def begin(connection: sqlite3.Connection, wait: float | None = None) -> None:
    """BEGIN IMMEDIATE, tried for so many seconds (BUSY_SECONDS); between two tries Python may handle a signal."""
    until = time.monotonic() + (BUSY_SECONDS if wait is None else wait)
    connection.execute(f"PRAGMA busy_timeout = {_AT_ONCE_MS}")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * BUSY_SECONDS)}")


def checkpoint(db: Database) -> None:
    """Moves what was committed out of the -wal file, and all of it to the disk, as far as no reader needs the old.

    Where it cannot be done now nothing is lost: the next one does it.
    """
    with suppress(sqlite3.Error):
        db.conn.execute("PRAGMA busy_timeout = 0")
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        db.conn.execute(f"PRAGMA busy_timeout = {int(1000 * BUSY_SECONDS)}")


@contextmanager
def reading(db: Database) -> Iterator[None]:
    """Turns what SQLite reports within the block into StorageError with the database's path."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a fault of ours, such as using a closed database
    except sqlite3.Error as error:
        raise told(database_path(db), error, "used") from error


def told(path: Path | None, error: sqlite3.Error, what: str) -> StorageError:
    """What SQLite reports, as an error of ours that names the way out."""
    if _code(error) in _DAMAGED:
        return damaged(path, error)
    kind = BusyError if _code(error) == sqlite3.SQLITE_BUSY else StorageError
    return kind(f"the database {path} cannot be {what}: {error}{room_left(path.parent) if path else ''}")


def room_left(folder: Path) -> str:
    """Words for the end of a sentence, where the disk is as good as full: SQLite may call that an I/O error."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return ""
    free = disk.f_bavail * disk.f_frsize
    return f" (the disk is full: {free // 1024} KiB are left)" if free < _LITTLE_ROOM else ""


def damaged(path: Path | None, why: object) -> StorageError:
    """That a database is damaged, and the two ways back."""
    return StorageError(
        f"the database {path} is damaged ({why}); leave it as it is: `newscrawl rebuild --into NEW.db` makes it anew"
        " from the archive, `newscrawl restore BACKUP` puts a backup in its place"
    )


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; -1 for what Python's module itself complains of."""
    return int(getattr(error, "sqlite_errorcode", -1)) & 0xFF


def database_path(db: Database) -> Path | None:
    """The file behind a database; None for one in memory."""
    name: str = next(row[2] for row in db.conn.execute("PRAGMA database_list") if row[1] == "main")
    return Path(name) if name else None


class FileGuard:
    """Notices that the database or its -wal file was removed or replaced while in use: writes would go nowhere."""

    def __init__(self, db: Database) -> None:
        path = database_path(db)
        paths = [path, path.with_name(f"{path.name}-wal")] if path else []
        self._files = {path: file_identity(path) for path in paths}

    def check(self) -> None:
        """StorageError when a path no longer leads to the file that was opened."""
        for path, identity in self._files.items():
            if file_identity(path) != identity:
                raise StorageError(f"{path} was removed or replaced while the database was in use")


def file_identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at a path now: another one has another identity; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
