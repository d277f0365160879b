"""Whole copies of a database: what `newscrawl backup` makes and `newscrawl restore` puts back."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from newscrawl.errors import StorageError
from newscrawl.storage.archive_files import sync_folder
from newscrawl.storage.database import open_readonly
from newscrawl.storage.transactions import damaged, reading

_STEPS = 200_000
"""Of SQLite's machine, between two looks whether a signal has come: a few milliseconds."""
_BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def made_whole(target: Path, half: Path | None = None, *, go_on: bool = False) -> Iterator[Path]:
    """Where to write what is to stand at `target`: it is moved there, and is on the disk, once the block is done.

    When the block fails nothing of it is left. Beside the target by default; `half` must be on the same disk. With
    `go_on` what one left that was killed or interrupted is still there, and KeyboardInterrupt leaves it to the next.
    StorageError for what the operating system refuses.
    """
    half = half or target.with_name(f".{target.name}.half")
    is_left = False
    try:
        if not go_on:
            remove_database(half)
        yield half
        _sync(half)
        half.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}") from error
    except KeyboardInterrupt:
        is_left = go_on
        raise
    finally:
        if not is_left:
            with suppress(OSError):
                remove_database(half)


def copy_database(source: Path, into: Path) -> int:
    """Writes the state of one moment to `into`, where nothing may be; how many articles it holds.

    Others may write to the source meanwhile. Both are checked from their first page to their last. UsageError as of
    open_readonly, but that older schemas are copied as they are; StorageError when either is damaged, or the disk full.
    """
    with closing(open_readonly(source, older=True)) as db, _interruptible(db):
        check_whole(db, source)
        try:
            db.conn.execute("VACUUM INTO ?", [str(into)])
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                raise
            raise StorageError(f"{into.parent} cannot take a copy of {source}: {error}") from error
    with closing(open_readonly(into, older=True)) as copy, _interruptible(copy):
        check_whole(copy, into)
        return copy.table("articles").count


def keep_copy(source: Path, target: Path) -> None:
    """A copy of a database as it is before it is changed; an earlier one of that name is replaced once it is whole.

    StorageError when the source is damaged, or its disk has no room for the copy; then nothing is left of it.
    """
    needed, free = source.stat().st_size, shutil.disk_usage(source.parent).free
    if free < needed:
        raise StorageError(
            f"{source} is kept as {target.name} before it is brought up to date, which needs {_mib(needed)};"
            f" {_mib(free)} are free"
        )
    with made_whole(target) as half:
        copy_database(source, half)


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB"


def check_whole(db: Database, path: Path) -> None:
    """StorageError when a page of the file is damaged, or a row points to one that is not there."""
    with reading(db):
        said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise damaged(path, said)
        if lost := db.execute("PRAGMA foreign_key_check").fetchone():
            raise damaged(path, f"a row of {lost[0]} belongs to none of {lost[2]}")


def set_aside(database: Path, name: str) -> Path | None:
    """Keeps a database under another name, with what SQLite has beside it; None where there is none.

    Its own name stays until another file takes it, so that no crawl finds it free meanwhile.
    """
    kept = database.with_name(name)
    if database.exists():
        _keep(database, kept)
    for rest in _BESIDE:
        with suppress(FileNotFoundError):
            database.with_name(database.name + rest).rename(kept.with_name(name + rest))
    return kept if kept.exists() else None


def _keep(database: Path, kept: Path) -> None:
    try:
        os.link(database, kept)
    except FileExistsError:
        raise
    except OSError:  # not every file system has second names
        database.rename(kept)


@contextmanager
def _interruptible(db: Database) -> Iterator[None]:
    """Lets Ctrl-C and SIGTERM end a long statement within the block: KeyboardInterrupt."""
    db.conn.set_progress_handler(_go_on, _STEPS)
    try:
        yield
    except (sqlite3.OperationalError, StorageError) as error:
        cause = error.__cause__ or error
        if getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        raise


def _go_on() -> int:
    """Before Python comes back here it has handled a signal that was waiting."""
    return 0


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def remove_database(half: Path) -> None:
    """Removes a database's file, where there is one, and what SQLite has beside it."""
    for rest in ("", *_BESIDE):
        half.with_name(half.name + rest).unlink(missing_ok=True)
