"""`newscrawl reindex`: check the search index and the stories, or make them anew."""

from pathlib import Path

import click

from newscrawl.cli.common import database_for_reading, db_option
from newscrawl.errors import StorageError
from newscrawl.storage import linking
from newscrawl.storage.database import open_database
from newscrawl.storage.search_index import faults, rebuild
from newscrawl.storage.transactions import immediate


@click.command()
@click.option("--check", is_flag=True, help="Only tell whether they are in step with the articles.")
@db_option
def reindex(check: bool, db: Path) -> None:
    """Make the search index and the stories anew from the articles, and see that they are in step with them.

    They are kept in step with every change, whoever makes it; this is for a database that was damaged. Other writers
    wait meanwhile. Exit status 8 when they are not in step.

    \b
    newscrawl reindex --check
    newscrawl reindex
    """
    if not check:
        _rebuild(db)
    with database_for_reading(db) as database:
        wrong, apart = faults(database), linking.faults(database)
        count = database.execute("select count(*) from articles").fetchone()[0]
    if wrong:
        raise StorageError(f"the search index is not in step: {'; '.join(wrong)}; `newscrawl reindex` makes it anew")
    if apart:
        raise StorageError(f"the stories are not in step: {'; '.join(apart)}; `newscrawl reindex` makes them anew")
    click.echo(f"the search index is in step with {count:,} articles")


def _rebuild(db: Path) -> None:
    database = open_database(db, create=False)
    try:
        with immediate(database):
            rebuild(database)
            linking.relink(database)
    finally:
        database.close()
