"""`newscrawl import finews`, on the sample world's posts."""

import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.cli.import_ import import_posts
from newscrawl.demo import NOW, World
from newscrawl.demo.posts import write_posts, write_versions
from newscrawl.errors import LockedError
from newscrawl.storage.archive import read_archive
from newscrawl.storage.lock import SourceLock


@pytest.fixture
def world():
    return World(1, 60, NOW)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "posts"


@pytest.fixture
def database(tmp_path):
    return tmp_path / "news.db"


def rows(database, sql, *parameters):
    with closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(sql, parameters)]


def newscrawl(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_every_post_becomes_the_record_that_it_tells(world, folder, database):
    posts = write_posts(folder, world)
    import_posts(folder, database)
    stored = {row["source_id"]: row for row in rows(database, "select * from articles")}
    assert set(stored) == {expected.number for expected in posts.articles}
    for expected in posts.articles:
        row = stored[expected.number]
        assert (row["title"], row["body"], row["publisher"]) == (expected.title, expected.body, expected.publisher)
        assert row["published_at"] == expected.published_at.isoformat(sep=" ")
        assert json.loads(row["image_urls"]) == list(expected.image_urls)


def test_what_cannot_be_read_is_told_and_the_exit_status_says_so(world, folder, database):
    posts = write_posts(folder, world)
    result = newscrawl("import", "finews", folder, "--db", database)
    assert result.exit_code == 1
    assert "partial" in result.output
    (failure,) = rows(database, "select * from failures")
    assert [failure["reason"]] == [f"{name.rsplit('/')[-1]}: no title" for name in posts.refused]


def test_later_versions_leave_revisions_where_visible_text_changed(world, folder, tmp_path, database):
    write_posts(folder, world)
    import_posts(folder, database)
    later = write_versions(tmp_path / "later", world)
    import_posts(tmp_path / "later", database)
    found = rows(database, "select source_id from articles where id in (select article_id from revisions)")
    assert {row["source_id"] for row in found} == set(later.changed)
    assert later.changed


def test_a_second_import_changes_nothing(world, folder, database):
    write_posts(folder, world)
    import_posts(folder, database)
    before = rows(database, "select * from articles")
    refused = rows(database, "select * from failures")
    result = newscrawl("import", "finews", folder, "--db", database, "--json")
    assert json.loads(result.output)["counts"]["unchanged"] == len(before)
    assert json.loads(result.output)["counts"]["failed"] == len(refused) > 0
    assert rows(database, "select * from articles") == before
    assert rows(database, "select * from failures") == refused


def test_the_posts_themselves_go_into_the_archive(world, folder, database):
    posts = write_posts(folder, world)
    import_posts(folder, database)
    kept = list(read_archive(sorted((database.parent / "warc").glob("*.warc.gz"))))
    assert len(kept) == len(posts.files)
    assert {answer.body for answer in kept} == {(folder / name).read_bytes() for name in posts.files}
    assert {(answer.source, answer.role) for answer in kept} == {("finews", "page")}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [(lambda folder: None, "is not a folder"), (lambda folder: folder.mkdir(), "holds no posts"),
     (lambda folder: (folder.mkdir(), (folder / "README.md").write_text("# no post")), "holds no posts")],
    ids=["missing", "empty", "no post"],
)  # fmt: skip
def test_a_folder_without_posts_is_refused_and_nothing_written(folder, database, make, sentence):
    make(folder)
    result = newscrawl("import", "finews", folder, "--db", database)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert sentence in result.stderr
    assert not database.exists()


def test_a_second_import_at_the_same_time_is_told_so(world, folder, database):
    write_posts(folder, world)
    with SourceLock(database, "finews"), pytest.raises(LockedError):
        import_posts(folder, database)
