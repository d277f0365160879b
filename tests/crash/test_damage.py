"""Damaged and foreign files: told in a sentence that names the way back, exit status 8 (2), and never written over."""

import os
import shutil
import sqlite3

import pytest

from newscrawl.demo import SampleSite
from newscrawl.demo.posts import write_posts
from newscrawl.storage.database import SCHEMA_VERSION
from tests.crash.support import damage_page, files, newscrawl, overwrite, pages_of
from tests.crawl.support import Crawls


@pytest.fixture(scope="module")
def site():
    with SampleSite(stories=60) as site:
        yield site


@pytest.fixture(scope="module")
def whole(tmp_path_factory, site):
    """A database and its archive, and on the site what is still to come."""
    crawl = Crawls(tmp_path_factory.mktemp("whole"), site)
    assert crawl("eastmoney").status == 0
    write_posts(crawl.folder / "posts", site.truth)
    site.publish(20)
    return crawl


@pytest.fixture
def crawl(tmp_path, whole):
    crawl = Crawls(tmp_path, whole.site)
    shutil.copy(whole.db, crawl.db)
    shutil.copytree(whole.folder / "warc", tmp_path / "warc")
    return crawl


def other_schema(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("create table articles (title)")
    connection.close()


def newer_schema(path):
    with sqlite3.connect(path) as connection:
        connection.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")
    connection.close()


HARMS = {
    "head": (lambda path: overwrite(path, 100, 3996), 8, "damaged"),
    "cut": (lambda path: os.truncate(path, 30_000), 8, "damaged"),
    "cut within a page": (lambda path: os.truncate(path, 100_001), 8, "damaged"),
    "text": (lambda path: path.write_text("notes\n" * 99), 2, "not a SQLite database"),
    "start": (lambda path: overwrite(path, 0, 4096), 2, "not a SQLite database"),
    "other schema": (other_schema, 2, "another program"),
    "newer schema": (newer_schema, 2, "newer newscrawl"),
}
COMMANDS = [
    ["show", 1],
    ["runs"],
    ["failures"],
    ["gaps"],
    ["replay", "warc"],
    ["import", "finews", "posts"],
    ["crawl", "eastmoney"],
    ["failures", "--retry"],
    ["backup", "copy.db"],
]


@pytest.mark.parametrize("harm", HARMS)
def test_every_command_says_so_and_leaves_the_file_as_it_is(crawl, whole, harm):
    make, status, says = HARMS[harm]
    make(crawl.db)
    shutil.copytree(whole.folder / "posts", crawl.folder / "posts")
    before, asked = files(crawl.folder, "*.db"), len(crawl.site.requests)
    for command in COMMANDS:
        said = newscrawl(*command, "--db", crawl.db)
        assert said.status == status, (command, said)
        assert len(said.stderr.splitlines()) == 1, (command, said)
        assert says in said.stderr
        assert ("newscrawl rebuild --into" in said.stderr and "newscrawl restore" in said.stderr) == (status == 8)
        assert files(crawl.folder, "*.db") == before, command
    assert len(crawl.site.requests) == asked, "it was known before any request"


@pytest.mark.parametrize("name", ["articles", "idx_articles_url", "runs", "sqlite_autoindex_failures_1"])
def test_a_crawl_that_meets_a_damaged_page_ends_with_8_and_names_the_way_back(crawl, name):
    damage_page(crawl.db, name)
    for _ in range(2):
        ended = crawl("eastmoney")
        assert (ended.status, ended.outcomes) == (8, {"eastmoney": "storage"}), ended
        assert "damaged" in ended.results["eastmoney"]["advice"]
        assert "newscrawl rebuild" in ended.results["eastmoney"]["advice"]
        assert "Traceback" not in ended.stderr
    assert newscrawl("rebuild", "--into", crawl.folder / "new.db", "--db", crawl.db).status == 0
    crawl.db = crawl.folder / "new.db"
    assert crawl("eastmoney").status == 0


def test_readers_and_writers_that_meet_a_damaged_page_say_so(crawl, whole):
    shutil.copytree(whole.folder / "posts", crawl.folder / "posts")
    for page in pages_of(crawl.db, "articles"):
        overwrite(crawl.db, (page - 1) * 4096, 4096)
    for command in (["show", 1], ["replay", "warc"], ["import", "finews", "posts"], ["backup", "copy.db"]):
        said = newscrawl(*command, "--db", crawl.db)
        assert (said.status, "newscrawl rebuild --into" in said.stderr) == (8, True), (command, said)
        assert len(said.stderr.splitlines()) == 1


@pytest.mark.parametrize("left", [0.2, 0.5, 0.95])
def test_a_wal_file_cut_short_gives_the_transactions_before(crawl, left):
    """What a power cut leaves: SQLite takes the whole transactions, and the next crawl fetches the rest."""
    before = crawl.query("select count(*) from articles")[0][0]
    reader = sqlite3.connect(crawl.db)
    reader.execute("select 1 from articles").fetchone()
    crawl.site.publish(30)
    crawl("eastmoney")
    wal = crawl.db.with_name("news.db-wal")
    rest, content = crawl.db.read_bytes(), wal.read_bytes()
    complete = crawl.everything()
    reader.close()
    for path in crawl.folder.glob("news.db-*"):
        path.unlink()
    crawl.db.write_bytes(rest)
    wal.write_bytes(content[: int(len(content) * left)])
    stored = crawl.column("select count(*) from articles")[0]
    assert stored >= before
    assert crawl.column("pragma integrity_check") == ["ok"]
    assert crawl("eastmoney").status == 0
    assert crawl.everything()["articles"] == complete["articles"]
