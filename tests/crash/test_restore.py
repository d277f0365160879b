"""`newscrawl restore`: a backup in place of the database, and what came since."""

import os
import shutil
import signal
import sqlite3

import pytest

from newscrawl.cli.restore import restore_database
from newscrawl.demo import SampleSite
from newscrawl.storage.lock import SourceLock
from tests.crash.support import (
    SmallDisk,
    count,
    damage_page,
    files,
    in_child,
    integrity,
    newscrawl,
    overwrite,
    pages_of,
    store,
)
from tests.crawl.support import Crawls
from tests.crawl.test_rebuild import dump


@pytest.fixture
def db(tmp_path):
    (tmp_path / "data").mkdir()
    store(tmp_path / "data" / "news.db", range(50))
    return tmp_path / "data" / "news.db"


@pytest.fixture
def copy(db, tmp_path):
    newscrawl("backup", tmp_path / "copy.db", "--db", db)
    store(db, range(50, 60))
    return tmp_path / "copy.db"


def with_wal(db):
    """As a killed crawl leaves it: what was committed last stands in the -wal file."""
    connection = sqlite3.connect(db)
    connection.execute("delete from runs")
    connection.commit()
    for rest in ("", "-wal", "-shm"):
        shutil.copy(f"{db}{rest}", f"{db}{rest}.kept")
    connection.close()
    for rest in ("", "-wal", "-shm"):
        os.replace(f"{db}{rest}.kept", f"{db}{rest}")


@pytest.mark.parametrize("harm", ["page", "head", "start", "text", "empty", "none"])
def test_what_stood_there_is_kept_byte_for_byte_and_the_backup_stands_in_its_place(db, copy, harm):
    last = pages_of(db, "articles")[-1]
    with_wal(db)
    match harm:
        case "page":
            overwrite(db, (last - 1) * 4096, 4096)
        case "head":
            overwrite(db, 100, 4000)
        case "start":
            overwrite(db, 0, 4096)
        case "text":
            db.write_text("not a database\n")
        case "empty":
            db.write_bytes(b"")
    before = {rest: db.with_name(f"news.db{rest}").read_bytes() for rest in ("", "-wal")}
    said = newscrawl("restore", copy, "--db", db)
    assert said.status == 0, said.stderr
    assert f"{db} holds 50 articles: 50 of {copy}, 0 of the archive" in said.stdout
    [kept] = db.parent.glob("news.db.before-*Z")
    assert {rest: kept.with_name(kept.name + rest).read_bytes() for rest in before} == before
    assert (count(db), integrity(db)) == (50, "ok")
    store(db, range(50, 60))
    assert count(db) == 60


def test_a_database_that_is_lost_with_its_folder(db, copy):
    shutil.rmtree(db.parent)
    said = newscrawl("restore", copy, "--db", db)
    assert (said.status, len(said.stdout.splitlines())) == (0, 1)
    assert count(db) == 50


def test_what_a_lost_database_left_in_its_wal_file_is_no_part_of_the_backup(db, copy):
    with_wal(db)
    db.unlink()
    assert newscrawl("restore", copy, "--db", db).status == 0
    assert (count(db), count(db, "runs"), integrity(db)) == (50, 1, "ok")


@pytest.mark.parametrize(
    ("make", "status", "says"),
    [
        (lambda copy: damage_page(copy, "idx_articles_url"), 8, "damaged"),
        (lambda copy: overwrite(copy, 4096, 60), 8, "damaged"),
        (lambda copy: os.truncate(copy, 20_000), 8, "damaged"),
        (lambda copy: copy.write_bytes(b""), 2, "older schema 0"),
        (lambda copy: copy.write_text("notes"), 2, "not a SQLite database"),
        (lambda copy: copy.unlink(), 2, "no database"),
        (lambda copy: sqlite3.connect(copy).execute("pragma user_version = 99").connection.close(), 2, "newer"),
    ],
)
def test_what_is_no_good_backup_changes_nothing(db, copy, make, status, says):
    make(copy)
    before = files(db.parent, "news.db*[!k]")
    said = newscrawl("restore", copy, "--db", db)
    assert (said.status, says in said.stderr, len(said.stderr.splitlines())) == (status, True, 1), said.stderr
    assert files(db.parent, "news.db*[!k]") == before


