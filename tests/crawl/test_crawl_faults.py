"""What a site does wrong, and what must come of it: nothing lost, nothing stored wrong, an exit status that tells."""

import contextlib
import re
import sqlite3

import pytest

from newscrawl.demo import expected_records
from newscrawl.outcomes import EXIT_STATUS

# Fault, source, outcome, and the kind under which the pages of it are kept (None: all is stored).
OF_PAGES = [
    ({"s500": 3}, "eastmoney", "partial", "http"),
    ({"s503_html": 3}, "eastmoney", "partial", "http"),
    ({"s403": 3}, "eastmoney", "partial", "blocked"),
    ({"s418": 3}, "cls_depth", "partial", "blocked"),
    ({"s404": 3}, "eastmoney", "ok", "gone"),
    ({"s404_with_article": 3}, "eastmoney", "ok", "gone"),
    ({"s410": 3}, "cls_depth", "ok", "gone"),
    ({"s500_once": 1}, "eastmoney", "ok", None),
    ({"s429_retry_after": 10}, "eastmoney", "ok", None),
    ({"s429_retry_after_date": 10}, "eastmoney", "ok", None),
    ({"reset": 3}, "eastmoney", "partial", "network"),
    ({"close_before_headers": 3}, "eastmoney", "partial", "network"),
    ({"truncated_cl": 3}, "eastmoney", "partial", "network"),
    ({"redirect_ok": 1}, "eastmoney", "ok", None),
    ({"redirect_loop": 3}, "eastmoney", "partial", "http"),
    ({"redirect_chain": 3}, "eastmoney", "partial", "http"),
    ({"redirect_none": 3}, "eastmoney", "partial", "http"),
    ({"redirect_file": 3}, "eastmoney", "partial", "http"),
    ({"redirect_data": 3}, "eastmoney", "partial", "http"),
    ({"redirect_ftp": 3}, "eastmoney", "partial", "http"),
    ({"redirect_odd": 3}, "eastmoney", "partial", "refused"),
    ({"redirect_internal": 3}, "eastmoney", "partial", "refused"),
    ({"redirect_internal_ip": 3}, "eastmoney", "partial", "refused"),
    ({"antibot": 3}, "cls_depth", "partial", "blocked"),
    ({"s403": 1}, "eastmoney", "blocked", "blocked"),
    ({"antibot": 1}, "cls_depth", "blocked", "blocked"),
    ({"s500": 1}, "eastmoney", "network", "http"),
    ({"reset": 1}, "eastmoney", "network", "network"),
]
OF_LISTS = [
    ({"list_500": 1}, "cls_telegraph", "network"),
    ({"list_empty": 1}, "cls_telegraph", "empty"),
    ({"list_empty": 1}, "cls_depth", "empty"),
    ({"list_empty": 1}, "eastmoney", "empty"),
    ({"list_null": 1}, "cls_telegraph", "empty"),
    ({"list_html": 1}, "cls_telegraph", "layout"),
    ({"list_html": 1}, "eastmoney", "layout"),
    ({"list_cut": 1}, "cls_depth", "layout"),
    ({"errno_string": 1}, "cls_telegraph", "layout"),
    ({"errno_number": 1}, "cls_depth", "blocked"),
    ({"down": 1}, "cls_telegraph", "network"),
    ({"robots_deny": 1}, "cls_telegraph", "blocked"),
    ({"robots_500": 1}, "cls_telegraph", "blocked"),
]
OF_LISTS_THAT_LOSE_NOTHING = [
    ({"list_dup": 1}, "eastmoney", "ok"),
    ({"list_odd": 1}, "cls_telegraph", "partial"),
    ({"list_schemes": 1}, "eastmoney", "partial"),
    ({"robots_404": 1}, "cls_telegraph", "ok"),
    ({"robots_403": 1}, "cls_telegraph", "ok"),
    ({"robots_html": 1}, "cls_telegraph", "ok"),
    ({"robots_huge": 1}, "cls_telegraph", "ok"),
]


def named(case):
    return "-".join(str(part) for part in (*next(iter(case[0].items())), *case[1:2]))


def stored_right(crawl, site, source):
    """Every stored article is as the site tells it; the addresses of those that are not stored."""
    told = {record.url: record for record in expected_records(site.truth, source)}
    stored = dict(crawl.query("select url, title || '|' || body from articles where source = ?", source))
    assert stored == {url: f"{told[url].title}|{told[url].body}" for url in stored}
    return set(told) - set(stored)


@pytest.mark.parametrize(("fault", "source", "outcome", "kind"), OF_PAGES, ids=map(named, OF_PAGES))
def test_fault_of_pages(crawl, site, fault, source, outcome, kind):
    site.set_faults(fault)
    ended = crawl(source)
    assert ended.outcomes == {source: outcome}
    assert ended.status == EXIT_STATUS[outcome]
    missing = stored_right(crawl, site, source)
    assert bool(missing) is (kind is not None)
    failures = dict(crawl.query("select url, kind from failures"))
    assert set(failures.values()) <= {kind}
    if outcome in {"partial", "ok"}:  # else the breaker may have opened
        assert set(failures) == missing
        assert sum(ended.results[source]["counts"][part] for part in ("failed", "gone")) == len(missing)
    else:
        assert ended.results[source]["advice"]


