"""Making a database anew, batch by batch, from what the journal tells: for `newscrawl rebuild` and `restore`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlite_utils import Database

from newscrawl.cli.archives import Reading
from newscrawl.cli.entry_reads import Editions, EntryPlace, EntryRead, EntryReader
from newscrawl.cli.readers import Readers
from newscrawl.cli.story_reads import NoArticle
from newscrawl.items import Article, Failure
from newscrawl.outcomes import Evidence, Problem, RunResult, decide_outcome, result_of
from newscrawl.storage.archive_catalogue import Catalogue
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.batches import Batch, write
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.journal import Entry, JournalBatch
from newscrawl.storage.prepared import Prepared, prepare
from newscrawl.storage.runs import RunStore
from newscrawl.storage.transactions import immediate

_IMPORTED = "finews"
_TO_DO = "keep the old database, or name further archives and rebuild once more"


class Remaking:
    """Writes batch after batch as they were written once, their articles read from the archived answers."""

    def __init__(self, db: Database, catalogue: Catalogue, reading: Reading) -> None:
        self._db, self._catalogue, self._reading = db, catalogue, reading
        self._reader = EntryReader()
        self._stored, self._failing = ArticleStore(db), FailureStore(db)
        self._highest: int = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
        """The highest id that was ever given."""

    def run(self, batches: Iterable[JournalBatch], count: int, jobs: int) -> None:
        """Writes these batches, so many; `jobs` processes read, where there is much to read (see cli.readers)."""
        with Readers(
            jobs, self._reader, EntryReader, tell=self._reading.warn, weigh=lambda places: max(1, len(places))
        ) as readers:
            for told, reads in self._reading.each(readers.each(self._places(batches)), count):
                self.take(told, reads)

    def _places(self, batches: Iterable[JournalBatch]) -> Iterator[tuple[JournalBatch, list[EntryPlace]]]:
        for told in batches:
            yield told, [self._place(entry, told) for entry in told.entries if not entry.same]

    def take(self, told: JournalBatch, reads: Sequence[EntryRead]) -> None:
        """Writes one batch; what was read of its entries, but for those that are told to be the same."""
        self._highest = max([self._highest, *(entry.number for entry in told.entries)])
        with immediate(self._db):
            RunStore(self._db).restore(told.run)
            articles, failures = self._articles(told, reads)
            batch = Batch(
                run=told.run,
                now=told.now,
                replayed=told.replayed,
                articles=articles,
                failures=[*told.failures, *failures],
                seen=told.seen,
                skipped=told.skipped,
                lists=told.lists,
            )
            write(self._db, batch)
            RunStore(self._db).update(told.run.id, told.state)

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

    def _place(self, entry: Entry, told: JournalBatch) -> EntryPlace:
        place = self._catalogue.place_at(entry.at, {entry.source, told.run.source}, entry.urls)
        return EntryPlace(entry, place.answers if place else ())

    def _read(self, entry: Entry, told: JournalBatch) -> EntryRead:
        return self._reader([self._place(entry, told)])[0]

    def _article(self, entry: Entry, read: EntryRead) -> Prepared | NoArticle | None:
        if not isinstance(read.result, Editions):
            return read.result
        return prepare(_imported(read.result.articles, entry, self._stored), entry.number)


def _failure(entry: Entry, why: NoArticle) -> Failure:
    return Failure(url=(*entry.urls, "")[0], source=entry.source, kind=why.kind, reason=why.reason)


def _imported(editions: Sequence[Article], entry: Entry, stored: ArticleStore) -> Article:
    """The state of an imported article, from all posts of its number: see newscrawl import."""
    from pipelines.posts import merge  # noqa: PLC0415 - `newscrawl --help` need not load the parsers

    number = editions[0].source_id
    states = merge(editions, stored.find(_IMPORTED, number) if number else None)
    return next((state for state in states if state.fetched_at == entry.at), states[-1])
