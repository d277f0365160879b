"""Articles as a stream."""

from datetime import timedelta

from newscrawl.items import Image, Stock, Tag
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import immediate
from newscrawl.storage.stories import newest_day, newest_stories, stories


def save(db, clock, *articles):
    with immediate(db):
        ArticleStore(db).save(articles, clock())


def test_a_story_comes_with_what_belongs_to_it(db, make, clock):
    image = Image("https://image.cls.cn/a.png", width=600, height=400)
    stock, tag = Stock("600519", "SH", "贵州茅台"), Tag("level", "B")
    alias = "https://m.cls.cn/detail/1"
    save(db, clock, make(1, (alias,), images=(image,), stocks=(stock,), tags=(tag,)), make(2))
    first, second = stories(db)
    assert first["tags"] == [["level", "B"]]
    assert first["stocks"] == [["600519", "SH", "贵州茅台"]]
    assert first["sizes"] == [[image.url, 600, 400]]
    assert set(first["seen_at"]) == {"https://www.cls.cn/detail/1", alias}
    assert (second["tags"], second["stocks"], second["sizes"]) == ([], [], [])
    assert second["headline"] == second["title"]


def test_source_and_moment_choose(db, make, clock):
    old = make(1, published_at=clock() - timedelta(days=2))
    undated = make(2, published_at=None, published_precision=None)
    save(db, clock, old, undated, make(3, source="cls_depth"), make(4))
    since = int(clock().timestamp()) - 24 * 3600
    assert [row["source_id"] for row in stories(db)] == ["1", "2", "3", "4"]
    assert [row["source_id"] for row in stories(db, since=since)] == ["3", "4"]
    assert [row["source_id"] for row in stories(db, source="cls_depth")] == ["3"]


def test_the_newest_are_none_of_the_future(db, make, clock):
    save(db, clock, make(1), make(2), make(3, published_at=clock() + timedelta(days=9)))
    assert newest_day(db, until="2026-11-21") == "2026-11-20"
    assert newest_day(db, source="cls_depth", until="2026-11-21") is None
    assert [row["source_id"] for row in newest_stories(db, 5, until="2026-11-21")] == ["2", "1"]
    assert [row["source_id"] for row in newest_stories(db, 1, until="2026-11-30")] == ["3"]
