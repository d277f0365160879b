"""Opening the database file: ours or a clear refusal, the schema up to date, settings that survive kills and crowds."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from newscrawl.errors import StorageError, UsageError
from newscrawl.storage.migrations import SCHEMA_VERSION, migrations
from newscrawl.storage.transactions import BUSY_SECONDS, begin, database_path, immediate, told

__all__ = [
    "APPLICATION_ID",
    "SCHEMA_VERSION",
    "connect_readonly",
    "immediate",
    "is_sqlite",
    "make_folder",
    "open_database",
    "open_readonly",
    "refuse_foreign",
]

APPLICATION_ID = 0x6E637277
"""Marks the file as ours: "ncrw", as PRAGMA application_id (bytes 68 to 71 of the file)."""
_MAGIC = b"SQLite format 3\x00"
_WAL_LIMIT = 64 * 1024 * 1024
T = TypeVar("T")


def open_database(path: Path, *, create: bool = True) -> Database:
    """The database for reading and writing, made or brought up to date when needed.

    UsageError (nothing written): the file is missing and `create` is false, its folder cannot be made, it is a folder,
    no SQLite file, a foreign SQLite file, or of a newer newscrawl. StorageError: corrupt, read-only, locked.
    """
    if path.exists():
        refuse_foreign(path)
    elif not create:
        raise UsageError(f"there is no database at {path}")
    else:
        make_folder(path.parent)
    with _as_storage_error(path):
        return _closing_on_error(sqlite3.connect(path, timeout=BUSY_SECONDS), _prepare)


def open_readonly(path: Path, *, older: bool = False) -> Database:
    """The database for reading only: nothing is made, changed or brought up to date.

    UsageError as for open_database, for an empty file, and (but for `older`) for a schema older than this version's.
    StorageError: corrupt, locked.
    """
    if not path.exists():
        raise UsageError(f"there is no database at {path}; `newscrawl crawl` makes it")
    version = refuse_foreign(path)
    if version < (1 if older else SCHEMA_VERSION):
        raise UsageError(
            f"{path} has the older schema {version}, this newscrawl reads schema {SCHEMA_VERSION};"
            " `newscrawl crawl` brings it up to date"
        )
    with _as_storage_error(path):
        return Database(connect_readonly(path))


def make_folder(folder: Path) -> None:
    """Makes a database's folder where it is missing. UsageError when that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder {folder} cannot be made: {error.strerror}") from error


def refuse_foreign(path: Path) -> int:
    """The schema version of the file, 0 for an empty one; UsageError when it is not ours or too new."""
    if _is_empty_file(path):
        return 0
    with _as_storage_error(path), closing(_connect_untouched(path)) as connection:
        application, version, tables = (
            connection.execute(sql).fetchone()[0]
            for sql in (
                "PRAGMA application_id",
                "PRAGMA user_version",
                "select count(*) from sqlite_master",
            )
        )
    if application != APPLICATION_ID and (application or tables):
        raise UsageError(f"{path} is a SQLite database of another program")
    if version > SCHEMA_VERSION:
        raise UsageError(f"{path} was written by a newer newscrawl (schema {version}; this one knows {SCHEMA_VERSION})")
    return int(version)


def is_sqlite(path: Path) -> bool:
    """Whether a file begins as SQLite's do. UsageError for what is no file, StorageError for what cannot be read."""
    return _start(path) == _MAGIC


def _is_empty_file(path: Path) -> bool:
    """True for a file of no bytes; UsageError for what cannot be a SQLite database."""
    start = _start(path)
    if start and start != _MAGIC:
        raise UsageError(f"{path} is not a SQLite database")
    return not start


def _start(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(f"{path} is not a file")
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC))
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error


def _connect_untouched(path: Path) -> sqlite3.Connection:
    """A connection that leaves no file beside this one, which may be somebody else's."""
    alone = not path.with_name(f"{path.name}-wal").exists()
    return _connect_uri(path, "mode=ro&immutable=1" if alone else "mode=ro")


def connect_readonly(path: Path, wait: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that cannot write; on a read-only medium, where WAL has no place for its files, the file alone.

    It may be closed by another thread than its own. A writer that locks everybody out is waited for so many seconds.
    """
    try:
        return _closing_on_error(_connect_uri(path, "mode=ro", wait), _touch)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise  # the file alone is half written
        return _closing_on_error(_connect_untouched(path), _touch)


def _connect_uri(path: Path, query: str, wait: float = BUSY_SECONDS) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{query}"
    return sqlite3.connect(address, uri=True, timeout=wait, check_same_thread=False)


def _touch(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("select 1 from sqlite_master").fetchone()
    return connection


def _prepare(connection: sqlite3.Connection) -> Database:
    db = Database(connection)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"journal_size_limit = {_WAL_LIMIT}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    begin(connection)
    try:
        _keep_older(db)
        connection.execute("COMMIT" if _migrate(db) else "ROLLBACK")
    except BaseException:
        db.rollback()
        raise
    return db


def _keep_older(db: Database) -> None:
    """Copies an older database before anything in it is changed; the caller holds the write lock.

    StorageError, and no migration, when it is damaged or there is no room for the copy.
    """
    version, path = int(db.execute("PRAGMA user_version").fetchone()[0]), database_path(db)
    if not version or not path or version >= SCHEMA_VERSION:
        return
    from newscrawl.storage.copies import keep_copy  # noqa: PLC0415 - copies opens databases itself

    keep_copy(path, path.with_name(f"{path.name}.v{version}.backup"))


def _migrate(db: Database) -> bool:
    """All pending migrations and the file's marks, within the caller's transaction: a kill leaves no half of it.

    Tells whether there were any. Where there are none the mark is written all the same: a file that cannot be written
    to shows itself here, before any page is fetched.
    """
    pending = bool(migrations.pending(db))
    if pending:
        migrations.apply(db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return pending


def _closing_on_error(connection: sqlite3.Connection, use: Callable[[sqlite3.Connection], T]) -> T:
    """What `use` makes of the connection; the connection is closed when `use` fails."""
    try:
        return use(connection)
    except BaseException:
        connection.close()
        raise


@contextmanager
def _as_storage_error(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise told(path, error, "opened") from error
