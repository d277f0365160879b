"""Articles ready to be written, and what became of them."""

from dataclasses import dataclass

from newscrawl.items import Article
from newscrawl.storage.decide import Outcome
from newscrawl.storage.lookup import Key, keys_of
from newscrawl.storage.rows import Row, article_row, part_rows
from newscrawl.storage.sightings import Touch


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with all that is written of it. What cannot be written of an article shows when it is prepared."""

    article: Article
    row: Row
    parts: dict[str, list[Row]]
    keys: set[Key]
    number: int | None = None
    """The `id` that it must have, where a database is made anew."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an article, under which `id`."""

    outcome: Outcome
    number: int
    touch: Touch


def prepare(article: Article, number: int | None = None) -> Prepared:
    """The article as rows. Any error here is about this article alone: no transaction is open yet."""
    row = article_row(article)
    keys = keys_of(article, row["content_hash"])
    if number is not None:
        keys.add(("article", str(number)))
    return Prepared(article, row, part_rows(article), keys, number)
