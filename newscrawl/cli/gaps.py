"""`newscrawl gaps`: what is missing, and how old the newest is."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from newscrawl.cli.common import (
    check_past,
    check_source,
    database_for_reading,
    db_option,
    given,
    json_option,
    print_json,
    table,
)
from newscrawl.outcomes import EXIT_STATUS
from newscrawl.spiders.arguments import CrawlArguments
from newscrawl.storage.gaps import Gap, ListState, list_states
from newscrawl.storage.timetext import from_text, length_text, minute_text, now_utc, to_text


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", metavar="DATE", help="From this day or moment on; default: where the record of a list begins.")
@click.option("--until", metavar="DATE", help="Up to this day or moment; default: the newest that is known.")
@db_option
@json_option
def gaps(sources: tuple[str, ...], since: str | None, until: str | None, db: Path, as_json: bool) -> None:
    """Tell what is missing of each list of each source, and how old the newest is.

    Missing are stretches of publication time, up to the newest that is known, in which a list was not read; an hour
    without stories outside of them was a quiet one. Exit status 1 where something is missing that a backfill can fetch,
    or nothing is known at all; 0 otherwise. Times are Beijing times.

    \b
    newscrawl gaps
    newscrawl gaps cls_telegraph --since 2026-11-01
    newscrawl backfill cls_telegraph --since 2026-11-01     fills them
    """
    asked = CrawlArguments.read(**given(since=since, until=until))
    check_past(asked.since)
    with database_for_reading(db) as database:
        for source in sources:
            check_source(database, source)
        states = list_states(database, sources)
    missing = [gap for state in states for gap in state.gaps(asked.since, asked.until)]
    known = any(state.complete for state in states)
    if as_json:
        print_json({"gaps": [_gap_row(gap) for gap in missing], "lists": [_state_row(state) for state in states]})
    elif known:
        click.echo(_told(missing, states))
    else:
        click.echo(_nothing_known(sources))
    complete = known and not any(gap.reachable for gap in missing)
    raise click.exceptions.Exit(EXIT_STATUS["ok" if complete else "partial"])


def _nothing_known(sources: Sequence[str]) -> str:
    name = sources[0] if len(sources) == 1 else "SOURCE"
    crawl = f"`newscrawl crawl {' '.join(sources) or '--all'}` begins a record"
    return f"nothing is known to be complete yet: {crawl}, `newscrawl backfill {name} --since DATE` goes back"


def _told(missing: Sequence[Gap], states: Sequence[ListState]) -> str:
    reachable, beyond = ([gap for gap in missing if gap.reachable is wanted] for wanted in (True, False))
    parts = [_gap_table(reachable) if reachable else "no gaps"]
    if beyond:
        parts.append(f"out of reach, since the site's own list had nothing so old:\n\n{_gap_table(beyond)}")
    return "\n\n".join([*parts, _state_table(states)])


def _gap_table(missing: Sequence[Gap]) -> str:
    header = ("source", "channel", "missing from", "to", "length")
    return table(header, [[*each[:4], length_text(each[4])] for each in map(_gap_cells, missing)])


def _gap_cells(gap: Gap) -> tuple[str, str, str, str, int]:
    first, last = (_moment(second).removesuffix("+08:00") for second in (gap.from_ts, gap.to_ts))
    return gap.source, gap.channel, first, last, gap.seconds


def _state_table(states: Sequence[ListState]) -> str:
    header = ("source", "channel", "record from", "complete to", "last read")
    return table(header, [_state_cells(state) for state in states])


def _state_cells(state: ListState) -> list[str | None]:
    times = [None if second is None else minute_text(second) for second in (state.first, state.last)]
    ago = None if state.read_at is None else int((now_utc() - from_text(state.read_at)).total_seconds())
    return [state.source, state.channel, *times, None if ago is None else f"{length_text(max(ago, 0))} ago"]


def _gap_row(gap: Gap) -> dict[str, Any]:
    """Columns as in the view `gaps`."""
    times = {"missing_from": _moment(gap.from_ts), "missing_to": _moment(gap.to_ts)}
    return {**asdict(gap), "seconds": gap.seconds, **times}


def _state_row(state: ListState) -> dict[str, Any]:
    begins, ends = (None if second is None else _moment(second) for second in (state.first, state.last))
    reached = None if state.ends_at is None else _moment(state.ends_at)
    names = {"source": state.source, "channel": state.channel}
    return {**names, "record_from": begins, "complete_to": ends, "read_at": state.read_at, "list_begins": reached}


def _moment(second: int) -> str:
    return to_text(datetime.fromtimestamp(second, UTC))
