"""Stories: copies of one piece of news are one, different news are two, whatever came when, changed or went."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.items import Article, Stock
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import open_database
from newscrawl.storage.figures import figures, lacks
from newscrawl.storage.linking import faults, relink
from newscrawl.storage.near import Text, keys, likeness, news_of, sketch
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import make_article

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
NEWS = (
    "青禾电池今日与澄州市人民政府签署投资协议，拟分期投资36.5亿元建设储能电芯产业园，其中一期占地420亩，"
    "预计明年三季度投产。公司称，项目达产后年产能为12吉瓦时，产品将主要供应海外储能电站。"
)
OTHER = (
    "东澜交易中心数据显示，两市半日成交额为8123.4亿元，较上一交易日同期放大6.21%，上涨个股超2900只，"
    "半导体、航运与乳业板块涨幅居前，煤炭与公路板块走弱，北岸资金净买入41.2亿元。"
)


def article(number: int, body: str, minutes: float = 0, **rest: Any) -> Article:
    rest = {"published_at": AT + timedelta(minutes=minutes), "title": None, "kind": "flash"} | rest
    return make_article(number, body=body, **rest)


def store(db: Database, *articles: Article) -> None:
    with immediate(db):
        ArticleStore(db).save(articles, NOW)


def stories(db: Database) -> list[list[int]]:
    """The articles of each story by their numbers, the first of each first."""
    rows = db.execute(
        "select a.source_id, f.source_id from articles a join articles f on f.id = a.story_id order by a.source_id + 0"
    )
    found: dict[int, list[int]] = {}
    for number, first in rows:
        found.setdefault(int(first), [int(first)]).extend([int(number)] * (number != first))
    assert faults(db) == []
    return sorted(found.values())


@pytest.mark.parametrize(
    "copy",
    [
        f"【青禾电池：拟投建产业园】财联社11月20日电，{NEWS}",
        f"《东澜日报》20日讯，{NEWS}（文章来源：东澜日报）",
        NEWS.replace("今日", "周五").replace("签署投资协议", "签订了投资协议").replace("公司称", "青禾电池方面称"),
        NEWS.partition("。")[0] + "。",
        NEWS.replace("36.5亿元", "约37亿元"),
        NEWS.replace("36.5亿元", "365,000万元"),
        NEWS + "\n相关报道\n" + OTHER * 20,
        NEWS + "\n" + "此前，公司已在三个国家设立了销售机构，并与多家电网企业签有框架协议。" * 20,
        NEWS.replace("，", ",").replace("。", ". ").replace("12", "１２"),
    ],
    ids=["headline", "dateline", "words", "shortened", "rounded", "unit", "appended", "longer", "width"],
)
def test_a_copy_is_of_the_story(db: Database, copy: str) -> None:
    store(db, article(1, NEWS), article(2, copy, 30))
    assert stories(db) == [[1, 2]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NEWS, OTHER),
        (NEWS, NEWS.replace("36.5", "38.5")),
        ("青霄出行股价报23.5元，涨3%。", "青霄出行股价报24.1元，涨5%。"),
        ("某指数短线拉升，涨幅扩大至1%。", "某指数短线下挫，跌幅扩大至1%。"),
        ("11月19日晚间，多家公司公告股东减持计划。", "11月20日晚间，多家公司公告股东减持计划。"),
        (
            f"{NEWS}\n全文如下：\n{OTHER * 20}",
            f"另一家公司宣布裁撤其海外部门，三名高管辞职。\n全文如下：\n{OTHER * 20}",
        ),
        (f"某指数涨逾2%。\n相关报道\n{OTHER * 9}", f"北岸资金净流入逾百亿元。\n相关报道\n{OTHER * 9}"),
        ("每日策略汇总各家观点，为您把脉。" * 10 + NEWS * 6, "每日策略汇总各家观点，为您把脉。" * 10 + OTHER * 6),
    ],
    ids=["other", "amount", "template", "direction", "day", "same text below", "same appendix", "same introduction"],
)
def test_other_news_is_another_story(db: Database, one: str, other: str) -> None:
    store(db, article(1, one), article(2, other, 30))
    assert stories(db) == [[1], [2]]


def test_one_text_about_two_securities_is_two_stories(db: Database) -> None:
    text = "公司公告，控股股东拟在三个月内以集中竞价方式减持，减持数量不超过总股本的百分之一，原因为自身资金需求。"
    store(
        db,
        article(1, f"甲电力{text}", stocks=(Stock("600001", "SH"),)),
        article(2, f"乙电力{text}", 5, stocks=(Stock("600002", "SH"),)),
        article(3, f"甲电力{text.replace('拟', '计划')}", 9, stocks=(Stock("600001", "SH"), Stock("000001", "SZ"))),
    )
    assert stories(db) == [[1, 3], [2]]


def test_a_story_ends_after_two_days_and_needs_a_date(db: Database) -> None:
    store(
        db,
        article(1, NEWS),
        article(2, f"{NEWS}。", 48 * 60),
        article(3, f"{NEWS}！甲", 48 * 60 + 1),
        article(4, NEWS, published_at=None, published_precision=None),
    )
    assert stories(db) == [[1, 2], [3], [4]]


def test_who_tells_minutes_only_is_not_taken_for_the_first(db: Database) -> None:
    store(
        db,
        article(1, NEWS, 0, published_precision="minute"),
        article(2, f"甲。{NEWS}", 0.5),
        article(3, f"乙。{NEWS}", -60, published_precision="day"),
    )
    assert stories(db) == [[2, 1, 3]]


def test_what_is_like_both_joins_no_two_stories(db: Database) -> None:
    """The second has the figures of neither; the third is like both."""
    first, third = NEWS.replace("36.5", "36.5亿元至39"), NEWS.replace("36.5", "36.5亿元至41")
    store(db, article(1, first), article(2, NEWS, 10), article(3, third, 20))
    assert stories(db) == [[1, 2], [3]]


def test_an_older_copy_that_comes_late_is_the_first(db: Database) -> None:
    store(db, article(1, NEWS), article(2, f"{NEWS}甲", 5))
    store(db, article(3, f"{NEWS}乙", -5))
    assert stories(db) == [[3, 1, 2]]


def test_an_edit_leaves_and_joins(db: Database) -> None:
    store(db, article(1, NEWS), article(2, f"{NEWS}甲", 5), article(3, f"{NEWS}乙", 9), article(4, OTHER, -9))
    assert stories(db) == [[1, 2, 3], [4]]
    store(db, article(1, f"{OTHER}甲"))
    assert stories(db) == [[2, 3], [4, 1]]
    store(db, article(1, NEWS))
    assert stories(db) == [[1, 2, 3], [4]]
    store(db, article(1, NEWS, 7))
    assert stories(db) == [[2, 1, 3], [4]]


def test_what_others_change_is_linked_with_the_next_batch(db: Database, path: Path) -> None:
    store(db, article(1, NEWS), article(2, f"{NEWS}甲", 5), article(3, f"{NEWS}乙", 9))
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("pragma foreign_keys = on")
        other.execute("delete from articles where source_id = '1'")
    assert faults(db) == ["1 changes of articles that no story was looked for yet"]
    store(db, article(4, OTHER))
    assert stories(db) == [[2, 3], [4]]


SENTENCES = [
    NEWS,
    OTHER,
    "",
    "此外，公司拟回购股份。",
    "董事长辞职。",
    "成交额为7亿元。",
    "成交额为9亿元。",
    "跌。",
    "涨。",
]
TEXTS = st.tuples(*[st.sampled_from(SENTENCES)] * 3).map(lambda parts: "".join(parts) or "无。")
COPIES = st.lists(st.tuples(TEXTS, st.sampled_from([0, 1, 2, 1400, 2880, 4000])), min_size=1, max_size=9)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(COPIES, st.data())
def test_stories_follow_from_the_articles_whatever_came_when(
    tmp_path: Path, copies: list[tuple[str, int]], data: st.DataObject
) -> None:
    """In one batch by age; then one by one in any order, some with another text at first; then all anew."""
    articles = [article(number, body, minutes + number / 60) for number, (body, minutes) in enumerate(copies, 1)]
    wanted = found_in(tmp_path / "a.db", lambda db: store(db, *articles))
    order = data.draw(st.permutations(articles))
    early = data.draw(st.lists(st.sampled_from(articles), max_size=3, unique_by=lambda each: each.source_id))

    def one_by_one(db: Database) -> None:
        for each in early:
            store(db, article(int(each.source_id or 0), data.draw(TEXTS), data.draw(st.sampled_from([0, 1, 2]))))
        for each in order:
            store(db, each)

    def anew(db: Database) -> None:
        one_by_one(db)
        with immediate(db):
            db.execute("update articles set story_id = 1")
            relink(db)

    assert found_in(tmp_path / "b.db", one_by_one) == wanted
    assert found_in(tmp_path / "b.db", anew) == wanted


def found_in(path: Path, fill: Callable[[Database], None]) -> list[list[int]]:
    path.unlink(missing_ok=True)
    with closing(open_database(path)) as db:
        fill(db)
        return stories(db)


def test_a_database_of_before_is_linked_when_it_is_opened(db: Database, path: Path) -> None:
    store(db, article(1, NEWS), article(2, f"{NEWS}甲", 5))
    with immediate(db):  # as the version before left it
        for name in ("stories", "story_copies"):
            db.execute(f"drop view {name}")
        for name in ("inserted", "updated", "deleted", "named", "unnamed"):
            db.execute(f"drop trigger story_{name}")
        for name in ("story_queue", "story_bands", "story_sketches"):
            db.execute(f"drop table {name}")
        for name in ("story_id", "source"):
            db.execute(f"drop index idx_articles_{name}")
        db.execute("update articles set story_id = null")
        db.execute("delete from _sqlite_migrations where name in ('m010_stories', 'm012_scale')")
    db.close()
    with closing(open_database(path)) as again:
        assert stories(again) == [[1, 2]]


def test_the_view_tells_who_was_first_and_how_far_behind_the_others_were(db: Database) -> None:
    there = {"source": "eastmoney", "published_precision": "minute"}
    store(
        db,
        article(1, NEWS, 10, title="青禾电池拟建产业园", publisher="财联社"),
        article(2, f"{NEWS}甲", 25.5, url="https://finance.eastmoney.com/a/2.html", publisher="东澜日报", **there),
        article(3, NEWS, 12, url="https://finance.eastmoney.com/a/3.html", publisher="财联社", **there),
        article(4, f"{NEWS}乙", 0, backfilled=True),
        article(5, OTHER),
    )
    told = {row["headline"]: row for row in db.query("select * from stories where copies > 1")}
    assert list(told) == ["青禾电池拟建产业园"]
    story = told["青禾电池拟建产业园"]
    assert (story["source"], story["publisher"]) == ("cls_telegraph", "财联社")
    assert story["published_at"] == "2026-11-20 09:10:00+08:00"
    assert (story["copies"], story["sources"], story["minutes"]) == (3, 2, "[2,15]")
    rows = db.query("select * from story_copies where story_id = ? order by place", [story["story_id"]])
    assert [(row["place"], row["source"], row["minutes"]) for row in rows] == [
        (1, "cls_telegraph", 0),
        (2, "eastmoney", 2),
        (3, "eastmoney", 15),
    ]


@pytest.mark.parametrize(
    ("text", "news"),
    [
        ("财联社11月20日电，甲。", "甲。"),
        ("【题】《东澜日报》20日讯，甲。", "甲。"),
        ("东澜社澄州5月31日电（记者 张三）甲。", "甲。"),
        ("据东澜新闻报道，甲。", "甲。"),
        ("腾讯公布业绩。", "腾讯公布业绩。"),
        ("甲。\n责任编辑：张三", "甲。"),
        ("甲。（文章来源：东澜日报）", "甲。"),
        ("甲。\n相关报道\n乙。", "甲。"),
        ("甲见于相关报道。", "甲见于相关报道。"),
        ("20日，甲。", "20日,甲。"),
    ],
)
def test_the_news_is_what_is_not_about_its_telling(text: str, news: str) -> None:
    assert news_of(text) == news


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1.2亿", "12,000万", True),
        ("6.3512", "6.35", True),
        ("11.97%", "12%", True),
        ("12.7亿", "12亿", True),
        ("3.4", "3", False),
        ("23.5", "23.6", False),
        ("11月19日涨", "11月20日涨", True),
        ("2025年3个", "2026年3个", True),
        ("3", "4", False),
    ],
)
def test_figures_are_one_however_rounded(one: str, other: str, same: bool) -> None:
    assert lacks(figures(one), figures(other)) is not same
    assert lacks(figures(other), figures(one)) is not same


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts_can_be_compared_and_either_way(one: str, other: str) -> None:
    first, second = Text(None, one), Text(one[:5], other)
    assert likeness(first, second) == likeness(second, first)
    assert keys(sketch(first)) == keys(sketch(Text(None, one)))
