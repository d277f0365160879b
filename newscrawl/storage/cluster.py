"""Crawls by several workers: up to which result of theirs everything is committed, in the same transaction as that."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlite_utils import Database

from newscrawl.storage.runs import Counts, RunMark
from newscrawl.storage.timetext import from_text
from newscrawl.storage.transactions import immediate, reading

START = "0-0"
"""Before the first entry of a stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a crawl has come."""

    run: RunMark
    entry: str
    """The last entry of the crawl's stream that is committed."""
    state: bytes | None
    """What its books then knew beside the database; None where nothing was asked for yet."""
    lists: bytes | None
    """What they knew of the lists."""
    row: Mapping[str, Any]
    """The run's row."""

    @property
    def has_ended(self) -> bool:
        return self.row["finished_at"] is not None

    @property
    def counts(self) -> Counts:
        """What the run has done so far."""
        return Counts(**{each.name: self.row[each.name] for each in fields(Counts)})

    @property
    def skipped_kinds(self) -> dict[str, int]:
        """What was skipped, by kind."""
        kinds: dict[str, int] = json.loads(self.row["skipped_kinds"] or "{}")
        return kinds


class ClusterStore:
    """The table cluster_crawls."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, crawl: str) -> Position | None:
        """How far a crawl has come; None for one that this database knows nothing of."""
        with reading(self._db):
            row = next(self._db.query(_POSITION, {"crawl": crawl}), None)
        if row is None:
            return None
        mark = RunMark(
            id=row["id"], source=row["source"], version=row["version"], started_at=from_text(row["started_at"])
        )
        return Position(run=mark, entry=row["entry"], state=row["state"], lists=row["lists"], row=row)

    def begin(self, crawl: str, run_id: int) -> None:
        """Notes that a crawl is this run. Call it inside a transaction."""
        self._db.table("cluster_crawls").insert({"crawl": crawl, "run_id": run_id, "entry": START})

    def write(self, crawl: str, entry: str, state: bytes, lists: bytes | None) -> None:
        """Notes how far a crawl has come; `lists` is None where they are as before. Call it inside a transaction."""
        row = {"entry": entry, "state": state, **({} if lists is None else {"lists": lists})}
        self._db.table("cluster_crawls").update(crawl, row)

    def forget(self, crawl: str) -> None:
        """The crawl's end is known to all: nobody will ask again."""
        with immediate(self._db):
            self._db.table("cluster_crawls").delete_where("crawl = ?", [crawl])

    def crawls(self) -> list[str]:
        """Those that are noted."""
        with reading(self._db):
            return [row[0] for row in self._db.execute("select crawl from cluster_crawls order by run_id")]


_POSITION = "select r.*, entry, state, lists from cluster_crawls c join runs r on r.id = c.run_id where crawl = :crawl"
