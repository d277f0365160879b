"""What a site does wrong, and what must come of it: nothing lost, nothing stored wrong, an exit status that tells."""

import contextlib
import re
import sqlite3
from pathlib import Path

import pytest

from newscrawl.demo import FAULTS, SampleSite, expected_records
from newscrawl.extraction.text import clean_line
from newscrawl.outcomes import EXIT_STATUS
from tests.crawl.faults import ALL, AS_SHOWN, ELSEWHERE, LISTS, NO_TIME, NOTHING, ONE, RIGHT, ROWS, SLOW, document
from tests.crawl.support import Crawls
from tests.quality.tables import DOCS

HARMFUL = re.compile(r"<script|<iframe|<svg|\bon\w+=|javascript:|srcdoc|file:|[\x00-\x08\x0b-\x1f]", re.IGNORECASE)


def named(row):
    return "-".join((row.fault, row.where.split()[-1], row.source))


def switched(row, told):
    """Where the fault is switched on, and the stories that have it."""
    if row.where != ONE:
        return {ALL: "pages" if FAULTS[row.fault].level == "page" else 1, LISTS: _lists(row)}.get(row.where, 1), set(
            told
        )
    record = list(told.values())[1]
    return [record.source_id], {record.url}


def _lists(row):
    return "lists" if FAULTS[row.fault].level == "page" else 1


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


JUDGES = {RIGHT: is_right, AS_SHOWN: is_as_shown, NO_TIME: is_without_time}


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_fault(tmp_path, row):
    with SampleSite(stories=20) as site:
        crawl, told = (
            Crawls(tmp_path, site),
            {record.url: record for record in expected_records(site.truth, row.source)},
        )
        where, faulty = switched(row, told)
        site.set_faults({row.fault: where})
        ended = crawl(row.source, **({"DOWNLOAD_TIMEOUT": 0.3} if row.fault in SLOW else {}))
        assert ended.outcomes == {row.source: row.outcome}, ended
        assert ended.status == EXIT_STATUS[row.outcome]
        assert bool(ended.results[row.source]["advice"]) or not ended.status
        judge = JUDGES.get(row.seen)
        check(crawl, row, told, faulty, judge)
        check_the_next_run(crawl, row, told, set() if judge in {None, is_right} else faulty)


def check(crawl, row, told, faulty, judge):
    """What a run leaves while the fault is there."""
    kept, failures = stored(crawl, row.source), dict(crawl.query("select url, kind from failures"))
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


def check_the_next_run(crawl, row, told, changed):
    """The fault is gone: one more run, and everything is there as the site tells it."""
    crawl.site.set_faults({})
    make_due(crawl)
    ended = crawl(row.source, "--now")
    assert ended.status == 0, ended
    kept = stored(crawl, row.source)
    assert kept.keys() == told.keys()
    assert all(is_right(told[url], *fields) for url, fields in kept.items() if url not in changed)
    assert crawl.query("select * from failures") == crawl.query("select * from breakers") == []


def test_every_fault_of_the_sample_site_is_in_the_table():
    assert {row.fault for row in ROWS} | ELSEWHERE.keys() == FAULTS.keys()
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for fault, (_, test) in ELSEWHERE.items():
        assert fault in tests.partition(f"def {test}(")[2].partition("\ndef ")[0], fault


def test_the_table_of_the_docs_is_this_one():
    assert document() in (DOCS / "faults.md").read_text("utf-8"), "python -m tests.crawl.faults --write"


def stored_right(crawl, site, source):
    """Every stored article is as the site tells it; the addresses of those that are not stored."""
    told = {record.url: record for record in expected_records(site.truth, source)}
    stored = dict(crawl.query("select url, title || '|' || body from articles where source = ?", source))
    assert stored == {url: f"{told[url].title}|{told[url].body}" for url in stored}
    return set(told) - set(stored)


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
