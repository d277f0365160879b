"""What analysts ask: counts, delays, coverage by the hour, and what was known at any moment, in which wording."""

import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

import newscrawl
from newscrawl.cli import main
from newscrawl.items import BEIJING, Stock, Tag
from newscrawl.storage.timetext import to_text
from newscrawl.storage.wordings import changes, difference
from tests.storage.conftest import make_article

AS_OF = """select title, body, url, publisher, kind, headline from states
           where valid_from <= :moment and first_seen_at <= :moment and (valid_to is null or valid_to > :moment)"""
WORDINGS = ["工厂今日投产。", "工厂明日投产。", "工厂\x1b[31m后天投产。"]


@pytest.fixture
def edited(db, open_ledger, clock, path):
    """An article in three wordings, each an hour after the other; when each began."""
    began = []
    for number, body in enumerate(WORDINGS):
        ledger = open_ledger()
        stocks = (Stock(f"60000{number}", "SH"),)
        ledger.add(make_article(1, body=body, publisher="财联社", stocks=stocks, tags=(Tag("level", "B"),)))
        ledger.finish("ok", 0)
        began.append(clock.now.astimezone(BEIJING))
        clock.move(hours=1)
    return path, began


def moments(began):
    """Each border, the second before it, and what is to be read then; None before the first."""
    yield began[0] - timedelta(seconds=1), None
    for number, moment in enumerate(began):
        yield moment, WORDINGS[number]
        until = began[number + 1] if number + 1 < len(began) else moment + timedelta(days=1)
        yield until - timedelta(seconds=1), WORDINGS[number]


def test_each_wording_at_its_time_in_the_view(db, edited):
    for moment, body in moments(edited[1]):
        found = db.execute(AS_OF, {"moment": to_text(moment)}).fetchall()
        told = (
            "青禾电池第1座工厂投产",
            body,
            "https://www.cls.cn/detail/1",
            "财联社",
            "article",
            "青禾电池第1座工厂投产",
        )
        assert found == ([told] if body else [])


def test_each_wording_at_its_time_in_show(edited):
    path, began = edited
    for moment, body in moments(began):
        arguments = ["show", "1", "--db", str(path), "--as-of", moment.isoformat()]
        result = CliRunner().invoke(main, [*arguments, "--json"])
        if body is None:
            assert result.exit_code == 2
            assert (
                result.stderr
                == "newscrawl: article 1 was not known at 2026-11-20 21:59:59; it was first seen at 2026-11-20 22:00:00\n"
            )
            continue
        article = json.loads(result.stdout)
        assert article["body"] == body
        assert [each["body"] for each in article["revisions"]] == WORDINGS[: WORDINGS.index(body)]
        assert max(sighting["last_seen_at"] for sighting in article["sightings"]) <= to_text(moment)
        assert body.replace("\x1b[31m", "") in CliRunner().invoke(main, arguments).stdout


def test_each_wording_at_its_time_from_python(edited):
    path, began = edited
    with newscrawl.open(path) as news:
        for moment, body in moments(began):
            assert [article.body for article in news.articles(as_of=moment)] == ([body] if body else [])
            found = [article.stocks for article in news.articles(as_of=moment, stock="600001.SH")]
            assert found == ([(Stock("600001", "SH"),)] if body == WORDINGS[1] else [])
            assert [article.body for article in news.articles(as_of=moment, search="明日")] == (
                [body] if body == WORDINGS[1] else []
            )
        assert [article.body for article in news.articles()] == [WORDINGS[2]]


def test_a_backfilled_article_is_known_from_when_it_was_stored(db, open_ledger, clock, path):
    ledger = open_ledger()
    long_ago = clock.now - timedelta(days=9)
    ledger.add(make_article(1, published_at=long_ago, backfilled=True))
    ledger.finish("ok", 0)
    with newscrawl.open(path) as news:
        assert list(news.articles(as_of=clock.now - timedelta(seconds=1))) == []
        assert len(list(news.articles(as_of=clock.now))) == 1
    assert db.execute("select count(*) from delays").fetchone() == (0,)


def test_what_changed_is_told_in_words(edited):
    path, _ = edited
    result = CliRunner().invoke(main, ["show", "1", "--diff", "--db", str(path)])
    assert result.stdout.splitlines() == [
        "2026-11-20 23:00:00",
        "  工厂[-今-]{+明+}日投产。",
        "2026-11-21 00:00:00",
        "  工厂[-明日-]{+后天+}投产。",
    ]
    coloured = CliRunner().invoke(main, ["show", "1", "--diff", "--db", str(path)], color=True)
    assert "\x1b[31m[-今-]\x1b[0m" in coloured.stdout
    told = json.loads(CliRunner().invoke(main, ["show", "1", "--diff", "--json", "--db", str(path)]).stdout)
    assert told[0]["body"] == [["=", "工厂"], ["-", "今"], ["+", "明"], ["=", "日投产。"]]


def test_a_difference_makes_the_one_text_of_the_other():
    old = "甲公司营收二十亿元。净利润三亿元。\n公告称，风险可控。"
    new = "甲公司营收三十亿元。\n公告称，风险可控。乙公司亦然。"
    pieces = difference(old, new)
    assert "".join(text for kind, text in pieces if kind != "+") == old
    assert "".join(text for kind, text in pieces if kind != "-") == new
    assert ("-", "二") in pieces


