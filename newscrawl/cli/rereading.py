"""Reading archived answers again, story by story: what `newscrawl replay` does between its first and its last."""

from collections.abc import Sequence

from sqlite_utils import Database

from newscrawl.cli.archives import Reading
from newscrawl.cli.story_reads import NoArticle, PageRead, StoryRead
from newscrawl.items import Failure
from newscrawl.outcomes import Evidence, Problem, RunResult, decide_outcome, result_of
from newscrawl.storage.archive_places import StoryPlace
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.prepared import Prepared
from newscrawl.storage.trails import Trail, TrailLedger

_FAILURES_TOLD = 20
_TO_DO = "`newscrawl replay --json` names the first: a page that was read before shows what a later change broke"


class Rereading:
    """One run: story by story, what was read of each goes where it belongs."""

    def __init__(self, ledger: TrailLedger, db: Database, reading: Reading, trail: Trail) -> None:
        self._ledger, self._reading, self._trail = ledger, reading, trail
        self._stored, self._failing = ArticleStore(db), FailureStore(db)
        self._failures: list[Failure] = []
        self._lost = trail.lost
        """Stored pages that cannot be read any more."""

    def take(self, place: StoryPlace, story: StoryRead) -> None:
        """Takes what was read of one story."""
        for problem in story.problems:
            self._reading.tell(problem)
            self._ledger.lose_trail()  # it may be read once that file is restored
        if story.passed_over:
            self._skip(story.passed_over)
        for page in self._not_older(story.pages):
            self._take_page(page)
        self._ledger.passed(place.identity, self._lost)

    def finish(self, source: str, ended: Problem | None) -> RunResult:
        """Commit the rest and write the run down."""
        self._ledger.flush()
        counts = self._ledger.counts
        outcome = decide_outcome(
            Evidence(
                found=counts.found,
                stored=counts.new + counts.changed + counts.reread + counts.duplicate,
                failed=self._trail.failed + counts.failed,
                lists=[*self._reading.problems, *self._problems()],
                notes=[*self._reading.notes, *gone_on_with(self._trail, "pages and lists")],
                ended=ended,
            )
        )
        self._ledger.finish(outcome.name, outcome.exit_status, outcome.advice or None)
        return result_of(
            outcome,
            source,
            counts=dict(vars(counts)),
            skipped=dict(self._ledger.skipped_kinds),
            failures=tuple(self._failures),
        )

    def _problems(self) -> list[Problem]:
        told = f"{self._lost} stored pages cannot be read any more, and stay as they are"
        return [Problem("partial", told, _TO_DO)] if self._lost else []

    def _not_older(self, pages: Sequence[PageRead]) -> list[PageRead]:
        """Without those that came before the newest answer which the stored article was read from.

        Where they were read in another process, more may have been committed since.
        """
        own = [page for page in pages if page.asked_by and page.result]
        read_at = self._stored.read_at(own[0].source, [page.url for page in own]) if own else {}
        kept = [page for page in pages if page.result and page.fetched_at >= read_at.get(page.url, page.fetched_at)]
        for _ in range(len(pages) - len(kept)):
            self._skip("older")
        return kept

    def _take_page(self, page: PageRead) -> None:
        self._ledger.found()
        if page.is_page:
            self._ledger.fetched()
        if isinstance(page.result, Prepared):
            self._ledger.add_prepared(page.result)
        elif page.result and page.result.is_fault:
            self._refuse(page, page.result)
        elif page.result:
            self._ledger.skip(page.result.kind)

    def _refuse(self, page: PageRead, why: NoArticle) -> None:
        """A page that could not be read before has its failure already, and one that is stored needs none."""
        url, source = page.found_at, page.asked_by
        failure = Failure(url=url, source=source, kind=why.kind, reason=why.reason)
        if len(self._failures) < _FAILURES_TOLD:
            self._failures.append(failure)
        is_stored = bool(self._stored.known(source, [url])) or self._ledger.is_pending(url)
        self._lost += is_stored
        if is_stored or self._failing.has(source, url):
            self._ledger.fail_again(failure)
        else:
            self._ledger.fail(failure)

    def _skip(self, kind: str) -> None:
        self._ledger.found()
        self._ledger.skip(kind)


def gone_on_with(trail: Trail, things: str) -> list[str]:
    """A word on what an interrupted run had done already."""
    return (
        [f"went on after the first {trail.taken:,} {things}, which an interrupted run had read"] if trail.taken else []
    )
