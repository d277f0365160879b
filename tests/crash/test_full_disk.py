"""A disk that is full, or may not be written to: exit status 8, nothing harmed, and the next run does the rest."""

import json
import shutil

import pytest

from newscrawl.demo import SampleSite
from newscrawl.demo.posts import write_posts
from newscrawl.storage.migrations import migrations
from tests.crash.support import SmallDisk, count, files, integrity, newscrawl, store
from tests.crawl.support import Crawls


@pytest.fixture(scope="module")
def site():
    with SampleSite(stories=60) as site:
        yield site


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, site):
    """A crawl of a site, and the site a little later, with what a crawl then makes of it."""
    crawl = Crawls(tmp_path_factory.mktemp("undisturbed"), site)
    assert crawl("eastmoney").status == 0
    shutil.copytree(crawl.folder, crawl.folder / "before", ignore=shutil.ignore_patterns("before"))
    site.publish(60)
    assert crawl("eastmoney").status == 0
    return crawl


def left(crawl):
    return crawl.everything() | {"coverage": []}


@pytest.fixture
def disk(tmp_path):
    with SmallDisk(tmp_path / "small", 8192) as disk:
        yield disk


@pytest.mark.parametrize(
    ("here", "free"), [("database", 0), ("database", 90), ("archive", 0), ("archive", 30), ("both", 60)]
)
def test_crawl_says_so_and_the_next_one_does_the_rest(tmp_path, undisturbed, disk, here, free):
    crawl, before = Crawls(tmp_path, undisturbed.site), undisturbed.folder / "before"
    crawl.db = (tmp_path if here == "archive" else disk.folder) / "news.db"
    archive = (tmp_path if here == "database" else disk.folder) / "warc"
    shutil.copy(before / "news.db", crawl.db)
    shutil.copytree(before / "warc", archive)
    (tmp_path / "newscrawl.toml").write_text(f'[archive]\nfolder = "{archive}"\n')
    with disk.filled_but_for(free):
        ended = crawl("eastmoney")
        told = ended.stdout + ended.stderr
        assert ended.status == 8, told
        assert "the disk is full" in told
        assert "Traceback" not in told
    assert integrity(crawl.db) == "ok"
    assert crawl.query("select * from coverage") == undisturbed_coverage(before), "nothing is claimed to be complete"
    stored = count(crawl.db)
    ended = crawl("eastmoney")
    assert (ended.status, count(crawl.db) - stored) == (0, ended.results["eastmoney"]["counts"]["new"])
    assert left(crawl) == left(undisturbed)
    assert newscrawl("rebuild", "--into", tmp_path / "new.db", "--db", crawl.db).status == 0
    assert count(tmp_path / "new.db") == count(crawl.db)


def undisturbed_coverage(before):
    crawl = Crawls(before, None)
    return crawl.query("select * from coverage")


@pytest.mark.parametrize("free", [0, 250, 420])
def test_import_says_so_and_the_next_one_does_the_rest(tmp_path, site, disk, free):
    write_posts(tmp_path / "posts", site.truth)
    for name in ("good", "small"):
        (tmp_path / name).mkdir(exist_ok=True)
    with disk.filled_but_for(free):
        said = newscrawl("import", "finews", tmp_path / "posts", "--db", disk.folder / "news.db", "--json")
        assert said.status == 8, said
    for database in (disk.folder / "news.db", tmp_path / "good" / "news.db"):
        said = newscrawl("import", "finews", tmp_path / "posts", "--db", database, "--json")
        assert json.loads(said.stdout)["outcome"] in {"ok", "partial"}, said
        assert integrity(database) == "ok"
    ours, good = (Crawls(path, site) for path in (tmp_path / "small", tmp_path / "good"))
    ours.db = disk.folder / "news.db"
    assert ours.everything() == good.everything()


@pytest.mark.parametrize("free", [0, 350])
def test_replay_and_rebuild_say_so_and_can_be_done_again(undisturbed, disk, free):
    warc, new, again = undisturbed.folder / "warc", disk.folder / "new.db", disk.folder / "replayed.db"
    with disk.filled_but_for(free):
        said = newscrawl("rebuild", "--into", new, "--db", undisturbed.db)
        assert said.status == 8, said
        assert [path.name for path in disk.folder.iterdir()] == ["ballast"], "nothing half done is left"
        said = newscrawl("replay", warc, "--db", again)
        assert said.status == 8, said
    assert newscrawl("rebuild", "--into", new, "--db", undisturbed.db).status == 0
    assert newscrawl("replay", warc, "--db", again).status == 0
    assert count(new) == count(again) == count(undisturbed.db)
    assert integrity(again) == "ok"


def test_migration_leaves_the_older_schema_and_can_be_done_again(tmp_path, disk):
    from sqlite_utils import Database

    db = disk.folder / "news.db"
    older = Database(db)
    migrations.apply(older, stop_before="m002_parts")
    older.execute("PRAGMA application_id = 1852011127")
    older.execute("PRAGMA user_version = 1")
    older.close()
    with disk.filled_but_for(16):
        said = newscrawl("replay", disk.folder, "--db", db)
        assert said.status == 2, "no archive there: nothing has been opened"
        (tmp_path / "posts").mkdir()
        (tmp_path / "posts" / "2026-11-20-a.md").write_text("---\ntitle: 一\n---\n正文。\n")
        said = newscrawl("import", "finews", tmp_path / "posts", "--db", db)
        assert said.status == 8, said
    assert integrity(db) == "ok"
    store(db, [1])
    assert count(db) == 1


def test_a_file_system_without_room_for_another_file(tmp_path):
    with SmallDisk(tmp_path / "small", 8192, nr_inodes=3) as disk:
        (disk.folder / "a").touch()
        said = newscrawl("import", "finews", tmp_path, "--db", disk.folder / "news.db")
        assert said.status == 2, "no posts there"
        (tmp_path / "2026-11-20-a.md").write_text("---\ntitle: 一\n---\n正文。\n")
        said = newscrawl("import", "finews", tmp_path, "--db", disk.folder / "news.db")
        assert (said.status, len(said.stderr.splitlines())) == (8, 1), said


def test_on_a_read_only_disk_crawls_say_so_before_any_request_and_readers_read(tmp_path, undisturbed, disk):
    shutil.copy(undisturbed.db, disk.folder / "news.db")
    crawl = Crawls(tmp_path, undisturbed.site)
    crawl.db = disk.folder / "news.db"
    disk.remount("ro")
    before, asked = files(disk.folder), len(crawl.site.requests)
    ended = crawl("eastmoney")
    assert (ended.status, len(ended.stderr.splitlines())) == (8, 1), ended
    assert len(crawl.site.requests) == asked
    for command in (["show", 1], ["runs"], ["failures"], ["gaps"]):
        assert newscrawl(*command, "--db", crawl.db).status == 0
    assert newscrawl("import", "finews", tmp_path, "--db", crawl.db).status in {2, 8}
    assert files(disk.folder) == before
