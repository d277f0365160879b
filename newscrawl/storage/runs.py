"""Runs: one row for each crawl of one source."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from newscrawl.storage.decide import Outcome
from newscrawl.storage.rows import as_json, storable
from newscrawl.storage.timetext import to_text


@dataclass
class Counts:
    """What a run did. `found` is the sum of the eight after `fetched`, but for what a stop or a limit left over."""

    found: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    reread: int = 0
    unchanged: int = 0
    duplicate: int = 0
    failed: int = 0
    skipped: int = 0
    gone: int = 0

    def with_outcomes(self, outcomes: Iterable[Outcome]) -> "Counts":
        """These counts and the outcomes of a batch; `self` stays as it is."""
        tally = Counter(outcome.value for outcome in outcomes)
        return replace(self, **{name: getattr(self, name) + n for name, n in tally.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMark:
    """What is known of a run from its start."""

    id: int
    source: str
    version: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """How a run ended."""

    outcome: str
    exit_status: int
    message: str | None
    """The closing line's advice."""
    at: datetime


@dataclass(frozen=True, slots=True)
class RunState:
    """What a run has done so far."""

    counts: Counts
    skipped_kinds: Mapping[str, int]
    end: RunEnd | None = None
    """None while it goes on."""


class RunStore:
    """The runs table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def start(self, source: str, version: str, now: datetime) -> int:
        """Notes that a run begins and tells its id. Outcome and end stay NULL until `finish`: also after a kill."""
        row = {"source": source, "version": version, "started_at": to_text(now)}
        run_id = self._db.table("runs").insert(row).last_pk
        assert isinstance(run_id, int)
        return run_id

    def restore(self, run: RunMark) -> None:
        """The run's row as `start` made it, with the same id; nothing where it is there already."""
        row = {"id": run.id, "source": run.source, "version": run.version, "started_at": to_text(run.started_at)}
        self._db.table("runs").insert(row, ignore=True)

    def update(self, run_id: int, state: RunState) -> None:
        """Notes what the run has done so far, and how it ended."""
        row = {**asdict(state.counts), "skipped_kinds": as_json(dict(state.skipped_kinds))}
        if state.end:
            end = asdict(state.end)
            row |= {"finished_at": to_text(end.pop("at")), **end, "message": storable(state.end.message)}
        self._db.table("runs").update(run_id, row)

    def lasting(self, source: str, outcome: str) -> tuple[int, str | None]:
        """How many runs of a source have ended so without a break up to now, and when the first of them began."""
        sql = """
            select count(*), min(started_at) from runs where source = :source and outcome = :outcome and id > coalesce((
                select id from runs where source = :source and outcome <> :outcome order by id desc limit 1), 0)
        """
        count, since = self._db.execute(sql, {"source": source, "outcome": outcome}).fetchone()
        return count, since

    def has_said(self, source: str, words: str, since: datetime) -> bool:
        """Whether a run of a source that began since then has these words in its message."""
        sql = "select 1 from runs where source = ? and started_at >= ? and instr(message, ?) limit 1"
        return self._db.execute(sql, [source, to_text(since), words]).fetchone() is not None

    def recent(self, limit: int = 20, source: str | None = None) -> list[dict[str, Any]]:
        """The last runs, the newest first, of one source when named."""
        sql = "select * from runs where :source is null or source = :source order by id desc limit :limit"
        return [dict(row) for row in self._db.query(sql, {"source": source, "limit": limit})]
