from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database

from newscrawl.items import BEIJING, Article, Image, Stock, Tag
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.decide import Outcome
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import Clock, make_article

NEW, CHANGED, UNCHANGED, DUPLICATE = Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.DUPLICATE
RICH: dict[str, Any] = {
    "images": (Image("https://img.example.cn/1.png", alt="厂房", caption="新厂房", width=800, height=600),),
    "stocks": (Stock("600519", "SH", "贵州茅台"), Stock("00700", "HK")),
    "tags": (Tag("subject", "新能源"), Tag("level", "B")),
    "summary": "三吉瓦时",
    "publisher": "财联社",
    "author": "林一",
    "editor": "周二",
    "cover_url": "https://img.example.cn/cover.png",
    "modified_at": datetime(2026, 11, 20, 14, 0, tzinfo=UTC),
    "provenance": {"title": "rule"},
}


@pytest.fixture
def store(db: Database) -> ArticleStore:
    return ArticleStore(db)


class Saver:
    """Saves in one transaction and tells the outcomes."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def __call__(self, *articles: Article) -> list[Outcome]:
        with immediate(self._db):
            return ArticleStore(self._db).save(articles, self._clock())


@pytest.fixture
def save(db: Database, clock: Clock) -> Saver:
    return Saver(db, clock)


def column(db: Database, sql: str) -> list[Any]:
    return [row[0] for row in db.execute(sql)]


def contents(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables about articles."""
    names = ("articles", "sightings", "images", "stocks", "tags", "revisions")
    return {name: sorted(db.execute(f"select * from {name}").fetchall(), key=repr) for name in names}


def test_a_new_article_is_stored_whole(db: Database, store: ArticleStore, save: Saver) -> None:
    article = make_article(5, aliases=("https://m.example.cn/5",), backfilled=True, **RICH)
    assert save(article) == [NEW]
    row = store.get(1)
    assert row is not None
    assert row["published_at"] == "2026-11-20 21:46:05+08:00"
    assert row["published_date"] == "2026-11-20"
    assert row["published_ts"] == 1795182365
    assert row["modified_at"] == "2026-11-20 22:00:00+08:00"
    assert row["image_urls"] == ["https://img.example.cn/1.png"]
    assert row["provenance"] == {"title": "rule"}
    assert row["backfilled"] == 1
    assert row["story_id"] == row["id"]
    assert row["first_seen_at"] == row["updated_at"] == row["content_since"] == "2026-11-20 22:00:00+08:00"
    assert row["images"] == [
        {
            "position": 1,
            "url": "https://img.example.cn/1.png",
            "alt": "厂房",
            "caption": "新厂房",
            "width": 800,
            "height": 600,
        }
    ]
    assert row["stocks"] == [
        {"code": "00700", "market": "HK", "name": None},
        {"code": "600519", "market": "SH", "name": "贵州茅台"},
    ]
    assert row["tags"] == [{"kind": "level", "name": "B"}, {"kind": "subject", "name": "新能源"}]
    assert [(each["source"], each["url"], each["publisher"]) for each in row["sightings"]] == [
        ("cls_telegraph", "https://m.example.cn/5", "财联社"),
        ("cls_telegraph", "https://www.cls.cn/detail/5", "财联社"),
    ]
    assert row["revisions"] == []


def test_an_article_is_read_back_as_it_was_handed_over(store: ArticleStore, save: Saver) -> None:
    article = make_article(5, aliases=("https://m.example.cn/5",), **RICH)
    save(article)
    found = store.find("cls_telegraph", "5")
    assert found is not None
    assert found.published_at == article.published_at
    for name in ("url", "kind", "title", "body", "body_html", "images", "provenance", "modified_at"):
        assert getattr(found, name) == getattr(article, name), name
    assert set(found.stocks) == set(article.stocks)
    assert set(found.tags) == set(article.tags)
    assert set(found.seen_at) == set(article.seen_at)
    assert store.find_url("https://m.example.cn/5") == found == store.find_url(article.url)


def test_what_is_not_there_is_none(store: ArticleStore) -> None:
    assert store.get(1) is None
    assert store.find("cls_telegraph", "1") is None
    assert store.find_url("https://www.cls.cn/detail/1") is None


