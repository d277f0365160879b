"""The lists of the real sites, where NEWSCRAWL_SAMPLES names the folder of samples."""

import os
from pathlib import Path

import pytest

from newscrawl.spiders.cls_depth import ClsDepthSpider
from newscrawl.spiders.cls_telegraph import ClsTelegraphSpider
from newscrawl.spiders.paging import Walk
from tests.spiders.support import answer, spider_of

SAMPLES = os.environ.get("NEWSCRAWL_SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="NEWSCRAWL_SAMPLES does not name the folder of real samples")


def sample(name):
    return answer((Path(SAMPLES) / "cls" / "kyssion_k-spider-dotnet" / name).read_bytes())


def test_two_roll_pages_have_one_row_in_common_and_the_second_is_asked_for_as_the_site_itself_does():
    spider = spider_of(ClsTelegraphSpider)
    first = spider.read_list(sample("cls_roll_page1.json"), "roll")
    second = spider.read_list(sample("cls_roll_page2.trimmed.json"), "roll")
    assert (len(first.rows), first.odd, second.odd) == (20, 0, 0)
    assert first.cursor == "1789746672"
    assert {row.url for row in first.rows} & {row.url for row in second.rows} == {first.rows[-1].url}


def test_walk_over_both_roll_pages_goes_on_into_the_past():
    spider, walk = spider_of(ClsTelegraphSpider), Walk(channel="roll", stretches=[(1, 2)])
    assert walk.read(spider.read_list(sample("cls_roll_page1.json"), "roll")) == "1789746672"
    assert walk.read(spider.read_list(sample("cls_roll_page2.trimmed.json"), "roll")) is not None
    assert walk.oldest < 1789746671


def test_depth_page_reaches_as_far_as_its_chronological_rows():
    listing = spider_of(ClsDepthSpider).read_list(sample("cls_depth_list_1000_page1.trimmed.json"), "1000")
    assert (len(listing.rows), listing.odd) == (28, 0)
    times = [row.at for row in listing.rows]
    assert listing.reaches == max(times[-3:])
    assert listing.cursor == str(times[-1] + 1)
