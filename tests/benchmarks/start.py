"""What it costs to begin: commands that read ten articles, beside the interpreter and the packages alone."""

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from newscrawl.demo.truth import expected_records
from newscrawl.demo.world import World
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.transactions import immediate
from tests.benchmarks.processes import Cost, middle, run
from tests.benchmarks.search import article
from tests.quality.tables import table

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_COUNT = 10
ALONE = {
    "python": ["-c", "pass"],
    "import sqlite_utils": ["-c", "import sqlite_utils"],
    "import scrapy": ["-c", "import scrapy"],
}
COMMANDS = {
    "newscrawl --help": ["--help"],
    "newscrawl search": ["search", "公司", "--json"],
    "newscrawl show": ["show", "1", "--json"],
    "newscrawl export of ten": ["export", "jsonl", "-"],
}


def measure(rounds: int) -> tuple[dict[str, Cost], list[str]]:
    """The medians of all, in turns; and which command did not print what it should."""
    costs: dict[str, list[Cost]] = {name: [] for name in (*ALONE, *COMMANDS)}
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        database = Path(folder) / "news.db"
        _fill(database)
        for _ in range(rounds):
            for name, arguments in ALONE.items():
                costs[name].append(run(arguments))
            for name, arguments in COMMANDS.items():
                given = [] if arguments == ["--help"] else ["--db", str(database)]
                costs[name].append(run(["-m", "newscrawl", *arguments, *given]))
    middles = {name: middle(each) for name, each in costs.items()}
    return middles, [name for name in COMMANDS if not _is_right(name, middles[name].output)]


def _fill(database: Path) -> None:
    records = expected_records(World(seed=3, size=200, now=_NOW), "cls_depth")
    with closing(open_database(database)) as db, immediate(db):
        ArticleStore(db).save([article(record) for record in islice(records, _COUNT)], _NOW)


def _is_right(name: str, output: str) -> bool:
    match name:
        case "newscrawl search":
            return len(json.loads(output)) > 0
        case "newscrawl show":
            return bool(json.loads(output)["body"])
        case "newscrawl export of ten":
            return sum(bool(json.loads(line)["body"]) for line in output.splitlines()) == _COUNT
    return "Usage: " in output and "crawl" in output


def found(rounds: int = 11) -> str:
    """The table."""
    costs, wrong = measure(rounds)
    rows = [_row(name, cost, wrong) for name, cost in costs.items()]
    return table(["", "CPU s", "wrong"], rows)


def _row(name: str, cost: Cost, wrong: Sequence[str]) -> list[str]:
    return [name, f"{cost.cpu:.3f}", "yes" if name in wrong else "no"]
