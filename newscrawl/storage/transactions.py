"""Reading and writing through an open database: whole or not at all, and SQLite's complaints as ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from newscrawl.errors import StorageError


@contextmanager
def immediate(db: Database) -> Iterator[None]:
    """One write transaction: the block's writes all stand, or, after any exception, none.

    It takes the write lock at once, waiting up to 30 s for another writer. StorageError for what SQLite reports.
    """
    with reading(db):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise


@contextmanager
def reading(db: Database) -> Iterator[None]:
    """Turns what SQLite reports within the block into StorageError with the database's path."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a fault of ours, such as using a closed database
    except sqlite3.Error as error:
        raise StorageError(f"the database {database_path(db)} cannot be used: {error}") from error


def database_path(db: Database) -> Path | None:
    """The file behind a database; None for one in memory."""
    name: str = next(row[2] for row in db.conn.execute("PRAGMA database_list") if row[1] == "main")
    return Path(name) if name else None


class FileGuard:
    """Notices that the database file was removed or replaced while it is open: writes would go nowhere."""

    def __init__(self, db: Database) -> None:
        self._path = database_path(db)
        self._file = self._identity()

    def check(self) -> None:
        """StorageError when the path no longer leads to the file that was opened."""
        if self._identity() != self._file:
            raise StorageError(f"the database {self._path} was removed or replaced while it was in use")

    def _identity(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino
