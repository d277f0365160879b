"""Stories on the seed's own posts: what is one piece of news is linked, what its README keeps apart is apart."""

import shutil
import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest

from newscrawl.cli.import_ import import_posts
from newscrawl.storage.near import Text, likeness

ONE_TEXT_TWO_NUMBERS = ("202112082206672930", "202112082206781916")
APART = [
    ("202112082206703990", "202112082206717618"),
    ("202112082206735022", "202112082206736198"),
    ("202112082206742097", "202112082206757673"),
    ("202205312397557124", "202205312397556836"),
    ("202205312397557124", "202205312397560193"),
    ("202205312397556836", "202205312397560193"),
    ("202205312397695141", "202205312397645671"),
]


@pytest.fixture(scope="module")
def posts(samples, tmp_path_factory):
    database = tmp_path_factory.mktemp("stories") / "posts.db"
    import_posts(samples / "finews", database)
    with closing(sqlite3.connect(database)) as db:
        yield db


def stories(db):
    rows = db.execute("select story_id, group_concat(source_id) from articles group by story_id").fetchall()
    return [set(numbers.split(",")) for _, numbers in rows]


def test_only_the_pair_with_one_text_is_linked(posts):
    """All others are different news; the same article under two names is one row before."""
    assert [numbers for numbers in stories(posts) if len(numbers) > 1] == [set(ONE_TEXT_TWO_NUMBERS)]
    assert posts.execute("select count(*), count(distinct source_id) from articles").fetchone() == (72, 72)


@pytest.mark.parametrize("numbers", APART, ids=lambda numbers: f"{numbers[0]}-{numbers[1]}")
def test_what_must_not_be_merged_is_apart_and_not_by_its_time_alone(posts, numbers):
    texts = [
        Text(*posts.execute("select title, body from articles where source_id = ?", [each]).fetchone())
        for each in numbers
    ]
    assert likeness(*texts) == 0


@pytest.mark.parametrize("number", ["202205312397695141", "202205312398034850", "202205302396671645"])
def test_versions_of_one_post_would_be_one_story(samples, tmp_path, number):
    """Read one by one, as another site's copies would be: grown, with other white space, with other links."""
    bodies = []
    for place, path in enumerate(sorted((samples / "finews").rglob(f"*{number}.md"))):
        folder, database = tmp_path / f"{place}", tmp_path / f"{place}.db"
        folder.mkdir()
        shutil.copy(path, folder)
        import_posts(folder, database)
        with closing(sqlite3.connect(database)) as db:
            bodies.append(Text(*db.execute("select title, body from articles").fetchone()))
    assert len(bodies) > 1
    assert all(likeness(one, other) > 0.9 for one, other in pairwise(bodies))
