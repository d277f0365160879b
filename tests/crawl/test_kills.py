"""kill -9 at any step of a command, and the same command again: the database of one that nobody killed.

The steps (SQL statements, halves of archive records, see plugs.Steps) of an undisturbed run are counted, and a random one of
each equal stretch of them is chosen: see scene.KILLS.
"""

import random
import shutil
import signal
from dataclasses import dataclass

import pytest

from newscrawl.cli.rebuild import rebuild_database
from newscrawl.demo import SampleSite, expected_records
from newscrawl.demo.posts import write_posts, write_versions
from tests.crawl.plugs import Steps, steps_of
from tests.crawl.scene import KILLS, SEED, Scene, last_record, spread
from tests.crawl.test_crawl_faults import make_due
from tests.crawl.test_rebuild import assert_same
from tests.crawl.whole import differences, whole


@dataclass
class Case:
    """What is run, from where, and what it leaves when nobody kills it."""

    start: Scene
    run: object
    """Scene, plug -> Command."""
    database: str = "news.db"

    def ends(self, scene):
        ended = self.run(scene, None).end()
        assert ended.status in {0, 1}, ended  # 1: a post, or a page, that cannot be read
        return ended

    def measure(self, folder):
        scene = self.start.copy(folder)
        ended = self.run(scene, Steps(folder / "steps")).end()
        assert ended.status in {0, 1}, ended
        self.steps = steps_of(folder / "steps")
        self.whole = whole(folder / self.database)
        return self

    def kill(self, scene, at):
        ended = self.run(scene, Steps(scene.folder / "steps", kill_at=at)).end()
        assert ended.status == -signal.SIGKILL, (at, ended)


def first_crawl(folder, site):
    return Case(Scene(folder, site), lambda scene, plug: scene.crawl(plug=plug))


def later_crawl(folder, site):
    """Of a site that has gone on meanwhile: new stories, edits, a story that is gone, failures that are due, and new ones."""
    scene = Scene(folder, site)
    site.set_faults({"s500": 3})
    scene.crawl().end()
    make_due(scene)
    site.publish(20)
    flashes, articles, notes = (
        list(expected_records(site.truth, source)) for source in ("cls_telegraph", "cls_depth", "eastmoney")
    )
    for record in (flashes[0], flashes[12], articles[-1], notes[-1]):
        site.edit(record.source_id)
    site.remove(articles[-2].source_id)
    site.set_faults({"empty": 7})
    return Case(scene, lambda scene, plug: scene.crawl(plug=plug, more=("--recheck", 24 * 3650)))


def backfill(folder, site):
    scene = Scene(folder, site)
    scene.crawl("cls_telegraph", "eastmoney", more=("--since", "2026-11-20T20:00")).end()
    more = ("--since", "2026-11-18T22:00")
    return Case(scene, lambda scene, plug: scene.crawl("cls_telegraph", command="backfill", plug=plug, more=more))


def import_(folder, site):
    scene = Scene(folder)
    write_posts(folder / "posts", site.truth)
    return Case(scene, lambda scene, plug: scene.importing(plug))


def import_again(folder, site):
    case = import_(folder, site)
    case.ends(case.start)
    shutil.rmtree(folder / "posts")
    write_versions(folder / "posts", site.truth)
    return case


def crawled(folder, site):
    """An archive with several answers of one story, and pages that cannot be read."""
    case = later_crawl(folder, site)
    case.ends(case.start)
    site.set_faults({})
    return case.start


def replay(folder, site):
    scene = crawled(folder, site)
    for path in folder.glob("news.db*"):
        path.unlink()
    (folder / "warc").rename(folder / "kept")
    return Case(scene, lambda scene, plug: scene.replay(plug))


def rebuild(folder, site):
    return Case(crawled(folder, site), lambda scene, plug: scene.rebuild(plug), database="new.db")


CASES = {case.__name__: case for case in (first_crawl, later_crawl, backfill, import_, import_again, replay, rebuild)}
SITES = {"backfill": {"stories": 300, "spacing": 800}}


@pytest.fixture(scope="module", params=CASES)
def case(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with SampleSite(**SITES.get(request.param, {"stories": 40})) as site:
        yield CASES[request.param](folder / "start", site).measure(folder / "undisturbed")


def assert_right(case, scene):
    assert differences(whole(scene.folder / case.database), case.whole) == []
    if case.database == "news.db":
        archives = [folder for folder in (scene.folder / "kept", scene.folder / "warc") if folder.exists()]
        assert rebuild_database(scene.folder / "new.db", archives, last_record(scene.db)).exit_status == 0
        assert_same(scene)


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_command_and_one_more_leave_what_an_undisturbed_one_does(tmp_path, case, number):
    scene, at = case.start.copy(tmp_path / "here"), spread(KILLS, len(case.steps))[number]
    print(f"killed at step {at} of {len(case.steps)}, seed {SEED}: {case.steps[at - 1]}")
    case.kill(scene, at)
    case.ends(scene)
    assert_right(case, scene)


@pytest.mark.parametrize("number", range(max(1, KILLS // 10)))
def test_command_that_is_killed_again_and_again(tmp_path, case, number):
    scene, steps = case.start.copy(tmp_path / "here"), random.Random(f"{SEED}-chain-{number}")
    for _ in range(3):
        at = steps.randint(1, len(case.steps) // 2)
        print(f"killed at step {at} of {len(case.steps)}, seed {SEED}")
        case.kill(scene, at)
    case.ends(scene)
    assert_right(case, scene)
