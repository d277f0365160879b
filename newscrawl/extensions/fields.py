"""Whether a run's articles lack what its source's articles usually have: a layout change, told before data is gone."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newscrawl.items import Article
from newscrawl.storage.runs import RunStore
from newscrawl.storage.transactions import reading
from newscrawl.storage.usual import Missing, Traits, missing, record_of, traits_of, usual_of

if TYPE_CHECKING:
    from sqlite_utils import Database

_LEAST = 5
"""Fewer articles than this say nothing of the site."""
_SHARE = 0.5
_KEPT = 1000
_TOLD = 3
_ALARM_EVERY = timedelta(days=1)


class FieldWatch:
    """What one run's articles have, beside what the record before it had."""

    def __init__(self, db: "Database", source: str) -> None:
        self._db, self._source = db, source
        self._traits: list[Traits] = []
        with reading(db):
            self._last: int = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]

    def add(self, article: Article) -> None:
        """Takes note of an article that was read."""
        if len(self._traits) < _KEPT:
            self._traits.append(traits_of(article))

    def missing(self, now: datetime) -> list[Missing]:
        """The fields that more than half of the run's articles lack, and nearly all of the record have."""
        if len(self._traits) < _LEAST:
            return []
        with reading(self._db):
            record = record_of(self._db, self._source, now, self._last)
        return missing(usual_of(self._traits), record, least=_LEAST, share=_SHARE)

    def sign(self, fields: list[Missing]) -> str:
        """One note about them, with the command that shows more; "" for none."""
        if not fields:
            return ""
        more = f" and {len(fields) - _TOLD} more fields" if len(fields) > _TOLD else ""
        return f"{', '.join(map(str, fields[:_TOLD]))}{more}: {self._command}"

    def is_news(self, now: datetime) -> bool:
        """Whether no run of the source has told such a thing within a day."""
        with reading(self._db):
            return not RunStore(self._db).has_said(self._source, self._command, now - _ALARM_EVERY)

    @property
    def _command(self) -> str:
        return f"newscrawl check {self._source}"
