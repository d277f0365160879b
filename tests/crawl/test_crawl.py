"""Crawls of the sample site over real HTTP: what is stored, what is asked, and what the next crawl does."""

import json

import pytest

from newscrawl.demo import expected_records
from newscrawl.storage.archive import read_archive

SOURCES = ("cls_telegraph", "cls_depth", "eastmoney")
PAGES = ("/detail/", "/a/")


def is_page(path):
    return path.startswith(PAGES)


def test_every_story_of_the_newest_pages_is_stored_once(crawl, site):
    ended = crawl("--all")
    assert ended.status == 0
    assert set(ended.outcomes.values()) == {"ok"}
    for source in SOURCES:
        stored = crawl.column("select distinct url from sightings where source = ?", source)
        assert sorted(stored) == sorted(record.url for record in expected_records(site.truth, source))
        counts = ended.results[source]["counts"]
        parts = ("new", "changed", "unchanged", "duplicate", "failed", "skipped", "gone")
        assert counts["found"] == sum(counts[part] for part in parts) > 0


def test_stored_addresses_are_public_and_nothing_in_the_database_names_the_machine_asked(crawl, site):
    crawl("--all")
    assert set(crawl.column("select substr(url, 1, instr(substr(url, 9), '/') + 8) from sightings")) == {
        "https://www.cls.cn/",
        "https://finance.eastmoney.com/",
    }
    assert b"127.0.0.1" not in crawl.db.read_bytes()


def test_second_crawl_changes_nothing_and_asks_for_lists_only(crawl, site):
    crawl("--all")
    before, asked = crawl.everything(), len(site.requests)
    rows = crawl.query("select * from articles order by id")
    ended = crawl("--all")
    assert ended.status == 0
    assert set(ended.outcomes.values()) == {"nothing_new"}
    assert crawl.everything() == before
    assert crawl.query("select * from articles order by id") == rows
    assert not [path for path in crawl.asked(since=asked) if is_page(path)]
    assert crawl.column("select count(*) from revisions") == [0]


@pytest.mark.parametrize("source", SOURCES)
def test_later_crawl_goes_back_over_pages_until_it_meets_what_is_complete(crawl, site, source):
    crawl(source)
    site.publish(300)
    asked = len(site.requests)
    ended = crawl(source)
    assert ended.outcomes == {source: "ok"}
    stored = crawl.column("select distinct url from sightings where source = ?", source)
    assert sorted(stored) == sorted(record.url for record in expected_records(site.truth, source))
    lists = [path for path in crawl.asked(since=asked) if not is_page(path) and path != "/robots.txt"]
    assert len(lists) > len(set(lists)) or source == "cls_depth"
    assert not crawl.query("select channel from coverage where source = ? group by channel having count(*) > 1", source)


def test_since_reads_back_past_the_newest_page(crawl, site):
    site.publish(300)
    crawl("cls_telegraph")
    first = crawl.column("select count(*) from articles")[0]
    ended = crawl("cls_telegraph", "--since", "2026-01-01")
    assert ended.status == 0
    stored = crawl.column("select url from articles")
    assert sorted(stored) == sorted(record.url for record in expected_records(site.truth, "cls_telegraph"))
    assert len(stored) > first


def test_since_leaps_over_what_is_complete_already(crawl, site):
    site.publish(900)
    crawl("cls_telegraph", "--since", "2026-11-20T22:30")
    asked = len(site.requests)
    known = crawl.column("select count(*) from articles")[0]
    crawl("cls_telegraph", "--since", "2026-01-01")
    stored = crawl.column("select url from articles")
    assert sorted(stored) == sorted(record.url for record in expected_records(site.truth, "cls_telegraph"))
    assert crawl.query("select count(*) from coverage") == [(1,)]
    assert len(stored) - known < 150 < known
    assert len(crawl.asked(since=asked)) < 7, "robots.txt, the newest page, and what lies beyond the stretch"


def test_since_and_until_store_what_lies_between_both_ends_inside(crawl, site):
    times = sorted(record.published_at for record in expected_records(site.truth, "cls_telegraph"))
    since, until = times[5], times[-5]
    ended = crawl("cls_telegraph", "--since", since.isoformat(), "--until", until.isoformat())
    assert ended.status == 0
    stored = crawl.column("select published_ts from articles order by 1")
    assert stored == [int(time.timestamp()) for time in times[5:-4]]
    assert crawl.query("select from_ts, to_ts from coverage") == [(stored[0], stored[-1])]


