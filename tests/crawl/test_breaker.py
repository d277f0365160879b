"""The breaker between runs: a source that refuses or does not answer is let alone, and asked again in time."""

import contextlib
import sqlite3
from datetime import datetime

import pytest

from newscrawl.demo import SampleSite, expected_records
from newscrawl.storage.timetext import now_utc
from tests.crawl.support import Command, Crawls
from tests.crawl.truth import missing_stories


@pytest.fixture
def site():
    with SampleSite(stories=60) as site:
        yield site


def breaker(crawl):
    """Kind, times, and for how many seconds the source is let alone from its opening on; None where it is closed."""
    found = crawl.query("select source, kind, times, opened_at, until from breakers")
    if not found:
        return None
    [(source, kind, times, opened_at, until)] = found
    return source, kind, times, (datetime.fromisoformat(until) - datetime.fromisoformat(opened_at)).total_seconds()


def let_time_pass(crawl, table="breakers", *, columns=("opened_at", "until")):
    """As if a day had gone by since."""
    changed = ", ".join(f"{name} = datetime({name}, '+8 hours', '-1 day') || '+08:00'" for name in columns)
    with contextlib.closing(sqlite3.connect(crawl.db)) as connection, connection:
        connection.execute(f"update {table} set {changed}")


def quietly(crawl, *arguments):
    options = ("-q", "--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db)
    return Command(crawl.folder, "crawl", *arguments, *options).end()


def test_a_source_that_refuses_is_let_alone_for_longer_each_time_until_it_is_read_again(crawl, site):
    crawl("cls_depth")
    site.publish(60)
    site.set_faults({"s403": "lists"})
    for times, minutes in enumerate((10, 20, 40), 1):
        ended = crawl("cls_depth")
        assert (ended.status, ended.outcomes) == (4, {"cls_depth": "blocked"})
        assert "nothing is asked before 20" in ended.results["cls_depth"]["advice"]
        assert breaker(crawl) == ("cls_depth", "blocked", times, 60 * minutes)
        asked, runs = len(site.requests), crawl.column("select count(*) from runs")[0]
        refused = crawl("cls_depth")
        assert (refused.status, refused.outcomes) == (4, {"cls_depth": "blocked"})
        assert len(site.requests) == asked
        assert breaker(crawl) == ("cls_depth", "blocked", times, 60 * minutes), "a run that asks for nothing opens none"
        [(count, message)] = crawl.query("select count(*), max(message) from runs where id > ?", runs)
        assert count == 1
        assert "--now: 5 requests in a row were refused: HTTP status 403" in message
        let_time_pass(crawl)
    site.set_faults({})
    assert crawl("cls_depth").outcomes == {"cls_depth": "ok"}
    assert breaker(crawl) is None
    told = {record.url for record in expected_records(site.truth, "cls_depth")}
    assert told == set(crawl.column("select url from sightings where source = 'cls_depth'"))
    assert crawl.gaps("cls_depth") == (0, [])
    assert not missing_stories(crawl, "cls_depth")


def test_what_was_told_is_not_told_again_but_the_exit_status_says_it(crawl, site):
    site.set_faults({"down": 1})
    ended = quietly(crawl, "cls_depth")
    assert (ended.status, ended.stdout.count("\n")) == (7, 1)
    ended = quietly(crawl, "cls_depth")
    assert (ended.status, ended.stdout, ended.stderr) == (7, "", "")
    ended = quietly(crawl, "cls_depth", "--now")
    assert (ended.status, ended.stdout.count("\n")) == (7, 1)
    assert breaker(crawl) == ("cls_depth", "network", 2, 1200)


def test_now_asks_all_the_same_and_closes_what_is_well_again(crawl, site):
    site.set_faults({"antibot": 1})
    crawl("cls_depth")
    site.set_faults({})
    assert crawl("cls_depth").status == 4
    assert crawl("cls_depth", "--now").outcomes["cls_depth"] in {"partial", "ok"}
    assert breaker(crawl) is None


def test_one_list_a_run_is_let_alone_after_five_runs(crawl, site):
    site.set_faults({"s403": "lists"})
    for _ in range(5):
        assert crawl("cls_telegraph").status == 4
        assert bool(breaker(crawl)) is (len(crawl.query("select * from runs")) == 5)
    assert breaker(crawl) == ("cls_telegraph", "blocked", 1, 600)
    asked = len(site.requests)
    assert crawl("cls_telegraph").status == 4
    assert len(site.requests) == asked
    let_time_pass(crawl)
    assert crawl("cls_telegraph").status == 4
    assert breaker(crawl) == ("cls_telegraph", "blocked", 2, 1200), "once let alone, one run is enough"


@pytest.mark.parametrize(
    ("fault", "outcome", "status"), [("s503_retry_long", "network", 7), ("s429_retry_long_date", "blocked", 4)]
)
@pytest.mark.parametrize(("where", "source"), [("lists", "cls_telegraph"), (3, "eastmoney")])
def test_a_site_that_wants_more_time_than_a_run_waits_has_it(crawl, site, fault, where, source, outcome, status):
    site.set_faults({fault: where})
    ended = crawl(source)
    assert (ended.status, ended.outcomes) == (status, {source: outcome})
    assert "not to be asked again for" in ended.results[source]["advice"]
    name, kind, times, seconds = breaker(crawl)
    assert (name, kind, times) == (source, outcome, 1)
    assert 3590 <= seconds <= 3600
    refusing = [path for path in crawl.asked() if path.startswith("/a/" if where == 3 else "/v1/")]
    asked = len(site.requests)
    assert crawl(source).status == status
    assert len(site.requests) == asked, "not before the time that it named"
    assert len(refusing) == len(set(refusing)), "what it refused was not asked for again"


def test_a_wish_is_bounded(tmp_path):
    with SampleSite(stories=60, faults={"s503_retry_long": "lists"}) as site:
        crawl = Crawls(tmp_path, site)
        crawl("cls_telegraph")
    until = datetime.fromisoformat(crawl.column("select until from breakers")[0])
    assert (until - now_utc()).total_seconds() < 86_400


def test_another_source_and_single_addresses_are_not_held_up(crawl, site):
    site.set_faults({"s403": "lists"})
    crawl("cls_depth")
    site.set_faults({})
    ended = crawl("cls_depth", "cls_telegraph")
    assert ended.outcomes == {"cls_depth": "blocked", "cls_telegraph": "ok"}
    url = next(expected_records(site.truth, "cls_depth")).url
    assert crawl.fetch(url, "--save").status == 0
    assert crawl.column("select url from articles where source = 'cls_depth'") == [url]
    assert breaker(crawl)[2] == 1


def test_backfill_and_retry_are_held_up_too(crawl, site):
    site.set_faults({"s500": 3})
    crawl("cls_depth")
    site.set_faults({"down": 1})
    crawl("cls_depth")
    site.set_faults({})
    asked = len(site.requests)
    assert breaker(crawl) is not None
    assert crawl.backfill("cls_depth", "--since", "2026-11-20").status == 7
    options = ("--base-url", site.base_url, "--delay", 0, "--db", crawl.db)
    assert Command(crawl.folder, "failures", "--retry", *options).end().status == 7
    assert len(site.requests) == asked
    assert Command(crawl.folder, "failures", "--retry", "--now", *options).end().status == 0
    assert len(site.requests) > asked
    assert breaker(crawl) is None


def test_a_new_site_is_not_even_looked_at(crawl, site):
    start = f"{site.base_url}/portal/list/"
    site.set_faults({"s429_retry_long_date": "all"})
    options = ("--db", crawl.db, "--delay", 0)
    assert Command(crawl.folder, "crawl", "site", "--start", start, *options).end().status == 4
    asked = len(site.requests)
    ended = Command(crawl.folder, "crawl", "site", "--start", start, *options).end()
    assert ended.status == 4, ended
    assert len(site.requests) == asked
