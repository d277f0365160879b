"""`newscrawl backup`: a whole copy of the database, while crawls go on."""

import re
from pathlib import Path

import click

from newscrawl.cli.common import db_option
from newscrawl.errors import UsageError
from newscrawl.storage.copies import copy_database, made_whole
from newscrawl.storage.database import open_readonly, refuse_foreign
from newscrawl.storage.lock import SourceLock
from newscrawl.storage.timetext import now_utc

_MIB = 1024 * 1024


@click.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="FOLDER|FILE")
@click.option("--keep", type=click.IntRange(1), metavar="N", help="In a folder: keep the newest N, remove the others.")
@click.option("--replace", is_flag=True, help="Put the copy in place of an older one with the name FILE.")
@click.option("-q", "quiet", is_flag=True, help="Say nothing when all went well.")
@db_option
def backup(path: Path, keep: int | None, replace: bool, quiet: bool, db: Path) -> None:
    """Copy the database whole, checked from its first page to its last; crawls may go on meanwhile.

    In a folder each copy has its time (UTC) in its name. A copy is at its place once it is whole and on the disk, or
    not at all: a damaged database never takes the place of a good copy. The archive is not in it: its files are only
    ever added to, so rsync or cp will do.

    \b
    newscrawl backup /mnt/backup --keep 14
    newscrawl backup copy.db --replace
    """
    open_readonly(db, older=True).close()  # what cannot be read leaves no lock file
    with SourceLock(db, "backup"):
        copy, articles = back_up(db, path, keep=keep, replace=replace)
    if not quiet:
        click.echo(f"backup: {copy} ({articles} articles, {copy.stat().st_size / _MIB:.1f} MiB)")


def back_up(database: Path, path: Path, *, keep: int | None = None, replace: bool = False) -> tuple[Path, int]:
    """Copies a database into a folder or to a file; where the copy is, and how many articles it holds.

    UsageError for a database that is none of ours, for a file that is there already (unless `replace`) or may not be
    replaced. StorageError when the database is damaged or the copy cannot be written.
    """
    if path.is_dir():
        target, half = path / f"{database.stem}-{now_utc():%Y%m%dT%H%M%SZ}.db", path / f".{database.stem}.half"
    elif keep is not None:
        raise UsageError(f"{path} is no folder; --keep goes with one")
    else:
        target, half = path, path.with_name(f".{path.name}.half")
    _check_target(database, target, replace or path.is_dir())
    with made_whole(target, half):
        articles = copy_database(database, half)
    if keep is not None:
        _prune(target, database.stem, keep)
    return target, articles


def _check_target(database: Path, target: Path, replace: bool) -> None:
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}")
    if not target.exists():
        return
    if database.exists() and target.samefile(database):
        raise UsageError(f"{target} is the database itself")
    if not replace:
        raise UsageError(f"{target} is there already; --replace puts the copy in its place")
    refuse_foreign(target)


def _prune(newest: Path, stem: str, keep: int) -> None:
    """Removes all but the last of the copies that this command made in a folder; never the one just made."""
    name = re.compile(rf"{re.escape(stem)}-\d{{8}}T\d{{6}}Z\.db")
    others = sorted(path for path in newest.parent.iterdir() if name.fullmatch(path.name) and path != newest)
    for path in others[: max(len(others) - (keep - 1), 0)]:
        path.unlink()
