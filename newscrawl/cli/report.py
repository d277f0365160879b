"""`newscrawl report`: the dashboard of a day or a week as one file to send."""

from pathlib import Path

import click

from newscrawl.cli.common import database_for_reading, db_option, one_line
from newscrawl.cli.export_tables import check_target
from newscrawl.cli.extras import needs_web
from newscrawl.storage.copies import made_whole
from newscrawl.storage.database import open_readonly

_WEEK = 7


@click.command()
@click.option("--html", "file", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Where to.")
@click.option("--day", metavar="DAY", help="The day, or the week's last; default: the day of the newest story.")
@click.option("--week", is_flag=True, help="The seven days that end with it.")
@click.option("--replace", is_flag=True, help="Put the new file in the place of one that is there.")
@db_option
def report(file: Path, day: str | None, week: bool, replace: bool, db: Path) -> None:
    """Write the dashboard of a day or a week as one HTML file that needs nothing else: to send, or to keep.

    FILE appears when it is whole, or not at all. Days are Beijing's; freshness, failures and runs are those of now.

    \b
    newscrawl report --html today.html
    newscrawl report --html week.html --week --day 2026-11-20
    """
    needs_web("report")
    from newscrawl.web.report import report_html, span_of  # noqa: PLC0415 - an extra

    open_readonly(db).close()
    check_target(file, db, replace=replace)
    with database_for_reading(db) as database:
        span = span_of(database, day, _WEEK if week else 1)
        text = report_html(database, db, span)
    with made_whole(file) as half:
        half.write_text(text, encoding="utf-8")
    click.echo(f"{span} in {one_line(str(file))}")
