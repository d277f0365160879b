"""One batch of a run's account: written whole by the run itself, and again when a database is rebuilt."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from newscrawl.items import Failure
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.failures import FailureStore
from newscrawl.storage.lists import ListNotes, write_lists
from newscrawl.storage.lookup import addresses
from newscrawl.storage.prepared import Prepared, Saved
from newscrawl.storage.runs import RunMark
from newscrawl.storage.saving import save


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is committed in one transaction."""

    run: RunMark
    now: datetime
    replayed: bool = False
    """True where the articles come from an archive, not from the site."""
    articles: Sequence[Prepared] = ()
    failures: Sequence[Failure] = ()
    seen: Sequence[str] = ()
    """Addresses of stored articles that a list told of again."""
    skipped: Sequence[str] = ()
    """Addresses that had failed, and turned out to be no news."""
    lists: ListNotes = field(default_factory=ListNotes)

    @property
    def is_empty(self) -> bool:
        return not (self.articles or self.failures or self.seen or self.skipped) and self.lists.is_empty


def write(db: Database, batch: Batch) -> list[Saved]:
    """Writes a batch and tells what became of each article, in order. Call it inside a transaction."""
    saved = save(db, batch.articles, batch.now, replayed=batch.replayed)
    failures = FailureStore(db)
    for source, urls in _read_at(batch).items():
        failures.forget(source, urls)
    failures.forget(batch.run.source, batch.skipped)
    failures.record(batch.failures, batch.run.id, batch.now)
    ArticleStore(db).seen(batch.run.source, batch.seen, batch.now)
    write_lists(db, batch.run.source, batch.lists, batch.now)
    return saved


def _read_at(batch: Batch) -> dict[str, set[str]]:
    """The addresses that have become articles, by the sources under which a failure of theirs may stand."""
    urls: dict[str, set[str]] = defaultdict(set)
    for article in (prepared.article for prepared in batch.articles):
        for source in {batch.run.source, article.source}:
            urls[source].update(addresses(article))
    return urls
