"""`newscrawl rebuild`: the database made anew from the archive is the database that it came from."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
from datetime import UTC, datetime

import pytest

from newscrawl.demo import SampleSite, expected_records
from newscrawl.demo.posts import write_posts, write_versions
from newscrawl.storage.archive import Archive
from tests.crawl.support import Command, Crawls
from tests.crawl.test_crawl_faults import make_due

TABLES = (
    "articles", "sightings", "images", "stocks", "tags", "revisions", "coverage", "lists", "failures", "journal",
    "story_sketches", "story_bands",
)  # fmt: skip


def dump(database):
    """Every row of every table: ids, times and all."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return {table: sorted(map(repr, connection.execute(f"select * from {table}"))) for table in TABLES}


def rebuild(crawl, *arguments, into="new.db"):
    return Command(crawl.folder, "rebuild", "--into", crawl.folder / into, "--db", crawl.db, *arguments).end()


def assert_same(crawl, into="new.db"):
    then, now = dump(crawl.db), dump(crawl.folder / into)
    for table in TABLES:
        assert now[table] == then[table], table


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A database that has seen everything: edits, pages that are gone, failures, two sources' twins, a kill, a retry."""
    folder = tmp_path_factory.mktemp("busy")
    with SampleSite(stories=200) as site:
        crawl = Crawls(folder, site)
        site.set_faults({"s500": 5, "s404": 7, "redirect_ok": 3})
        crawl("--all")
        killed_within(crawl, site)
        site.set_faults({"empty": 11})
        crawl("--all")
        flashes = list(expected_records(site.truth, "cls_telegraph"))
        articles = list(expected_records(site.truth, "cls_depth"))
        for record in (flashes[0], flashes[3], articles[1], articles[2]):
            site.edit(record.source_id)
        site.remove(articles[4].source_id)
        crawl("cls_telegraph")
        crawl("cls_depth", "--recheck", 24 * 365)
        site.edit(articles[1].source_id)
        site.edit(flashes[0].source_id)
        site.set_faults({})
        make_due(crawl)
        crawl("--all", "--recheck", 24 * 365)
        crawl("cls_telegraph", "--since", "2026-11-20", "--until", "2026-11-20T18:00")
        crawl.fetch("--save", flashes[-1].url)
        Command(folder, "failures", "--retry", "--base-url", site.base_url, "--delay", 0, "--db", crawl.db).end()
        for posts, write in (("posts", write_posts), ("later", write_versions)):
            write(folder / posts, site.truth)
            Command(folder, "import", "finews", folder / posts, "--db", crawl.db).end()
        yield crawl


def killed_within(crawl, site):
    """A crawl that has committed something and is killed in the midst of more."""
    site.publish(300)
    codes = [record.source_id for record in expected_records(site.truth, "eastmoney")]
    site.set_faults({"hang": [codes[25]]})
    command = crawl.start("eastmoney")
    while not any(crawl.column("select new from runs where outcome is null")):
        command.process.join(0.05)
        assert command.process.is_alive(), "the crawl ended by itself"
    os.kill(command.process.pid, signal.SIGKILL)
    command.end()


def test_the_busy_database_has_seen_all_that_this_is_about(busy):
    assert busy.column("select new > 0 from runs where outcome is null") == [1], "a run was killed"
    assert busy.column("select count(*) from revisions")[0] > 3
    assert {"gone", "empty", "layout"} & set(busy.column("select kind from failures"))
    assert busy.column(
        "select count(*) from sightings s join articles a on a.id = s.article_id where a.source != s.source"
    )[0]
    assert {"cls_depth", "cls_telegraph", "eastmoney", "finews"} == set(busy.column("select source from articles"))
    assert busy.column("select count(*) from coverage")[0] > 5


def test_rebuild_from_the_archive_equals_the_database_it_came_from(busy):
    ended = rebuild(busy)
    count = busy.column("select count(*) from articles")[0]
    assert (ended.status, ended.stdout) == (0, f"rebuild: ok (found {count}, new {count})\n"), ended.stderr
    assert_same(busy)
    assert sorted(path.name for path in busy.folder.glob("*new.db*")) == ["new.db"]


