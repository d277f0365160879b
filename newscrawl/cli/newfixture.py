"""`newscrawl newfixture`: a page that somebody complains of becomes a test case."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import click

from newscrawl.cli.common import one_line
from newscrawl.cli.fetch import article_text
from newscrawl.cli.fixtures import Expectation, write_case
from newscrawl.cli.one_page import archived_page, fetched_page, saved_page
from newscrawl.config import load_config
from newscrawl.errors import UsageError
from newscrawl.urls import absolute

_INTO = Path("tests/fixtures")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NOW = "is what is read NOW, not what is right: compare it with the page, and correct by hand what is wrong."


@click.command()
@click.argument("page", metavar="ADDRESS|FILE")
@click.option("--name", metavar="NAME", help="The fixture's folder. Default: from the address or the file's name.")
@click.option("--into", type=click.Path(path_type=Path), metavar="DIR", help=f"Default: {_INTO}.")
@click.option("--from-archive", is_flag=True, help="Take what was fetched last; nothing is asked for.")
@click.option("--url", metavar="ADDRESS", help="With FILE: the address that the page was saved from.")
@click.option("--base-url", metavar="URL", help="Ask this scheme, host and port in place of the public host.")
@click.option("--db", type=click.Path(path_type=Path), metavar="FILE", help="The database.", envvar="NEWSCRAWL_DB")
def newfixture(  # noqa: PLR0917
    page: str,
    name: str | None,
    into: Path | None,
    from_archive: bool,
    url: str | None,
    base_url: str | None,
    db: Path | None,
) -> None:
    """Write a page and what is read of it now as a folder of tests/fixtures.

    ADDRESS is fetched as `newscrawl fetch` does, with robots.txt and pauses; nothing of it is stored. --from-archive
    takes the newest page of that address from the archive beside the database instead, and reads all of it for that.

    What is written is what is read now. Correct expected.json by hand where that is wrong: then the test fails until
    newscrawl reads the page right.

    \b
    newscrawl newfixture https://www.cls.cn/detail/2600400 --name title_cut
    newscrawl newfixture https://www.cls.cn/detail/2600400 --from-archive
    newscrawl newfixture saved.html --url https://finance.eastmoney.com/a/202611203900022126.html
    """
    is_address = re.match(r"https?://", page) is not None
    if (from_archive and not is_address) or (url and is_address):
        raise UsageError("--from-archive goes with an address" if from_archive else "--url goes with a file")
    if is_address and absolute(page) is None:
        raise UsageError(f"{page}: an address that cannot be read")
    into, name, config = _checked_folder(into), _checked_name(name or _name_of(page)), load_config()
    if not is_address:
        taken = saved_page(Path(page), url or "")
    elif from_archive:
        taken = archived_page(page, config.archive.folder or (db or config.database).parent / "warc")
    else:
        taken = fetched_page(page, config, base_url)
    _tell(*write_case(into, name, taken))


def _tell(case: Path, expected: Expectation) -> None:
    told = article_text(expected.article) if expected.article else f"refused: {one_line(str(dict(expected.values)))}\n"
    click.echo(told)
    click.echo(f"Written: {case}/ ({', '.join(sorted(file.name for file in case.iterdir()))})")
    click.echo(f"{expected.file} {_NOW}")
    click.echo(f"To test it: pytest tests/test_fixtures.py -k {case.parent.name}/{case.name}")


def _checked_folder(into: Path | None) -> Path:
    if into is None and not _INTO.is_dir():
        raise UsageError(f"there is no {_INTO} here: run it in the checkout, or say --into DIR")
    return into or _INTO


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a fixture: small letters, digits, - and _ only; say --name")
    return name


def _name_of(page: str) -> str:
    """The last name of an address or a path, without its extension."""
    stem = urlsplit(page).path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_") or "page"
