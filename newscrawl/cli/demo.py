"""`newscrawl demo`: the whole of it, on the bundled sample site."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from newscrawl.cli.common import table
from newscrawl.config import Config
from newscrawl.demo import NOW, SampleSite
from newscrawl.demo.posts import write_posts
from newscrawl.errors import StorageError
from newscrawl.outcomes import EXIT_STATUS
from newscrawl.storage.database import open_database
from newscrawl.storage.timetext import now_utc

if TYPE_CHECKING:
    from newscrawl.outcomes import RunResult

_COLUMNS = ("found", "new", "changed", "unchanged", "duplicate", "failed", "skipped")
QUERIES = {
    "the newest stories": "select published_at, source, headline from articles order by published_ts desc limit 5",
    "the securities that most stories name": (
        "select code, market, name, count(*) as stories from stocks group by code, market order by stories desc, code"
        " limit 5"
    ),
    "stories that more than one source carries": (
        "select headline, group_concat(distinct s.source) as sources from sightings s"
        " join articles a on a.id = s.article_id group by a.id having count(distinct s.source) > 1 limit 5"
    ),
}


@click.command()
@click.option("--db", type=click.Path(path_type=Path), default=Path("data/demo.db"), show_default=True, metavar="FILE")
@click.option("--sample", type=click.Path(path_type=Path), metavar="FILE", help="Make the small sample database here.")
@click.option("--stories", type=click.IntRange(1, 100_000), default=60, show_default=True, metavar="N")
def demo(db: Path, sample: Path | None, stories: int) -> None:
    """Crawl the bundled sample site twice and look at the result.

    A small site with invented stories is started on this machine. Every source is crawled from it over HTTP, a folder
    of posts is imported, and then all of it once more, to show that nothing is new. The database is made anew.

    \b
    newscrawl demo
    newscrawl demo --stories 1000 --db /tmp/demo.db
    newscrawl demo --sample data/sample.db     the same database every time
    """
    target = sample or db
    if target.exists():
        open_database(target).close()  # a file that is not ours is not replaced
    with SampleSite(stories=stories) as site, TemporaryDirectory(prefix="newscrawl-demo-") as folder:
        click.echo(f"Sample site with {stories} stories at {site.base_url}")
        fixed = NOW if sample else None
        show = _Show(site, Path(folder), fixed)
        show.crawl_twice()
        _keep(show.database, target, fixed)
    _say_what_to_try(target)
    raise click.exceptions.Exit(show.exit_status)


class _Show:
    """Two rounds over every source, then the posts."""

    def __init__(self, site: SampleSite, folder: Path, fixed: datetime | None) -> None:
        self.database = folder / "news.db"
        self.exit_status = 0
        self._site, self._folder = site, folder / "posts"
        self._refused = len(write_posts(self._folder, site.truth).refused)
        self._clock: Callable[[], datetime] = (lambda: fixed) if fixed else now_utc
        self._settings: dict[str, Any] = {
            "NEWSCRAWL_DB": str(self.database),
            "NEWSCRAWL_PROGRESS": True,
            "NEWSCRAWL_NOW": fixed.isoformat() if fixed else "",
            "DOWNLOAD_DELAY": 0,
            "LOG_ENABLED": False,
        }
        self._round: list[RunResult] = []
        self._rounds = 0

    def crawl_twice(self) -> None:
        """Both rounds, each with its table; `exit_status` tells whether everything came out as it must."""
        from newscrawl.cli.runner import Job, run_sources  # noqa: PLC0415
        from newscrawl.registry import written  # noqa: PLC0415

        jobs = [Job(source, {"base_url": self._site.base_url}) for source in written()]
        run_sources(jobs * 2, config=Config(), overrides=self._settings, tell=self._tell(len(jobs)))
        if self._rounds < 2:
            self.exit_status = EXIT_STATUS["interrupted"]

    def _tell(self, sources: int) -> Callable[["RunResult"], None]:
        from newscrawl.cli.import_ import import_posts  # noqa: PLC0415

        def tell(result: "RunResult") -> None:
            self._round.append(result)
            if len(self._round) == sources:
                self._round.append(import_posts(self._folder, self.database, clock=self._clock))
                self._end_round()

        return tell

    def _end_round(self) -> None:
        again = self._rounds > 0
        click.echo("\nSecond crawl\n" if again else "\nFirst crawl\n")
        click.echo(results_table(self._round))
        click.echo("\n" + "\n".join(self._judge(again)))
        self._rounds += 1
        self._round.clear()

    def _judge(self, again: bool) -> Iterator[str]:
        """What to make of the table; notes in `exit_status` what is not as it must be."""
        stored = sum(result.counts.get(name, 0) for result in self._round for name in ("new", "changed", "duplicate"))
        if again:
            yield "Nothing is new." if not stored else "Something is new, which must not be."
            self.exit_status = max(self.exit_status, EXIT_STATUS["partial"] if stored else 0)
        for result in self._round:
            failed = result.counts.get("failed", 0)
            if result.source == "finews" and failed == self._refused:
                yield f"finews: {failed} post without a title is refused, as it must be."
            elif result.exit_status:
                yield f"{result.source}: {result.advice}"
                self.exit_status = max(self.exit_status, result.exit_status)


def results_table(results: Sequence["RunResult"]) -> str:
    """One line for each source."""
    rows = [[each.source, *(each.counts.get(name, 0) for name in _COLUMNS), each.outcome] for each in results]
    return table(("source", *_COLUMNS, "outcome"), rows)


def _keep(made: Path, target: Path, fixed: datetime | None) -> None:
    """The database as one compact file at its place."""
    fresh = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("delete from journal")  # its archive is gone with the folder
            if fixed:
                connection.execute("update _sqlite_migrations set applied_at = ?", [fixed.isoformat()])
            connection.commit()
            connection.execute("vacuum into ?", [str(fresh)])
        os.replace(fresh, target)
        for rest in ("-wal", "-shm"):
            target.with_name(target.name + rest).unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{target} cannot be written: {error}") from error


def _say_what_to_try(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        (articles,) = connection.execute("select count(*) from articles").fetchone()
    click.echo(f"\n{articles} articles in {database}. To try:\n")
    for what, sql in QUERIES.items():
        click.echo(f'# {what}\n{_beside_python("sqlite-utils")} query {database} --table "{sql}"\n')
    click.echo(f"# all of it in the browser\n{_beside_python('newscrawl')} serve --db {database} --open\n")


def _beside_python(command: str) -> str:
    """The command as it can be typed here: it is installed beside Python, which need not be on the PATH."""
    return command if shutil.which(command) else os.path.relpath(Path(sys.executable).with_name(command))
