"""What holds for few articles holds for many: long queues in several chunks, bands in order of time, one story of many."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from newscrawl.items import Article
from newscrawl.storage import articles as store_of_articles
from newscrawl.storage import linking, search_index, walks
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.linking import relink
from newscrawl.storage.near import keys
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import make_article

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
TEXT = (
    "{0}电池今日与澄州市人民政府签署投资协议，拟分期投资{1}亿元建设储能电芯产业园，预计明年三季度投产，主要供应海外。"
)
NAMES = "青禾 远砺 珩达 辰砾 闻溪"
OLD = datetime(1969, 12, 30, 1, tzinfo=UTC)


def articles(*moments: datetime) -> list[Article]:
    """At each moment five pieces of news, and half an hour later a copy of each."""
    rest: dict[str, Any] = {"title": None, "kind": "flash"}
    return [
        make_article(
            len(NAMES) * 10 * place + 10 * number + copy,
            body=TEXT.format(name, 10 * number + place) + "甲" * copy,
            published_at=moment + timedelta(minutes=30 * copy),
            **rest,
        )
        for place, moment in enumerate(moments)
        for number, name in enumerate(NAMES.split(), 1)
        for copy in (0, 1)
    ]


def store(db: Database, told: list[Article]) -> None:
    with immediate(db):
        ArticleStore(db).save(told, NOW)


def rows(db: Database, table: str) -> list[tuple[Any, ...]]:
    return sorted(db.execute(f"select * from {table}").fetchall())


def told(db: Database) -> list[list[tuple[Any, ...]]]:
    words = "select article_id, number from search_rows"
    tables = ("story_sketches", "story_bands", "stories", f"({words})")
    return [rows(db, table) for table in tables]


@pytest.mark.parametrize("chunk", [1, 3, 7])
def test_a_queue_of_several_chunks_gives_what_one_gives(db: Database, monkeypatch: Any, chunk: int) -> None:
    store(db, articles(NOW, NOW - timedelta(days=1)))
    whole = told(db)
    assert len(whole[2]) == 10
    for module in (linking, search_index):
        monkeypatch.setattr(module, "_CHUNK", chunk)
    with immediate(db):
        relink(db)
        search_index.rebuild(db)
    assert told(db) == whole
    assert linking.faults(db) == search_index.faults(db) == []


def test_bands_of_the_version_before_are_put_in_order_of_time(db: Database, path: Path) -> None:
    store(db, articles(NOW, OLD, NOW - timedelta(days=1000)))
    whole = told(db)
    with immediate(db):  # as schema 11 left it
        db.execute("drop table story_bands")
        db.execute(
            "create table story_bands (key integer not null, at_ts integer not null, article_id integer not null,"
            " primary key (key, at_ts, article_id)) strict, without rowid"
        )
        for number, at, sketch in db.execute("select article_id, at_ts, sketch from story_sketches").fetchall():
            bands = ((key, at, number) for key in keys(sketch))
            db.conn.executemany("insert or ignore into story_bands values (?, ?, ?)", bands)
        db.execute("drop index idx_articles_source")
        db.execute("delete from _sqlite_migrations where name = 'm012_scale'")
    db.close()
    with closing(open_database(path)) as again:
        assert told(again) == whole
        store(
            again, [make_article(999, body=TEXT.format("青禾", 10) + "乙", published_at=NOW, title=None, kind="flash")]
        )
        assert len(told(again)[2]) == len(whole[2])


def test_articles_from_before_1970_are_linked_across_it(db: Database) -> None:
    store(db, articles(OLD, OLD + timedelta(days=2)))
    assert len(rows(db, "stories")) == 10
    assert min(rows(db, "story_bands"))[0] < 0


@pytest.mark.parametrize("view", ["stories", "story_copies"])
def test_one_story_is_read_alone(db: Database, view: str) -> None:
    plan = [row[3] for row in db.execute(f"explain query plan select * from {view} where story_id = 1")]
    assert any("idx_articles_story_id (story_id=?)" in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN") and step.split()[1] in ("a", "s", "o")]


@pytest.mark.parametrize("sql", [walks._FIRST_SEEN, store_of_articles._MOVED_LATELY, store_of_articles._KNOWN])
def test_what_every_run_asks_reads_no_whole_table(db: Database, sql: str) -> None:
    names = dict.fromkeys(re.findall(r":(\w+)", sql))
    plan = [row[3] for row in db.execute(f"explain query plan {sql}", names or [None] * sql.count("?"))]
    scanned = {step.split()[1] for step in plan if step.startswith("SCAN")}
    assert not scanned & {"a", "s", "articles", "sightings", "failures"}, plan
    assert not any("FOR ORDER BY" in step for step in plan), plan
