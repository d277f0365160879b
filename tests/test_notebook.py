"""`newscrawl.open()`: articles, frames and queries, without Scrapy."""

import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import newscrawl
from newscrawl.errors import UsageError
from newscrawl.items import Article, Image, Stock, Tag
from tests.export.support import NOON, make_article, save

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "news.db"
    parts = {
        "stocks": (Stock("600519", "SH", "某公司"),),
        "tags": (Tag("level", "B"),),
        "images": (Image("https://img.example.cn/1.png", alt="图", width=3),),
    }
    save(
        path,
        make_article(1, provenance={"body": "rule"}, **parts),
        make_article(2, days_ago=1, kind="article", author="某人"),
    )
    save(
        path,
        make_article(3, published_at=None, published_precision=None, published_raw=None),
        now=NOON + timedelta(days=1),
    )
    return path


def test_an_article_is_the_record_that_was_stored(path):
    with newscrawl.open(path) as db:
        first = next(db.articles())
    assert isinstance(first, Article)
    assert first.images == (Image("https://img.example.cn/1.png", alt="图", width=3),)
    assert (first.stocks, first.tags) == ((Stock("600519", "SH", "某公司"),), (Tag("level", "B"),))
    assert (first.published_at, first.fetched_at, first.provenance) == (NOON, NOON, {"body": "rule"})
    assert first.seen_at == ("https://www.cls.cn/detail/2600001",)


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"since": "2026-11-20"}, [1]),
        ({"since": date(2026, 11, 20)}, [1]),
        ({"since": datetime(2026, 11, 20, 12)}, [1]),
        ({"since": datetime(2026, 11, 20, 12, 0, 1)}, []),
        ({"until": date(2026, 11, 19)}, [2]),
        ({"since": datetime(2026, 11, 20, 4, tzinfo=ZoneInfo("UTC"))}, [1]),
        ({"stock": "600519.sh"}, [1]),
        ({"kind": "article"}, [2]),
        ({"publisher": "财联社", "source": "cls_telegraph"}, [1, 2, 3]),
        ({"search": "第2座 宣布"}, [2]),
        ({"search": "。"}, [1, 2, 3]),
        ({"as_of": date(2026, 11, 20)}, [1, 2]),
        ({"as_of": NOON - timedelta(seconds=1)}, []),
    ],
)
def test_filters(path, filters, numbers):
    with newscrawl.open(path) as db:
        assert [int(article.source_id) - 2600000 for article in db.articles(**filters)] == numbers


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"since": "gestern"}, "since: 'gestern' is no date such as 2026-11-20 or 2026-11-20T21:46"),
        ({"as_of": ""}, "as_of: '' is no date such as 2026-11-20 or 2026-11-20T21:46"),
        ({"stock": "茅台"}, "stock: '茅台' is no code such as 600519, 600519.SH, 00700.HK or AAPL.US"),
        ({"search": " "}, "the query is empty: name a word to look for"),
        ({"kind": "rumour"}, "kind: 'rumour' is neither flash nor article"),
        ({"source": "nobody"}, "there is no source 'nobody'; the sources are cls_telegraph"),
    ],
)
def test_what_means_nothing_is_one_sentence(path, filters, sentence):
    with newscrawl.open(path) as db, pytest.raises(UsageError, match="^" + re.escape(sentence)):
        list(db.articles(**filters))


def test_an_unknown_filter_is_named(path):
    with newscrawl.open(path) as db, pytest.raises(UsageError, match="stocks"):
        db.articles(stocks="600519")


def test_no_database_is_made(tmp_path):
    with pytest.raises(UsageError, match="there is no database"):
        newscrawl.open(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_query(path):
    with newscrawl.open(path) as db:
        assert db.sql("select id, kind from articles where kind = :kind", kind="article") == [
            {"id": 2, "kind": "article"}
        ]
        with pytest.raises(UsageError, match="no such table"):
            db.sql("select * from nowhere")
        with pytest.raises(UsageError, match="readonly"):
            db.sql("delete from articles")


def test_a_frame_of_pandas(path):
    pandas = pytest.importorskip("pandas")
    with newscrawl.open(path) as db:
        frame = db.frame(library="pandas")
        empty = db.frame(library="pandas", publisher="无")
    assert list(frame["id"]) == [1, 2, 3]
    assert frame["published_at"][0] == pandas.Timestamp("2026-11-20 12:00", tz="Asia/Shanghai")
    assert pandas.isna(frame["published_at"][2])
    assert frame["stocks"][0] == ["600519.SH"]
    assert str(frame["published_at"].dt.tz) == str(empty["published_at"].dt.tz) == "Asia/Shanghai"


def test_a_frame_of_polars(path):
    polars = pytest.importorskip("polars")
    with newscrawl.open(path) as db:
        frame = db.frame(library="polars", columns="id,published_at,published_date,stocks,backfilled")
    assert frame.schema["published_at"] == polars.Datetime("us", "Asia/Shanghai")
    assert frame.rows()[0] == (1, NOON, date(2026, 11, 20), ["600519.SH"], False)
    assert frame.rows()[2][1] is None


def test_without_either_library_it_is_told(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with newscrawl.open(path) as db, pytest.raises(UsageError, match="a frame needs pandas or polars"):
        db.frame()


def test_nothing_of_it_loads_scrapy_and_the_package_loads_nothing(path):
    code = f"""
import sys, newscrawl
light = {{"newscrawl.notebook", "sqlite_utils", "click"}} & set(sys.modules)
with newscrawl.open({str(path)!r}) as db:
    list(db.articles(search="工厂", source="cls_telegraph")), db.sql("select 1")
print(light, {{"scrapy", "twisted", "polars"}} & set(sys.modules))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set() set()\n"
