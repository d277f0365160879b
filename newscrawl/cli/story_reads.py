"""What is read of an archived story, in whichever process: each of its pages as an article, or why it is none."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newscrawl.errors import NewscrawlError, NotNews, PageError
from newscrawl.items import Article, Page
from newscrawl.replay import WHOLE_ROWS, first_page, foreign_page, foreign_source, row_pages, story_page
from newscrawl.storage.archive_places import AnswerPlace, answers_at
from newscrawl.storage.archive_reading import ArchivedAnswer
from newscrawl.storage.archive_records import ArchiveProblem
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_readonly
from newscrawl.storage.prepared import Prepared, prepare

logger = logging.getLogger(__name__)

ReadAt = Callable[[str, Sequence[str]], Mapping[str, datetime]]
"""As ArticleStore.read_at: when the newest answer came that was read at each of a source's addresses."""
_IMPORTED = "finews"


@dataclass(frozen=True, slots=True)
class NoArticle:
    """Why a page is none."""

    kind: str
    reason: str = ""
    is_fault: bool = False
    """False for what need not be one: an advert, a page of a site that nobody asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What was read of one page."""

    url: str
    found_at: str
    """The address under which a crawl finds it."""
    source: str
    asked_by: str
    """The source whose crawl has asked for it; "" in a foreign archive."""
    fetched_at: datetime
    result: Prepared | NoArticle | None
    """None where the stored article was read from a later answer."""
    is_page: bool = True
    """False for an answer of another crawler that is no page at all."""


@dataclass(frozen=True, slots=True)
class StoryRead:
    """What was read of one story: a page or a list."""

    pages: Sequence[PageRead] = ()
    passed_over: str = ""
    """Why none of it was read."""
    problems: Sequence[ArchiveProblem] = ()
    """Records of it that cannot be read."""


ReadStory = Callable[[Sequence[AnswerPlace]], StoryRead]


def reader(read_at: ReadAt) -> ReadStory:
    """What reads a story where it stands; pages that are older than what is stored it passes over."""
    is_older = _Older(read_at)
    return lambda places: _read(places, is_older)


def reader_beside(database: Path) -> ReadStory:
    """The same in a process of its own, which sees what another one has committed.

    What is older once is so for ever: the time of the newest answer only moves on.
    """
    return reader(ArticleStore(open_readonly(database)).read_at)


class _Older:
    """Whether pages came before the newest answer that their stored articles were read from."""

    def __init__(self, read_at: ReadAt) -> None:
        self._read_at = read_at

    def __call__(self, pages: Sequence[Page]) -> list[bool]:
        read_at = self._read_at(pages[0].source, [page.url for page in pages]) if pages else {}
        return [page.url in read_at and page.fetched_at < read_at[page.url] for page in pages]


def _read(places: Sequence[AnswerPlace], is_older: _Older) -> StoryRead:
    problems: list[ArchiveProblem] = []
    story = answers_at(places, problems.append)
    read = _read_story(story, is_older) if story else StoryRead()
    return replace(read, problems=problems) if problems else read


def _read_story(story: Sequence[ArchivedAnswer], is_older: _Older) -> StoryRead:
    """What a crawl would have read of this answer."""
    first = story[0]
    if not first.source:
        return StoryRead([_read_foreign(first)])
    if first.source == _IMPORTED:
        return StoryRead(passed_over="import")  # a post is read together with all of its number: see rebuild
    if first.status == 200 and first.role == "page":
        return StoryRead(list(_read_own([first_page(first)], first.source, is_older, story)))
    if first.status == 200 and first.source in WHOLE_ROWS:
        return _read_rows(first, is_older)
    return StoryRead()


def _read_rows(answer: ArchivedAnswer, is_older: _Older) -> StoryRead:
    try:
        pages = row_pages(answer)
    except PageError:
        return StoryRead(passed_over="list")  # the crawl itself has told of it
    return StoryRead(list(_read_own(pages, answer.source, is_older)))


def _read_own(
    pages: Sequence[Page], asked_by: str, is_older: _Older, story: Sequence[ArchivedAnswer] = ()
) -> Iterator[PageRead]:
    """Reads a crawl's own pages, or the whole story that begins with the one."""
    for page, older in zip(pages, is_older(pages), strict=True):
        yield PageRead(
            url=page.url,
            found_at=(*page.aliases, page.url)[0],
            source=page.source,
            asked_by=asked_by,
            fetched_at=page.fetched_at,
            result=None if older else _read_page(page, story),
        )


def _read_page(page: Page, story: Sequence[ArchivedAnswer]) -> Prepared | NoArticle:
    try:
        return prepare(_article(story_page(story) if story else page))
    except NotNews as skipped:
        return NoArticle(skipped.kind)
    except PageError as refused:
        return NoArticle(refused.kind, refused.reason, is_fault=True)
    except NewscrawlError:
        raise
    except Exception as fault:
        logger.debug("reading failed on %s", page.url, exc_info=True)
        return NoArticle("error", f"{type(fault).__name__}: {fault}", is_fault=True)


def _read_foreign(answer: ArchivedAnswer) -> PageRead:
    """Whatever is no story there is passed over: nobody asked for it."""
    page: Page | None = None
    try:
        page = foreign_page(answer)
        result: Prepared | NoArticle = prepare(_article(page))
    except (NotNews, PageError) as refused:
        result = NoArticle(refused.kind)
    except NewscrawlError:
        raise
    except Exception:
        logger.debug("reading failed on %s", answer.url, exc_info=True)
        result = NoArticle("error")
    return PageRead(
        url=answer.url,
        found_at=answer.url,
        source="",
        asked_by="",
        fetched_at=answer.fetched_at,
        result=result,
        is_page=page is not None,
    )


def _article(page: Page) -> Article:
    from pipelines import read_page  # noqa: PLC0415 - `newscrawl --help` need not load the parsers

    article = read_page(page)
    return article if article.source else replace(article, source=foreign_source(page.url))