@pytest.mark.parametrize(("where", "outcome"), [(1, "layout"), (4, "ok")])
def test_a_new_layout_is_read_all_the_same_and_told(crawl, site, where, outcome):
    site.set_faults({"layout": where})
    ended = crawl("eastmoney")
    assert ended.outcomes == {"eastmoney": outcome}
    assert "without the site's rule" in ended.results["eastmoney"]["advice"]
    stored = dict(crawl.query("select url, title || '|' || body from articles"))
    for told in expected_records(site.truth, "eastmoney"):
        title, body = stored[told.url].split("|", 1)
        assert title == told.title
        assert told.body in body  # what stands beside a story only its site's rule can know
    assert crawl.column("select count(*) from failures") == [0]


@pytest.mark.parametrize(("fault", "source", "outcome"), OF_LISTS, ids=map(named, OF_LISTS))
def test_fault_of_lists_or_robots_has_its_own_outcome_and_stores_nothing(crawl, site, fault, source, outcome):
    site.set_faults(fault)
    ended = crawl(source)
    assert ended.outcomes == {source: outcome}
    assert ended.status == EXIT_STATUS[outcome]
    assert ended.results[source]["advice"]
    assert crawl.column("select count(*) from articles") == [0]
    assert crawl.query("select outcome, exit_status from runs") == [(outcome, EXIT_STATUS[outcome])]
    if next(iter(fault)).startswith("robots"):
        assert set(crawl.asked()) == {"/robots.txt"}


@pytest.mark.parametrize(
    ("fault", "source", "outcome"), OF_LISTS_THAT_LOSE_NOTHING, ids=map(named, OF_LISTS_THAT_LOSE_NOTHING)
)
def test_fault_of_lists_that_loses_no_story(crawl, site, fault, source, outcome):
    site.set_faults(fault)
    ended = crawl(source)
    assert ended.outcomes == {source: outcome}
    told = {record.url for record in expected_records(site.truth, source)}
    assert set(crawl.column("select url from sightings where source = ?", source)) == told
    assert not crawl.column("select url from failures")


def test_site_that_says_when_is_not_asked_before(crawl, site):
    site.set_faults({"s429_retry_after": 6})
    crawl("cls_depth")
    assert site.too_early == 0


def test_failed_pages_are_asked_again_when_they_are_due_and_then_forgotten(crawl, site):
    site.set_faults({"s500": 3})
    crawl("eastmoney")
    failed = crawl.column("select url from failures")
    site.set_faults({})
    asked = len(site.requests)
    ended = crawl("eastmoney")
    assert ended.outcomes == {"eastmoney": "partial"}, "not due yet, and not stored: that is told"
    assert not [path for path in crawl.asked(since=asked) if path.startswith("/a/")]
    make_due(crawl)
    ended = crawl("eastmoney")
    assert ended.outcomes == {"eastmoney": "ok"}
    assert ended.results["eastmoney"]["counts"]["new"] == len(failed)
    assert crawl.column("select url from failures") == []
    assert stored_right(crawl, site, "eastmoney") == set()


def test_page_behind_a_redirect_waits_under_the_address_that_the_list_tells(crawl, site):
    site.set_faults({"redirect_ok": 1, "empty": 3})
    crawl("eastmoney")
    failed = crawl.column("select url from failures")
    assert failed
    assert all(re.fullmatch(r"https://finance\.eastmoney\.com/a/\d{18}\.html", url) for url in failed)
    asked = len(site.requests)
    crawl("eastmoney")
    assert not [path for path in crawl.asked(since=asked) if path.startswith(("/a/", "/news/"))]


def make_due(crawl):
    with contextlib.closing(sqlite3.connect(crawl.db)) as connection, connection:
        connection.execute("update failures set next_try_at = '2020-01-01 00:00:00+08:00'")


def test_dead_site_is_let_alone_and_the_next_run_fetches_the_rest_only(crawl, site):
    site.publish(100)
    site.set_faults({"outage": 30})
    ended = crawl("eastmoney")
    assert ended.outcomes == {"eastmoney": "network"}
    assert len(site.requests) < 60
    stored = set(crawl.column("select url from articles"))
    assert len(stored) > 10
    site.set_faults({})
    asked = len(site.requests)
    make_due(crawl)
    crawl("eastmoney")
    again = {f"https://finance.eastmoney.com{path}" for path in crawl.asked(since=asked) if path.startswith("/a/")}
    assert not again & stored
    assert stored_right(crawl, site, "eastmoney") == set()


def test_list_that_ignores_its_cursor_is_not_taken_for_complete(crawl, site):
    crawl("cls_telegraph")
    site.publish(300)
    site.set_faults({"list_repeats": 1})
    ended = crawl("cls_telegraph")
    assert ended.outcomes == {"cls_telegraph": "partial"}
    assert "may be missing" in ended.results["cls_telegraph"]["advice"]
    assert len(crawl.query("select * from coverage")) == 2


def test_list_without_end_ends(crawl, site):
    crawl("cls_telegraph")
    site.set_faults({"list_endless": 1})
    crawl("cls_telegraph", "--since", "2000-01-01")
    assert crawl.asked().count("/v1/roll/get_roll_list") < 6


def test_old_story_pinned_on_top_is_no_cursor(crawl, site):
    site.set_faults({"pinned_old": 1})
    crawl("cls_telegraph")
    assert crawl.column("select min(from_ts) > 1700000000 from coverage") == [1]
    site.publish(300)
    crawl("cls_telegraph")
    told = {record.url for record in expected_records(site.truth, "cls_telegraph")}
    assert set(crawl.column("select url from sightings")) == told
