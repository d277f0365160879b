"""The breaker between runs: a source that refuses, or does not answer, is let alone for a while."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from newscrawl.errors import RestingError
from newscrawl.outcomes import Outcome
from newscrawl.storage.breakers import BreakerStore
from newscrawl.storage.timetext import to_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from newscrawl.extensions.run import Run
    from newscrawl.storage.ledger import Ledger

OPENING = frozenset({"blocked", "network"})
"""Outcomes after which a source may be let alone."""


class Resting:
    """Keeps a run from a source that is to be let alone, and says after a run whether it is.

    Addresses that a person typed are asked for all the same, and tell nothing of the source.
    """

    def __init__(self, db: "Database", spider: Any, run: "Run") -> None:
        self._store, self._spider, self._run = BreakerStore(db), spider, run

    def check(self) -> None:
        """RestingError where nothing may be asked for now."""
        breaker = self._store.get(self._spider.name)
        asked = self._spider.arguments
        if breaker and breaker.holds(self._run.clock()) and not (asked.now or asked.urls):
            told = f"nothing is asked before {_moment(breaker.until)}, but with --now: {breaker.reason}"
            raise RestingError(told, kind=breaker.kind)

    def note(self, ledger: "Ledger", outcome: Outcome) -> Outcome:
        """Opens or closes the breaker together with the end of the run; the outcome, with a word about it."""
        source = self._spider.name
        if self._spider.arguments.urls:
            return outcome
        if self._opens(ledger, outcome):
            breaker = self._store.next(source, outcome.name, outcome.advice, self._run.clock(), self._run.wish)
            ledger.with_end(partial(self._store.open, breaker))
            return replace(outcome, advice=f"{outcome.advice}; nothing is asked before {_moment(breaker.until)}")
        if self._read_well(ledger):
            ledger.with_end(partial(self._store.close, source))
        return outcome

    def _opens(self, ledger: "Ledger", outcome: Outcome) -> bool:
        """Whether this run opens the breaker: it was broken off, or read nothing once more.

        A source that was let alone is not given five tries before it is again. Nor is one that is asked for one list
        only in each run: there the runs are counted.
        """
        source, kind = self._spider.name, outcome.name
        if kind not in OPENING:
            return False
        if self._run.ended or self._read_well(ledger):
            return self._run.ended is not None
        return self._store.get(source) is not None or self._store.is_last_of_a_row(source, ledger.run_id, kind)

    def _read_well(self, ledger: "Ledger") -> bool:
        counts = ledger.counts
        read = counts.new + counts.changed + counts.reread + counts.unchanged + counts.duplicate
        return any(walk.works for walk in self._spider.walks) or bool(self._spider.arguments.retry and read)


def _moment(moment: "datetime") -> str:
    """Beijing time, to the second."""
    return to_text(moment).removesuffix("+08:00")
