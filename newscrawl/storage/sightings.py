"""Where and when articles were met, as rows. Pure."""

from collections.abc import Mapping, Sequence
from enum import IntEnum

from newscrawl.items import Article
from newscrawl.storage.lookup import sighted
from newscrawl.storage.rows import Row, storable
from newscrawl.storage.timetext import to_exact_text, to_text_or_none

Sightings = Mapping[tuple[str, str], Row]
"""By source and address."""


class Touch(IntEnum):
    """How much was written of an article."""

    NOTHING = 0
    TIMES = 1
    """Only when it was last met."""
    CONTENT = 2


def sighting_rows(article: Article, article_id: int, earlier: Sightings, met_at: str) -> list[Row]:
    """The article's addresses as rows; what an earlier sighting said stays where nothing new is said."""
    publisher, published_at = storable(article.publisher), to_text_or_none(article.published_at)
    rows = []
    for url in sighted(article):
        known = earlier.get((article.source, url), {})
        rows.append(
            {
                "article_id": article_id,
                "source": article.source,
                "url": url,
                "publisher": publisher or known.get("publisher"),
                "published_at": published_at or known.get("published_at"),
                "first_seen_at": known.get("first_seen_at", met_at),
                "last_seen_at": max(known.get("last_seen_at", ""), met_at),
                "read_at": max(known.get("read_at") or "", to_exact_text(article.fetched_at)),
            }
        )
    return rows


def unread(rows: Sequence[Row], earlier: Sightings) -> list[Row]:
    """The same rows of an answer that says nothing of the present state, so must not pass for the newest that does."""
    return [{**row, "read_at": before(earlier, row).get("read_at")} for row in rows]


def before(earlier: Sightings, row: Row) -> Row:
    """The row that this one replaces; empty when there was none."""
    return earlier.get((row["source"], row["url"]), {})


def touch_of(known: Row, row: Row) -> Touch:
    """How much of a row is news."""
    if row == known:
        return Touch.NOTHING
    times = {"last_seen_at", "read_at"}
    only_times = known and all(known[name] == row[name] for name in row if name not in times)
    return Touch.TIMES if only_times else Touch.CONTENT
