"""Clocks that jump, and machines with another zone and language: the same rows, nothing put off for years."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.demo import SampleSite
from newscrawl.items import Failure
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.walks import Validators, WalkStore
from tests.crawl.support import Crawls
from tests.storage.conftest import make_article

CHECKOUT = Path(__file__).parents[2]
NOW = datetime.now(UTC)
AHEAD, BEHIND = NOW + timedelta(days=3650), NOW - timedelta(days=3650)
URL = "https://www.cls.cn/detail/1"


@pytest.fixture
def site():
    with SampleSite(stories=60) as site:
        yield site


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    with SampleSite(stories=60) as site:
        crawl = Crawls(tmp_path_factory.mktemp("undisturbed"), site)
        assert crawl("eastmoney").status == 0
        return crawl.everything()


def crawl_at(crawl, moment, **environment):
    """A crawl by a clock that shows this moment; its exit status."""
    options = ["-s", f"NEWSCRAWL_NOW={moment.isoformat()}"] if moment else []
    options += ["-s", "DOWNLOAD_DELAY=0", "-s", "LOG_ENABLED=0", "-s", f"NEWSCRAWL_DB={crawl.db}"]
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "eastmoney", "-a", f"base_url={crawl.site.base_url}", *options],
        env=os.environ | environment,
        cwd=CHECKOUT,
        capture_output=True,
    ).returncode


@pytest.mark.parametrize("moment", [BEHIND, AHEAD])
def test_crawl_by_a_clock_ten_years_off(crawl, site, undisturbed, moment):
    site.set_faults({"s500": 7})
    assert crawl_at(crawl, moment) == 1
    failed = crawl.query("select * from failures")
    assert failed
    site.set_faults({})
    assert crawl("eastmoney").status == 0
    assert crawl.query("select * from failures") == [], "none is put off until the clock comes by"
    assert crawl.everything() == undisturbed, "dates, and what is called complete"
    today = {f"{NOW:%Y}", f"{NOW + timedelta(hours=8):%Y}"}
    assert {text[:4] for text in crawl.column("select read_at from lists")} <= today, (
        "freshness is that of the last crawl"
    )


def test_jumps_within_a_run_lose_nothing(tmp_path):
    moments = iter([NOW, AHEAD, BEHIND, AHEAD, NOW, BEHIND] + [NOW] * 50)
    db = open_database(tmp_path / "news.db")
    ledger = Ledger(db, "cls_telegraph", version="0", clock=lambda: next(moments), batch=3)
    for number in range(20):
        ledger.add(make_article(number))
    ledger.lists.cover("roll", 100, 200)
    ledger.finish("ok", 0)
    assert db.execute("select count(*), count(published_at) from articles").fetchone() == (20, 20)
    assert ledger.lists.complete("roll") == [(100, 200)]
    db.close()


def failing(path, at):
    ledger = Ledger(open_database(path), "cls_telegraph", version="0", clock=lambda: at)
    ledger.fail(Failure(url=URL, source="cls_telegraph", kind="http", reason="HTTP status 500"))
    ledger.finish("partial", 1)
    ledger.close()


@pytest.mark.parametrize(("noted", "is_due"), [(AHEAD, True), (BEHIND, True), (NOW, False)])
def test_a_next_try_is_not_put_off_by_a_clock_that_was_ahead(tmp_path, noted, is_due):
    failing(tmp_path / "news.db", noted)
    ledger = Ledger(open_database(tmp_path / "news.db"), "cls_telegraph", version="0", clock=lambda: NOW)
    assert ledger.due() == ([URL] if is_due else [])
    assert ledger.waiting([URL]) == (set() if is_due else {URL})
    ledger.close()


def test_what_has_been_given_up_stays_so_whatever_the_clock(tmp_path):
    failing(tmp_path / "news.db", AHEAD)
    with sqlite3.connect(tmp_path / "news.db") as connection:
        connection.execute("update failures set next_try_at = null")
    connection.close()
    ledger = Ledger(open_database(tmp_path / "news.db"), "cls_telegraph", version="0", clock=lambda: NOW)
    assert (ledger.due(), ledger.waiting([URL])) == ([], {URL})
    ledger.close()


def test_a_list_is_not_taken_at_its_word_for_years(tmp_path):
    db = open_database(tmp_path / "news.db")
    walks = WalkStore(db, "site")
    walks.end("list", "how", {URL: Validators('"e"', None, AHEAD.isoformat())}, AHEAD)
    assert walks.validators("list", AHEAD)
    assert not walks.validators("list", NOW)
    db.close()


def test_zone_and_language_of_the_machine_change_nothing(crawl, undisturbed):
    assert crawl_at(crawl, None, TZ="America/New_York", LC_ALL="C", LANG="C", PYTHONUTF8="0") == 0
    assert crawl.everything() == undisturbed
