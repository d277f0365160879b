"""What the tests of crashes share: commands run here, a small disk, a database full of things, files as they are."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from tests.storage.conftest import make_article


@dataclass
class Ended:
    status: int
    stdout: str
    stderr: str


def newscrawl(*arguments):
    """A command that needs no reactor, in this process."""
    ended = CliRunner().invoke(main, list(map(str, arguments)))
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


def files(folder, pattern="*"):
    """Every file of a folder, byte for byte."""
    return {path.name: path.read_bytes() for path in folder.glob(pattern) if path.is_file()}


def store(path, numbers, *, source="cls_telegraph", archive=None):
    """A run that stores articles of our own invention."""
    ledger = Ledger(open_database(path), source, version="0", archive=archive)
    for number in numbers:
        ledger.add(make_article(number))
    ledger.finish("ok", 0)
    ledger.close()


def integrity(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        lost = connection.execute("PRAGMA foreign_key_check").fetchall()
        return lost or connection.execute("PRAGMA integrity_check").fetchone()[0]


def count(path, table="articles"):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]


def in_child(work, *arguments):
    """What became of a call in a process of its own: its exit status, or minus the signal that killed it."""
    child = os.fork()
    if not child:
        status = 70
        try:
            status = work(*arguments) or 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class SmallDisk:
    """A file system in memory with room for so many KiB, at a folder."""

    def __init__(self, folder, kib, **options):
        self.folder = folder
        told = ",".join([f"size={kib}k", *(f"{name}={value}" for name, value in options.items())])
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", told, "none", str(folder)]
        if os.geteuid() or not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("only root can make a small file system")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    @contextlib.contextmanager
    def filled_but_for(self, kib):
        """No more than this is free within the block."""
        ballast = self.folder / "ballast"
        free = os.statvfs(self.folder)
        ballast.write_bytes(bytes(max(free.f_bavail * free.f_frsize - kib * 1024, 0)))
        yield
        ballast.unlink()

    def remount(self, option):
        subprocess.run(["mount", "-o", f"remount,{option}", self.folder], check=True)


def overwrite(path: Path, start: int, length: int, byte: bytes = b"\xff") -> None:
    """Damages a file in place."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(byte * length)


def pages_of(path, name):
    """The numbers of the pages that hold a table or an index, from 1."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [page for (page,) in connection.execute("select pageno from dbstat where name = ? order by 1", [name])]


def damage_page(path, name, which=-1):
    """Overwrites one page of a table or an index."""
    overwrite(path, (pages_of(path, name)[which] - 1) * 4096, 4096)
