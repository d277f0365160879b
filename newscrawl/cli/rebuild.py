"""`newscrawl rebuild`: make the database anew from the archive."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from newscrawl.cli.archives import Reading, archive_folder
from newscrawl.cli.common import db_option, jobs_option, json_option
from newscrawl.cli.remaking import SOURCE, Remaking
from newscrawl.cli.way_of_reading import way_of_reading
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.outcomes import RunResult
from newscrawl.storage.archive_catalogue import Catalogue
from newscrawl.storage.copies import made_whole, remove_database
from newscrawl.storage.database import open_database
from newscrawl.storage.history import End, History
from newscrawl.storage.trails import trail_of

_SHORT = 12


@click.command()
@click.argument("archives", nargs=-1, type=click.Path(path_type=Path), metavar="[WARC|FOLDER]...")
@click.option("--into", required=True, type=click.Path(path_type=Path), metavar="NEW.db", help="The file to make.")
@click.option("--history", metavar="ID", help="Which database, where several wrote into the archive.")
@jobs_option
@db_option
@json_option
def rebuild(  # noqa: PLR0917
    archives: tuple[Path, ...], into: Path, history: str | None, jobs: int, db: Path, as_json: bool
) -> None:
    """Make the database anew from the archive: the same articles under the same ids, as today's newscrawl reads them.

    Crawls, imports and replays tell in the archive what they stored and when. Without names the archive of --db is
    read. Its file need not be there; --into must not be. After Ctrl-C the same command goes on where it was.

    \b
    newscrawl rebuild --into data/new.db
    newscrawl rebuild --into data/new.db /mnt/backup/warc
    """
    from newscrawl.cli.crawl import say  # noqa: PLC0415 - after the arguments are known to be right

    result = rebuild_database(into, archives or (archive_folder(db),), history, jobs)
    say(result, as_json=as_json)
    raise click.exceptions.Exit(result.exit_status)


def rebuild_database(into: Path, paths: Sequence[Path], history: str | None = None, jobs: int = 1) -> RunResult:
    """Make `into` from what these archives tell of the database with the record `history` (the beginning of its id).

    UsageError when `into` is there already, for what is no archive, for archives without a journal, and when it is not
    clear of which database they tell: nothing is written then. One that was killed or interrupted is gone on with.
    """
    for path in (into, into.with_name(f"{into.name}-wal")):  # SQLite would take the one for part of the other
        if path.exists():
            raise UsageError(f"{path} is there already: rebuild makes a new file")
    reading = Reading()
    with reading.catalogue(paths) as catalogue:
        last = _chosen(catalogue.history, history)
        count, gaps = catalogue.history.follow(last)
        with made_whole(into, go_on=True) as half:
            making = _Making(catalogue, reading, last, count, gaps, jobs)
            if result := making.into(half):
                return result
            remove_database(half)
            result = making.into(half)
            assert result is not None
            return result


@dataclass(frozen=True)
class _Making:
    """What is to be made, of what."""

    catalogue: Catalogue
    reading: Reading
    last: str
    count: int
    gaps: int
    jobs: int

    def into(self, half: Path) -> RunResult | None:
        """Makes it, or goes on with what is there; None where that is something else."""
        was_there = half.exists()
        try:
            db = open_database(half)
        except NewscrawlError:
            if not was_there:
                raise
            return None
        with closing(db):
            trail = trail_of(db, SOURCE, way_of_reading())
            maker = Remaking(db, self.catalogue, self.reading, trail)
            is_begun = bool(db.table("runs").count)
            if not maker.fits(self.catalogue.history.batches) or is_begun != bool(trail.taken):
                return None
            maker.run(self.count, self.jobs)
            maker.end(self.last)
            return maker.result(self.gaps)


def _chosen(history: History, id: str | None) -> str:
    """The last record of the database to make."""
    if id is not None:
        found = history.find(id)
        if len(found) != 1:
            raise UsageError(f"{len(found)} records of the journal begin with {id!r}")
        return found[0]
    ends = history.ends()
    if not ends:
        raise UsageError(
            "these archives have no journal of what was stored; `newscrawl replay` reads them all the same"
        )
    if len(ends) > 1:
        told = ", ".join(map(_told, ends))
        raise UsageError(f"{len(ends)} databases wrote into these archives; say --history with one of {told}")
    return ends[0].id


def _told(end: End) -> str:
    digest = end.id.rpartition(":")[2]
    return f"{digest[:_SHORT]} (last on {end.at:%Y-%m-%d %H:%M} UTC)"
