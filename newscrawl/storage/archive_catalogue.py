"""What stands where in some archives, in order of time: read once from end to end, then each record by its place."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from newscrawl.errors import StorageError
from newscrawl.storage.archive_files import archive_files
from newscrawl.storage.archive_places import AnswerPlace, StoryPlace, answers_at
from newscrawl.storage.archive_reading import ArchivedAnswer, context_of, is_own, log_problem, moment_of
from newscrawl.storage.archive_records import ArchiveProblem, Place, Record, digest_of, records_of
from newscrawl.storage.history import History

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEMA = """
    create table answers (at int, file int, offset int, kind, source, role, url, digest, story, part int);
    create table bytes (digest primary key, file int, offset int) without rowid;
"""
_INDEXES = """
    create index answers_by_time on answers (at, file, offset);
    create index answers_by_story on answers (source, story, at) where part > 1;
"""
_COLUMNS = "at, file, offset, kind, source, role, url, digest, story, part"
_STORIES = f"""
    select {_COLUMNS} from answers
    where role in ('page', 'listing') and part = 1 and at >= :since and at < :until
    and (:all or source in (select value from json_each(:sources)))
    order by at, file, offset
"""
# The further parts of a story that were fetched with its first one, not with a later one.
_PARTS = f"""
    select {_COLUMNS} from answers a
    where source = :source and story = :story and part > 1 and at >= :at and at < coalesce((
        select min(at) from answers where at > :at and source = :source and url = :story and part = 1), :never)
    order by part, at
"""
_NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Row:
    """A record of the catalogue."""

    at: int
    """When its answer came, in microseconds of unix time."""
    file: int
    offset: int
    kind: str
    source: str
    """The host without www. in a foreign archive."""
    role: str
    url: str
    digest: str
    story: str
    """The address of the story's first part."""
    part: int


