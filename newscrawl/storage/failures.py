"""Pages that did not become articles, and when each is tried again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from newscrawl.items import Failure
from newscrawl.storage.lookup import rows
from newscrawl.storage.rows import as_json, storable
from newscrawl.storage.timetext import to_text, to_text_or_none

FIRST_DELAY = timedelta(minutes=10)
LONGEST_DELAY = timedelta(days=1)
MOST_TRIES = 10
"""Three days. A site may say of every story for a night that there is none: gone is believed no sooner."""
MOST_TRIES_OF_A_SITE = 40
"""Five weeks: where the site refuses or does not answer, that says nothing of the page."""
OF_A_SITE = frozenset({"blocked", "http", "network"})
_LAID_BY = "(next_try_at is null or next_try_at > :now and last_try_at <= :now)"
"""Not to be asked for now. A last try that is still to come is one of a clock that was set back since."""


def next_try(kind: str, tries: int, now: datetime) -> datetime | None:
    """When a page that failed `tries` times (counted from 1, this one included) is asked for again; None for never.

    10 minutes after the first failure, then twice as long each time, a day at most; given up after ten, or after forty
    where it may be the whole site that fails.
    """
    if tries >= (MOST_TRIES_OF_A_SITE if kind in OF_A_SITE else MOST_TRIES):
        return None
    return now + min(FIRST_DELAY * (1 << (tries - 1)), LONGEST_DELAY)


class FailureStore:
    """The failures table. The writing methods open no transaction: call them inside one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def record(self, failures: Sequence[Failure], run_id: int, now: datetime) -> None:
        """Notes failures, one a (source, address): an address that failed before has one more try."""
        for failure in failures:
            url, text = storable(failure.url) or "", to_text(now)
            before = self._get(failure.source, url)
            tries = (before["tries"] if before else 0) + 1
            row = {
                "source": failure.source,
                "url": url,
                "kind": failure.kind,
                "reason": storable(failure.reason),
                "tries": tries,
                "first_seen_at": before["first_seen_at"] if before else text,
                "last_try_at": text,
                "next_try_at": to_text_or_none(next_try(failure.kind, tries, now)),
                "run_id": run_id,
            }
            self._db.table("failures").upsert(row, pk=("source", "url"))

    def forget(self, source: str, urls: Iterable[str]) -> None:
        """Removes the failures of addresses that have now become articles."""
        where = "source = ? and url in (select value from json_each(?))"
        self._db.table("failures").delete_where(where, [source, as_json(list(urls))])

    def make_due(self, sources: Sequence[str], now: datetime) -> dict[str, int]:
        """Makes every failed page of these sources (all when none is named) due now, but for those gone for good.

        Those that were given up are due, too. Tells how many there are of each source. The number of tries stays.
        """
        query = {"now": to_text(now), "sources": as_json(list(sources)), "all": not sources}
        where = """(kind != 'gone' or next_try_at is not null) and url != ''
                   and (:all or source in (select value from json_each(:sources)))"""
        self._db.execute(f"update failures set next_try_at = :now where {where}", query)
        counted = f"select source, count(*) from failures where {where} group by source order by source"
        return dict(self._db.execute(counted, query).fetchall())

    def waiting(self, source: str, urls: Sequence[str], now: datetime) -> set[str]:
        """Those addresses that failed and whose next try lies ahead, or will never be."""
        sql = f"""select url from failures where source = :source and url in (select value from json_each(:urls))
                  and {_LAID_BY}"""
        query = {"source": source, "urls": as_json(list(urls)), "now": to_text(now)}
        return {url for (url,) in self._db.execute(sql, query)}

    def gone(self, source: str, urls: Sequence[str]) -> set[str]:
        """Those addresses of which the site has said that there is no such page."""
        sql = """select url from failures where source = ? and kind = 'gone'
                 and url in (select value from json_each(?))"""
        return {url for (url,) in self._db.execute(sql, [source, as_json(list(urls))])}

    def due(self, source: str, limit: int, now: datetime) -> list[str]:
        """Addresses whose next try has come, the longest waiting first."""
        sql = f"""select url from failures where source = :source and url != '' and not {_LAID_BY}
                  order by next_try_at, url limit :limit"""
        return [url for (url,) in self._db.execute(sql, {"source": source, "now": to_text(now), "limit": limit})]

    def listing(self, source: str | None = None, *, kind: str | None = None) -> list[dict[str, Any]]:
        """All failures, the latest first, of one source or kind when named."""
        sql = """select * from failures where (:source is null or source = :source)
                 and (:kind is null or kind = :kind) order by last_try_at desc, source, url"""
        return [dict(row) for row in self._db.query(sql, {"source": source, "kind": kind})]

    def has(self, source: str, url: str) -> bool:
        """Whether a failure of this address is noted."""
        return self._get(source, url) is not None

    def is_noted(self, failure: Failure) -> bool:
        """Whether the very same is noted of this address."""
        before = self._get(failure.source, failure.url)
        return before is not None and (before["kind"], before["reason"]) == (failure.kind, storable(failure.reason))

    def _get(self, source: str, url: str) -> dict[str, Any] | None:
        found = rows(self._db, "select * from failures where source = ? and url = ?", source, url)
        return found[0] if found else None
