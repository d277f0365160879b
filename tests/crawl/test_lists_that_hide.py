"""Lists that do not show what the site has: nothing of it is called complete, and it is had when they show it again."""

from newscrawl.demo import expected_records
from tests.crawl.truth import missing_stories


def kept(crawl, site):
    return {url for (url,) in crawl.query("select url from articles")} == {
        record.url for record in expected_records(site.truth, "cls_telegraph")
    }


def test_list_that_stands_still_is_not_called_complete(crawl, site):
    site.set_faults({"list_stale": 1})
    assert crawl("cls_telegraph").status == 0
    coverage = crawl.query("select channel, from_ts, to_ts from coverage")
    site.publish(20)
    assert crawl("cls_telegraph").outcomes == {"cls_telegraph": "nothing_new"}
    assert crawl.query("select channel, from_ts, to_ts from coverage") == coverage
    site.set_faults({})
    assert crawl("cls_telegraph").status == 0
    assert kept(crawl, site)


def test_list_that_has_forgotten_what_stood_behind_its_newest_page_is_not_called_complete(crawl, site):
    assert crawl("cls_telegraph").status == 0
    site.publish(200)  # more flashes than a page holds
    site.set_faults({"list_short": 1})
    assert crawl("cls_telegraph").status != 0
    assert not missing_stories(crawl, "cls_telegraph")
    site.set_faults({})
    assert crawl("cls_telegraph").status == 0
    assert kept(crawl, site)
    assert crawl.gaps() == (0, [])
