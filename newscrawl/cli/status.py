"""`newscrawl status`: whether all is well, and what to look at."""

import shutil
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from newscrawl.cli.common import (
    COLUMNS,
    clipped,
    database_for_reading,
    db_option,
    json_option,
    one_line,
    print_json,
    table,
    width,
)
from newscrawl.concerns import concerns
from newscrawl.config import MIB, Config, load_config
from newscrawl.outcomes import EXIT_STATUS
from newscrawl.storage.database import SCHEMA_VERSION
from newscrawl.storage.health import Health, SourceHealth, health_of
from newscrawl.storage.lock import is_running
from newscrawl.storage.timetext import from_text, length_text, minute_text, now_utc

_NAME = 8
_NEARLY_FULL = 0.02
_LITTLE = 1024 * MIB
_STATES = ("due", "later", "given up", "gone")
_WORDS = {"due": "due now", "later": "due later"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Bytes on disk."""

    database: int
    wal: int
    """What was written and not yet moved into the database file."""
    archive: int
    archive_limit: int
    free: int
    disk: int

    @property
    def is_tight(self) -> bool:
        """Whether the disk is nearly full."""
        return self.free < min(_LITTLE, self.disk // 10) or self.free < _NEARLY_FULL * self.disk


@click.command()
@db_option
@json_option
def status(db: Path, as_json: bool) -> None:
    """Tell whether all is well: the last runs, how fresh each source is, what failed, sizes, and what to look at.

    Exit status 0 where all is well, 1 where something needs a person: a source whose runs keep ending badly or come no
    more, nothing new for far longer than usual, a field that went missing, pages given up within a day, a disk that is
    nearly full. Only reads. Times are Beijing times.

    Behind how a run ended stands its exit status where that is not 0; `good` is how long ago one ended well, `newest`
    the age of the newest story, `24 h` how many were published since then, beside the daily average of two weeks.

    \b
    newscrawl status
    newscrawl status --json
    """
    config = load_config()
    with database_for_reading(db) as database:
        health = health_of(database, partial(is_running, db), now_utc())
    sizes = _sizes(db, config)
    told = [*concerns(health), *_disk_concern(sizes)]
    if as_json:
        print_json(as_data(health, sizes, told))
    else:
        click.echo(as_text(health, sizes, told))
    raise click.exceptions.Exit(EXIT_STATUS["partial" if told else "ok"])


def _sizes(db: Path, config: Config) -> Sizes:
    folder = config.archive.beside(db)
    disk = shutil.disk_usage(db.parent)
    return Sizes(
        database=_size(db),
        wal=_size(db.with_name(f"{db.name}-wal")),
        archive=sum(map(_size, folder.glob("*"))) if folder.is_dir() else 0,
        archive_limit=config.archive.max_total_mb * MIB,
        free=disk.free,
        disk=disk.total,
    )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _disk_concern(sizes: Sizes) -> list[str]:
    if not sizes.is_tight:
        return []
    return [f"disk: {_told(sizes.free)} free: make room, or lower `max_total_mb` of [archive] in newscrawl.toml"]


def as_data(health: Health, sizes: Sizes, told: list[str]) -> dict[str, Any]:
    """A status as JSON holds it."""
    return {
        "well": not told,
        "look_at": told,
        "sources": [_source_data(source, health.at) for source in health.sources],
        "failures": [dict(row) for row in health.failures],
        "gaps": health.gaps,
        "sizes": asdict(sizes),
        "schema": health.schema,
    }


def _source_data(source: SourceHealth, now: datetime) -> dict[str, Any]:
    last = source.runs[0]
    return {
        "source": source.source,
        "last_run": last | {"state": source.outcome},
        "runs_like_it": len(source.streak),
        "last_good": source.last_good,
        "newest": None if source.newest is None else minute_text(source.newest),
        "newest_age": None if source.newest is None else max(int(now.timestamp()) - source.newest, 0),
        "last_day": source.last_day,
        "daily": source.daily,
    }


def as_text(health: Health, sizes: Sizes, told: list[str]) -> str:
    """A status as a person reads it: one screen."""
    parts = [_source_table(health)] if health.sources else ["no run yet: `newscrawl crawl --all` begins"]
    parts.append("\n".join(_facts(health, sizes)))
    parts.append("\n".join(["to look at:", *map(_wrapped, told)]) if told else "all is well")
    return "\n\n".join(parts)


def _wrapped(concern: str) -> str:
    return fill(one_line(concern), COLUMNS, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _source_table(health: Health) -> str:
    header = ("last run", "ended", "new", "failed", "good", "newest", "24 h (day)")
    lines = table(header, [_cells(source, health.at) for source in health.sources]).split("\n")
    left = max(COLUMNS - max(map(width, lines)) - 2, _NAME)
    names = ["source", *(clipped(source.source, left) for source in health.sources)]
    left = max(map(width, names))
    return "\n".join(f"{name.ljust(left)}  {line}" for name, line in zip(names, lines, strict=True))


def _cells(source: SourceHealth, now: datetime) -> list[object]:
    last = source.runs[0]
    return [
        last["started_at"][5:16],
        source.outcome if not last["exit_status"] else f"{source.outcome} {last['exit_status']}",
        last["new"],
        last["failed"],
        _ago(None if source.last_good is None else from_text(source.last_good), now),
        _ago(None if source.newest is None else datetime.fromtimestamp(source.newest, UTC), now),
        f"{source.last_day}" + ("" if source.daily is None else f" ({source.daily:.0f})"),
    ]


def _ago(moment: datetime | None, now: datetime) -> str | None:
    """In the largest unit: a screen has 80 columns."""
    if moment is None:
        return None
    words = length_text(max(int((now - moment).total_seconds()), 0)).split()
    return " ".join(words[:2])


def _facts(health: Health, sizes: Sizes) -> list[str]:
    gaps = (
        "none" if not health.gaps else f"{health.gaps}: `newscrawl gaps` tells which, `newscrawl backfill` fills them"
    )
    old = "" if health.schema == SCHEMA_VERSION else f", this newscrawl writes {SCHEMA_VERSION}"
    return [
        f"failures  {_failures(health)}",
        f"gaps      {gaps}",
        f"database  {_told(sizes.database)}, WAL {_told(sizes.wal)}, schema {health.schema}{old}",
        f"archive   {_told(sizes.archive)} of at most {_told(sizes.archive_limit)}",
        f"disk      {_told(sizes.free)} free of {_told(sizes.disk)}",
    ]


def _failures(health: Health) -> str:
    """How many in which state; how many of which kind of those that may still become articles."""
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for row in health.failures:
        states[row["state"]] += row["count"]
        if row["state"] != "gone":
            kinds[row["kind"]] += row["count"]
    named = ", ".join(f"{states[state]} {_WORDS.get(state, state)}" for state in _STATES if states[state])
    of_kind = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    return (named or "none") + (f" ({of_kind})" if of_kind else "")


def _told(size: int) -> str:
    """Bytes for people.

    >>> _told(0), _told(300 * 1024), _told(5 * 1024 * 1024), _told(10 * 1024**3)
    ('0 MB', '0.3 MB', '5.0 MB', '10.0 GB')
    """
    if not size:
        return "0 MB"
    return f"{size / MIB:.1f} MB" if size < 1024 * MIB else f"{size / 1024 / MIB:.1f} GB"
