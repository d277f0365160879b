"""What the commands share that read archives: where the operator's own is, what cannot be read, and a bar."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import click

from newscrawl import __version__
from newscrawl.cli.common import one_line
from newscrawl.config import MIB, load_config
from newscrawl.outcomes import Problem
from newscrawl.storage.archive import Archive
from newscrawl.storage.archive_catalogue import Catalogue
from newscrawl.storage.archive_files import archive_files
from newscrawl.storage.archive_records import ArchiveProblem

T = TypeVar("T")
_MOST_TOLD = 10


def archive_folder(database: Path) -> Path:
    """The folder that newscrawl.toml names, `warc/` beside the database by default."""
    return load_config().archive.beside(database)


def open_archive(database: Path) -> Archive:
    """The archive that runs on this database write to."""
    config = load_config().archive
    return Archive(
        archive_folder(database),
        max_file_bytes=config.max_file_mb * MIB,
        max_total_bytes=config.max_total_mb * MIB,
        software=f"newscrawl/{__version__}",
    )


class Reading:
    """One command's way through some archives. On a terminal a bar tells how far it is."""

    def __init__(self) -> None:
        self.damaged = 0
        """Records that cannot be read."""
        self.cut = 0
        """Files that end within a record, as killed crawls leave them."""

    def catalogue(self, paths: Sequence[Path]) -> Catalogue:
        """What stands in these archives. Raises as Catalogue."""
        size = sum(path.stat().st_size for path in archive_files(paths))
        with _bar("looking through the archives", size) as bar:
            return Catalogue(paths, self.tell, bar.update if bar else None)

    def each(self, things: Iterable[T], count: int) -> Iterator[T]:
        """The same things, one after another."""
        with _bar("reading", count) as bar:
            for thing in things:
                yield thing
                if bar:
                    bar.update(1)

    def tell(self, problem: ArchiveProblem) -> None:
        """Says what cannot be read: the first few, and counts all."""
        self.cut += problem.cut
        self.damaged += not problem.cut
        if self.damaged + self.cut <= _MOST_TOLD:
            self.warn(f"{problem.path} at byte {problem.offset}: {problem.reason} {problem.url}")

    @staticmethod
    def warn(sentence: str) -> None:
        """Says it in a line of its own, whatever the bar has written."""
        clear = "\r\x1b[K" if sys.stderr.isatty() else ""
        click.echo(clear + one_line(f"newscrawl: {sentence}"), err=True)

    @property
    def problems(self) -> list[Problem]:
        """What is a fault, for the run's outcome."""
        told = f"{_many(self.damaged, 'record')} of the archive cannot be read"
        return (
            [Problem("partial", told, "restore that file from a backup and read it once more")] if self.damaged else []
        )

    @property
    def notes(self) -> list[str]:
        """What is worth a word and no fault."""
        return [f"{_many(self.cut, 'file')} of the archive cut short"] if self.cut else []


def _many(count: int, name: str) -> str:
    return f"{count} {name}" + ("s" if count != 1 else "")


def _bar(label: str, length: int) -> AbstractContextManager[Any]:
    """click's bar on stderr; None where that is no terminal."""
    if not sys.stderr.isatty():
        return nullcontext()
    return click.progressbar(length=length, label=label, file=sys.stderr)
