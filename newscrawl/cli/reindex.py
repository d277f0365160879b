"""`newscrawl reindex`: check the search index, or make it anew."""

from pathlib import Path

import click

from newscrawl.cli.common import database_for_reading, db_option
from newscrawl.errors import StorageError
from newscrawl.storage.database import open_database
from newscrawl.storage.search_index import faults, rebuild
from newscrawl.storage.transactions import immediate


@click.command()
@click.option("--check", is_flag=True, help="Only tell whether it is in step with the articles.")
@db_option
def reindex(check: bool, db: Path) -> None:
    """Make the search index anew from the articles, and see that it is in step with them.

    It is kept in step with every change, whoever makes it; this is for a database that was damaged. Other writers
    wait meanwhile. Exit status 8 when the index is not in step.

    \b
    newscrawl reindex --check
    newscrawl reindex
    """
    if not check:
        _rebuild(db)
    with database_for_reading(db) as database:
        wrong = faults(database)
        count = database.execute("select count(*) from articles").fetchone()[0]
    if wrong:
        raise StorageError(f"the search index is not in step: {'; '.join(wrong)}; `newscrawl reindex` makes it anew")
    click.echo(f"the search index is in step with {count:,} articles")


def _rebuild(db: Path) -> None:
    database = open_database(db, create=False)
    try:
        with immediate(database):
            rebuild(database)
    finally:
        database.close()