def test_another_programs_database_does_not_give_way(copy, tmp_path):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table mine (x)")
    connection.close()
    before = other.read_bytes()
    for path, says in ((other, "another program"), (copy, "the database itself")):
        said = newscrawl("restore", copy, "--db", path)
        assert (said.status, says in said.stderr) == (2, True)
    assert other.read_bytes() == before


def test_while_a_run_is_under_way_nothing_is_restored(db, copy):
    with SourceLock(db, "eastmoney"):
        said = newscrawl("restore", copy, "--db", db)
    assert (said.status, "another run of eastmoney" in said.stderr) == (3, True)
    assert count(db) == 60


def test_on_a_full_disk_the_database_stays(copy, tmp_path):
    with SmallDisk(tmp_path / "small", 300) as disk:
        store(tmp_path / "small.db", [1])
        shutil.copy(tmp_path / "small.db", disk.folder / "news.db")
        before = files(disk.folder, "*.db*")
        assert newscrawl("restore", copy, "--db", disk.folder / "news.db").status == 8
        assert {name: file for name, file in files(disk.folder, "*.db*").items() if "lock" not in name} == before


def test_killed_at_any_moment_there_is_a_database_at_its_place(db, copy):
    """Before each call that moves a file; what is there is the damaged one or the backup, and the next restore works."""
    moves = ("link", "rename", "replace", "fsync", "unlink")

    def killed_at(left):
        def counted(call):
            def counting(*args, **options):
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*args, **options)

            return counting

        for name in moves:
            setattr(os, name, counted(getattr(os, name)))
        restore_database(copy, db)

    with_wal(db)
    move = 1
    while status := in_child(killed_at, move):
        assert status == -signal.SIGKILL
        assert db.stat().st_size > 0
        move += 1
    assert move > 5
    assert (count(db), integrity(db)) == (50, "ok")
    assert any(count(kept) == 60 for kept in db.parent.glob("news.db.before-*Z"))


# -- what came after the backup -----------------------------------------------------------------------------------------


def days(crawl, site, *, lost=lambda: None):
    """Three crawls, the site going on between them; `lost` happens after the second."""
    crawl("eastmoney", "cls_telegraph")
    newscrawl("backup", crawl.folder / "copy.db", "--db", crawl.db)
    site.publish(20)
    crawl("eastmoney", "cls_telegraph")
    lost()
    site.publish(20)
    assert crawl("eastmoney", "cls_telegraph").status == 0


def left(crawl):
    """What the three crawls leave, but for how far they reach: the site's time goes on with the clock."""
    everything = crawl.everything()
    return everything | {"coverage": [stretch[:3] for stretch in everything["coverage"]]}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    with SampleSite(stories=60) as site:
        crawl = Crawls(tmp_path_factory.mktemp("undisturbed"), site)
        days(crawl, site)
        return left(crawl)


@pytest.fixture
def site():
    with SampleSite(stories=60) as site:
        yield site


@pytest.mark.parametrize("forward", [True, False])
def test_the_next_crawl_leaves_what_it_would_have_left_had_nothing_been_damaged(crawl, site, undisturbed, forward):
    def lost():
        before = dump(crawl.db)
        damage_page(crawl.db, "articles")
        options = () if forward else ("--as-it-is",)
        said = newscrawl("restore", crawl.folder / "copy.db", "--db", crawl.db, *options)
        assert said.status == 0, said.stderr
        if forward:
            assert dump(crawl.db) == before, "ids, times and all"
        else:
            assert dump(crawl.db) == dump(crawl.folder / "copy.db")

    days(crawl, site, lost=lost)
    assert left(crawl) == undisturbed
    assert integrity(crawl.db) == "ok"


def test_what_the_archive_has_lost_is_told(crawl, site):
    def lost():
        for file in (crawl.folder / "warc").glob("*.warc.gz"):
            overwrite(file, file.stat().st_size // 2, file.stat().st_size // 4)
        said = newscrawl("restore", crawl.folder / "copy.db", "--db", crawl.db)
        assert said.status == 1
        assert "cannot be read" in said.stderr
        assert integrity(crawl.db) == "ok"

    days(crawl, site, lost=lost)
