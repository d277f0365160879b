"""`newscrawl export csv|jsonl|parquet`: the articles as one table in one file."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from newscrawl.asked import KINDS, read_selection
from newscrawl.cli.common import check_source, database_for_reading, db_option, one_line
from newscrawl.errors import UsageError
from newscrawl.export.columns import COLUMNS, check_columns, record
from newscrawl.export.tables import Write, parquet_library, write_csv, write_jsonl, write_parquet
from newscrawl.storage.copies import made_whole
from newscrawl.storage.database import is_sqlite, open_readonly
from newscrawl.storage.selection import selected


def _table(name: str, write: Write, told: str, ready: Callable[[], object] | None = None) -> click.Command:
    """The command that writes one form."""

    @click.command(name, help=f"{told}\n\n{_HELP}\n\n\b\nnewscrawl export {name} news.{name} --since 2026-11-01")
    @click.argument("file", type=click.Path(path_type=Path), metavar="FILE|-")
    @click.option("--source", metavar="NAME", help="Only of this source.")
    @click.option("--kind", type=click.Choice(KINDS), help="Only of this kind.")
    @click.option("--publisher", metavar="NAME", help="Only of this publisher, such as 财联社.")
    @click.option("--stock", metavar="CODE", help="Only what names this security: 600519 or 600519.SH.")
    @click.option("--since", metavar="DATE", help="Published on this day or at this moment, or later (Beijing time).")
    @click.option("--until", metavar="DATE", help="Published on this day or at this moment, or earlier.")
    @click.option("--as-of", metavar="MOMENT", help="Only what was stored by then, in the wording of then.")
    @click.option("--columns", metavar="NAMES", help=f"With commas between: {', '.join(COLUMNS)}.")
    @click.option("--replace", is_flag=True, help="Put the new file in the place of one that is there.")
    @db_option
    def command(file: Path, columns: str | None, replace: bool, db: Path, **filters: Any) -> None:
        names, selection = check_columns(columns), read_selection(**filters)
        if ready:
            ready()
        to_stdout = str(file) == "-"
        if not to_stdout:
            open_readonly(db).close()
            check_target(file, db, replace=replace)
        with database_for_reading(db) as database:
            check_source(database, selection.source)
            records = (record(row, names) for row in selected(database, selection))
            if to_stdout:
                write(sys.stdout.buffer, records, names)
                return
            with made_whole(file) as half, half.open("wb") as opened:
                count = write(opened, records, names)
        click.echo(f"{count} articles in {one_line(str(file))}")

    return command


_HELP = """Rows are in the order of their numbers. FILE appears when it is whole, or not at all; - is the standard
output. All columns but body_html are written, or those of --columns."""


def check_target(file: Path, db: Path, *, replace: bool) -> None:
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}")
    if not file.exists():
        return
    if not file.is_file() or is_sqlite(file) or file.samefile(db):
        raise UsageError(f"{file} is no table that could be replaced")
    if not replace:
        raise UsageError(f"{file} is there already; --replace puts the new one in its place")


csv = _table(
    "csv",
    write_csv,
    "Write the articles as CSV that a spreadsheet opens as it is. Texts are cut after 32,767 characters.",
)
jsonl = _table("jsonl", write_jsonl, "Write the articles as JSON Lines: an object a line.")
parquet = _table("parquet", write_parquet, "Write the articles as Parquet, with typed columns.", parquet_library)
