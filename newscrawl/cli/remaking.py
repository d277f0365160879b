"""Making a database anew, batch by batch, from what the journal tells: for `newscrawl rebuild` and `restore`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from newscrawl.cli.archives import Reading
from newscrawl.errors import NotNews, PageError
from newscrawl.items import Article, Failure, Page
from newscrawl.outcomes import Evidence, Problem, RunResult, decide_outcome, result_of
from newscrawl.replay import WHOLE_ROWS, foreign_page, row_pages, story_page
from newscrawl.storage.archive_catalogue import Catalogue
from newscrawl.storage.archive_reading import ArchivedAnswer
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

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db, self._catalogue = db, catalogue
        self._stored, self._failing = ArticleStore(db), FailureStore(db)
        self._highest: int = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
        """The highest id that was ever given."""
        self._came_at: datetime | None = None
        self._pages: list[Page] = []
        """Of the answer that was read last: the rows of one list follow each other."""

    def take(self, told: JournalBatch) -> None:
        """Writes one batch."""
        self._highest = max([self._highest, *(entry.number for entry in told.entries)])
        with immediate(self._db):
            RunStore(self._db).restore(told.run)
            articles, failures = self._articles(told)
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

    def result(self, reading: Reading, gaps: int, command: str = "rebuild") -> RunResult:
        """What came of it."""
        made = self._db.table("articles").count
        missing = self._highest - made
        problems = [*reading.problems]
        if gaps:
            problems.append(Problem("partial", f"the journal has {gaps} gaps: records before or between are missing"))
        if missing:
            told = f"{missing} of {self._highest} articles are not in these archives, or cannot be read"
            problems.append(Problem("partial", told))
        evidence = Evidence(found=self._highest, stored=made, lists=problems[::-1], notes=reading.notes)
        outcome = replace(decide_outcome(evidence), to_do=_TO_DO if problems else "")
        return result_of(
            outcome,
            command,
            counts={"found": self._highest, "new": made, "failed": missing},
        )

    def _articles(self, told: JournalBatch) -> tuple[list[Prepared], list[Failure]]:
        """What must be read again, and what of it cannot be."""
        articles: list[Prepared] = []
        failures: list[Failure] = []
        for entry in told.entries:
            if entry.same and self._is_met_again(entry, told):
                continue
            try:
                article = self._read(entry, told.run.source)
            except NotNews:
                continue
            except PageError as refused:
                if self._stored.get(entry.number) is None:
                    failures.append(_failure(entry, refused))
            else:
                articles += [prepare(article, entry.number)] if article else []
        return articles, failures

    def _is_met_again(self, entry: Entry, told: JournalBatch) -> bool:
        """Notes an unchanged article without reading its answer; False where it is not there."""
        for source in {entry.source, told.run.source}:
            self._failing.forget(source, entry.urls)
        met_at = entry.at if told.replayed else told.now
        return self._stored.met(entry.number, entry.source, entry.urls, entry.at, met_at)

    def _read(self, entry: Entry, run_source: str) -> Article | None:
        """The article as today's reading has it; None when its answer is not there. Raises PageError or NotNews."""
        from pipelines import read_page  # noqa: PLC0415 - `newscrawl --help` need not load the parsers

        if self._came_at != entry.at or not _page_of(entry, self._pages):
            story = self._catalogue.story_at(entry.at, {entry.source, run_source}, entry.urls)
            if story and story[0].source == _IMPORTED:
                return _imported(story, entry, self._stored)
            self._came_at, self._pages = entry.at, _pages(story)
        page = _page_of(entry, self._pages)
        if page is None:
            return None
        return replace(read_page(_as_told(page, entry)), source=entry.source, seen_at=entry.urls)


def _failure(entry: Entry, refused: PageError) -> Failure:
    return Failure(url=(*entry.urls, "")[0], source=entry.source, kind=refused.kind, reason=refused.reason)


def _page_of(entry: Entry, pages: Sequence[Page]) -> Page | None:
    return next((page for page in pages if page.url in entry.urls), None)


def _pages(story: Sequence[ArchivedAnswer]) -> list[Page]:
    """The pages of one answer. PageError, NotNews where today there is none."""
    if not story:
        return []
    if not story[0].source:
        return [foreign_page(story[0])]
    if story[0].role == "page":
        return [story_page(story)]
    return row_pages(story[0]) if story[0].source in WHOLE_ROWS else []


def _as_told(page: Page, entry: Entry) -> Page:
    """The page as its source's rule is to read it."""
    parts = tuple(replace(part, source=entry.source) for part in page.parts)
    return replace(page, source=entry.source, backfilled=entry.backfilled, parts=parts)


def _imported(story: Sequence[ArchivedAnswer], entry: Entry, stored: ArticleStore) -> Article:
    """The state of an imported article, from all posts of its number: see newscrawl import."""
    from pipelines import read_page  # noqa: PLC0415
    from pipelines.posts import merge, post_page  # noqa: PLC0415

    editions: list[Article] = []
    for post in story:
        try:
            editions.append(read_page(post_page(post.context["file"], post.body, post.fetched_at)))
        except PageError:
            if post is story[-1] and not editions:
                raise
    number = editions[0].source_id
    states = merge(editions, stored.find(_IMPORTED, number) if number else None)
    return next((state for state in states if state.fetched_at == entry.at), states[-1])
