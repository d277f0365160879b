"""What a reviewer found by trying to break it: each stays found."""

import json

import pytest

from newscrawl.demo import SampleSite, expected_records
from tests.crawl.support import Command, Crawls


def flashes(site):
    return list(expected_records(site.truth, "cls_telegraph"))


def at(record):
    return record.published_at.strftime("%Y-%m-%dT%H:%M:%S")


def one(crawl, source, *options):
    return crawl(source, *options).results[source]


def test_looking_at_today_first_leaves_no_hole_behind(tmp_path):
    with SampleSite(seed=3, stories=300) as site:
        crawl = Crawls(tmp_path, site)
        crawl("cls_telegraph")
        [first] = crawl.column("select min(published_ts) from articles")
        site.publish(400)
        crawl("cls_telegraph", "--since", at(flashes(site)[20]))
        crawl("cls_telegraph")
        wanted = {record.source_id for record in flashes(site) if record.published_at.timestamp() >= first}
    assert wanted <= set(crawl.column("select source_id from articles"))


def test_a_recheck_reaches_all_that_is_younger(tmp_path):
    with SampleSite(seed=3, stories=600) as site:
        crawl = Crawls(tmp_path, site)
        crawl("cls_telegraph", "--since", "2020-01-01")
        site.edit(flashes(site)[60].source_id)
        assert one(crawl, "cls_telegraph")["counts"]["changed"] == 0
        assert one(crawl, "cls_telegraph", "--recheck", 24 * 365)["counts"]["changed"] == 1


def test_a_page_that_is_gone_is_no_fault_the_second_time_either(tmp_path):
    with SampleSite(stories=60, faults={"s404": 4}) as site:
        crawl = Crawls(tmp_path, site)
        first, second = one(crawl, "eastmoney"), one(crawl, "eastmoney")
    assert (first["outcome"], second["outcome"], second["exit_status"]) == ("ok", "nothing_new", 0)
    assert first["counts"]["gone"] == second["counts"]["gone"] > 0


def test_adverts_are_no_images_of_an_article(tmp_path):
    with SampleSite(seed=7, stories=300) as site:
        crawl = Crawls(tmp_path, site)
        crawl("eastmoney")
        wanted = {record.url: list(record.image_urls) for record in expected_records(site.truth, "eastmoney")}
    stored = crawl.query("select url, image_urls from articles where source = 'eastmoney'")
    assert stored
    assert {url: json.loads(images) for url, images in stored} == {url: wanted[url] for url, _ in stored}


@pytest.mark.parametrize("source", ["cls_telegraph", "cls_depth", "eastmoney"])
@pytest.mark.parametrize("fault", ["nul_bytes", "log_title"])
def test_control_characters_lose_no_story_and_leave_nothing(tmp_path, source, fault):
    with SampleSite(stories=60, faults={fault: 1}) as site:
        crawl = Crawls(tmp_path, site)
        result = one(crawl, source)
    assert (result["outcome"], result["counts"]["failed"]) == ("ok", 0)
    for texts in crawl.query("select coalesce(title, ''), body, body_html from articles"):
        assert not any(ord(character) < 32 and character != "\n" for character in "".join(texts))
        assert "[31m" not in "".join(texts)


def test_nothing_so_old_is_no_fault(tmp_path):
    with SampleSite(stories=60) as site:
        crawl = Crawls(tmp_path, site)
        ended = crawl("cls_telegraph", "cls_depth", "eastmoney", "--until", "2020-01-01")
    assert set(ended.outcomes.values()) == {"nothing_new"}


@pytest.mark.parametrize("source", ["cls_telegraph", "cls_depth"])
def test_a_limit_counts_up_and_goes_on(tmp_path, source):
    with SampleSite(seed=3, stories=300) as site:
        crawl = Crawls(tmp_path, site)
        for _ in range(2):
            counts = one(crawl, source, "--limit", 8)["counts"]
            ends = ("new", "changed", "unchanged", "duplicate", "failed", "skipped", "gone")
            assert counts["found"] == sum(counts[name] for name in ends)
            assert counts["new"] > 0


def test_a_single_page_that_fails_gives_the_run_its_outcome(tmp_path):
    with SampleSite(stories=60, faults={"s403": 1}) as site:
        crawl = Crawls(tmp_path, site)
        ended = crawl.fetch(flashes(site)[0].url, "--save")
    assert ended.status == 4
    assert crawl.column("select exit_status from runs") == [4]


def test_a_comment_that_never_ends_is_a_page_that_ends_too_early(tmp_path):
    with SampleSite(seed=3, stories=300, faults={"unclosed": 4}) as site:
        crawl = Crawls(tmp_path, site)
        result = one(crawl, "eastmoney")
        wanted = {record.url: record.body for record in expected_records(site.truth, "eastmoney")}
    assert result["counts"]["new"] > 0
    for url, body in crawl.query("select url, body from articles"):
        assert body == wanted[url]


def test_the_way_to_an_older_moment_leaps_over_what_is_complete(tmp_path):
    with SampleSite(seed=3, stories=900) as site:
        crawl = Crawls(tmp_path, site)
        records = flashes(site)
        crawl("cls_telegraph", "--since", at(records[250]))
        before = len(site.requests)
        crawl("cls_telegraph", "--since", at(records[280]))
        leaping = len(site.requests) - before
        before = len(site.requests)
        crawl("cls_telegraph", "--since", at(records[280]), "--recheck", 24 * 365)
    assert leaping < len(site.requests) - before
    assert {record.source_id for record in records[:281]} <= set(crawl.column("select source_id from articles"))


def test_a_database_named_wrong_is_told(tmp_path):
    ended = Command(tmp_path, "sources", "--db", tmp_path / "nosuch.db").end()
    assert ended.status == 2
    assert "no database" in ended.stderr
