"""`newscrawl restore`: put a backup in the place of the database."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import click

from newscrawl.cli.archives import Reading, archive_folder
from newscrawl.cli.common import db_option, fail, jobs_option
from newscrawl.cli.remaking import Remaking
from newscrawl.errors import StorageError, UsageError
from newscrawl.outcomes import RunResult
from newscrawl.storage.archive_files import own_files
from newscrawl.storage.copies import copy_database, made_whole, set_aside
from newscrawl.storage.database import is_sqlite, make_folder, open_database, open_readonly, refuse_foreign
from newscrawl.storage.journal import last_record
from newscrawl.storage.lock import SourceLock, locked_sources
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.trails import Trail


@click.command()
@click.argument("backup", type=click.Path(path_type=Path), metavar="BACKUP")
@click.option("--as-it-is", is_flag=True, help="Only the backup: nothing of what the archive tells of later.")
@jobs_option
@db_option
def restore(backup: Path, as_it_is: bool, jobs: int, db: Path) -> None:
    """Put a backup in the place of the database, damaged or not, and bring it up to what the archive tells.

    The backup is copied, and checked from its first page to its last, before anything is touched. What stood there is
    kept beside it, under its name with .before-TIME (UTC). Refused while a run on this database is under way.

    \b
    newscrawl restore /mnt/backup/newscrawl-20261122T030000Z.db
    """
    archives = [] if as_it_is else own_files(archive_folder(db))
    restored = restore_database(backup, db, archives, jobs)
    result = restored.result
    click.echo(
        f"restore: {db} holds {result.counts['new']} articles: {restored.copied} of {backup},"
        f" {result.counts['new'] - restored.copied} of the archive"
    )
    if restored.kept:
        click.echo(f"what stood there is kept as {restored.kept}")
    if result.advice:
        fail(result.advice, result.exit_status)


@dataclass(frozen=True, slots=True)
class Restored:
    """What has come of a restore."""

    kept: Path | None
    """What stood in the database's place."""
    copied: int
    """Articles of the backup."""
    result: RunResult


def restore_database(backup: Path, database: Path, archives: Sequence[Path] = (), jobs: int = 1) -> Restored:
    """Puts a copy of `backup` at `database`, with what these archives tell of the time after it.

    UsageError for a backup that is none of ours, and where another program's database would have to give way;
    LockedError while a run is under way; StorageError when the backup is damaged. Nothing has changed then.
    """
    open_readonly(backup, older=True).close()
    if database.exists():
        _check_replaceable(backup, database)
    make_folder(database.parent)
    with _nobody_runs(database), made_whole(database) as half:
        copied = copy_database(backup, half)
        result = _bring_up_to_date(half, archives, jobs)
        kept = set_aside(database, f"{database.name}.before-{now_utc():%Y%m%dT%H%M%S%fZ}")
    return Restored(kept, copied, result)


def _bring_up_to_date(database: Path, archives: Sequence[Path], jobs: int) -> RunResult:
    """Writes what a database's own journal tells of the time after its last record."""
    reading = Reading()
    with reading.catalogue(archives) as catalogue, closing(open_database(database)) as db:
        maker, last, gaps = Remaking(db, catalogue, reading, Trail("")), last_record(db), 0
        end = catalogue.history.end_after(last) if last else None
        if end:
            count, gaps = catalogue.history.follow(end.id, until=last)
            maker.fits(lambda: catalogue.history.batches(after=last))
            maker.run(count, jobs)
            maker.end(end.id)
        return maker.result(gaps, "restore")


def _check_replaceable(backup: Path, database: Path) -> None:
    """A damaged file may give way, whatever it looks like: it is kept."""
    if backup.exists() and backup.samefile(database):
        raise UsageError(f"{backup} is the database itself")
    with suppress(StorageError):
        if is_sqlite(database):
            refuse_foreign(database)


@contextmanager
def _nobody_runs(database: Path) -> Iterator[None]:
    """Keeps out every source that ever ran on this database, until the block is done."""
    with ExitStack() as locks:
        for source in {"restore", *locked_sources(database)}:
            locks.enter_context(SourceLock(database, source))
        yield
