"""One run at a time for each source and database."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from newscrawl.errors import LockedError, StorageError

_PAUSES = (0.05, 0.05, 0.0)
"""Seconds behind each try: somebody who asks whether a run is under way (is_running) holds the lock for a moment."""


class SourceLock:
    """Holds `<db>.<source>.lock` while the block runs; LockedError at once when another process holds it.

    The kernel drops the lock with the process, so a crash leaves nothing to clean up; the empty file stays, since
    removing it would let two processes hold "the" lock on two files of one name.
    """

    def __init__(self, database: Path, source: str) -> None:
        self.path = database.with_name(f"{database.name}.{source}.lock")
        self._source = source
        self._file: int | None = None

    def __enter__(self) -> Self:
        self._file = self._open()
        for pause in _PAUSES:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(pause)
            else:
                return self
        self._close()
        raise LockedError(f"another run of {self._source} on this database is under way")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StorageError(f"cannot open the lock file {self.path}: {error.strerror}") from error

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def locked_sources(database: Path) -> list[str]:
    """What has ever held a lock on this database: sources, and commands that take one."""
    before, after = f"{database.name}.", ".lock"
    names = sorted(path.name for path in database.parent.glob(f"*{after}") if path.name.startswith(before))
    return [name.removeprefix(before).removesuffix(after) for name in names]


def is_running(database: Path, source: str) -> bool:
    """Whether a run of this source holds the lock now. Creates nothing; two that ask at once do not see each other."""
    try:
        file = os.open(SourceLock(database, source).path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # never run, or another user's file: then nobody can tell
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
