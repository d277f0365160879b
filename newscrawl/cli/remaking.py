"""Making a database anew, batch by batch, from what the journal tells: for `newscrawl rebuild` and `restore`."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sqlite_utils import Database

from newscrawl.cli.archives import Reading
from newscrawl.cli.entry_reads import Editions, EntryPlace, EntryRead, EntryReader
from newscrawl.cli.readers import Readers
from newscrawl.cli.story_reads import NoArticle
from newscrawl.errors import StorageError
from newscrawl.items import Article, Failure
from newscrawl.outcomes import Evidence, Problem, RunResult, decide_outcome, result_of
from newscrawl.storage.archive_catalogue import Catalogue
from newscrawl.storage.archive_places import StoryPlace
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.batches import Batch, write
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.journal import Entry, JournalBatch, set_last_record
from newscrawl.storage.prepared import Prepared, prepare
from newscrawl.storage.runs import RunStore
from newscrawl.storage.trails import Trail, followed, forget_trail, note_trail, trail_of
from newscrawl.storage.transactions import immediate

SOURCE = "rebuild"
"""Under what name the trail of one that is under way stands."""
_IMPORTED = "finews"
_TO_DO = "keep the old database, or name further archives and rebuild once more"


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """A batch of the journal, and where what is to be read of it stands."""

    told: JournalBatch
    entries: list[EntryPlace]
    """Those that are not told to be the same as before."""
    identity: str


class Remaking:
    """Writes batch after batch as they were written once, their articles read from the archived answers."""

    def __init__(self, db: Database, catalogue: Catalogue, reading: Reading, trail: Trail) -> None:
        self._db, self._catalogue, self._reading = db, catalogue, reading
        self._reader = EntryReader()
        self._trail, self._damaged = trail, 0
        self._ahead: Generator[BatchPlace, None, None]
        self._goes_on = True
        """Whether one that is cut short could be gone on with."""
        self._stored, self._failing = ArticleStore(db), FailureStore(db)
        self._highest: int = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
        """The highest id that was ever given."""

    def fits(self, batches: Callable[[], Iterable[JournalBatch]]) -> bool:
        """Takes these batches for those to be written; whether what is written already is the first of them."""
        trail, self._ahead = followed(self._trail, lambda: self._places(batches()), lambda each: each.identity)
        return trail == self._trail

    def run(self, count: int, jobs: int) -> None:
        """Writes what is not written yet of these batches, which are so many.

        `jobs` processes read, where there is much to read (see cli.readers).
        """
        self._damaged = self._reading.damaged
        things = ((batch, batch.entries) for batch in self._ahead)
        readers = Readers(jobs, self._reader, EntryReader, tell=self._reading.warn, weigh=_weight)
        with closing(self._ahead), readers:
            for batch, reads in self._reading.each(readers.each(things), count - self._trail.taken):
                self.take(batch, reads)

    def _places(self, batches: Iterable[JournalBatch]) -> Iterator[BatchPlace]:
        for told in batches:
            self._highest = max([self._highest, *(entry.number for entry in told.entries)])
            found = [(entry, self._place(entry, told)) for entry in told.entries if not entry.same]
            entries = [EntryPlace(entry, place.answers if place else ()) for entry, place in found]
            identity = repr((told, [place and place.identity for _, place in found]))
            yield BatchPlace(told, entries, identity)

    def take(self, batch: BatchPlace, reads: Sequence[EntryRead]) -> None:
        """Writes one batch; what was read of its entries, but for those that are told to be the same."""
        told = batch.told
        with immediate(self._db):
            self._check_alone()
            RunStore(self._db).restore(told.run)
            articles, failures = self._articles(told, reads)
            write(
                self._db,
                Batch(
                    run=told.run,
                    now=told.now,
                    replayed=told.replayed,
                    articles=articles,
                    failures=[*told.failures, *failures],
                    seen=told.seen,
                    skipped=told.skipped,
                    lists=told.lists,
                ),
            )
            RunStore(self._db).update(told.run.id, told.state)
            self._step(batch)

    def _check_alone(self) -> None:
        if self._goes_on and trail_of(self._db, SOURCE, self._trail.reading) != self._trail:
            raise StorageError("another rebuild writes to the same file")

    def _step(self, batch: BatchPlace) -> None:
        """Notes that the batch is written. What cannot be read now may be another time: then all is made anew."""
        self._trail = self._trail.after(batch.identity)
        self._goes_on = self._goes_on and self._reading.damaged == self._damaged
        if self._goes_on:
            note_trail(self._db, SOURCE, self._trail)
        else:
            forget_trail(self._db, SOURCE)

    def end(self, last: str) -> None:
        """Notes the last record of the journal: all is written."""
        with immediate(self._db):
            set_last_record(self._db, last)
            forget_trail(self._db, SOURCE)

    def result(self, gaps: int, command: str = "rebuild") -> RunResult:
        """What came of it."""
        made = self._db.table("articles").count
        missing = self._highest - made
        problems = [*self._reading.problems]
        if gaps:
            problems.append(Problem("partial", f"the journal has {gaps} gaps: records before or between are missing"))
        if missing:
            told = f"{missing} of {self._highest} articles are not in these archives, or cannot be read"
            problems.append(Problem("partial", told))
        evidence = Evidence(found=self._highest, stored=made, lists=problems[::-1], notes=self._reading.notes)
        outcome = replace(decide_outcome(evidence), to_do=_TO_DO if problems else "")
        return result_of(
            outcome,
            command,
            counts={"found": self._highest, "new": made, "failed": missing},
        )

    def _articles(self, told: JournalBatch, reads: Sequence[EntryRead]) -> tuple[list[Prepared], list[Failure]]:
        """What was read again, and what of it cannot be."""
        articles: list[Prepared] = []
        failures: list[Failure] = []
        read_ahead = iter(reads)
        for entry in told.entries:
            if entry.same and self._is_met_again(entry, told):
                continue
            self._goes_on = self._goes_on and not entry.same
            read = self._read(entry, told) if entry.same else next(read_ahead)
            for problem in read.problems:
                self._reading.tell(problem)
            article = self._article(entry, read)
            if isinstance(article, Prepared):
                articles.append(article)
            elif article and article.is_fault and self._stored.get(entry.number) is None:
                failures.append(_failure(entry, article))
        return articles, failures

    def _is_met_again(self, entry: Entry, told: JournalBatch) -> bool:
        """Notes an unchanged article without reading its answer; False where it is not there."""
        for source in {entry.source, told.run.source}:
            self._failing.forget(source, entry.urls)
        met_at = entry.at if told.replayed else told.now
        return self._stored.met(entry.number, entry.source, entry.urls, entry.at, met_at)

    def _place(self, entry: Entry, told: JournalBatch) -> StoryPlace | None:
        return self._catalogue.place_at(entry.at, {entry.source, told.run.source}, entry.urls)

    def _read(self, entry: Entry, told: JournalBatch) -> EntryRead:
        place = self._place(entry, told)
        return self._reader([EntryPlace(entry, place.answers if place else ())])[0]

    def _article(self, entry: Entry, read: EntryRead) -> Prepared | NoArticle | None:
        if not isinstance(read.result, Editions):
            return read.result
        return prepare(_imported(read.result.articles, entry, self._stored), entry.number)


def _weight(entries: Sequence[EntryPlace]) -> int:
    return max(1, len(entries))


def _failure(entry: Entry, why: NoArticle) -> Failure:
    return Failure(url=(*entry.urls, "")[0], source=entry.source, kind=why.kind, reason=why.reason)


def _imported(editions: Sequence[Article], entry: Entry, stored: ArticleStore) -> Article:
    """The state of an imported article, from all posts of its number: see newscrawl import."""
    from pipelines.posts import merge  # noqa: PLC0415 - `newscrawl --help` need not load the parsers

    number = editions[0].source_id
    states = merge(editions, stored.find(_IMPORTED, number) if number else None)
    return next((state for state in states if state.fetched_at == entry.at), states[-1])