@pytest.mark.parametrize(
    "article",
    [
        make_article(1, **RICH),
        make_article(1, published_at=None, published_precision=None),
        make_article(1, source_id=None),
        make_article(1, url=""),
        make_article(1, url="", source_id=None),
        make_article(1, title=None, kind="flash"),
        make_article(1, stocks=(Stock("600519", "SH", "贵州茅台"), Stock("600519", "SH"))),
        make_article(1, tags=(Tag("level", "B"), Tag("level", "B"))),
        make_article(1, title="\ud83d半个", summary="有\0空"),
        make_article(1, images=(Image("https://img.example.cn/1.png", width=10**30, height=2**63),)),
    ],
)
def test_saving_again_changes_nothing_but_last_seen_at(
    db: Database, save: Saver, clock: Clock, article: Article
) -> None:
    assert save(article) == [NEW]
    before = contents(db)
    clock.move(hours=1)
    assert save(article) == [UNCHANGED]
    after = contents(db)
    seen = after.pop("sightings")
    first = before.pop("sightings")
    assert after == before
    assert [row[:-2] for row in seen] == [row[:-2] for row in first]
    assert all(row[-2] == "2026-11-20 23:00:00+08:00" for row in seen)


def test_changed_text_keeps_the_former_state_whole(
    db: Database, store: ArticleStore, save: Saver, clock: Clock
) -> None:
    save(make_article(1, **RICH))
    clock.move(hours=1)
    later = make_article(1, title="青禾电池否认投产", **(RICH | {"images": (), "author": None, "tags": ()}))
    assert save(later) == [CHANGED]
    row = store.get(1)
    assert row is not None
    assert row["title"] == "青禾电池否认投产"
    assert row["images"] == [] == row["image_urls"]
    assert row["author"] == "林一"
    assert len(row["tags"]) == 2
    assert row["content_since"] == row["updated_at"] == "2026-11-20 23:00:00+08:00"
    assert row["first_seen_at"] == "2026-11-20 22:00:00+08:00"
    [former] = row["revisions"]
    assert former["title"] == "青禾电池第1座工厂投产"
    assert former["images"][0]["caption"] == "新厂房"
    assert {stock["code"] for stock in former["stocks"]} == {"600519", "00700"}
    assert former["provenance"] == {"title": "rule"}
    assert (former["valid_from"], former["valid_to"]) == ("2026-11-20 22:00:00+08:00", "2026-11-20 23:00:00+08:00")


def test_the_view_of_states_tells_what_was_read_at_any_moment(db: Database, save: Saver, clock: Clock) -> None:
    for hour in range(4):
        save(make_article(1, body=f"第{hour}稿。"))
        clock.move(hours=1)
    sql = "select body from states where valid_from <= :at and (valid_to is null or valid_to > :at)"
    for minute, body in ((0, "第0稿。"), (59, "第0稿。"), (60, "第1稿。"), (179, "第2稿。"), (500, "第3稿。")):
        at = f"{datetime(2026, 11, 20, 22, 0, tzinfo=BEIJING) + timedelta(minutes=minute)}"
        assert [row["body"] for row in db.query(sql, {"at": at})] == [body]


def test_a_title_that_goes_away_is_a_change(db: Database, save: Saver) -> None:
    save(make_article(1, kind="flash"))
    assert save(make_article(1, kind="flash", title=None)) == [CHANGED]
    assert column(db, "select title from articles") == [None]


@pytest.mark.parametrize(
    "body",
    ["青禾电池今日宣布，第1座工厂投产。年产能为三吉瓦时。", "青禾电池 今日宣布，第1座工厂投产。\n\n年产能为三吉瓦时。"],
)
def test_white_space_is_no_change(db: Database, save: Saver, body: str) -> None:
    save(make_article(1))
    assert save(make_article(1, body=body)) == [UNCHANGED]
    assert db.table("revisions").count == 0


@pytest.mark.parametrize(
    ("changes", "sql", "value"),
    [
        ({"body_html": "<p>另一种标记</p>"}, "select body_html from articles", "<p>另一种标记</p>"),
        ({"editor": "吴三"}, "select editor from articles", "吴三"),
        ({"provenance": {"title": "embedded"}}, "select provenance from articles", '{"title":"embedded"}'),
        ({"stocks": (Stock("000001", "SZ"),)}, "select code from stocks", "000001"),
        ({"tags": (Tag("level", "A"),)}, "select name from tags", "A"),
        (
            {"images": (Image("https://img.example.cn/2.png"),)},
            "select image_urls from articles",
            '["https://img.example.cn/2.png"]',
        ),
        (
            {"images": (Image("https://img.example.cn/2.png"),)},
            "select url from images",
            "https://img.example.cn/2.png",
        ),
        ({"published_at": datetime(2026, 11, 20, 10, tzinfo=UTC)}, "select published_ts from articles", 1795168800),
    ],
)
def test_news_beside_the_text_is_taken_over_without_a_revision(
    db: Database, save: Saver, clock: Clock, changes: dict[str, Any], sql: str, value: object
) -> None:
    save(make_article(1, **RICH))
    clock.move(hours=1)
    assert save(make_article(1, **(RICH | changes))) == [UNCHANGED]
    assert column(db, sql) == [value]
    assert column(db, "select updated_at from articles") == ["2026-11-20 23:00:00+08:00"]
    assert column(db, "select content_since from articles") == ["2026-11-20 22:00:00+08:00"]
    assert db.table("revisions").count == 0


