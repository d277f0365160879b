"""`newscrawl runs`: the last runs and how they ended."""

import json
from pathlib import Path
from textwrap import wrap
from typing import Any

import click

from newscrawl.cli.common import (
    COLUMNS,
    check_source,
    database_for_reading,
    db_option,
    json_option,
    one_line,
    print_json,
    table,
)
from newscrawl.storage.lock import is_running
from newscrawl.storage.runs import RunStore
from newscrawl.storage.timetext import from_text

_SHOWN = ("found", "new")
_COUNTS = ("changed", "reread", "unchanged", "duplicate", "failed", "skipped", "gone")
_INDENT = " " * 5


@click.command()
@click.argument("source", required=False, metavar="[SOURCE]")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="How many.")
@db_option
@json_option
def runs(source: str | None, limit: int, db: Path, as_json: bool) -> None:
    """Show the last runs, the newest first: what was found, what became of it, how each ended.

    A run without an end is `running`, or was `killed`. Times are Beijing times.

    \b
    newscrawl runs
    newscrawl runs cls_telegraph --limit 5
    newscrawl runs --json --limit 1
    """
    with database_for_reading(db) as database:
        check_source(database, source)
        rows = RunStore(database).recent(limit, source)
    rows = [row | {"state": _state(row, rows, db)} for row in rows]
    if as_json:
        print_json([row | {"skipped_kinds": json.loads(row["skipped_kinds"])} for row in rows])
    elif rows:
        click.echo(as_text(rows))
    else:
        click.echo("no runs yet")


def _state(row: dict[str, Any], rows: list[dict[str, Any]], db: Path) -> str:
    """The outcome; for a run without one, whether it is under way: that can only be the source's last."""
    if row["outcome"]:
        return str(row["outcome"])
    last = max(each["id"] for each in rows if each["source"] == row["source"])
    return "running" if row["id"] == last and is_running(db, row["source"]) else "killed"


def as_text(rows: list[dict[str, Any]]) -> str:
    """A line for each run, and below it what else is to be said of it."""
    header = ("run", "source", "started", "s", "outcome", "exit", *_SHOWN)
    lines = table(header, [_cells(row) for row in rows]).split("\n")
    told = [lines[0]]
    for row, line in zip(rows, lines[1:], strict=True):
        told += [line, *wrap(one_line(_words(row)), COLUMNS, initial_indent=_INDENT, subsequent_indent=_INDENT)]
    return "\n".join(told)


def _words(row: dict[str, Any]) -> str:
    counts = ", ".join(f"{name} {row[name]}" for name in _COUNTS if row[name])
    return " - ".join(filter(None, (counts, row["message"])))


def _cells(row: dict[str, Any]) -> list[object]:
    counts = [row[name] for name in _SHOWN]
    return [row["id"], row["source"], row["started_at"][:16], _seconds(row), row["state"], row["exit_status"], *counts]


def _seconds(row: dict[str, Any]) -> int | None:
    if row["finished_at"] is None:
        return None
    return int((from_text(row["finished_at"]) - from_text(row["started_at"])).total_seconds())