def test_limit_takes_so_many_and_the_rest_comes_with_the_next_crawl(crawl, site):
    ended = crawl("eastmoney", "--limit", 4)
    assert ended.status == 0
    assert len(crawl.column("select id from articles")) == 4
    crawl("eastmoney")
    assert len(crawl.column("select id from articles")) == len(list(expected_records(site.truth, "eastmoney")))


def test_stories_left_out_by_a_limit_are_found_although_the_newest_page_has_moved_on(crawl, site):
    crawl("cls_telegraph", "--limit", 2)
    site.publish(300)
    crawl("cls_telegraph")
    stored = crawl.column("select url from articles")
    assert sorted(stored) == sorted(record.url for record in expected_records(site.truth, "cls_telegraph"))


def test_edit_that_the_list_tells_becomes_a_revision(crawl, site):
    crawl("cls_telegraph")
    story = next(iter(expected_records(site.truth, "cls_telegraph")))
    site.edit(story.source_id)
    ended = crawl("cls_telegraph")
    assert ended.results["cls_telegraph"]["counts"]["changed"] == 1
    assert crawl.query("select body from revisions") == [(story.body,)]


def test_recheck_asks_again_for_younger_articles_and_finds_their_edits(crawl, site):
    crawl("cls_depth")
    story = next(iter(expected_records(site.truth, "cls_depth")))
    site.edit(story.source_id)
    assert crawl("cls_depth").outcomes == {"cls_depth": "nothing_new"}
    ended = crawl("cls_depth", "--recheck", 24 * 365)
    assert ended.results["cls_depth"]["counts"]["changed"] == 1


def test_page_that_is_gone_is_counted_and_not_asked_for_again_at_once(crawl, site):
    site.publish(40)
    story = next(iter(expected_records(site.truth, "eastmoney")))
    path = story.url.removeprefix("https://finance.eastmoney.com")
    ended = crawl.fetch("--save", story.url.replace(story.source_id, "2" * 18))
    assert ended.status == 1
    assert "gone" in ended.stderr
    asked = len(site.requests)
    crawl("eastmoney")
    assert path in crawl.asked(since=asked)
    assert f"/a/{'2' * 18}.html" not in crawl.asked(since=asked)


def test_every_answer_is_in_the_archive_with_its_role_and_its_public_address(crawl, site):
    site.set_faults({"s404": 3, "redirect_ok": 4, "empty": 5, "gzip": 7})
    crawl("--all")
    kept = list(read_archive(sorted((crawl.folder / "warc").glob("*.warc*"))))
    assert len(kept) == len(site.requests)
    assert {200, 302, 404} <= {answer.status for answer in kept}
    assert any(dict(answer.headers).get("Content-Encoding") == "gzip" for answer in kept)
    assert {answer.role for answer in kept} == {"robots", "listing", "page"}
    assert all(answer.url.startswith("https://") for answer in kept)
    assert {answer.source for answer in kept} == set(SOURCES)
    channels = {answer.context["channel"] for answer in kept if answer.role == "listing"}
    assert {"roll", "1000", "column:350", "fast"} <= channels


def test_one_line_for_each_source_and_no_progress_where_nobody_looks(tmp_path, crawl, site):
    command = crawl.start("cls_telegraph")
    ended = command.end()
    assert ended.stderr == ""
    assert json.loads(ended.stdout)["counts"]["new"] > 0


def test_robots_txt_is_asked_at_the_base_url_before_anything_else(crawl, site):
    crawl("cls_telegraph")
    assert crawl.asked()[0] == "/robots.txt"
    assert crawl.asked().count("/robots.txt") == 1


def test_several_requests_at_once_store_the_same(crawl, site):
    assert crawl("--all", "--concurrency", 8).status == 0
    for source in SOURCES:
        stored = crawl.column("select distinct url from sightings where source = ?", source)
        assert sorted(stored) == sorted(record.url for record in expected_records(site.truth, source))
