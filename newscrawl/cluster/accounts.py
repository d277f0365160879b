"""The run and the ledger of a crawl that workers do: what RunRecorder keeps its books with."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from newscrawl.extensions.run import Run, TalliedLedger
from newscrawl.outcomes import Problem
from newscrawl.storage.cluster import ClusterStore

if TYPE_CHECKING:
    from sqlite_utils import Database

    from newscrawl.storage.runs import RunMark


class BookRun(Run):
    """A run without an engine: to end it is to say so; the collector does the rest."""

    def end(self, kind: str, reason: str) -> None:
        if self.ended is None:
            self.ended = Problem(kind, reason)


class BookLedger(TalliedLedger):
    """A ledger that commits between two entries of the stream, and notes which was the last."""

    def __init__(self, db: "Database", source: str, run: Run, crawl: str, begun: "RunMark | None") -> None:
        self._crawl, self._store = crawl, ClusterStore(db)
        self.stand: Callable[[], tuple[str, bytes, bytes | None]] | None = None
        """The last entry that was taken, and what the books know (see state); None before anything was asked for."""
        self._is_noted = begun is not None
        super().__init__(db, source, run, begun)

    def mark_floor(self, channel: str, second: int) -> None:
        """As Ledger.mark_floor: here the mark and the list's stories are of one transaction."""
        self.lists.floor(channel, second)

    def _flush_if_full(self) -> None:
        """The collector flushes, see Books.commit."""

    def _write_along(self) -> None:
        if self.stand:
            self._store.write(self._crawl, *self.stand())
        elif not self._is_noted:
            self._store.begin(self._crawl, self.run_id)
            self._is_noted = True