def test_what_a_newcomer_lacks_stays(db: Database, save: Saver) -> None:
    save(make_article(1, **RICH))
    before = contents(db)
    bare = make_article(1, published_at=None, published_precision=None, published_raw=None)
    assert save(bare) == [UNCHANGED]
    assert contents(db) == before


def test_a_less_exact_date_is_no_news(db: Database, save: Saver) -> None:
    save(make_article(1))
    day = datetime(2026, 11, 20, tzinfo=UTC)
    save(make_article(1, published_at=day, published_precision="day"))
    assert column(db, "select published_precision from articles") == ["second"]


@pytest.mark.parametrize("body", ["青禾电池旧稿。", make_article(1).body])
def test_an_older_copy_replaces_nothing(db: Database, save: Saver, body: str) -> None:
    save(make_article(1, **RICH))
    before = contents(db)
    old = make_article(1, **(RICH | {"modified_at": datetime(2026, 11, 20, 13, 59, tzinfo=UTC), "editor": "吴三"}))
    assert save(old) == [UNCHANGED]
    assert contents(db) == before


def test_two_ids_of_one_source_with_one_text_are_two_articles(db: Database, save: Saver) -> None:
    text = {"title": "同一标题", "body": "同一正文。"}
    assert save(make_article(1, **text), make_article(2, **text)) == [NEW, NEW]


def test_two_ids_of_one_source_at_one_address_are_two_articles(db: Database, store: ArticleStore, save: Saver) -> None:
    url = "https://www.cls.cn/detail/1"
    assert save(make_article(1), make_article(2, url=url)) == [NEW, NEW]
    assert save(make_article(1), make_article(2, url=url)) == [UNCHANGED, UNCHANGED]
    assert column(db, "select url from articles order by id") == [url, None]
    found = store.find_url(url)
    assert found is not None
    assert found.source_id == "1"


def test_an_id_that_is_learned_later_is_filled_in(db: Database, save: Saver) -> None:
    save(make_article(1, source_id=None))
    assert save(make_article(1)) == [UNCHANGED]
    assert column(db, "select source_id from articles") == ["1"]


def test_an_address_that_is_learned_later_is_filled_in(db: Database, save: Saver) -> None:
    save(make_article(1, url=""))
    assert column(db, "select url from sightings") == []
    assert save(make_article(1)) == [UNCHANGED]
    assert column(db, "select url from articles") == ["https://www.cls.cn/detail/1"]
    assert column(db, "select url from sightings") == ["https://www.cls.cn/detail/1"]


def test_the_first_canonical_address_stays(db: Database, save: Saver) -> None:
    save(make_article(1))
    assert save(make_article(1, url="https://www.cls.cn/other/1")) == [UNCHANGED]
    assert column(db, "select url from articles") == ["https://www.cls.cn/detail/1"]
    assert len(column(db, "select url from sightings")) == 2


def test_an_article_is_found_by_any_of_its_addresses(db: Database, save: Saver) -> None:
    save(make_article(1, source_id=None, aliases=("https://m.example.cn/1",)))
    assert save(make_article(1, source_id=None, url="https://m.example.cn/1")) == [UNCHANGED]
    assert save(make_article(1, source_id=None, url="https://n.example.cn/1", aliases=("https://m.example.cn/1",))) == [
        UNCHANGED
    ]
    assert db.table("articles").count == 1


def elsewhere(number: int = 1, **changes: Any) -> Article:
    """The same text on another source."""
    url = f"https://finance.example.cn/a/{number}.html"
    return make_article(number, **({"source": "eastmoney", "source_id": f"9{number}", "url": url} | changes))


def test_the_same_address_from_another_source_is_a_sighting(db: Database, save: Saver) -> None:
    save(make_article(1))
    other = elsewhere(url="https://www.cls.cn/detail/1", body="别处的另一稿。", publisher="东方财富")
    assert save(other) == [DUPLICATE]
    assert db.table("articles").count == 1
    assert column(db, "select publisher from sightings where source = 'eastmoney'") == ["东方财富"]


def test_the_same_text_from_another_source_is_a_sighting(db: Database, save: Saver, clock: Clock) -> None:
    save(make_article(1))
    assert save(elsewhere()) == [DUPLICATE]
    clock.move(hours=1)
    assert save(elsewhere(publisher="东方财富")) == [DUPLICATE]
    [row] = db.query("select * from sightings where source = 'eastmoney'")
    assert row["publisher"] == "东方财富"
    assert (row["first_seen_at"][11:16], row["last_seen_at"][11:16]) == ("22:00", "23:00")


