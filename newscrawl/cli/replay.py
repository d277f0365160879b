"""`newscrawl replay`: read again what was fetched, with no request made."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click

from newscrawl import __version__
from newscrawl.cli.archives import Reading, open_archive
from newscrawl.cli.common import db_option, given, jobs_option, json_option
from newscrawl.cli.endings import written_down
from newscrawl.cli.readers import Readers
from newscrawl.cli.rereading import Rereading
from newscrawl.cli.stopping import STOPPED, stoppable
from newscrawl.cli.story_reads import reader, reader_beside
from newscrawl.cli.way_of_reading import way_of_reading
from newscrawl.errors import UsageError
from newscrawl.outcomes import RunResult
from newscrawl.spiders.arguments import CrawlArguments
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.lock import SourceLock
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.trails import TrailLedger, followed, trail_of

SOURCE = "replay"
"""What the row of such a run names as its source."""


@click.command()
@click.argument("archives", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="WARC|FOLDER...")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="Only this source; may be given repeatedly.")
@click.option("--since", metavar="DATE", help="Only what was fetched on this day or moment (Beijing time), or later.")
@click.option("--until", metavar="DATE", help="Only what was fetched until then.")
@jobs_option
@db_option
@json_option
def replay(  # noqa: PLR0917
    archives: tuple[Path, ...],
    sources: tuple[str, ...],
    since: str | None,
    until: str | None,
    jobs: int,
    db: Path,
    as_json: bool,
) -> None:
    """Read archived answers again, as today's newscrawl reads them. No request is made.

    Stories that are read differently now are stored so, as a change of our reading and not of the publisher's; pages
    that could not be read before and can be now are stored and their failures forgotten. Nothing older than what is
    stored takes its place. WARC files of other crawlers are read too: pages of news in them are stored under the name
    of their host.

    \b
    newscrawl replay data/warc
    newscrawl replay data/warc --source cls_depth --since 2026-11-01
    newscrawl replay CC-NEWS-20261120214600-01234.warc.gz
    """
    from newscrawl.cli.crawl import say  # noqa: PLC0415 - after the arguments are known to be right

    times = CrawlArguments.read(**given(since=since, until=until))
    result = replay_archives(archives, db, sources=sources, since=times.since, until=times.until, jobs=jobs)
    say(result, as_json=as_json)
    raise click.exceptions.Exit(result.exit_status)


def replay_archives(
    paths: Sequence[Path],
    database: Path,
    *,
    sources: Sequence[str] = (),
    since: int | None = None,
    until: int | None = None,
    jobs: int = 1,
    clock: Callable[[], datetime] = now_utc,
) -> RunResult:
    """Read what stands in these archives, in order of time, as one run; `since` and `until` are unix seconds.

    `jobs` processes read, where there is much to read (see cli.readers); one writes, so that the database is the same.
    One that was interrupted or killed is gone on with (see storage.trails).

    UsageError for what is no archive and for a source that is in none of them: nothing is written then. StorageError,
    and LockedError while another replay is under way.
    """
    reading = Reading()
    with ExitStack() as resources:
        catalogue = resources.enter_context(reading.catalogue(paths))
        _check_sources(sources, catalogue.sources())
        db = open_database(database)
        resources.callback(db.close)
        resources.enter_context(SourceLock(database, SOURCE))
        archive = open_archive(database)
        resources.callback(archive.close)
        asked = {"sources": sources, "since": since, "until": until}
        before = trail_of(db, SOURCE, way_of_reading(**asked))
        trail, places = followed(before, lambda: catalogue.places(**asked), lambda place: place.identity)
        resources.callback(places.close)
        ledger = TrailLedger(db, SOURCE, trail, version=__version__, clock=clock, archive=archive, replayed=True)
        run = Rereading(ledger, db, reading, trail)
        readers = Readers(jobs, reader(ArticleStore(db).read_at), reader_beside, database, tell=reading.warn)
        with stoppable() as is_stopped, written_down(ledger), readers:
            stories = readers.each((place, place.answers) for place in places)
            for place, story in reading.each(stories, catalogue.count(**asked) - trail.taken):
                run.take(place, story)
                if is_stopped():
                    break
            return run.finish(SOURCE, STOPPED if is_stopped() else None)


def _check_sources(asked: Sequence[str], there: Sequence[str]) -> None:
    for source in asked:
        if source not in there:
            raise UsageError(f"nothing in these archives is of the source {source!r}; there are {_several(there)}")


def _several(names: Sequence[str]) -> str:
    told = ", ".join(names[:10]) or "none"
    return f"{told} and {len(names) - 10} more" if len(names) > 10 else told
