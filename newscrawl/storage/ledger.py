"""One run's account of one source: what was found and what became of it, in batches that are whole or not there."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from sqlite_utils import Database

from newscrawl.errors import StorageError
from newscrawl.items import Article, Failure
from newscrawl.storage import journal
from newscrawl.storage.archive import Archive
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.batches import Batch, write
from newscrawl.storage.decide import Outcome
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.lists import RunLists
from newscrawl.storage.lookup import addresses
from newscrawl.storage.prepared import Prepared, Saved, prepare
from newscrawl.storage.runs import Counts, RunEnd, RunMark, RunState, RunStore
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.transactions import FileGuard, checkpoint, immediate, reading
from newscrawl.storage.walks import WalkStore

__all__ = ["DUE_AT_ONCE", "Counts", "Ledger"]

_CUT_SHORT = frozenset({"interrupted", "storage"})
"""Outcomes after which no stretch of time may be called complete."""
_MOST_SEEN = 1000
DUE_AT_ONCE = 100
"""How many failed pages one run takes up again."""


class Ledger:
    """One run's account of one source.

    Everything found ends in exactly one of new, changed, reread, unchanged, duplicate, failed, skipped, gone:
    `counts.found` is their sum once the run is over (but for what an interruption or a limit left). Articles and
    failures are kept until `batch` of them are there, then written in one transaction; what becomes of an article is
    counted when it is committed, `skipped_kinds` tells what was skipped. Every method that reads or writes the database
    raises StorageError when it cannot.

    With an archive each batch is told there too (see storage.journal). `replayed` tells that the articles come from an
    archive: see saving.save. `begun` is a run that another process began: this account goes on with it.
    """

    def __init__(
        self,
        db: Database,
        source: str,
        *,
        version: str,
        clock: Callable[[], datetime] = now_utc,
        batch: int = 100,
        archive: Archive | None = None,
        replayed: bool = False,
        begun: RunMark | None = None,
    ) -> None:
        self.source = source
        self._archive, self._replayed = archive, replayed
        self._db, self._clock, self._batch = db, clock, batch
        self._articles, self._failures = ArticleStore(db), FailureStore(db)
        self.lists = RunLists(db, source)
        self.walks = WalkStore(db, source)
        self.counts = Counts()
        self.skipped_kinds: dict[str, int] = {}
        self._pending: list[Prepared] = []
        self._pending_urls: set[str] = set()
        self._pending_failures: dict[str, list[Failure]] = {}
        self._pending_seen: dict[str, None] = {}
        self._pending_skipped: dict[str, None] = {}
        self._last_words: list[Callable[[], None]] = []
        with immediate(db):
            self._mark = begun or self._begin(version)
            self.run_id = self._mark.id
            self._write_along()
        self._file = FileGuard(db)

    def found(self, n: int = 1) -> None:
        """Counts stories met in a list, each once."""
        self.counts.found += n

    def fetched(self, n: int = 1) -> None:
        """Counts answers that became pages."""
        self.counts.fetched += n

    def skip(self, kind: str, url: str = "") -> None:
        """Counts a story that is not news (advert, paid). A failure noted for its address, where told, is then over."""
        self.counts.skipped += 1
        self.skipped_kinds[kind] = self.skipped_kinds.get(kind, 0) + 1
        self._pending_failures.pop(url, None)
        if url and self._is_failing(url):
            self._pending_skipped[url] = None

    def still_failing(self, urls: Collection[str]) -> None:
        """Counts addresses that failed before and are not due, each as failed or as gone."""
        with reading(self._db):
            gone = self._failures.gone(self.source, list(urls))
        self.counts.gone += len(gone)
        self.counts.failed += len(urls) - len(gone)

    def add(self, article: Article) -> None:
        """Hands over an article, to be committed with its batch; a failure noted for its addresses is then over.

        An article that cannot be written (a year before 1) raises at once, and the batch does without it.
        """
        self.add_prepared(prepare(article))

    def add_prepared(self, prepared: Prepared) -> None:
        """The same for an article that was made ready elsewhere."""
        urls = addresses(prepared.article)
        for url in urls:
            self._pending_failures.pop(url, None)
        self._pending.append(prepared)
        self._pending_urls.update(urls)
        self._flush_if_full()

    def fail(self, failure: Failure) -> None:
        """Notes a page that became no article, to be committed with its batch. Kind "gone" counts as gone."""
        self.fail_again(failure)
        self._pending_failures.setdefault(failure.url, []).append(failure)
        self._flush_if_full()

    def fail_again(self, failure: Failure) -> None:
        """Counts a page that became no article, of which nothing need be noted: it was noted before."""
        if failure.kind == "gone":
            self.counts.gone += 1
        else:
            self.counts.failed += 1

    def seen(self, urls: Iterable[str]) -> None:
        """Counts known addresses met again in a list as unchanged; their time is noted with the next batch."""
        urls = list(urls)
        self.counts.unchanged += len(urls)
        self._pending_seen |= dict.fromkeys(urls)
        self._flush_if_full()

    def known(self, urls: Sequence[str], *, recheck_after: datetime | None = None) -> set[str]:
        """Those addresses that are committed (as an article's own, or as seen by this source) or wait for their batch.

        This source's articles published after `recheck_after` (first seen, where the date is unknown) are left out,
        so that they are asked for again.
        """
        with reading(self._db):
            known = self._articles.known(self.source, urls, recheck_after=recheck_after)
        return known | self._pending_urls.intersection(urls)

    def is_pending(self, url: str) -> bool:
        """Whether an article of this address waits for its batch."""
        return url in self._pending_urls

    def moved_lately(self) -> int:
        """Of the source's last few articles, how many were read without the site's rule."""
        with reading(self._db):
            return self._articles.moved_lately(self.source)

    def waiting(self, urls: Sequence[str]) -> set[str]:
        """Those addresses that failed and are not to be asked for now: their next try lies ahead, or will never be."""
        with reading(self._db):
            waiting = self._failures.waiting(self.source, urls, self._clock())
        return waiting | self._pending_failures.keys() & set(urls)

    def due(self, limit: int = DUE_AT_ONCE) -> list[str]:
        """Addresses that failed and whose next try has come, the longest waiting first."""
        with reading(self._db):
            return self._failures.due(self.source, limit, self._clock())

    def mark_floor(self, channel: str, second: int) -> None:
        """Says, before a channel's first stories are taken, how far back its record shall reach.

        Without it the run after a killed first one would take the newest page only, and miss what had been on the page
        that the killed run was busy with. The mark claims nothing to be complete.
        """
        self.lists.floor(channel, second)
        self.flush()

    def with_end(self, write: Callable[[], None]) -> None:
        """Remembers a write that `finish` is to make in its transaction, unless the run was cut short."""
        self._last_words.append(write)

    def flush(self, *, covered: bool = False, wait: float | None = None) -> list[Outcome]:
        """Commits what waits and tells what became of each article; with `covered` the stretches remembered, too.

        StorageError when that fails: then nothing of it is in the database, and it keeps waiting. StorageError too
        when only the archive cannot be told of it: then it is committed all the same. `wait` is for how many seconds
        to try when another program is writing, see immediate.
        """
        return [saved.outcome for saved in self._commit(covered=covered, wait=wait)]

    def finish(self, outcome: str, exit_status: int, message: str | None = None) -> None:
        """Commits what waits, the stretches remembered (unless the run was cut short) and the run's end, all at once.

        `message` is the closing line's advice.
        """
        end = RunEnd(outcome=outcome, exit_status=exit_status, message=message, at=self._clock())
        self._commit(end, covered=outcome not in _CUT_SHORT)
        checkpoint(self._db)

    def lasting(self, outcome: str) -> tuple[int, str | None]:
        """How many runs before this one have ended so without a break, and when the first of them began."""
        with reading(self._db):
            return RunStore(self._db).lasting(self.source, outcome)

    @property
    def started_at(self) -> datetime:
        """When the run began."""
        return self._mark.started_at

    def close(self) -> None:
        """Closes the database; what was not flushed is gone."""
        self._db.close()

    def _begin(self, version: str) -> RunMark:
        started_at = self._clock()
        run_id = RunStore(self._db).start(self.source, version, started_at)
        mark = RunMark(id=run_id, source=self.source, version=version, started_at=started_at)
        journal.begin(self._db, mark)
        return mark

    def _write_along(self) -> None:
        """What a subclass writes in each of the transactions."""

    def _is_failing(self, url: str) -> bool:
        with reading(self._db):
            return self._failures.has(self.source, url)

    def _flush_if_full(self) -> None:
        records = len(self._pending) + len(self._pending_failures)
        if records >= self._batch or len(self._pending_seen) >= _MOST_SEEN:
            self.flush()

    def _waiting(self, *, covered: bool) -> Batch:
        """Everything that waits."""
        return Batch(
            run=self._mark,
            now=self._clock(),
            replayed=self._replayed,
            articles=tuple(self._pending),
            failures=[failure for again in self._pending_failures.values() for failure in again],
            seen=list(self._pending_seen),
            skipped=list(self._pending_skipped),
            lists=self.lists.notes(covered=covered),
        )

    def _commit(self, end: RunEnd | None = None, *, covered: bool, wait: float | None = None) -> list[Saved]:
        self._file.check()
        batch = self._waiting(covered=covered)
        with immediate(self._db, wait=wait):
            saved = write(self._db, batch)
            for last_word in self._last_words if end and covered else ():
                last_word()
            self._write_along()
            state = RunState(self.counts.with_outcomes(each.outcome for each in saved), self.skipped_kinds, end)
            RunStore(self._db).update(self.run_id, state)
            untold = None if batch.is_empty and not end else self._tell(batch, saved, state)
        self._committed(state.counts, covered=covered)
        if untold:
            self._archive = None
            raise untold
        return saved

    def _tell(self, batch: Batch, saved: Sequence[Saved], state: RunState) -> StorageError | None:
        """Tells the archive of a batch that is about to be committed; why it cannot be told."""
        try:
            if self._archive:
                journal.enter(self._db, self._archive, batch, saved, state)
        except StorageError as error:
            return error
        return None

    def _committed(self, counts: Counts, *, covered: bool) -> None:
        vars(self.counts).update(vars(counts))
        pending = (self._pending, self._pending_urls, self._pending_failures, self._pending_seen, self._pending_skipped)
        for waiting in pending:
            waiting.clear()
        self.lists.written(covered=covered)