def test_a_run_that_was_killed_before_its_commit_is_no_part_of_it(tmp_path):
    """What a kill leaves between the archive and the database: the journal's record of a batch, and no such batch."""
    half = tmp_path / "half"
    with SampleSite(stories=60) as site:
        crawl = Crawls(tmp_path, site)
        crawl("cls_telegraph")
        shutil.copytree(tmp_path, half, ignore=shutil.ignore_patterns("half", "warc"))
        crawl("cls_depth")  # told in the archive, and then not in the database
        for name in ("news.db", "news.db-wal", "news.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
            if (half / name).exists():
                shutil.copy(half / name, tmp_path / name)
        site.publish(20)
        crawl("eastmoney")
        crawl("cls_depth")
    ended = rebuild(crawl)
    assert ended.status == 0, ended.stderr
    assert_same(crawl)


def test_crawls_go_on_with_what_was_rebuilt(tmp_path):
    with SampleSite(stories=60) as site:
        crawl = Crawls(tmp_path, site)
        crawl("--all")
        rebuild(crawl)
        then = crawl.db
        crawl.db = tmp_path / "new.db"
        assert set(crawl("--all").outcomes.values()) == {"nothing_new"}
        site.publish(40)
        crawl("--all")
        ended = rebuild(crawl, into="newer.db")
    assert ended.status == 0, ended.stderr
    assert_same(crawl, into="newer.db")
    assert len(dump(then)["articles"]) < len(dump(crawl.db)["articles"])


def test_what_is_there_already_is_not_touched(busy):
    for name, content in (("there.db", b""), ("there.db", b"notes"), ("there.db-wal", b"of another")):
        (busy.folder / name).write_bytes(content)
        ended = rebuild(busy, into="there.db")
        assert ended.status == 2
        assert f"{name} is there already" in ended.stderr
        assert (busy.folder / name).read_bytes() == content
        (busy.folder / name).unlink()
    assert not (busy.folder / "there.db").exists()


def answers_only(folder):
    """An archive as it was before there was a journal."""
    archive = Archive(folder)
    archive.write(
        url="https://www.cls.cn/detail/1",
        asked=None,
        source="cls_depth",
        role="page",
        status=200,
        reason="OK",
        headers=[],
        body=b"<html></html>",
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    archive.close()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: None, "there is no archive at"),
        (lambda folder: folder.mkdir(), "there are no WARC files in"),
        (lambda folder: (folder.mkdir(), (folder / "a.warc").write_text("notes\n")), "a.warc is no WARC file"),
        (answers_only, "have no journal"),
    ],
)
def test_what_is_no_archive_of_a_database_is_one_sentence_and_nothing_is_written(tmp_path, make, says):
    make(tmp_path / "warc")
    ended = Command(tmp_path, "rebuild", "--into", tmp_path / "new.db", tmp_path / "warc").end()
    assert ended.status == 2
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"warc", "stdout", "stderr"}


def test_two_databases_in_one_archive_are_told_apart(tmp_path):
    (tmp_path / "newscrawl.toml").write_text(f'[archive]\nfolder = "{tmp_path}/kept"\n')
    with SampleSite(stories=60) as site:
        crawl = Crawls(tmp_path, site)
        crawl("cls_telegraph")
        crawl.fetch(
            next(iter(expected_records(site.truth, "cls_depth"))).url
        )  # keeps nothing, so nothing is told of it
        crawl.db, first = tmp_path / "other.db", crawl.db
        crawl("eastmoney")
        ended = rebuild(crawl, tmp_path / "kept")
        assert ended.status == 2
        latest, earlier = re.findall(r"([0-9a-f]{12}) \(last on ", ended.stderr)
        assert rebuild(crawl, tmp_path / "kept", "--history", latest).status == 0
        assert_same(crawl)
        assert rebuild(crawl, tmp_path / "kept", "--history", earlier, into="first.db").status == 0
        crawl.db = first
        assert_same(crawl, into="first.db")
        assert rebuild(crawl, tmp_path / "kept", "--history", "xyz", into="none.db").status == 2


def test_what_an_archive_has_lost_is_told_and_the_rest_keeps_its_ids(tmp_path):
    (tmp_path / "newscrawl.toml").write_text("[archive]\nmax_file_mb = 1\n")
    with SampleSite(stories=400) as site:
        crawl = Crawls(tmp_path, site)
        for source in ("cls_telegraph", "cls_depth"):
            crawl(source)
            for path in (tmp_path / "warc").glob("digests.db*"):
                path.unlink()  # so that the next run begins a file of its own
        crawl("eastmoney")
    first, *_ = sorted((tmp_path / "warc").glob("*.warc.gz"))
    first.unlink()
    ended = rebuild(crawl, "--json")
    [result] = ended.results.values()
    lost = crawl.column("select count(*) from articles where source = 'cls_telegraph'")[0]
    assert (ended.status, result["outcome"]) == (1, "partial")
    assert f"{lost} of " in result["advice"]
    assert result["counts"]["failed"] == lost
    with contextlib.closing(sqlite3.connect(tmp_path / "new.db")) as made:
        rows = made.execute("select id, source_id, first_seen_at, body from articles order by id").fetchall()
    assert rows == crawl.query(
        "select id, source_id, first_seen_at, body from articles where source != 'cls_telegraph' order by id"
    )
