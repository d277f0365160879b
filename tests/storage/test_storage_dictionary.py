"""data/README.md against the schema: everything documented, nothing else, every query runs."""

import re
import shlex
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlite_utils import Database
from sqlite_utils.cli import cli

from newscrawl.errors import FAILURE_KINDS
from newscrawl.items import BEIJING, Failure, Image, Stock, Tag
from newscrawl.outcomes import EXIT_STATUS
from newscrawl.storage.database import APPLICATION_ID, SCHEMA_VERSION
from tests.storage.conftest import Clock, OpenLedger, make_article

TEXT = (Path(__file__).parents[2] / "data" / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
PROGRAMS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


def documented() -> dict[str, list[str]]:
    """Each table of the section "Tables" and its columns."""
    section = TEXT.partition("\n## Tables\n")[2].partition("\n## ")[0]
    tables = {}
    for part in section.split("\n### ")[1:]:
        name, _, rest = part.partition("\n")
        columns = re.findall(r"^\| (\w+) \| .+ \|$", rest, re.MULTILINE)
        tables[name] = columns[1:]  # without the heading
    return tables


def schema(db: Database) -> dict[str, list[str]]:
    names = [
        name
        for name in (*db.table_names(), *db.view_names())
        if not name.startswith(("sqlite_", "_sqlite", "articles_fts_"))
    ]
    hidden = {"articles_fts", "rank"}  # of every full-text index
    return {
        name: [row[1] for row in db.execute(f"PRAGMA table_xinfo({name})") if row[1] not in hidden] for name in names
    }


def test_every_table_and_column_is_documented_and_none_besides(db: Database) -> None:
    told = {name: sorted(columns) for name, columns in documented().items()}
    assert told == {name: sorted(columns) for name, columns in schema(db).items()}


def test_no_column_is_documented_twice() -> None:
    assert all(len(set(columns)) == len(columns) for columns in documented().values())


def meaning(table: str, column: str) -> str:
    section = TEXT.partition(f"\n### {table}\n")[2]
    found = re.search(rf"^\| {column} \| (.+) \|$", section, re.MULTILINE)
    assert found
    return found[1]


def test_every_outcome_and_kind_of_failure_is_named() -> None:
    assert set(re.findall(r"`(\w+)`", meaning("runs", "outcome"))) == set(EXIT_STATUS)
    assert set(re.findall(r"`(\w+)`", meaning("failures", "kind"))) == set(FAILURE_KINDS)
    told = set(re.findall(r"\b\d+\b", meaning("runs", "exit_status")))
    assert told == {str(status) for status in EXIT_STATUS.values()} - {"2"}  # a wrong command is no run


def test_version_and_mark_are_those_of_the_schema() -> None:
    assert f"this page describes version {SCHEMA_VERSION}" in TEXT
    assert f"{APPLICATION_ID} (`{APPLICATION_ID:#x}`)" in TEXT


@pytest.fixture
def filled(db: Database, open_ledger: OpenLedger, clock: Clock) -> Database:
    """A database in which each of the queries finds something."""
    parts = {
        "images": (Image("https://img.example.cn/1.png"),),
        "stocks": (Stock("600519", "SH"),),
        "tags": (Tag("level", "B"),),
    }
    ledger = open_ledger()
    ledger.add(make_article(1, **parts))
    ledger.add(make_article(1, **parts, body="改。"))
    ledger.add(
        make_article(
            3, source="eastmoney", url="https://finance.eastmoney.com/a/3.html", body="公司公告已更正。\n又改。"
        )
    )
    ledger.add(make_article(4, body="公司公告已更正。"))
    ledger.fail(Failure(url="https://www.cls.cn/detail/2", source="cls_telegraph", kind="layout", reason="没有正文"))
    ledger.fail(
        Failure(url="https://www.cls.cn/detail/1", source="cls_telegraph", kind="gone", reason="HTTP status 404")
    )
    ledger.lists.cover("roll", 1795182000, 1795182400)
    ledger.lists.cover("roll", 1795170000, 1795173600)
    ledger.finish("partial", 1)
    return db


def test_a_quiet_hour_is_told_from_an_outage(db: Database, open_ledger: OpenLedger) -> None:
    """Read from 09:00 to 11:29:59 and from 13:00 on; one story, of 10:20."""
    [query] = [each for each in QUERIES if each.startswith("/* quiet, or an outage?")]
    nine = int(datetime(2026, 11, 20, 9, tzinfo=BEIJING).timestamp())
    ledger = open_ledger()
    ledger.add(make_article(1, published_at=datetime(2026, 11, 20, 10, 20, tzinfo=BEIJING)))
    ledger.lists.cover("roll", nine, nine + 9000 - 1)
    ledger.lists.cover("roll", nine + 4 * 3600, nine + 15 * 3600 - 1)
    ledger.finish("ok", 0)
    told = {hour: (stories, known) for hour, stories, known in db.execute(query)}
    assert len(told) == 24
    assert told["08:00:00"] == (0, "not read")
    assert told["09:00:00"] == (0, "quiet")
    assert told["10:00:00"] == (1, "complete")
    assert told["11:00:00"] == (0, "partly read")
    assert told["12:00:00"] == (0, "not read")
    assert told["13:00:00"] == told["23:00:00"] == (0, "quiet")


@pytest.mark.parametrize("query", QUERIES, ids=[query.splitlines()[0].strip("- ") for query in QUERIES])
def test_every_query_finds_something(filled: Database, query: str) -> None:
    assert filled.execute(query).fetchall() != []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_finds_something(filled: Database, path: Path, command: str) -> None:
    program, *arguments = shlex.split(command.replace("data/newscrawl.db", str(path)))
    assert program == "sqlite-utils"
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert "2026-11-20" in result.output


@pytest.mark.parametrize("query", QUERIES, ids=[query.splitlines()[0].strip("- ") for query in QUERIES])
def test_every_query_runs_in_the_shell_of_sqlite(filled: Database, path: Path, query: str) -> None:
    if not shutil.which("sqlite3"):
        pytest.skip("no sqlite3")
    found = subprocess.run(["sqlite3", "-readonly", path], input=query, capture_output=True, text=True, check=True)
    assert found.stdout
    assert not found.stderr


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("program", PROGRAMS, ids=["newscrawl", "pandas", "duckdb"])
def test_every_program_runs(filled: Database, path: Path, program: str) -> None:
    needed = re.findall(r"^import (pandas|duckdb)$", program, re.MULTILINE) or ["pandas"]
    for name in needed:
        pytest.importorskip(name)
    program = program.replace("data/newscrawl.db", str(path))
    if needed == ["duckdb"]:
        scanner = pytest.importorskip("duckdb_extension_sqlite_scanner")
        [extension] = Path(scanner.__file__).parent.rglob("*.duckdb_extension")
        program = program.replace("load sqlite", f"load '{extension}'")
    exec(compile(program, "data/README.md", "exec"), {})
