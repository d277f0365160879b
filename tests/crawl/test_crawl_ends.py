"""Crawls that are killed, stopped, in each other's way, or that cannot be written down."""

import os
import signal
import sqlite3
import stat

import pytest

from newscrawl.demo import SampleSite, expected_records
from tests.crawl.support import Command, Crawls


def paths_of(site, source="eastmoney"):
    """The paths of a source's pages, newest first, by article number."""
    return {record.source_id: f"/a/{record.source_id}.html" for record in expected_records(site.truth, source)}


def until_asked(crawl, command, path):
    """Wait until the site was asked for a path: by then the crawl is busy with it."""
    while path not in crawl.asked():
        command.process.join(0.01)
        assert command.process.is_alive(), "the crawl ended without asking for it"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What a crawl of a site like ours leaves that nobody disturbs."""
    with SampleSite(stories=400) as site:
        crawl = Crawls(tmp_path_factory.mktemp("undisturbed"), site)
        assert crawl("eastmoney").status == 0
        return crawl.everything()


@pytest.fixture
def site():
    with SampleSite(stories=400) as site:
        yield site


@pytest.mark.parametrize("position", [0, 30, -1])
def test_killed_crawl_and_one_more_leave_what_an_undisturbed_one_does(crawl, site, undisturbed, position):
    number, path = list(paths_of(site).items())[position]
    site.set_faults({"hang": [number]})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, path)
    os.kill(command.process.pid, signal.SIGKILL)
    assert command.end().status == -signal.SIGKILL
    assert crawl.column("select outcome from runs") == [None]
    site.set_faults({})
    assert crawl("eastmoney").status == 0
    assert crawl.everything() == undisturbed
    assert crawl.column("pragma integrity_check") == ["ok"]


def test_stories_of_a_killed_first_crawl_are_found_although_the_newest_page_has_moved_on(crawl, site):
    number, path = list(paths_of(site).items())[20]
    site.set_faults({"hang": [number]})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, path)
    os.kill(command.process.pid, signal.SIGKILL)
    command.end()
    assert crawl.query("select * from coverage") == [], "a mark of what is to be read claims nothing to be complete"
    channel, floor = crawl.query("select channel, floor_ts from lists where channel = 'column:350'")[0]
    site.set_faults({})
    site.publish(900)
    assert crawl("eastmoney").status == 0
    column = int(channel.removeprefix("column:"))
    listed = {
        story.code
        for story in site.truth.stories("em_article", "shared")
        if column in story.columns and story.published > floor
    }
    assert len(listed) > 50
    assert listed <= {url[-23:-5] for url in crawl.column("select url from sightings")}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_finishes_the_page_in_hand_commits_and_ends_with_130(crawl, site, undisturbed, number):
    code, path = list(paths_of(site).items())[30]
    site.set_faults({"s429_retry_after": [code]})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, path)
    os.kill(command.process.pid, number)
    ended = command.end()
    assert (ended.status, ended.outcomes) == (130, {"eastmoney": "interrupted"})
    counts = ended.results["eastmoney"]["counts"]
    assert counts["new"] == crawl.column("select count(*) from articles")[0] > 0
    assert crawl.query("select outcome, exit_status, finished_at is not null from runs") == [("interrupted", 130, 1)]
    site.set_faults({})
    crawl("eastmoney")
    with sqlite3.connect(crawl.db) as connection:
        connection.execute("update failures set next_try_at = '2020-01-01 00:00:00+08:00'")
    connection.close()
    assert crawl("eastmoney").status == 0
    assert crawl.everything() == undisturbed


def test_second_signal_ends_it_at_once_and_the_next_crawl_makes_up_for_it(crawl, site, undisturbed):
    code, path = list(paths_of(site).items())[30]
    site.set_faults({"hang": [code]})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, path)
    while command.process.is_alive():
        os.kill(command.process.pid, signal.SIGTERM)
        command.process.join(0.3)
    ended = command.end()
    assert (ended.status, ended.outcomes) == (130, {"eastmoney": "interrupted"})
    assert "Traceback" not in ended.stderr
    site.set_faults({})
    assert crawl("eastmoney").status == 0
    assert crawl.everything() == undisturbed


def test_signal_leaves_out_the_sources_that_were_still_to_come(crawl, site):
    code = next(iter(paths_of(site, "cls_depth")))
    site.set_faults({"s429_retry_after": [code]})
    command = crawl.start("cls_depth", "cls_telegraph", "eastmoney")
    until_asked(crawl, command, f"/detail/{code}")
    os.kill(command.process.pid, signal.SIGTERM)
    ended = command.end()
    assert (ended.status, ended.outcomes) == (130, {"cls_depth": "interrupted"})
    assert not [path for path in crawl.asked() if path.startswith(("/v1/", "/comm/"))]


def test_second_crawl_of_a_source_says_that_one_is_running(crawl, site):
    code, path = next(iter(paths_of(site).items()))
    site.set_faults({"hang": [code]})
    first = crawl.start("eastmoney")
    until_asked(crawl, first, path)
    asked = len(site.requests)
    (crawl.folder / "second").mkdir()
    options = ("--base-url", site.base_url, "--delay", 0, "--db", crawl.db, "--json")
    second = Command(crawl.folder / "second", "crawl", "eastmoney", *options).end()
    assert (second.status, second.outcomes) == (3, {"eastmoney": "running"})
    assert len(site.requests) == asked
    first.process.kill()
    first.end()


# -- what cannot be done as asked: one sentence, exit status 2, nothing written ------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nosuch"], "there is no source 'nosuch'; the sources are cls_depth, cls_telegraph, eastmoney"),
        ([], "name the sources to crawl"),
        (["--all", "eastmoney"], "not both"),
        (["eastmoney", "--since", "2026-13-01"], "since: '2026-13-01' is no date"),
        (["eastmoney", "--since", "2026-11-20", "--until", "2026-11-19"], "is later than until"),
        (["eastmoney", "--limit", "0"], "limit: '0' is no whole number"),
        (["eastmoney", "--recheck", "soon"], "recheck: 'soon' is no number of hours"),
        (["eastmoney", "--base-url", "example.org"], "base_url: 'example.org' must be an http or https address"),
        (["eastmoney", "--delay", "-1"], "--delay"),
        (["eastmoney", "--concurrency", "0"], "--concurrency"),
        (["eastmoney", "--config", "none.toml"], "none.toml: cannot be read"),
    ],
)
def test_what_cannot_be_done_as_asked_is_one_sentence(tmp_path, arguments, says):
    ended = Command(tmp_path, "crawl", *arguments).end()
    assert ended.status == 2
    assert ended.stdout == ""
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["stderr", "stdout"]


def test_configuration_that_speaks_of_a_source_that_is_none_is_refused(tmp_path):
    (tmp_path / "newscrawl.toml").write_text("[sources.nosuch]\nenabled = false\n")
    ended = Command(tmp_path, "crawl", "eastmoney").end()
    assert ended.status == 2
    assert "sources that do not exist: nosuch" in ended.stderr


def foreign(path):
    connection = sqlite3.connect(path)
    connection.execute("create table mine (x)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("make", [foreign, lambda path: path.write_text("notes\n" * 99), lambda path: path.mkdir()])
def test_foreign_file_is_refused_untouched_before_any_request(crawl, site, make):
    make(crawl.db)
    before = crawl.db.read_bytes() if crawl.db.is_file() else None
    ended = crawl("eastmoney")
    assert ended.status == 2
    assert len(ended.stderr.splitlines()) == 1
    assert (crawl.db.read_bytes() if crawl.db.is_file() else None) == before
    assert site.requests == []
    assert not (crawl.folder / "warc").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_database_is_refused_before_any_request(crawl, site):
    crawl("eastmoney")
    crawl.db.chmod(stat.S_IRUSR)
    asked = len(site.requests)
    assert crawl("eastmoney").status == 8
    assert len(site.requests) == asked


def test_archive_that_cannot_be_written_ends_the_run_before_any_request(crawl, site):
    (crawl.folder / "warc").write_text("not a folder")
    ended = crawl("eastmoney")
    assert (ended.status, ended.outcomes) == (8, {"eastmoney": "storage"})
    assert site.requests == []


def test_database_that_is_removed_in_mid_run_is_said(crawl, site):
    code, path = list(paths_of(site).items())[5]
    site.set_faults({"s429_retry_after": [code]})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, path)
    crawl.db.unlink()
    ended = command.end()
    assert (ended.status, ended.outcomes) == (8, {"eastmoney": "storage"})
    assert "removed or replaced" in ended.results["eastmoney"]["advice"]


def test_archive_that_goes_away_in_mid_run_ends_it_and_what_was_fetched_is_stored(crawl, site):
    code, path = list(paths_of(site).items())[30]
    site.set_faults({"s429_retry_after": [code]})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, path)
    for file in (crawl.folder / "warc").glob("*.warc.gz"):
        file.unlink()
    ended = command.end()
    assert (ended.status, ended.outcomes) == (8, {"eastmoney": "storage"})
    counts = ended.results["eastmoney"]["counts"]
    assert counts["new"] == crawl.column("select count(*) from articles")[0] > 0
    assert crawl.query("select outcome, exit_status, new from runs") == [("storage", 8, counts["new"])]
