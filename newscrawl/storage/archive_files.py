"""The files of an archive's folder: their names, which are in use, which go first, and appending to one."""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from newscrawl.errors import StorageError, UsageError
from newscrawl.storage.archive_index import DigestIndex
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.transactions import room_left

PREFIX = "newscrawl-"
SUFFIX = ".warc.gz"


def own_files(folder: Path) -> list[Path]:
    """The archive files that newscrawl wrote into a folder, oldest first (their names begin with their time)."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}"))


def archive_files(paths: Iterable[Path]) -> list[Path]:
    """The files that these paths mean, each once. UsageError for a path where there is none."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(
                file for file in path.iterdir() if file.name.endswith((".warc", ".warc.gz")) and file.is_file()
            )
            if not inside:
                raise UsageError(f"there are no WARC files in {path}")
            files |= dict.fromkeys(inside)
        elif path.is_file():
            files[path] = None
        else:
            raise UsageError(f"there is no archive at {path}")
    return list(files)


def prune(folder: Path, max_total_bytes: int) -> list[Path]:
    """Removes the oldest files until the rest is no larger than the limit; tells which are gone.

    A file that some process is writing to stays. Files that are not newscrawl's are not counted and not touched.
    StorageError when the folder cannot be read or a file not be removed.
    """
    with as_storage_error(folder):
        files = [(path, path.stat().st_size) for path in own_files(folder)]
        excess = sum(size for _, size in files) - max_total_bytes
        removed = []
        for path, size in files:
            if excess <= 0:
                break
            if _remove_unused(path):
                removed.append(path)
                excess -= size
        if removed:
            with DigestIndex(folder) as index:
                index.forget(path.name for path in removed)
    return removed


@contextmanager
def as_storage_error(folder: Path) -> Iterator[None]:
    """Turns what the operating system or SQLite refuses within the block into StorageError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"the archive in {folder} cannot be used: {error}{room_left(folder)}") from error


class OpenFile:
    """An archive file that this process alone appends to. What the operating system refuses is OSError."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.name = path.name
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    @classmethod
    def begin(cls, folder: Path) -> "OpenFile":
        """A new file of an unused name."""
        names = _names(folder, now_utc())
        while True:
            path = next(names)
            with suppress(FileExistsError):
                descriptor = _open_locked(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL)
                if descriptor is not None:
                    sync_folder(folder)
                    return cls(path, descriptor)

    @classmethod
    def resume(cls, folder: Path, whole: Mapping[str, int], max_bytes: int) -> "OpenFile | None":
        """The youngest file that is free, has room, and is exactly as long as its last writer noted; None for none.

        A file that a killed process left longer may end within a record: nothing may be appended to it.
        """
        for path in reversed(own_files(folder)):
            size = whole.get(path.name)
            if size is None or size >= max_bytes:
                continue
            descriptor = _open_locked(path, os.O_WRONLY | os.O_APPEND)
            if descriptor is None:
                continue
            file = cls(path, descriptor)
            if file.size == size:
                return file
            file.close()
        return None

    def append(self, record: bytes) -> None:
        """Adds a record, whole or (OSError) not at all; a file that was removed meanwhile takes none."""
        if not os.fstat(self._descriptor).st_nlink:
            raise FileNotFoundError(f"{self.name} was removed while it was in use")
        rest = memoryview(record)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            os.ftruncate(self._descriptor, self.size)
            raise
        self.size += len(record)

    def sync(self) -> None:
        """Returns once all that was added is on the disk."""
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Gives the file free."""
        os.close(self._descriptor)


def sync_folder(folder: Path) -> None:
    """Returns once the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _names(folder: Path, now: datetime) -> Iterator[Path]:
    """Names for a file begun now, in UTC, until one is free."""
    number = 0
    while True:
        yield folder / f"{PREFIX}{now:%Y%m%dT%H%M%S%fZ}-{os.getpid()}-{number}{SUFFIX}"
        number += 1


def _open_locked(path: Path, flags: int) -> int | None:
    """A descriptor that holds the file's lock until it is closed; None when another holds it or removed the file."""
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o644)
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:
            return descriptor
    os.close(descriptor)
    return None


def _remove_unused(path: Path) -> bool:
    descriptor = _open_locked(path, os.O_RDONLY)
    if descriptor is None:
        return False
    try:
        path.unlink()
    finally:
        os.close(descriptor)
    return True
