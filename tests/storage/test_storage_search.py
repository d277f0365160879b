"""Search: every article that holds the words and no other, in the right order, whoever changed what."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.errors import UsageError
from newscrawl.items import Stock
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.search import Query, search, snippet, words_of
from newscrawl.storage.search_index import faults, rebuild
from newscrawl.storage.search_text import tokens
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import Clock, make_article

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
Find = Callable[..., list[int]]


def store(db: Database, *articles: Any, now: datetime = NOW) -> None:
    with immediate(db):
        ArticleStore(db).save(articles, now)


@pytest.fixture
def find(db: Database) -> Find:
    def found(*words: str, limit: int = 1000, offset: int = 0, **rest: Any) -> list[int]:
        query = Query(words=words_of(words, loose=rest.get("loose", False)), **rest)
        return [int(row["source_id"]) for row in search(db, query, limit=limit, offset=offset)]

    return found


def texts(*bodies: str, **rest: Any) -> list[Any]:
    """Articles 1, 2, … with these bodies, each a second younger than the one before."""
    return [make_article(number, title=None, body=body, kind="flash", **rest) for number, body in enumerate(bodies, 1)]


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("行", [3, 2, 1]),
        ("银行", [1]),
        ("行银", []),
        ("央行银根", []),
        ("央行，银根", [2]),
        ("，", [2]),
        ("TF", [4]),
        ("etf", []),
        ("300", [4]),
        ("0ＥT", []),
        ("３", [5]),
        ("é", [6]),
        ("e", [8, 6]),
        ("𫠠", [7]),
        ("50%", []),
        ("5.0%", [5]),
        ("%", [5]),
        ("Ⅷ", [6]),
    ],
)
def test_a_word_is_found_as_it_is_written(db: Database, find: Find, word: str, numbers: list[int]) -> None:
    bodies = ("某银行降准", "央行，银根", "行", "沪深300ETF", "３月涨5.0%", "café e Ⅷ", "姓𫠠的人", "cafe\u0301")
    store(db, *texts(*bodies))
    assert find(word) == numbers
    assert numbers == [n for n in range(len(bodies), 0, -1) if word in bodies[n - 1]]


@pytest.mark.parametrize(
    ("word", "numbers"), [("etf", [2, 1]), ("ＥＴＦ", [2, 1]), ("3 月", [3]), ("ⅷ", [4]), ("viii", [4])]
)
def test_loosely_width_and_capitals_are_one(db: Database, find: Find, word: str, numbers: list[int]) -> None:
    store(db, *texts("沪深300ETF", "ｅｔｆ", "３\u3000月", "Ⅷ"))
    assert find(f'"{word}"', loose=True) == numbers


def test_all_words_and_none_of_the_others_in_title_or_body(db: Database, find: Find) -> None:
    store(
        db,
        make_article(1, title="央行降准", body="释放资金。"),
        make_article(2, title="某公司", body="央行宣布降准。"),
        make_article(3, title="央行", body="加息。"),
    )
    assert find("央行", "降准") == [2, 1]
    assert find("央行", without=["降准"]) == [3]
    assert find("央行", without=["降", "，"]) == [3]
    assert find("行降") == [1]  # the end of a title and the beginning of a body are no word


ALPHABET = "银行降准的3.5，AaＡ 。é\u0301"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(ALPHABET, min_size=1, max_size=12), min_size=1, max_size=12), st.data())
def test_what_is_found_is_what_instr_finds(tmp_path: Path, bodies: list[str], data: st.DataObject) -> None:
    whole = "".join(bodies)
    start = data.draw(st.integers(0, len(whole) - 1))
    word = whole[start : start + data.draw(st.integers(1, 8))].strip().replace('"', "")
    if not word:
        return
    path = tmp_path / "a.db"
    path.unlink(missing_ok=True)
    with closing(open_database(path)) as db:
        store(db, *texts(*(f"文{body}" for body in bodies)))
        wanted = db.execute("select id from articles where instr(body, ?) order by published_ts desc, id desc", [word])
        found = search(db, Query(words=[word]), limit=100)
        assert [row["id"] for row in found] == [number for (number,) in wanted.fetchall()]
        assert faults(db) == []


def test_newest_first_whatever_the_order_of_storing(db: Database, find: Find) -> None:
    """Forty in one second, which fills rows of later minutes; then older and younger ones, and one without a date."""
    day = datetime(2026, 11, 20, tzinfo=UTC)
    minutes = [5, *[0] * 40, 1, 30, -10, 2, 39, 41]
    articles = [
        make_article(number, published_at=day + timedelta(minutes=minute)) for number, minute in enumerate(minutes, 1)
    ]
    store(db, *articles[:20])
    store(db, *articles[20:])
    store(db, make_article(99, published_at=None, published_precision=None, title="青禾电池"))
    wanted = sorted(range(1, len(minutes) + 1), key=lambda number: (-minutes[number - 1], -number))
    assert find("青禾电池") == [*wanted, 99]
    pages = [number for page in range(0, 60, 7) for number in find("青禾电池", limit=7, offset=page)]
    assert pages == [*wanted, 99]


def test_filters(db: Database, find: Find) -> None:
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    store(
        db,
        make_article(1, published_at=at, publisher="财联社", stocks=(Stock("600519", "SH"),)),
        make_article(2, published_at=at + timedelta(hours=1), kind="flash", stocks=(Stock("600519", "SZ"),)),
        make_article(3, published_at=at + timedelta(hours=2), source="eastmoney", url="https://example.com/3"),
    )
    second = int(at.timestamp())
    assert find("电池", source="cls_telegraph") == [2, 1]
    assert find("电池", kind="flash") == [2]
    assert find("电池", publisher="财联社") == [1]
    assert find("电池", stock=("600519", None)) == [2, 1]
    assert find("电池", stock=("600519", "SH")) == [1]
    assert find("电池", stock=("600519", "SH"), since=second + 1) == []
    assert find("电池", since=second + 1) == [3, 2]
    assert find("电池", since=second, until=second + 3600) == [2, 1]
    assert find("电池", until=second - 1) == []
    assert find("，", until=second) == [1]


def test_best_first(db: Database, find: Find) -> None:
    long = "某公司今日公告。" * 20
    store(
        db,
        make_article(1, title="央行降准", body="央行降准了。"),
        make_article(2, title="早报", body=f"{long}央行降准。"),
        make_article(3, title="早报", body=f"央行降准，降准，降准。{long}"),
    )
    assert find("降准") == [3, 2, 1]
    assert find("降准", ranked=True) == [1, 3, 2]


def test_an_edit_leaves_no_trace_of_the_old_text(db: Database, find: Find) -> None:
    store(db, make_article(1, title="央行降准", body="释放资金。"))
    store(db, make_article(1, title="央行加息", body="收回资金。"))
    assert (find("降准"), find("释放"), find("加息"), find("收回")) == ([], [], [1], [1])
    assert faults(db) == []


def test_a_new_date_moves_the_article(db: Database, find: Find) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    store(db, make_article(1, published_at=at), make_article(2, published_at=at + timedelta(hours=1)))
    store(db, make_article(1, published_at=at + timedelta(hours=2)))
    assert find("青禾") == [1, 2]
    assert faults(db) == []


@pytest.fixture
def other(db: Database, path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else's connection, without anything of ours."""
    store(db, make_article(1), make_article(2))
    with closing(sqlite3.connect(path)) as connection:
        yield connection
        connection.commit()


