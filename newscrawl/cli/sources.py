"""`newscrawl sources`: what can be crawled, and how it stands."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from newscrawl.cli.common import COLUMNS, database_for_reading, db_option, json_option, print_json, table
from newscrawl.config import load_config
from newscrawl.errors import UsageError

_DAY_AND_MINUTE = slice(5, 16)
_FRESHEST = "select source, max(published_at) as freshest from articles group by source"
# SQLite takes `outcome` from the row that has the maximum.
_LAST_RUNS = "select source, max(id), started_at as last_run, outcome as last_outcome from runs group by source"


@click.command()
@db_option
@json_option
@click.pass_context
def sources(context: click.Context, db: Path, as_json: bool) -> None:
    """List the sources: whether `crawl --all` takes them, their last run and freshest article, their hosts.

    \b
    newscrawl sources
    newscrawl sources --json
    """
    from newscrawl import registry  # noqa: PLC0415

    if context.get_parameter_source("db") is ParameterSource.COMMANDLINE and not db.exists():
        raise UsageError(f"there is no database at {db}")
    config, known = load_config(), _known(db)
    rows = [
        {
            "source": name,
            "enabled": config.source(name).enabled,
            "hosts": [*(host.removeprefix(".") for host in spider.hosts), *config.source(name).hosts],
            "last_run": known.get(name, {}).get("last_run"),
            "last_outcome": known.get(name, {}).get("last_outcome"),
            "freshest": known.get(name, {}).get("freshest"),
        }
        for name, spider in registry.sources(config).items()
    ]
    if as_json:
        print_json(rows)
    else:
        header = ("source", "all", "last run", "outcome", "freshest", "hosts")
        click.echo(table(header, [_cells(row) for row in rows], within=COLUMNS))


def _known(db: Path) -> dict[str, dict[str, Any]]:
    """What the database says of each source; nothing where there is no database yet."""
    if not db.exists():
        return {}
    known: dict[str, dict[str, Any]] = defaultdict(dict)
    with database_for_reading(db) as database:
        for sql in (_FRESHEST, _LAST_RUNS):
            for row in database.query(sql):
                known[row["source"]] |= row
    return known


def _cells(row: dict[str, Any]) -> list[object]:
    hosts = row["hosts"][0] + (f" +{len(row['hosts']) - 1}" if len(row["hosts"]) > 1 else "")
    return [
        row["source"],
        "yes" if row["enabled"] else "no",
        _short(row["last_run"]),
        row["last_outcome"] or "-",
        _short(row["freshest"]),
        hosts,
    ]


def _short(time: str | None) -> str:
    """Month, day and minute of a time in Beijing: a screen has 80 columns."""
    return "-" if time is None else time[_DAY_AND_MINUTE]
