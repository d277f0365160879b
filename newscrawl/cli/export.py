"""`newscrawl export`: what goes out of the database, each form a command of its own."""

import click

from newscrawl.cli.common import LazyGroup

FORMS = {
    "csv": ("newscrawl.cli.export_tables:csv", "A table for spreadsheets."),
    "jsonl": ("newscrawl.cli.export_tables:jsonl", "JSON Lines, an object a line."),
    "parquet": ("newscrawl.cli.export_tables:parquet", "A table with typed columns; needs newscrawl[parquet]."),
    "jekyll": ("newscrawl.cli.export_jekyll:jekyll", "A folder of posts: a site for readers."),
}
"""Name to where the command stands and what `newscrawl export --help` says of it, in the order shown there."""


@click.group(cls=LazyGroup, table=FORMS, no_args_is_help=False)
def export() -> None:
    """Write the database's articles in another form.

    \b
    newscrawl export csv news.csv --since 2026-11-01
    newscrawl export jekyll site
    """