def test_what_others_change_is_found_at_once_and_indexed_with_the_next_batch(
    db: Database, find: Find, other: sqlite3.Connection
) -> None:
    other.execute("update articles set body = '央行降准。', title = '公告' where id = 1")
    other.execute("update articles set body = '央行加息。' where id = 1")
    other.execute("delete from articles where id = 2")
    other.commit()
    assert (find("青禾"), find("降准"), find("加息"), find("公告")) == ([], [], [1], [1])
    assert faults(db) == ["2 changes of articles that are not in the index yet"]
    store(db, make_article(3, title="早报"))
    assert (find("青禾"), find("加息"), find("早报")) == ([3], [1], [3])
    assert faults(db) == []


def test_an_article_put_back_under_its_old_number(db: Database, find: Find, other: sqlite3.Connection) -> None:
    row = other.execute("select * from articles where id = 2")
    names = [column[0] for column in row.description if column[0] != "headline"]
    values = dict(zip([column[0] for column in row.description], row.fetchone(), strict=True))
    other.execute("delete from articles where id = 2")
    marks = ", ".join("?" * len(names))
    other.execute(f"insert into articles ({', '.join(names)}) values ({marks})", [values[name] for name in names])
    other.commit()
    assert find("第2座") == [2]
    store(db, make_article(3))
    assert find("第2座") == [2]
    assert faults(db) == []


