"""The seed's own posts: one article per number, every trap of their README handled as it says."""

import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from newscrawl.cli.import_ import import_posts


@pytest.fixture
def database(tmp_path):
    return tmp_path / "posts.db"


def rows(database, sql, *parameters):
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql, parameters).fetchall()


def one(database, column, number):
    ((value,),) = rows(database, f"select {column} from articles where source_id = ?", number)
    return value


def everything(database):
    """Every row that may not differ when nothing has changed upstream."""
    tables = ("articles", "images", "stocks", "tags", "revisions")
    return {table: rows(database, f"select * from {table} order by 1, 2") for table in tables}


@pytest.fixture
def imported(samples, database):
    return import_posts(samples / "finews/posts", database)


def test_one_article_per_number(imported, database, samples):
    numbers = {
        match[0] if (match := re.search(r"\d{18}", path.stem)) else path.stem
        for path in (samples / "finews/posts").glob("*.md")
    }
    assert imported.outcome == "ok"
    assert {number for (number,) in rows(database, "select source_id from articles")} == numbers
    assert rows(database, "select count(*) from failures") == [(0,)]


def test_twins_are_one_with_two_sightings(imported, database):
    found = rows(
        database,
        "select a.source_id, count(*) from articles a join sightings s on s.article_id = a.id group by 1 having count(*) > 1",
    )
    assert {number for number, _ in found} == {
        "202204212352227421", "202205262391921712", "202205272394776012", "202205302396506117", "202205302396671645",
        "202205312397831643", "202205312398034850",
    }  # fmt: skip
    assert {count for _, count in found} == {2}


def test_a_second_import_changes_nothing(imported, database, samples):
    before = everything(database)
    again = import_posts(samples / "finews/posts", database)
    assert (again.outcome, again.counts["unchanged"]) == ("nothing_new", 72)
    assert everything(database) == before


def test_the_other_versions_leave_a_revision_only_where_visible_text_changed(imported, database, samples):
    result = import_posts(samples / "finews/versions", database)
    assert (result.counts["changed"], result.counts["unchanged"]) == (1, 5)
    revised = rows(
        database,
        "select a.source_id, length(a.body), length(r.body) from revisions r join articles a on a.id = r.article_id",
    )
    ((number, now, before),) = revised
    assert number == "202205312397695141"
    assert now > 100 * before


@pytest.mark.parametrize("order", [("posts", "versions"), ("versions", "posts"), (".",), ("posts", "posts", ".")])
def test_the_order_of_imports_does_not_matter(samples, database, tmp_path, order):
    for name in order:
        import_posts(samples / "finews" / name, database)
    import_posts(samples / "finews", tmp_path / "whole.db")
    columns = "source_id, title, body, published_at, publisher, content_hash, image_urls"
    sql = f"select {columns} from articles order by source_id"
    assert rows(database, sql) == rows(tmp_path / "whole.db", sql)
    named = "select a.source_id, code, name from stocks s join articles a on a.id = s.article_id order by 1, 2"
    assert rows(database, named) == rows(tmp_path / "whole.db", named)


def test_the_untitled_post_is_refused_unless_its_twin_is_there(samples, database, tmp_path):
    folder = tmp_path / "alone"
    folder.mkdir()
    shutil.copy(samples / "finews/posts/-202205262391921712.md", folder)
    result = import_posts(folder, database)
    assert (result.outcome, result.exit_status, result.counts["failed"]) == ("partial", 1, 1)
    ((url, kind, reason),) = rows(database, "select url, kind, reason from failures")
    assert url.endswith("/202205262391921712.html")
    assert (kind, "no title" in reason) == ("layout", True)
    import_posts(samples / "finews/posts", database)
    assert rows(database, "select count(*) from failures") == [(0,)]
    assert one(database, "title", "202205262391921712").endswith("？")


@pytest.mark.parametrize(
    ("number", "has", "lacks"),
    [
        ("202205302396671645", "(CPPIB)", "C PPI"),
        ("202205262391921712", "《<", "&lt;"),
        ("202205312397392287", "", "文章来源"),
        ("202112082206703990", "FF 91", "---"),
    ],
)
def test_words_stay_whole(imported, database, number, has, lacks):
    body = one(database, "body", number)
    assert has in body
    assert lacks not in body


@pytest.mark.parametrize(
    ("number", "publisher"),
    [
        ("202205262391921712", "上海证券报"),
        ("202205302396671645", "中国证券报"),
        ("202201212257099936", "证券时报"),
        ("202205312397850829", "工信部"),
        ("202202112274017262", "每日经济新闻"),
        ("202205312397799177", "财联社"),
        ("202205312397392287", "澎湃新闻"),
    ],
)
def test_the_source_line_is_read_whole_and_is_not_text(imported, database, number, publisher):
    assert one(database, "publisher", number) == publisher
    assert "文章来源" not in one(database, "body", number)


def test_charts_are_no_images_and_content_images_come_in_full_size(imported, database):
    assert rows(database, "select count(*) from images where url like '%webquote%'") == [(0,)]
    for number, count in {"202205312397778818": 0, "202202112274017262": 0, "202205272394913365": 0}.items():
        assert one(database, "json_array_length(image_urls)", number) == count
    notice = rows(
        database,
        "select i.url from images i join articles a on a.id = article_id where source_id = '202205312397861168'",
    )
    assert len(notice) == 3
    assert all(url.endswith("_o.jpg") for (url,) in notice)


def test_times_are_beijings_with_and_without_an_offset(imported, database):
    assert one(database, "published_at", "202203292326450488") == "2022-03-29 13:42:15+08:00"
    assert one(database, "published_at", "202112082206703990") == "2021-12-08 10:18:31+08:00"


def test_the_projects_seed(imported, database):
    number = "202203292326450488"
    assert one(database, "publisher", number) == "财联社"
    assert one(database, "json_array_length(image_urls)", number) == 5
    assert one(database, "body_html like '%<p><strong>%'", number) == 1
    body = one(database, "body", number)
    assert "返回" not in body
    assert "zning" not in body


def test_same_text_under_two_numbers_is_two_articles(imported, database):
    texts = rows(database, "select body from articles where source_id in ('202112082206672930', '202112082206781916')")
    assert len(texts) == 2
    assert len(set(texts)) == 1


def test_titles_as_written(imported, database, samples):
    for path in (samples / "finews/posts").glob("2*.md"):
        title = re.search(r'^title: "(.*)"\r?$', path.read_text(encoding="utf-8"), re.M)[1]
        match = re.search(r"\d{18}", path.stem)
        assert one(database, "title", match[0] if match else path.stem) == title