def test_an_article_that_never_changed(db, open_ledger, path):
    ledger = open_ledger()
    ledger.add(make_article(1))
    ledger.finish("ok", 0)
    assert changes(db, 1) == []
    assert "has not changed" in CliRunner().invoke(main, ["show", "1", "--diff", "--db", str(path)]).stdout


@pytest.mark.parametrize(
    "arguments", [["--as-of", "gestern"], ["--as-of", "0001-01-01"], ["--as-of", "2026-11-20", "--diff"]]
)
def test_a_bad_moment_is_one_sentence(edited, arguments):
    result = CliRunner().invoke(main, ["show", "1", "--db", str(edited[0]), *arguments])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_counts(db, open_ledger, clock):
    ledger = open_ledger()
    at = datetime(2026, 11, 20, 7, 30, tzinfo=BEIJING)  # the day before, in UTC
    stock = (Stock("600519", "SH", "某公司"),)
    ledger.add(make_article(1, published_at=at, kind="flash", publisher="财联社", stocks=stock))
    ledger.add(make_article(2, published_at=at + timedelta(hours=1), publisher="财联社", stocks=stock, backfilled=True))
    ledger.add(make_article(3, published_at=at.replace(hour=0, minute=0), published_precision="day"))
    ledger.add(make_article(4, published_at=None, published_precision=None))
    ledger.finish("ok", 0)

    def rows(sql):
        return db.execute(sql).fetchall()

    day, source = "2026-11-20", "cls_telegraph"
    assert rows("select * from stories_per_day") == [(day, source, 3, 1, 1)]
    assert rows("select * from stories_per_hour order by hour") == [(day, 7, source, 1, 0), (day, 8, source, 1, 1)]
    assert rows("select * from stories_per_publisher order by publisher") == [(day, None, 1, 1), (day, "财联社", 2, 1)]
    assert rows("select * from stories_per_stock") == [("600519", "SH", day, "某公司", 2)]
    assert rows("select stories, article_id, headline from latest_per_stock") == [(2, 2, "青禾电池第2座工厂投产")]
    assert rows("select article_id, seconds from delays") == [(1, int((clock.now - at).total_seconds()))]


def test_an_hour_without_stories_is_told_from_one_that_was_not_read(db, open_ledger):
    nine = datetime(2026, 11, 20, 9, tzinfo=BEIJING)
    start = int(nine.timestamp())
    ledger = open_ledger()
    ledger.add(make_article(1, published_at=nine + timedelta(minutes=80)))
    ledger.lists.cover("roll", start, start + 9000 - 1)
    ledger.lists.cover("roll", start + 4 * 3600, start + 5 * 3600 - 1)
    ledger.finish("ok", 0)
    other = open_ledger("eastmoney")
    other.lists.cover("column:350", start + 5 * 3600, start + 6 * 3600 - 1)
    other.finish("ok", 0)
    sql = "select substr(hour, 12, 2), stories, known from coverage_per_hour where source = ? order by hour"
    assert db.execute(sql, ["cls_telegraph"]).fetchall() == [
        ("09", 0, "quiet"),
        ("10", 1, "complete"),
        ("11", 0, "partly read"),
        ("12", 0, "not read"),
        ("13", 0, "quiet"),
        ("14", 0, "not known yet"),
    ]
    assert db.execute(sql, ["eastmoney"]).fetchall() == [("14", 0, "quiet")]


@pytest.mark.parametrize(
    ("view", "condition", "index"),
    [
        ("stories_per_day", "published_date = '2026-11-20'", "idx_articles_published_date_source"),
        ("stories_per_hour", "published_date = '2026-11-20'", "idx_articles_published_date_source"),
        ("stories_per_publisher", "published_date = '2026-11-20'", "idx_articles_published_date_source"),
        ("stories_per_stock", "published_date = '2026-11-20'", "idx_articles_published_date_source"),
        ("stories_per_stock", "code = '600519'", "idx_stocks_code"),
        ("latest_per_stock", "code = '600519'", "idx_stocks_code"),
        ("delays", "published_date = '2026-11-20'", "idx_articles_published_date_source"),
        ("states", "published_date = '2026-11-20'", "idx_articles_published_date_source"),
        ("states", "article_id = 1", "idx_revisions_article_id_valid_from"),
    ],
)
def test_a_filter_on_day_or_stock_reaches_an_index(db: Database, view, condition, index):
    plan = db.execute(f"explain query plan select * from {view} where {condition}").fetchall()
    assert any(index in step[3] for step in plan), plan


def test_a_difference_of_very_many_sentences_is_one_stretch_between_what_stayed():
    same = "开头。" * 5
    before, after = ([f"{what}{number}。" for number in range(2_000)] for what in ("第", "句"))
    old, new = f"{same}{''.join(before)}结尾", f"{same}{''.join(after)}结尾"
    pieces = difference(old, new)
    assert [kind for kind, _ in pieces] == ["=", "-", "+", "="]
    assert "".join(text for kind, text in pieces if kind != "+") == old
    assert "".join(text for kind, text in pieces if kind != "-") == new