def test_a_batch_that_fails_leaves_the_index_as_it_was(db: Database, find: Find) -> None:
    store(db, make_article(1))

    def interrupted() -> None:
        with immediate(db):
            ArticleStore(db).save([make_article(1, body="央行降准。"), make_article(2)], NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert (find("青禾"), find("降准")) == ([1], [])
    assert faults(db) == []


@pytest.mark.parametrize(
    "harm",
    [
        "insert into articles_fts (articles_fts) values ('delete-all')",
        "insert into articles_fts (rowid, text) values (5, '降 准')",
        "delete from search_rows",
        "update search_rows set number = 7",
        "insert into search_rows values (8, 44)",
    ],
)
def test_a_harmed_index_is_noticed_and_made_anew(db: Database, find: Find, harm: str) -> None:
    store(db, make_article(1))
    with immediate(db):
        db.execute(harm)
    assert len(faults(db)) >= 1
    with immediate(db):
        rebuild(db)
    assert faults(db) == []
    assert find("青禾") == [1]


def test_a_database_of_before_is_indexed_when_it_is_opened(db: Database, path: Path, clock: Clock) -> None:
    store(db, make_article(1))
    with immediate(db):  # as the version before left it
        for name in ("inserted", "updated", "deleted"):
            db.execute(f"drop trigger search_{name}")
        for name in ("articles_fts", "search_rows", "search_queue"):
            db.execute(f"drop table {name}")
        db.execute("delete from _sqlite_migrations where name = 'm009_search'")
    db.close()
    with closing(open_database(path)) as again:
        assert [row["id"] for row in search(again, Query(words=["青禾"]), limit=5)] == [1]
        assert faults(again) == []


@pytest.mark.parametrize("texts", [[], [""], ["  ", "\u3000"], ['""'], ['" "']])
def test_an_empty_query_is_refused(texts: list[str]) -> None:
    with pytest.raises(UsageError, match="empty"):
        words_of(texts)


def test_white_space_parts_words_and_quotes_keep_them() -> None:
    assert words_of(["降准 降息", '"A B" 降准', "C"]) == ["降准", "降息", "A B", "C"]
    assert words_of(["ＥＴＦ"], loose=True) == ["etf"]


def test_words_that_look_like_a_query_language_are_words(db: Database, find: Find) -> None:
    store(db, *texts("a AND b", "NEAR(a b)", "text:x*", 'say "OR"', "';drop table articles;--"))
    assert find("AND") == [1]
    assert find("NEAR(a") == [2]
    assert find("text:x*") == [3]
    assert find("*") == [3]
    assert find("';drop") == [5]


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_text_has_every_token_of_its_parts(before: str, after: str) -> None:
    assert set(tokens(before).split()) <= set(tokens(before + after).split())


def test_the_snippet_shows_the_first_word_and_what_stands_around_it() -> None:
    body = "甲" * 40 + "\n降准\n" + "乙" * 40
    assert snippet(body, ["加息", "降准"]) == f"…{'甲' * 27} 降准 {'乙' * 27}…"
    assert snippet("降准。", ["降准"]) == "降准。"
    assert snippet("别的。", ["降准"]) == "别的。"
    assert "etf" in snippet("沪深ETF", ["etf"])