class Catalogue:
    """A context manager. The catalogue itself is kept in a file that SQLite makes and removes: memory stays flat."""

    def __init__(
        self,
        paths: Iterable[Path],
        on_problem: Callable[[ArchiveProblem], None] = log_problem,
        on_read: Callable[[int], None] | None = None,
    ) -> None:
        """Reads all these WARC files (a folder stands for those in it); `on_read` hears of every so many bytes.

        What cannot be read goes to `on_problem`. UsageError for a path where nothing is, for a folder without WARC
        files, for a file that is none and for one of a newer newscrawl.
        """
        self._files = archive_files(paths)
        self._on_problem = on_problem
        self._db = sqlite3.connect("")
        try:
            self._db.executescript(_SCHEMA)
            self.history = History(self._db, self._files, on_problem)
            for number, path in enumerate(self._files):
                self._read_file(number, path, on_read)
            self._db.executescript(_INDEXES)
        except BaseException as error:
            self._db.close()
            if isinstance(error, sqlite3.Error):
                raise StorageError(f"there is no room to note what stands in the archives: {error}") from error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forgets everything."""
        self._db.close()

    def sources(self) -> list[str]:
        """The sources of the pages and lists, by name."""
        sql = "select distinct source from answers where role in ('page', 'listing') order by source"
        return [source for (source,) in self._db.execute(sql)]

    def answers(self) -> Iterator[ArchivedAnswer]:
        """Every answer, in order of time."""
        for row in self._rows(f"select {_COLUMNS} from answers order by at, file, offset", {}):
            yield from answers_at([self._place(row)], self._on_problem)

    def count(self, **selection: Any) -> int:
        """How many stories() will give."""
        counted: int = self._db.execute(f"select count(*) from ({_STORIES})", _query(**selection)).fetchone()[0]
        return counted

    def stories(self, **selection: Any) -> Iterator[tuple[ArchivedAnswer, ...]]:
        """Pages and lists in order of time, each with its further parts: those archived with `part_of` and `part`.

        `sources` (all when empty), `since` and `until` (unix seconds of the fetch, both inside) choose among them.
        Where an answer cannot be read there are fewer, at worst an empty tuple.
        """
        for place in self.places(**selection):
            yield answers_at(place.answers, self._on_problem)

    def places(self, **selection: Any) -> Iterator[StoryPlace]:
        """Where the same stories stand."""
        for row in self._rows(_STORIES, _query(**selection)):
            yield self._story(row)

    def story_at(self, moment: datetime, sources: Collection[str], urls: Collection[str]) -> tuple[ArchivedAnswer, ...]:
        """The story of place_at; () when there is none."""
        place = self.place_at(moment, sources, urls)
        return answers_at(place.answers, self._on_problem) if place else ()

    def place_at(self, moment: datetime, sources: Collection[str], urls: Collection[str]) -> StoryPlace | None:
        """Where the page or list stands that came at a moment, with its further parts; None when there is none.

        Of several, the page at one of these addresses, or else the first answer of one of these sources.
        """
        at = _micros(moment)
        sql = f"select {_COLUMNS} from answers where at = :at and role in ('page', 'listing') order by file, offset"
        found = list(self._rows(sql, {"at": at}))
        best = [row for row in found if row.role == "page" and row.url in urls]
        best = best or [row for row in found if row.source in sources]
        return self._story(self._first_part(best[0])) if best else None

    def _read_file(self, number: int, path: Path, on_read: Callable[[int], None] | None) -> None:
        done = 0
        for record in records_of(path, self._on_problem):
            try:
                self._enter(number, record)
            except (ValueError, OverflowError, RecursionError) as error:
                self._tell(record.place, record.url, error)
            if on_read:
                on_read(record.place.offset - done)
                done = record.place.offset
        if on_read:
            on_read(path.stat().st_size - done)

    def _enter(self, number: int, record: Record) -> None:
        at, offset = _micros(moment_of(record)), record.place.offset
        if record.kind == "metadata":
            self.history.enter(record, at, number)
            return
        context = context_of(record)
        digest = record.digest or digest_of(record.payload)
        source = record.mark("WARC-Newscrawl-Source") if is_own(record) else _host(record.url)
        role = record.mark("WARC-Newscrawl-Role") or "page"
        story, part = context.get("part_of", record.url), int(context.get("part", "1"))
        row = (at, number, offset, record.kind, source, role, record.url, digest, story, part)
        self._db.execute("insert into answers values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        if record.kind == "response":
            self._db.execute("insert or ignore into bytes values (?, ?, ?)", [digest, number, offset])

    def _rows(self, sql: str, query: Any) -> Iterator[Row]:
        with closing(self._db.cursor()) as cursor:
            for row in cursor.execute(sql, query):
                yield Row(*row)

    def _first_part(self, row: Row) -> Row:
        """The first part of the story that a record is of."""
        if row.part == 1:
            return row
        sql = f"""select {_COLUMNS} from answers where at <= :at and source = :source and url = :story and part = 1
                  order by at desc, file desc, offset desc limit 1"""
        query = {"at": row.at, "source": row.source, "story": row.story}
        return next(self._rows(sql, query), row)

    def _story(self, head: Row) -> StoryPlace:
        query = {"source": head.source, "story": head.url, "at": head.at, "never": _NEVER}
        rows = [head, *self._rows(_PARTS, query)]
        places = tuple(map(self._place, rows))
        told = [[row.at, row.kind, row.source, row.role, row.url, row.digest, row.part] for row in rows]
        missing = [number for number, place in enumerate(places) if place.payload is None]
        return StoryPlace(places, json.dumps([told, missing]))

    def _place(self, row: Row) -> AnswerPlace:
        here = Place(self._files[row.file], row.offset)
        return AnswerPlace(row.url, here, here if row.kind == "response" else self._original(row.digest))

    def _original(self, digest: str) -> Place | None:
        """The record that holds the bytes of a revisit."""
        found = self._db.execute("select file, offset from bytes where digest = ?", [digest]).fetchone()
        return Place(self._files[found[0]], found[1]) if found else None

    def _tell(self, place: Place, url: str, error: Exception) -> None:
        self._on_problem(ArchiveProblem(place.path, place.offset, str(error), url))


def read_archive(
    paths: Iterable[Path], *, on_problem: Callable[[ArchiveProblem], None] = log_problem
) -> Iterator[ArchivedAnswer]:
    """Every answer in these WARC files (a folder stands for those in it), in order of time; errors as of Catalogue."""
    with Catalogue(paths, on_problem) as catalogue:
        yield from catalogue.answers()


def _query(*, sources: Collection[str] = (), since: int | None = None, until: int | None = None) -> dict[str, Any]:
    return {
        "sources": json.dumps(list(sources)),
        "all": not sources,
        "since": -_NEVER if since is None else since * 1_000_000,
        "until": _NEVER if until is None else (until + 1) * 1_000_000,
    }


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
