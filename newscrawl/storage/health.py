"""How the sources stand, from the database alone: last runs, freshness, how much came, what waits. Reading only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlite_utils import Database

from newscrawl.storage.breakers import BreakerStore, OpenBreaker
from newscrawl.storage.gaps import list_states
from newscrawl.storage.lookup import rows
from newscrawl.storage.rows import Row
from newscrawl.storage.timetext import from_text, in_beijing, to_text

_DAYS = 14
_LAST_RUNS = 50
"""So many of a source's runs are looked at."""
GOOD = ("ok", "nothing_new")
"""Outcomes of which nobody need hear."""
# One step a source: `select distinct` would read the whole index, a row for each run.
_SOURCES = """
    with recursive each(source) as (
        select min(source) from runs
        union all select (select min(source) from runs where source > each.source) from each where source is not null
    ) select source from each where source is not null
"""
_RUNS = f"select * from runs where source = ? order by id desc limit {_LAST_RUNS}"
_GOOD_RUN = f"select finished_at from runs where source = ? and outcome in {GOOD} order by id desc limit 1"
_NEWEST_DAY = "select published_date from articles where +source = ? and published_date > '' order by 1 desc limit 1"
_NEWEST = "select max(published_ts) from articles where +source = ? and published_date = ?"
# +source: without it SQLite takes the index of (source, source_id), and reads every article of the source.
_DAILY = """
    select count(*), min(published_date) from articles
    where published_date >= :from and published_date < :today and +source = :source
"""
_LATELY = "select source, count(*) from articles where published_ts > ? and published_ts <= ? group by source"
_TIMES = "select published_ts from articles where published_date >= ? and +source = ?"
_FAILURES = """
    select source, kind,
           case when kind = 'gone' then 'gone' when next_try_at is null then 'given up'
                when next_try_at <= :now then 'due' else 'later' end as state,
           count(*) as count, sum(last_try_at >= :yesterday) as lately
    from failures group by 1, 2, 3 order by 1, 2, 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source stands. Times are Beijing texts or unix seconds, as in the database."""

    source: str
    crawled: bool
    """False for what reads no lists: imports and replays."""
    runs: Sequence[Row]
    """The last ones, the newest first."""
    running: bool
    last_good: str | None
    """When its last run ended that ended well."""
    newest: int | None
    """When its newest story was published."""
    longest_pause: int | None
    """The longest time in seconds without a story, of the last two weeks; None where there is too little to tell."""
    last_day: int
    """Stories published within the last 24 hours."""
    daily: float | None
    """Stories a day in the two weeks before today; None without any."""

    @property
    def outcome(self) -> str:
        """How its last run ended; `running`, or `killed` where it ended without a word."""
        return "running" if self.running else str(self.runs[0]["outcome"] or "killed")

    @property
    def ended(self) -> list[Row]:
        """Its last runs but for one under way; those that were stopped on purpose say nothing."""
        ended = self.runs[1:] if self.running else self.runs
        return [run for run in ended if run["outcome"] != "interrupted"]

    @property
    def streak(self) -> list[Row]:
        """The runs that have ended like the last one, without a break, the newest first."""
        ended = self.ended
        other = (i for i, run in enumerate(ended) if run["outcome"] != ended[0]["outcome"])
        return ended[: next(other, len(ended))]

    @property
    def interval(self) -> float | None:
        """The usual time in seconds from the beginning of a run to that of the next; None after less than ten runs."""
        begun = [from_text(run["started_at"]) for run in self.runs]
        steps = [(later - earlier).total_seconds() for later, earlier in pairwise(begun)]
        return median(steps) if len(steps) >= 10 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a database stands."""

    at: datetime
    sources: Sequence[SourceHealth]
    failures: Sequence[Row]
    """source, kind, state (due, later, given up, gone), count, and how many of them of the last 24 hours."""
    resting: Sequence[OpenBreaker]
    """The sources that are let alone now."""
    gaps: int
    """Stretches that a backfill can fill."""
    schema: int


def health_of(db: Database, is_running: Callable[[str], bool], now: datetime) -> Health:
    """How all sources of a database stand; `is_running` tells of a source whether a run of it is under way."""
    names = [name for (name,) in db.execute(_SOURCES).fetchall()]
    states = list_states(db)
    crawled = {state.source for state in states}
    lately = dict(db.execute(_LATELY, [now.timestamp() - 24 * 3600, now.timestamp()]).fetchall())
    yesterday = {"now": to_text(now), "yesterday": to_text(now - timedelta(days=1))}
    return Health(
        at=now,
        sources=[_source(db, name, now, name in crawled, is_running(name), lately.get(name, 0)) for name in names],
        failures=[dict(row) for row in db.query(_FAILURES, yesterday)],
        resting=[breaker for breaker in BreakerStore(db).all() if breaker.holds(now)],
        gaps=sum(gap.reachable for state in states for gap in state.gaps()),
        schema=db.execute("pragma user_version").fetchone()[0],
    )


def _source(db: Database, name: str, now: datetime, crawled: bool, running: bool, last_day: int) -> SourceHealth:  # noqa: PLR0917
    runs = rows(db, _RUNS, name)
    good = db.execute(_GOOD_RUN, [name]).fetchone()
    day = db.execute(_NEWEST_DAY, [name]).fetchone()
    newest = db.execute(_NEWEST, [name, day[0]]).fetchone()[0] if day else None
    return SourceHealth(
        source=name,
        crawled=crawled,
        runs=runs,
        running=running and runs[0]["outcome"] is None,
        last_good=good[0] if good else None,
        newest=newest,
        longest_pause=_longest_pause(db, name, now) if crawled else None,
        last_day=last_day,
        daily=_daily(db, name, now),
    )


def _daily(db: Database, source: str, now: datetime) -> float | None:
    today = in_beijing(now).date()
    span = {"from": str(today - timedelta(days=_DAYS)), "today": str(today), "source": source}
    count, first = db.execute(_DAILY, span).fetchone()
    return count / (today - datetime.fromisoformat(first).date()).days if count else None


def _longest_pause(db: Database, source: str, now: datetime) -> int | None:
    since = in_beijing(now - timedelta(days=_DAYS))
    times = sorted(second for (second,) in db.execute(_TIMES, [f"{since:%Y-%m-%d}", source]))
    if len(times) < 20 or times[-1] - times[0] < 2 * 24 * 3600:
        return None
    return int(max(later - earlier for earlier, later in pairwise(times)))
