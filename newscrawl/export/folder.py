"""A folder in which some files are ours: written whole or not at all, and nothing else is ever touched.

`.newscrawl.db` in it remembers what we wrote, by hash. A file is ours while it still is what we wrote. What is about to
be written is noted before it is, so that after a kill the half-done export is known for ours.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from newscrawl.errors import LockedError, StorageError, UsageError
from newscrawl.storage.lock import SourceLock

MANIFEST = ".newscrawl.db"
_BATCH = 200
_UPSERT = """insert into files (path, hash, former, run) values (:path, :hash, :former, :run)
             on conflict (path) do update set hash = excluded.hash, former = excluded.former, run = excluded.run"""


@dataclass(frozen=True, slots=True)
class File:
    """A file that the folder is to hold."""

    path: str
    """Below the folder, with / between its parts."""
    text: str
    before: str = ""
    """Where it stood when it was in another part of the folder."""


@dataclass(slots=True)
class Written:
    """What became of the files of one export."""

    counts: Counter[str] = field(default_factory=Counter)
    """new, changed, unchanged, moved, removed."""
    foreign: list[str] = field(default_factory=list)
    """Paths of files that are not as we wrote them, and were left so."""


@contextmanager
def own_files(folder: Path) -> Iterator["OwnFiles"]:
    """The folder, made when it is missing, for one export at a time.

    UsageError where there can be no such folder, LockedError while another export into it is under way, StorageError
    for what cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder {folder} cannot be made: {error.strerror}") from error
    lock = SourceLock(folder / MANIFEST, "export")
    try:
        lock.__enter__()
    except LockedError:
        raise LockedError(f"another export into {folder} is under way") from None
    try:
        with _open(folder / MANIFEST) as db:
            yield OwnFiles(folder, db)
    except OSError as error:
        raise StorageError(f"{error.filename or folder} cannot be written: {error.strerror}") from error
    except sqlite3.Error as error:
        raise StorageError(f"{folder / MANIFEST} cannot be used: {error}") from error
    finally:
        lock.__exit__(None, None, None)


@contextmanager
def _open(path: Path) -> Iterator[Database]:
    connection = sqlite3.connect(path, timeout=30)
    try:
        db = Database(connection)
        columns = {"path": str, "hash": str, "former": str, "run": int}
        db.table("files").create(columns, pk="path", strict=True, if_not_exists=True)
        yield db
    finally:
        connection.close()


class OwnFiles:
    """What is in the folder and ours. An export puts all files that it is to hold, then removes the rest of ours."""

    def __init__(self, folder: Path, db: Database) -> None:
        self._folder, self._db = folder, db
        (last,) = db.execute("select coalesce(max(run), 0) from files").fetchone()
        self._run = last + 1

    def have(self, part: str) -> bool:
        """Whether some of our files stand in this part of the folder."""
        return self._db.execute("select 1 from files where path like ?", [f"{part}/%"]).fetchone() is not None

    def start(self, path: str, text: str, rivals: Sequence[str]) -> None:
        """Write a file that is not ours to keep, unless one of `rivals` is there."""
        if not any((self._folder / rival).exists() for rival in rivals):
            self._write(path, text.encode())

    def put(self, files: Iterator[File], written: Written) -> None:
        """Let the folder hold these files; those that are so already are not touched."""
        while batch := list(islice(files, _BATCH)):
            for file, work, data, former in self._noted(batch):
                if work == "foreign":
                    written.foreign.append(file.path)
                    continue
                written.counts[work] += 1
                if work == "moved":
                    self._move(file)
                if work != "unchanged" and former != _hash(data):
                    self._write(file.path, data)

    def remove_others(self, written: Written) -> None:
        """Remove those of our files that this export did not put and that are as we wrote them; forget the others."""
        for path, *hashes in self._db.execute("select path, hash, former from files where run < ?", [self._run]):
            present = self._read(path)
            if present is not None and (_hash(present) in hashes or not present):
                (self._folder / path).unlink()
                written.counts["removed"] += 1
        with self._db.atomic():
            self._db.execute("delete from files where run < ?", [self._run])

    def _noted(self, batch: Sequence[File]) -> list[tuple[File, str, bytes, str | None]]:
        """What is to be done for each, noted in the manifest."""
        done = [self._judge(file) for file in batch]
        with self._db.atomic():
            for file, work, data, former in done:
                row = {"path": file.path, "hash": _hash(data), "former": former, "run": self._run}
                if work != "foreign":
                    self._db.execute(_UPSERT, row)
                else:
                    self._db.execute("update files set run = ? where path = ?", [self._run, file.path])
        return done

    def _judge(self, file: File) -> tuple[File, str, bytes, str | None]:
        data, present = file.text.encode(), self._read(file.path)
        if present is not None:
            former = _hash(present)
            if present == data:
                return file, "unchanged", data, former
            return file, "changed" if self._is_ours(file.path, present) else "foreign", data, former
        moved = self._read(file.before) if file.before else None
        if moved is not None and self._is_ours(file.before, moved):
            return file, "moved", data, _hash(moved)
        return file, "new", data, None

    def _is_ours(self, path: str, present: bytes) -> bool:
        """Whether the file is what we wrote; an empty one is what a power cut left of it."""
        row = self._db.execute("select hash, former from files where path = ?", [path]).fetchone()
        return row is not None and (_hash(present) in row or not present)

    def _read(self, path: str) -> bytes | None:
        """None where nothing stands; what is no file is foreign."""
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            return None
        except (IsADirectoryError, NotADirectoryError):
            return b"\0"

    def _move(self, file: File) -> None:
        target = self._folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self._folder / file.before, target)

    def _write(self, path: str, data: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        try:
            fresh.write_bytes(data)
            os.replace(fresh, target)
        except BaseException:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()
