"""What a page's article is to the database. Pure: nothing is read or written here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from newscrawl.items import Article
from newscrawl.storage.timetext import in_beijing

SAME_TEXT_WITHIN = timedelta(hours=48)
"""How far apart two sources may publish one text and still mean one article."""
_STORED_WITHIN = timedelta(minutes=1)
"""A crawl stores an answer some seconds after it came."""


class Outcome(StrEnum):
    """What became of one article that was handed to the store."""

    NEW = "new"
    CHANGED = "changed"
    REREAD = "reread"
    """The publisher changed nothing: the same answer is read differently today."""
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"


class Reason(StrEnum):
    """Whose a change is."""

    PUBLISHER = "publisher"
    READER = "reader"
    """Ours: the same bytes, read differently."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a decision needs to know of an article in the database."""

    id: int
    source: str
    source_id: str | None
    content_hash: str
    modified_at: datetime | None
    published_at: datetime | None
    content_since: datetime
    """When its present text was stored."""
    read_at: datetime | None = None
    """When the newest answer came that was read as this article; None in what older versions stored."""


def is_same_article(article: Article, candidate: Stored) -> bool:
    """Whether a stored article found at one of this article's addresses may be this article.

    Two ids of one source are two articles, even at one address.
    """
    return not (
        article.source == candidate.source
        and article.source_id is not None
        and candidate.source_id is not None
        and article.source_id != candidate.source_id
    )


def is_same_text(article: Article, candidate: Stored) -> bool:
    """Whether a stored article with this article's content hash counts as this article."""
    if article.source == candidate.source:
        return not (article.url or article.source_id or candidate.source_id)
    if article.published_at is None or candidate.published_at is None:
        return False
    return abs(in_beijing(article.published_at) - candidate.published_at) <= SAME_TEXT_WITHIN


def decide(article: Article, content_hash: str, match: Stored | None) -> Outcome:
    """The outcome for an article whose stored counterpart, if any, is `match`.

    A counterpart of another source makes it a duplicate. An answer that the site itself dates before the stored state
    (an old copy from a cache) changes nothing.
    """
    if match is None:
        return Outcome.NEW
    if match.source != article.source:
        return Outcome.DUPLICATE
    if match.content_hash == content_hash or is_outdated(article, match):
        return Outcome.UNCHANGED
    return Outcome.CHANGED


def is_outdated(article: Article, match: Stored) -> bool:
    """Whether both carry the site's own time of edit and the stored one is the later."""
    if article.modified_at is None or match.modified_at is None:
        return False
    return in_beijing(article.modified_at).replace(microsecond=0) < match.modified_at


def is_older(article: Article, match: Stored) -> bool:
    """Whether an archived answer came before the newest that the stored state knows of: it has nothing to add."""
    return in_beijing(article.fetched_at) < (match.read_at or match.content_since - _STORED_WITHIN)


def reason_of(article: Article, match: Stored) -> Reason:
    """Whose the difference is between the stored state and the article of an archived answer that is not older.

    The newest answer that the state knows of was read before, so only the reading can have changed; where the state
    does not tell which that was, the first that is not older is taken for it.
    """
    known = match.read_at is None or in_beijing(article.fetched_at) == match.read_at
    return Reason.READER if known else Reason.PUBLISHER