@pytest.mark.parametrize(
    "other",
    [
        elsewhere(published_at=datetime(2026, 11, 23, tzinfo=UTC)),
        elsewhere(published_at=None, published_precision=None),
        elsewhere(body="不同的正文。"),
    ],
)
def test_another_text_or_time_at_another_source_is_a_new_article(save: Saver, other: Article) -> None:
    save(make_article(1))
    assert save(other) == [NEW]


@pytest.mark.parametrize("batches", [[2], [1, 1]])
def test_a_batch_decides_as_single_saves_do(db: Database, save: Saver, batches: Sequence[int]) -> None:
    changed = make_article(1, body="第二稿。", modified_at=datetime(2026, 11, 20, 15, tzinfo=UTC))
    everything = [
        (make_article(1), changed),
        (make_article(2, source_id=None), make_article(2)),
        (make_article(3), elsewhere(3)),
        (make_article(4, aliases=("https://a.example.cn/4",)), make_article(4, aliases=("https://b.example.cn/4",))),
        (make_article(5, url="", source_id=None), make_article(5, url="", source_id=None)),
    ]
    outcomes = []
    for pair in everything:
        rest = list(pair)
        for size in batches:
            outcomes += save(*rest[:size])
            rest = rest[size:]
    assert outcomes == [NEW, CHANGED, NEW, UNCHANGED, NEW, DUPLICATE, NEW, UNCHANGED, NEW, UNCHANGED]
    assert db.table("articles").count == 5


def test_two_states_of_one_article_in_one_batch_make_one_revision_each(db: Database, save: Saver) -> None:
    drafts = [make_article(1, body=f"第{number}稿。") for number in range(4)]
    assert save(make_article(9), *drafts) == [NEW, NEW, CHANGED, CHANGED, CHANGED]
    assert column(db, "select body from revisions order by id") == ["第0稿。", "第1稿。", "第2稿。"]


def test_two_addresses_of_one_stored_article_in_one_batch(db: Database, save: Saver) -> None:
    urls = ("https://a.example.cn/1", "https://b.example.cn/1")
    save(make_article(1, source_id=None, aliases=urls))
    drafts = [make_article(1, source_id=None, url=url, body=f"{url}。") for url in urls]
    assert save(*drafts) == [CHANGED, CHANGED]
    assert db.table("revisions").count == 2


def test_a_text_that_comes_back_in_the_same_batch_is_a_change_each_time(db: Database, save: Saver) -> None:
    urls = ("https://a.example.cn/1", "https://b.example.cn/1", "https://c.example.cn/1")
    save(make_article(1, source_id=None, aliases=urls))
    bodies = ("第二稿。", make_article(1).body, "第二稿。")
    drafts = [make_article(1, source_id=None, url=url, body=body) for url, body in zip(urls, bodies, strict=True)]
    assert save(*drafts) == [CHANGED] * 3
    assert column(db, "select body from articles") == ["第二稿。"]


def test_a_clock_that_goes_back_moves_no_last_sight_back(db: Database, save: Saver, clock: Clock) -> None:
    save(make_article(1))
    clock.move(hours=-5)
    save(make_article(1))
    assert column(db, "select last_seen_at from sightings") == ["2026-11-20 22:00:00+08:00"]


@pytest.mark.parametrize(
    ("title", "body", "headline"),
    [
        ("标题", "正文。", "标题"),
        (None, "【括号里的标题】财联社电，正文。", "括号里的标题"),
        (None, "【】空括号。正文", "【】空括号"),
        (None, "【没有右括号。正文", "【没有右括号"),
        (None, f"【{'长' * 150}】。", f"【{'长' * 59}"),
        (None, "第一句。第二句。", "第一句"),
        (None, "是真的吗？第二句！", "是真的吗？"),
        (None, "小心！第二句？", "小心！"),
        (None, "第一行\n第二行。", "第一行"),
        (None, "没有标点", "没有标点"),
        (None, "长" * 80, "长" * 60),
    ],
)
def test_the_headline_is_the_title_or_the_first_sentence(
    db: Database, save: Saver, title: str | None, body: str, headline: str
) -> None:
    save(make_article(1, kind="flash", title=title, body=body))
    assert column(db, "select headline from articles") == [headline]


def test_parts_go_with_their_article(db: Database, save: Saver) -> None:
    save(make_article(1, **RICH))
    save(make_article(1, **(RICH | {"body": "改。"})))
    db.table("articles").delete(1)
    assert [name for name, rows in contents(db).items() if rows] == []


def test_hostile_text_is_stored_as_text(db: Database, store: ArticleStore, save: Saver) -> None:
    title = "'); drop table articles; -- \" ?1 :x"
    save(make_article(1, title=title, url="https://www.cls.cn/detail/1?a=%27&b='\"", source_id="1' or '1'='1"))
    found = store.find("cls_telegraph", "1' or '1'='1")
    assert found is not None
    assert found.title == title
