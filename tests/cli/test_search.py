"""`newscrawl search` and `newscrawl reindex`, as a person or a script calls them."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newscrawl.cli import main
from newscrawl.items import Stock
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from tests.storage.conftest import make_article

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    ledger = Ledger(open_database(path), "cls_telegraph", version="0.1.0")
    ledger.add(make_article(1, published_at=NOON, publisher="财联社", stocks=(Stock("600519", "SH"),)))
    ledger.add(make_article(2, published_at=NOON + timedelta(days=1), body="某银行降准。\x1b[31m红"))
    ledger.add(
        make_article(
            3,
            published_at=None,
            published_precision=None,
            title="沪深300ETF",
            body="今日宣布，规模为三吉瓦时。",
            kind="flash",
        )
    )
    ledger.finish("ok", 0)
    ledger.close()
    return path


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def numbers(path: Path, *arguments: object) -> list[int]:
    result = invoke("search", *arguments, "--db", path, "--json")
    assert result.exit_code == 0, result.stderr
    return [row["id"] for row in json.loads(result.stdout)]


def test_a_hit_on_a_terminal(path: Path) -> None:
    result = invoke("search", "降准", "--db", path)
    assert result.stdout.splitlines() == [
        "2026-11-21 12:00  青禾电池第2座工厂投产",
        "                  (cls_telegraph, 2)",
        "                  某银行降准。红",
    ]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["青禾"], [2, 1]),
        (["青禾", "--since", "2026-11-21"], [2]),
        (["青禾", "--until", "2026-11-20"], [1]),
        (["青禾", "--since", "2026-11-20T12:00", "--until", "2026-11-20T12:00"], [1]),
        (["三吉瓦时 宣布"], [1, 3]),
        (["三吉瓦时", "--without", "座工厂投产"], [3]),
        (["etf"], []),
        (["etf", "-i"], [3]),
        (["ETF", "--kind", "flash"], [3]),
        (["青禾", "--publisher", "财联社"], [1]),
        (["青禾", "--stock", "600519"], [1]),
        (["青禾", "--stock", "600519.sz"], []),
        (["青禾", "--limit", "1", "--page", "2"], [1]),
        (["青禾", "--best"], [2, 1]),
    ],
)
def test_options(path: Path, arguments: list[str], found: list[int]) -> None:
    assert numbers(path, *arguments) == found


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "the query is empty"),
        (["  "], "the query is empty"),
        (["降准", "--without", ""], "the query is empty"),
        (["降准", "--since", "gestern"], "since: 'gestern' is no date"),
        (["降准", "--since", "2026-11-21", "--until", "2026-11-20"], "is later than"),
        (["降准", "--stock", "600519x"], "stock: '600519x' is no code"),
        (["降准", "--source", "cls_telegraf"], "cls_telegraf"),
        (["降准", "--kind", "essay"], "essay"),
    ],
)
def test_what_cannot_be_looked_for_is_one_sentence(path: Path, arguments: list[str], sentence: str) -> None:
    result = invoke("search", *arguments, "--db", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_nothing_found_and_more_are_told_beside_the_results(path: Path) -> None:
    nothing, more = invoke("search", "etf", "--db", path), invoke("search", "青禾", "--limit", 1, "--db", path)
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert nothing.stderr == "nothing found; -i ignores capitals and full width\n"
    assert more.stderr == "there are more: --page 2\n"


def test_reindex_mends_what_its_check_finds(path: Path) -> None:
    assert invoke("reindex", "--check", "--db", path).stdout == "the search index is in step with 3 articles\n"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("delete from search_rows where article_id = 1")
    harmed = invoke("reindex", "--check", "--db", path)
    assert harmed.exit_code == 8
    assert "1 articles that are not in the index" in harmed.stderr
    assert numbers(path, "青禾") == [2]
    assert invoke("reindex", "--db", path).exit_code == 0
    assert numbers(path, "青禾") == [2, 1]


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("update articles set story_id = 3 where id = 1", "1 articles whose story is not the one that was found"),
        ("delete from story_bands where article_id = 2", "1 articles whose bands are not there"),
        ("update articles set story_id = null where id = 2", "1 articles without a story"),
    ],
)
def test_reindex_mends_stories_too(path: Path, harm: str, told: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(harm)
    harmed = invoke("reindex", "--check", "--db", path)
    assert harmed.exit_code == 8
    assert told in harmed.stderr
    assert invoke("reindex", "--db", path).exit_code == 0
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select story_id from articles order by id").fetchall() == [(1,), (2,), (3,)]


def test_reindex_makes_no_database(tmp_path: Path) -> None:
    assert invoke("reindex", "--db", tmp_path / "none.db").exit_code == 2
    assert list(tmp_path.iterdir()) == []
