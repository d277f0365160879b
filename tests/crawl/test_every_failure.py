"""The k-th fetch, parse, record or commit of a crawl fails, for every k: it says so, and one more run makes it good."""

import contextlib
import json
import sqlite3

import pytest

from newscrawl.cli.rebuild import rebuild_database
from newscrawl.demo import SampleSite
from tests.crawl.plugs import Failing, steps_of
from tests.crawl.scene import KILLS, Scene, spread
from tests.crawl.support import Command
from tests.crawl.test_crawl_faults import make_due
from tests.crawl.test_rebuild import assert_same
from tests.crawl.whole import differences, whole

TRIED = max(2, KILLS // 3) if KILLS < 50 else 1000
"""How many k: `make kills` takes all there are."""
SOURCES = ("cls_telegraph", "cls_depth", "plain")
FETCHES = ("s500", "close_before_headers", "truncated_cl", "short_cl")
REASONS = ("disk I/O error", "database is locked", "database or disk is full")
OURS = "RuntimeError in step extract: a fault of ours"


class Small:
    """A crawl of a few sources, undisturbed: what it leaves, and how often it does what can fail."""

    def __init__(self, folder, site):
        self.site, self.empty = site, Scene(folder / "empty", site)
        self.folder = folder
        self.scenes = 0
        scene = self.scene()
        assert scene.crawl(*SOURCES).end().status == 0
        self.whole, self.requests = whole(scene.db), len(site.requests)

    def scene(self):
        self.site.set_faults({})
        self.scenes += 1
        return self.empty.copy(self.folder / str(self.scenes))

    def times(self, what):
        """How often there is something to fail."""
        scene = self.scene()
        assert scene.crawl(*SOURCES, plug=Failing(scene.folder / "times", what)).end().status == 0
        return len(steps_of(scene.folder / "times"))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with SampleSite(stories=25) as site:
        yield Small(tmp_path_factory.mktemp("small"), site)


def fails(scene, plug=None):
    """A crawl that must tell that something was wrong, by source, and in its exit status the worst of it."""
    ended = scene.crawl(*SOURCES, plug=plug).end()
    assert ended.status != 0, ended
    if ended.stdout:
        assert ended.status == max(each["exit_status"] for each in ended.results.values())
    told = []
    # The table may not be there yet.
    with contextlib.closing(sqlite3.connect(scene.db)) as connection, contextlib.suppress(sqlite3.OperationalError):
        told = connection.execute("select source, outcome from runs where outcome is not null").fetchall()
    # Of a run of which nothing could be written down the table has the beginning, or nothing.
    assert [(source, outcome) for source, outcome in told if ended.outcomes.get(source) != outcome] == []
    return ended


def mends(small, scene):
    """One more run, once the failures are due, ends well and makes the database whole."""
    with contextlib.suppress(sqlite3.OperationalError):
        make_due(scene)
    ended = scene.crawl(*SOURCES).end()
    assert ended.status == 0, ended
    assert differences(whole(scene.db), small.whole) == []
    assert rebuild_database(scene.folder / "new.db", [scene.folder / "warc"]).exit_status == 0
    assert_same(scene)


@pytest.mark.parametrize("fault", FETCHES)
def test_fetch_that_fails(small, fault):
    small.site.set_faults({})
    for k in spread(TRIED, small.requests):
        scene, before = small.scene(), len(small.site.requests)
        small.site.set_faults({fault: f"#{k}"})
        if fault == "short_cl" and small.site.requests[k - 1][1] == "/robots.txt":
            continue  # whole as far as anybody can tell
        print(k, fault)
        ended = fails(scene)
        asked = small.site.requests[before + k - 1][1]
        small.site.set_faults({})
        print(asked, ended.outcomes)
        mends(small, scene)


def test_page_that_our_own_code_fails_at_is_kept_and_the_others_are_untouched(small):
    for k in spread(TRIED, small.times("story")):
        scene = small.scene()
        ended = fails(scene, Failing(scene.folder / "times", "story", k))
        assert set(ended.outcomes.values()) == {"partial", "ok"}
        [failure] = json.loads(listed(scene))
        assert (failure["kind"], failure["reason"]) == ("error", OURS)
        articles = whole(scene.db)["articles"]
        assert all(row in small.whole["articles"] for row in articles)
        assert len(articles) >= len(small.whole["articles"]) - 1  # an advert would not have been stored anyway
        mends(small, scene)


def test_flash_that_failed_is_read_from_its_row_again_whatever_has_become_of_its_page(small):
    scene = small.scene()
    fails(scene, Failing(scene.folder / "times", "story", 3))
    make_due(scene)
    small.site.set_faults({"s404": "pages"})
    assert scene.crawl("cls_telegraph").end().status == 0
    small.site.set_faults({})
    assert differences(whole(scene.db), small.whole) == []


def listed(scene):
    return Command(scene.folder, "failures", "--db", scene.db, "--json").end().stdout


def test_list_that_our_own_code_fails_at_is_not_called_complete(small):
    for k in spread(TRIED, small.times("list")):
        scene = small.scene()
        ended = fails(scene, Failing(scene.folder / "times", "list", k))
        assert set(ended.outcomes.values()) == {"partial", "ok"}
        assert len(whole(scene.db)["coverage"]) <= len(small.whole["coverage"])
        mends(small, scene)


@pytest.mark.parametrize("from_then_on", [False, True])
@pytest.mark.parametrize("what", ["commit", "write", "archive"])
def test_disk_that_fails(small, what, from_then_on):
    for k in spread(TRIED, small.times(what)):
        scene = small.scene()
        print(what, k)
        ended = fails(scene, Failing(scene.folder / "times", what, k, from_then_on, REASONS[k % 3]))
        assert ended.status == 8, (what, k, from_then_on)
        mends(small, scene)
