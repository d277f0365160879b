"""What is read again of answers that the journal tells of, in whichever process: `newscrawl rebuild` and `restore`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newscrawl.cli.story_reads import NoArticle
from newscrawl.errors import NotNews, PageError
from newscrawl.items import Article, Page
from newscrawl.replay import WHOLE_ROWS, foreign_page, row_pages, story_page
from newscrawl.storage.archive_places import AnswerPlace, answers_at
from newscrawl.storage.archive_reading import ArchivedAnswer
from newscrawl.storage.archive_records import ArchiveProblem
from newscrawl.storage.journal import Entry
from newscrawl.storage.prepared import Prepared, prepare

_IMPORTED = "finews"


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """An entry of the journal, and where its answer and the answer's further parts stand."""

    entry: Entry
    answers: tuple[AnswerPlace, ...]
    """() where it is not in these archives."""


@dataclass(frozen=True, slots=True)
class Editions:
    """The posts of an imported article: what is made of them depends on what is stored of it."""

    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class EntryRead:
    """What was read of one entry."""

    result: Prepared | Editions | NoArticle | None
    """None where its answer is not there."""
    problems: Sequence[ArchiveProblem] = ()
    """Records of it that cannot be read."""


class EntryReader:
    """Reads entries in order; the rows of one list follow each other, and it is taken apart once."""

    def __init__(self) -> None:
        self._answers: tuple[AnswerPlace, ...] = ()
        self._pages: list[Page] = []

    def __call__(self, places: Sequence[EntryPlace]) -> list[EntryRead]:
        """The articles as today's reading has them."""
        return [self._read(place) for place in places]

    def _read(self, place: EntryPlace) -> EntryRead:
        problems: list[ArchiveProblem] = []
        try:
            return EntryRead(self._result(place, problems), problems)
        except NotNews as skipped:
            return EntryRead(NoArticle(skipped.kind), problems)
        except PageError as refused:
            return EntryRead(NoArticle(refused.kind, refused.reason, is_fault=True), problems)

    def _result(self, place: EntryPlace, problems: list[ArchiveProblem]) -> Prepared | Editions | None:
        from pipelines import read_page  # noqa: PLC0415 - `newscrawl --help` need not load the parsers

        entry = place.entry
        if self._answers != place.answers or not self._pages:
            story = answers_at(place.answers, problems.append)
            if story and story[0].source == _IMPORTED:
                return Editions(tuple(_editions(story)))
            self._answers, self._pages = (), []
            self._answers, self._pages = place.answers, _pages(story)
        page = next((page for page in self._pages if page.url in entry.urls), None)
        if page is None:
            return None
        article = replace(read_page(_as_told(page, entry)), source=entry.source, seen_at=entry.urls)
        return prepare(article, entry.number)


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


def _editions(story: Sequence[ArchivedAnswer]) -> list[Article]:
    """What the posts of one number tell; the last one's PageError where none can be read."""
    from pipelines import read_page  # noqa: PLC0415
    from pipelines.posts import post_page  # noqa: PLC0415

    editions: list[Article] = []
    for post in story:
        try:
            editions.append(read_page(post_page(post.context["file"], post.body, post.fetched_at)))
        except PageError:
            if post is story[-1] and not editions:
                raise
    return editions
