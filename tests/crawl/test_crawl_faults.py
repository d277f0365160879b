"""What a site does wrong, and what must come of it: nothing lost, nothing stored wrong, an exit status that tells."""

import contextlib
import re
import sqlite3
from pathlib import Path

import pytest

from newscrawl.demo import FAULTS, SampleSite, expected_records
from newscrawl.extraction.text import clean_line
from newscrawl.outcomes import EXIT_STATUS
from tests.crawl import faults
from tests.crawl.faults import ELSEWHERE, NOTHING, ONE, ROWS
from tests.crawl.support import Crawls
from tests.quality.tables import DOCS

HARMFUL = re.compile(r"<script|<iframe|<svg|\bon\w+=|javascript:|srcdoc|file:|[\x00-\x08\x0b-\x1f]", re.IGNORECASE)


def named(row):
    return "-".join((row.fault, row.where.split()[-1], row.source))


def switched(row, told):
    """Where the fault is switched on, and the stories that have it."""
    if row.where == ONE:
        record = list(told.values())[1]
        return [record.source_id or re.findall(r"\d{6,}", record.url)[-1]], {record.url}
    if FAULTS[row.fault].level == "page":
        return {faults.ALL: "pages", faults.LISTS: "lists"}.get(row.where, 1), set(told)
    return 1, set(told)


def stored(crawl, source):
    """By address: title, body, its markup, time."""
    sql = "select url, title, body, body_html, published_at, published_precision from articles where source = ?"
    return {url: fields for url, *fields in crawl.query(sql, source)}


def is_right(record, title, body, _, at, precision):
    return (title, body, at, precision) == (
        record.title,
        record.body,
        str(record.published_at),
        record.published_precision,
    )


def is_as_shown(record, title, body, markup, *_):
    """All that the story has is there, in its order, and nothing that harms."""
    place = 0
    for line in record.body.splitlines():
        place = body.find(line, place) + 1
        if not place:
            return False
    return clean_line(record.title or "") in (title or "") and not HARMFUL.search(f"{title}{body}{markup}")


def is_without_time(record, title, body, _, at, __):
    return (title, body, at) == (record.title, record.body, None)


def is_nearly_right(record, title, body, *_):
    lines = record.body.splitlines()
    return title == record.title and set(body.splitlines()) <= set(lines) and len(body) > 0.9 * len(record.body)


JUDGES = {
    faults.RIGHT: is_right,
    faults.AS_SHOWN: is_as_shown,
    faults.NO_TIME: is_without_time,
    faults.NEARLY: is_nearly_right,
}
_PORTAL = "https://www.sample-portal.example"
SITES = {
    "portal": ("sample-portal.example", "site", "--start", f"{_PORTAL}/portal/rss.xml"),
    "portal-gbk": ("sample-portal.example", "site", "--start", f"{_PORTAL}/portal-gbk/list/"),
}
"""The name under which a site without code is stored, and how it is crawled."""


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_fault(tmp_path, row):
    source, *command = SITES.get(row.source, (row.source, row.source))
    with SampleSite(stories=20 if source == row.source else 60) as site:
        crawl = Crawls(tmp_path, site)
        told = {record.url: record for record in expected_records(site.truth, row.source)}
        where, faulty = switched(row, told)
        site.set_faults({row.fault: where})
        ended = crawl(*command, **({"DOWNLOAD_TIMEOUT": 0.3} if row.fault in faults.SLOW else {}))
        assert ended.outcomes == {source: row.outcome}, ended
        assert ended.status == EXIT_STATUS[row.outcome]
        assert bool(ended.results[source]["advice"]) or not ended.status
        check(crawl, row, told, faulty, stored(crawl, source))
        site.set_faults({})
        make_due(crawl)
        ended = crawl(*command, "--now")
        assert ended.status == 0, ended
        changed = set() if JUDGES.get(row.seen) in {None, is_right} else faulty
        check_whole(crawl, told, stored(crawl, source), changed)


def check(crawl, row, told, faulty, kept):
    """What a run leaves while the fault is there."""
    judge, failures = JUDGES.get(row.seen), dict(crawl.query("select url, kind from failures"))
    for url, fields in kept.items():
        wanted = judge if url in faulty else is_right
        assert wanted, f"{url} is stored"
        assert wanted(told[url], *fields), fields
    if judge:
        assert not failures
        assert kept.keys() == told.keys()
    elif row.seen == NOTHING:
        assert not kept
        assert not failures
    else:
        assert set(failures.values()) == {row.seen}
        assert failures.keys() <= faulty
        broken_off = crawl.query("select * from breakers")
        assert broken_off or kept.keys() | failures.keys() == told.keys()


def check_whole(crawl, told, kept, changed):
    """The fault is gone: everything is there as the site tells it, but for what was stored changed."""
    assert kept.keys() == told.keys()
    assert all(is_right(told[url], *fields) for url, fields in kept.items() if url not in changed)
    assert crawl.query("select * from failures") == crawl.query("select * from breakers") == []


def test_every_fault_of_the_sample_site_is_in_the_table():
    assert {row.fault for row in ROWS} | ELSEWHERE.keys() == FAULTS.keys()
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for fault, (_, test) in ELSEWHERE.items():
        assert fault in tests.partition(f"def {test}(")[2].partition("\ndef ")[0], fault


def test_the_table_of_the_docs_is_this_one():
    assert faults.document() in (DOCS / "faults.md").read_text("utf-8"), "python -m tests.crawl.faults --write"


def stored_right(crawl, site, source):
    """Every stored article is as the site tells it; the addresses of those that are not stored."""
    told = {record.url: record for record in expected_records(site.truth, source)}
    stored = dict(crawl.query("select url, title || '|' || body from articles where source = ?", source))
    assert stored == {url: f"{told[url].title}|{told[url].body}" for url in stored}
    return set(told) - set(stored)


@pytest.mark.parametrize("fault", ["s429_retry_after", "s429_always"])
def test_site_that_says_when_is_not_asked_before(crawl, site, fault):
    site.set_faults({fault: [list(expected_records(site.truth, "cls_depth"))[1].source_id]})
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


def test_story_edited_between_two_list_pages_is_stored_as_edited(tmp_path):
    with SampleSite(stories=200, faults={"list_edited": 1}) as site:
        crawl = Crawls(tmp_path, site)
        assert crawl("cls_telegraph", "--since", "2026-11-20").status == 0
        assert crawl.asked().count("/v1/roll/get_roll_list") > 1
        told = {record.url: record for record in expected_records(site.truth, "cls_telegraph")}
        kept = stored(crawl, "cls_telegraph")
        assert sum(not is_right(told[url], *fields) for url, fields in kept.items()) == 1
        ended = crawl("cls_telegraph")
        assert ended.results["cls_telegraph"]["counts"]["changed"] == 1
        told = {record.url: record for record in expected_records(site.truth, "cls_telegraph")}
        kept = stored(crawl, "cls_telegraph")
        assert all(is_right(told[url], *fields) for url, fields in kept.items())


def test_old_story_pinned_on_top_is_no_cursor(crawl, site):
    site.set_faults({"pinned_old": 1})
    crawl("cls_telegraph")
    assert crawl.column("select min(from_ts) > 1700000000 from coverage") == [1]
    site.publish(300)
    crawl("cls_telegraph")
    told = {record.url for record in expected_records(site.truth, "cls_telegraph")}
    assert set(crawl.column("select url from sightings")) == told
