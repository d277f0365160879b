"""Reading archived answers again, answer by answer: what `newscrawl replay` does between its first and its last."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from sqlite_utils import Database

from newscrawl.cli.archives import Reading
from newscrawl.errors import NewscrawlError, NotNews, PageError
from newscrawl.items import Article, Failure, Page
from newscrawl.outcomes import Evidence, Problem, RunResult, decide_outcome, result_of
from newscrawl.replay import WHOLE_ROWS, first_page, foreign_page, foreign_source, row_pages, story_page
from newscrawl.storage.archive_reading import ArchivedAnswer
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.ledger import Ledger

logger = logging.getLogger(__name__)

_IMPORTED = "finews"
_FAILURES_TOLD = 20
_TO_DO = "`newscrawl replay --json` names the first: a page that was read before shows what a later change broke"


class Rereading:
    """One run: answer by answer, each made into the pages of stories, each page read."""

    def __init__(self, ledger: Ledger, db: Database) -> None:
        self._ledger = ledger
        self._stored, self._failing = ArticleStore(db), FailureStore(db)
        self._failures: list[Failure] = []
        self._lost = 0
        """Stored pages that cannot be read any more."""

    def take(self, story: Sequence[ArchivedAnswer]) -> None:
        """Reads what a crawl would have read of this answer."""
        if not story:
            return
        first = story[0]
        if not first.source:
            self._take_foreign(first)
        elif first.source == _IMPORTED:
            self._skip("import")  # a post is read together with all of its number: see rebuild
        elif first.status == 200 and first.role == "page":
            for page in self._not_older([first_page(first)]):
                self._take_own(page, first.source, story)
        elif first.status == 200 and first.source in WHOLE_ROWS:
            self._take_rows(first)

    def finish(self, source: str, reading: Reading, ended: Problem | None) -> RunResult:
        """Commit the rest and write the run down."""
        self._ledger.flush()
        counts = self._ledger.counts
        outcome = decide_outcome(
            Evidence(
                found=counts.found,
                stored=counts.new + counts.changed + counts.reread + counts.duplicate,
                failed=counts.failed,
                lists=[*reading.problems, *self._problems()],
                notes=reading.notes,
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

    def _take_rows(self, answer: ArchivedAnswer) -> None:
        try:
            pages = row_pages(answer)
        except PageError:
            self._skip("list")  # the crawl itself has told of it
            return
        for page in self._not_older(pages):
            self._take_own(page, answer.source)

    def _not_older(self, pages: Sequence[Page]) -> list[Page]:
        """Without those that came before the newest answer which the stored article was read from."""
        read_at = self._stored.read_at(pages[0].source, [page.url for page in pages]) if pages else {}
        kept = [page for page in pages if page.url not in read_at or page.fetched_at >= read_at[page.url]]
        for _ in range(len(pages) - len(kept)):
            self._skip("older")
        return kept

    def _take_own(self, page: Page, source: str, story: Sequence[ArchivedAnswer] = ()) -> None:
        """Reads a crawl's own page, or the whole story that begins with it."""
        self._ledger.found()
        self._ledger.fetched()
        try:
            self._ledger.add(self._read(story_page(story) if story else page))
        except NotNews as skipped:
            self._ledger.skip(skipped.kind)
        except PageError as refused:
            self._refuse(page, source, refused.kind, refused.reason)
        except NewscrawlError:
            raise
        except Exception as fault:
            logger.debug("reading failed on %s", page.url, exc_info=True)
            self._refuse(page, source, "error", f"{type(fault).__name__}: {fault}")

    def _take_foreign(self, answer: ArchivedAnswer) -> None:
        """Whatever is no story there is passed over: nobody asked for it."""
        self._ledger.found()
        try:
            page = foreign_page(answer)
            self._ledger.fetched()
            self._ledger.add(self._read(page))
        except (NotNews, PageError) as refused:
            self._ledger.skip(refused.kind)
        except NewscrawlError:
            raise
        except Exception:
            logger.debug("reading failed on %s", answer.url, exc_info=True)
            self._ledger.skip("error")

    def _read(self, page: Page) -> Article:
        from pipelines import read_page  # noqa: PLC0415 - `newscrawl --help` need not load the parsers

        article = read_page(page)
        return article if article.source else replace(article, source=foreign_source(page.url))

    def _refuse(self, page: Page, source: str, kind: str, reason: str) -> None:
        """A page that could not be read before has its failure already, and one that is stored needs none."""
        url = (*page.aliases, page.url)[0]  # the one under which a crawl finds it
        failure = Failure(url=url, source=source, kind=kind, reason=reason)
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
