"""Pages that did not become articles, from their first failure to their last."""

import contextlib
import sqlite3

import pytest

from newscrawl.demo import SampleSite, expected_records
from newscrawl.storage.failures import MOST_TRIES_OF_A_SITE
from tests.crawl.support import Command


@pytest.fixture
def site():
    with SampleSite(stories=30) as site:
        yield site


def change(crawl, sql):
    with contextlib.closing(sqlite3.connect(crawl.db)) as connection, connection:
        connection.execute(sql)


def stories(crawl):
    """Without what a recheck adds to coverage: it reads further back."""
    return {name: rows for name, rows in crawl.everything().items() if name not in {"coverage", "ends"}}


def listed(crawl, *options):
    return Command(crawl.folder, "failures", "--db", crawl.db, *options).end()


def test_a_story_that_is_given_up_is_kept_with_its_reason_and_had_for_the_asking(crawl, site):
    told = next(expected_records(site.truth, "cls_depth"))
    site.set_faults({"s500": [told.source_id]})
    assert crawl("cls_depth").status == 1
    change(crawl, f"update failures set tries = {MOST_TRIES_OF_A_SITE - 1}, next_try_at = first_seen_at")
    assert crawl("cls_depth").status == 1
    assert "given up" in listed(crawl).stdout
    assert "HTTP status 500" in listed(crawl).stdout
    site.set_faults({})
    asked = len(site.requests)
    assert crawl("cls_depth").outcomes == {"cls_depth": "partial"}, "it is listed, and not stored"
    assert not [path for path in crawl.asked(since=asked) if path.startswith("/detail/")]
    assert listed(crawl, "--retry", "--base-url", site.base_url, "--delay", 0).status == 0
    assert told.url in crawl.column("select url from articles")
    assert crawl.query("select * from failures") == []
    assert crawl("cls_depth").outcomes == {"cls_depth": "nothing_new"}


def test_what_only_waits_is_no_news_of_a_quiet_run_but_its_exit_status(crawl, site):
    site.set_faults({"s500": [next(expected_records(site.truth, "cls_depth")).source_id]})
    options = ("crawl", "cls_depth", "-q", "--base-url", site.base_url, "--delay", 0, "--db", crawl.db)
    said = [Command(crawl.folder, *options).end() for _ in range(2)]
    assert [ended.status for ended in said] == [1, 1]
    assert [ended.stdout.count("\n") for ended in said] == [1, 0]
    change(crawl, "update failures set next_try_at = first_seen_at")
    assert Command(crawl.folder, *options).end().stdout.count("\n") == 1, "it has failed once more"


@pytest.mark.parametrize("fault", ["s404", "s410", "empty_article"])
def test_an_article_whose_page_vanishes_is_kept_and_the_page_marked_as_gone(crawl, site, fault):
    told = next(expected_records(site.truth, "cls_depth"))
    crawl("cls_depth")
    before = stories(crawl)
    site.set_faults({fault: [told.source_id]})
    ended = crawl("cls_depth", "--recheck", 24 * 365)
    assert (ended.status, ended.results["cls_depth"]["counts"]["gone"]) == (0, 1)
    assert crawl.query("select url, kind from failures") == [(told.url, "gone")]
    assert stories(crawl) == before
    asked = len(site.requests)
    assert crawl("cls_depth", "--recheck", 24 * 365).status == 0
    assert told.url.removeprefix("https://www.cls.cn") not in crawl.asked(since=asked)
    site.set_faults({})
    change(crawl, "update failures set next_try_at = first_seen_at")
    assert crawl("cls_depth").status == 0
    assert crawl.query("select * from failures") == []
    assert stories(crawl) == before


def test_a_page_that_is_listed_before_it_is_there_is_had_in_the_end(crawl, site):
    told = next(expected_records(site.truth, "eastmoney"))
    site.set_faults({"s404": [told.source_id]})
    assert crawl("eastmoney").status == 0
    site.set_faults({})
    change(crawl, "update failures set next_try_at = first_seen_at")
    assert crawl("eastmoney").status == 0
    assert told.url in crawl.column("select url from articles")
