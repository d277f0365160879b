"""`newscrawl export jekyll` as an operator meets it: the folder, its window, its neighbours, its refusals."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from lxml import etree

from newscrawl.cli import main
from newscrawl.cli.import_ import import_posts
from newscrawl.demo import NOW, World
from newscrawl.demo.posts import write_posts
from newscrawl.export.atom import atom_feed
from newscrawl.export.folder import MANIFEST
from newscrawl.storage.lock import SourceLock
from tests.export.support import NOON, make_article, story_of

ATOM = {"a": "http://www.w3.org/2005/Atom"}
FIRST = "_posts/2026-11-20-2600001.md"
SITE = {"_config.yml", "_layouts/category.html", "index.html", "feed.xml", "category/cailianshe.html"}


def test_the_folder_holds_a_site(exports):
    exports.save(make_article(1), make_article(2))
    assert exports("--title", '财经 "速览"', "--home", "https://news.example.org/sub/") == 0
    assert set(exports.files) == SITE | {FIRST, "_posts/2026-11-20-2600002.md"}
    assert exports.last.output == f"2 posts in {exports.folder} (files: new 4)\n"
    assert 'title: "财经 \\"速览\\""\n' in exports.text("_config.yml")
    assert 'url: "https://news.example.org"\nbaseurl: "/sub"\n' in exports.text("_config.yml")
    assert "(https://news.example.org/sub/category/cailianshe.html)" in exports.text(FIRST)


def test_a_second_export_touches_nothing(exports):
    exports.save(*(make_article(number) for number in range(1, 6)))
    exports()
    before = exports.files
    assert exports("--json") == 0
    assert exports.files == before
    assert json.loads(exports.last.output) == {
        "posts": 5, "new": 0, "changed": 0, "moved": 0, "removed": 0, "unchanged": 7, "undated": 0, "left": [],
    }  # fmt: skip


def test_one_database_gives_one_folder(exports, tmp_path):
    exports.save(*(make_article(number, days_ago=number % 5) for number in range(1, 30)))
    exports()
    other = replace(exports, folder=tmp_path / "other")
    other()
    assert {name: data for name, (data, _) in other.files.items()} == {
        name: data for name, (data, _) in exports.files.items()
    }


def test_only_what_changed_is_written(exports):
    exports.save(make_article(1), make_article(2))
    exports()
    before = exports.files
    exports.save(make_article(1, body="新的正文。", body_html="<p>新的正文。</p>"), now=NOON + timedelta(hours=1))
    assert exports() == 0
    changed = {name for name, state in exports.files.items() if state != before[name]}
    assert changed == {FIRST, "feed.xml"}
    assert "新的正文。" in exports.text(FIRST)


# -- the window --------------------------------------------------------------------------------------------------------


def test_three_days_stand_in_posts_and_the_rest_in_the_archive(exports):
    exports.save(*(make_article(1 + ago, days_ago=ago) for ago in range(5)))
    exports()
    assert [name[:21] for name in exports.posts] == [
        "_posts/2026-11-18-260", "_posts/2026-11-19-260", "_posts/2026-11-20-260",
        "old_post/2026-11-16-2", "old_post/2026-11-17-2",
    ]  # fmt: skip


def test_what_leaves_the_window_is_moved_as_it_is_and_comes_back(exports):
    exports.save(make_article(1))
    exports()
    written = exports.files[FIRST]
    exports.save(make_article(2, days_ago=-3))
    assert exports() == 0
    assert FIRST not in exports.files
    assert exports.files[FIRST.replace("_posts", "old_post")] == written
    assert "moved 1" in exports.last.output
    assert exports("--all") == 0
    assert exports.files[FIRST] == written
    exports("--days", 1)
    assert exports.files[FIRST.replace("_posts", "old_post")] == written


def test_an_article_dated_ahead_does_not_empty_the_window(exports):
    exports.save(make_article(1), make_article(2, days_ago=-20_000))
    exports()
    assert FIRST in exports.files


def test_source_and_since_choose(exports):
    exports.save(make_article(1), make_article(2, days_ago=1), make_article(3, source="cls_depth"))
    exports("--since", "2026-11-20", "--source", "cls_telegraph")
    assert exports.posts == [FIRST]


def test_what_is_not_wanted_any_more_goes(exports):
    exports.save(make_article(1), make_article(2, source="eastmoney", publisher="长江商报"))
    exports()
    exports("--source", "cls_telegraph")
    assert set(exports.files) == SITE | {FIRST}
    assert "removed 2" in exports.last.output  # the post and its medium's page


def test_an_article_without_a_date_is_left_out_and_told(exports):
    exports.save(make_article(1), make_article(2, published_at=None, published_precision=None, published_raw=None))
    assert exports() == 0
    assert exports.posts == [FIRST]
    assert "1 articles without a date are left out" in exports.last.output


# -- files that are not ours -------------------------------------------------------------------------------------------


def test_foreign_files_are_not_touched(exports):
    foreign = {
        "_posts/2026-11-20-mine.md": "我的",
        "old_post/x.md": "旧的",
        "_config.yml": "title: mine\n",
        "index.md": "#",
    }
    for name, text in foreign.items():
        (exports.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (exports.folder / name).write_text(text)
    before = exports.files
    exports.save(make_article(1))
    for options in ((), ("--days", 1), ("--source", "cls_telegraph")):
        assert exports(*options) == 0
    assert {name: exports.files[name] for name in foreign} == before
    assert "index.html" not in exports.files  # two pages would want one place


def test_a_foreign_file_of_the_same_name_is_left_and_named(exports):
    (exports.folder / "_posts").mkdir(parents=True)
    (exports.folder / FIRST).write_text("我的")
    exports.save(make_article(1), make_article(2))
    for _ in range(2):
        assert exports() == 1
        assert exports.last.stderr == f"newscrawl: {FIRST} is not as newscrawl wrote it, and is left\n"
        assert exports.text(FIRST) == "我的"
    assert "_posts/2026-11-20-2600002.md" in exports.files
    (exports.folder / FIRST).unlink()
    assert exports() == 0


def test_a_post_changed_by_hand_is_left_in_every_case(exports):
    exports.save(make_article(1), make_article(2, source="eastmoney"))
    exports()
    (exports.folder / FIRST).write_text("改过的")
    assert exports() == 1
    assert exports("--source", "eastmoney") == 0  # now it is nobody's, and is not removed
    assert exports.text(FIRST) == "改过的"
    assert exports() == 1


def test_a_folder_in_a_posts_place_is_named(exports):
    (exports.folder / FIRST).mkdir(parents=True)
    exports.save(make_article(1))
    assert exports() == 1
    assert FIRST in exports.last.stderr


def test_a_lost_memory_is_found_again(exports):
    exports.save(make_article(1))
    exports()
    before = exports.files
    (exports.folder / MANIFEST).unlink()
    assert exports() == 0
    assert exports.files == before
    exports.save(make_article(1, title="新的标题"), now=NOON + timedelta(hours=1))
    assert exports() == 0


def test_an_export_that_was_killed_is_finished_by_the_next(exports):
    """It had noted what it would write, and had written part of it."""
    exports.save(make_article(1), make_article(2))
    exports()
    before = exports.text(FIRST)
    exports.save(make_article(1, title="新的标题"), make_article(3), now=NOON + timedelta(hours=1))
    exports()
    whole = exports.files
    (exports.folder / FIRST).write_text(before)  # noted, not yet written
    (exports.folder / "_posts/2026-11-20-2600003.md").unlink()
    (exports.folder / "category/cailianshe.html").write_bytes(b"")  # what a power cut leaves
    assert exports() == 0
    assert {name: data for name, (data, _) in exports.files.items()} == {
        name: data for name, (data, _) in whole.items()
    }


def test_two_exports_at_once(exports):
    exports.save(make_article(1))
    exports()
    with SourceLock(exports.folder / MANIFEST, "export"):
        assert exports() == 3
    assert exports.last.stderr.startswith(f"newscrawl: another export into {exports.folder} is under way")


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--since", "gestern"], "'gestern' is no date such as 2026-11-20"),
        (["--days", "0"], "0 is not in the range"),
        (["--days", "three"], "'three' is not a valid integer"),
        (["--days", "2", "--all"], "--all and --days cannot be given together"),
        (["--home", "news example"], "is neither an address"),
        (["--home", "javascript:alert(1)"], "is neither an address"),
        (["--source", "cls_telegraf"], "cls_telegraf"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(exports, arguments, sentence):
    exports.save(make_article(1))
    assert exports(*arguments) == 2
    assert sentence in exports.last.stderr
    assert exports.last.stderr.count("\n") == 1
    assert not exports.folder.exists()


def test_a_file_in_the_folders_place(exports):
    exports.save(make_article(1))
    exports.folder.write_text("no folder")
    assert exports() == 2
    assert "cannot be made" in exports.last.stderr


@pytest.mark.parametrize("kind", ["missing", "foreign", "newer", "text"])
def test_a_database_that_is_not_ours(exports, kind):
    if kind == "foreign":
        with closing(sqlite3.connect(exports.db)) as db:
            db.execute("create table x (y)")
    elif kind == "newer":
        exports.save()
        with closing(sqlite3.connect(exports.db)) as db:
            db.execute("pragma user_version = 999")
    elif kind == "text":
        exports.db.write_text("no database")
    assert exports() == 2
    assert exports.last.stderr.count("\n") == 1
    assert not exports.folder.exists()


def test_an_empty_database_does_not_empty_a_site(exports, tmp_path):
    exports.save(make_article(1))
    exports()
    before = exports.files
    wrong = replace(exports, db=tmp_path / "wrong.db")
    wrong.save()
    assert wrong() == 2
    assert "no article is to be exported" in wrong.last.stderr
    assert exports.files == before


# -- the whole ---------------------------------------------------------------------------------------------------------


def test_the_sample_posts_come_back_as_they_are(exports, tmp_path):
    write_posts(tmp_path / "posts", World(1, 60, NOW))
    import_posts(tmp_path / "posts", exports.db)
    before = everything(exports.db)
    assert exports() == 0
    result = import_posts(exports.folder, exports.db)
    assert (result.outcome, result.counts["unchanged"]) == ("nothing_new", 31)
    assert everything(exports.db) == before


def everything(database):
    with closing(sqlite3.connect(database)) as db:
        tables = ("articles", "images", "stocks", "tags", "revisions")
        return {table: db.execute(f"select * from {table} order by 1, 2, 3").fetchall() for table in tables}


def test_a_form_that_there_is_not(exports):
    for arguments, sentence in ((["export"], "Missing command"), (["export", "gopher"], "No such command 'gopher'")):
        result = CliRunner().invoke(main, arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert sentence in result.stderr


def test_crawled_articles_are_known_when_their_posts_are_imported(exports):
    exports.save(*(make_article(number) for number in range(1, 4)))
    exports()
    result = import_posts(exports.folder, exports.db)
    assert (result.counts["new"], result.counts["duplicate"]) == (0, 3)


def test_the_feed_is_atom_and_shows_what_the_articles_say(tmp_path):
    hostile = make_article(
        2, title="]]>&<b>{{x}}", body_html="<p>a &lt;b&gt; & c]]&gt;</p>", publisher='"甲" & 乙', summary="\u202e<摘要>"
    )
    rows = [story_of(make_article(1), tmp_path), story_of(hostile, tmp_path)]
    feed = etree.fromstring(atom_feed(rows, title="消息 & <b>", home="https://news.example.org").encode())
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"a:{name}", ATOM)) == 1
    first, second = feed.findall("a:entry", ATOM)
    for entry in (first, second):
        assert [entry.find(f"a:{name}", ATOM).text for name in ("published", "updated")] == [
            "2026-11-20T12:00:00+08:00"
        ] * 2
        assert entry.find("a:id", ATOM).text == entry.find("a:link", ATOM).get("href")
    assert second.find("a:title", ATOM).text == "]]>&<b>{{x}}"
    assert second.find("a:author/a:name", ATOM).text == '"甲" & 乙'
    assert second.find("a:content", ATOM).text == hostile.body_html
    assert second.find("a:summary", ATOM).text == "\u202e<摘要>"
    assert feed.find("a:updated", ATOM).text == "2026-11-20T12:00:00+08:00"


def test_a_feed_of_nothing_is_one():
    feed = etree.fromstring(atom_feed([], title="消息").encode())
    assert feed.find("a:id", ATOM).text.startswith("urn:uuid:")
    assert feed.find("a:updated", ATOM).text == "1970-01-01T00:00:00Z"
