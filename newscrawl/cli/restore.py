"""`newscrawl restore`: put a backup in the place of the database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import click

from newscrawl.cli.archives import archive_folder
from newscrawl.cli.common import db_option
from newscrawl.errors import StorageError, UsageError
from newscrawl.storage.copies import copy_database, made_whole, set_aside
from newscrawl.storage.database import is_sqlite, make_folder, open_readonly, refuse_foreign
from newscrawl.storage.lock import SourceLock, locked_sources
from newscrawl.storage.timetext import now_utc


@click.command()
@click.argument("backup", type=click.Path(path_type=Path), metavar="BACKUP")
@db_option
def restore(backup: Path, db: Path) -> None:
    """Put a backup in the place of the database, damaged or not.

    The backup is copied, and checked from its first page to its last, before anything is touched. What stood there is
    kept beside it, under its name with .before-TIME (UTC). Refused while a run on this database is under way.

    \b
    newscrawl restore /mnt/backup/newscrawl-20261122T030000Z.db
    """
    kept, articles = restore_database(backup, db)
    click.echo(f"restore: {db} holds the {articles} articles of {backup}")
    if kept:
        click.echo(f"what stood there is kept as {kept}")
    click.echo(f"what came since: `newscrawl replay {archive_folder(db)}`, then `newscrawl crawl --all`")


def restore_database(backup: Path, database: Path) -> tuple[Path | None, int]:
    """Puts a copy of `backup` at `database`; where what stood there is now, and how many articles the copy holds.

    UsageError for a backup that is none of ours, and where another program's database would have to give way;
    LockedError while a run is under way; StorageError when the backup is damaged. Nothing has changed then.
    """
    open_readonly(backup, older=True).close()
    if database.exists():
        _check_replaceable(backup, database)
    make_folder(database.parent)
    with _nobody_runs(database), made_whole(database) as half:
        articles = copy_database(backup, half)
        kept = set_aside(database, f"{database.name}.before-{now_utc():%Y%m%dT%H%M%SZ}")
    return kept, articles


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
