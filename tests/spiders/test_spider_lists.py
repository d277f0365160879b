"""How each source reads its list pages, and what it asks for next."""

import json

import pytest

from newscrawl.config import SourceConfig
from newscrawl.errors import BlockedPage, EmptyPage, LayoutError
from newscrawl.spiders.cls_depth import ClsDepthSpider
from newscrawl.spiders.cls_telegraph import ClsTelegraphSpider
from newscrawl.spiders.eastmoney import EastmoneySpider
from tests.spiders.support import answer, spider_of

NEW, OLD = 1795182278, 1795182000


def telegraph(*rows):
    return answer({"errno": 0, "data": {"roll_data": list(rows)}})


def test_telegraph_row_is_a_whole_story_at_its_public_address():
    listing = spider_of(ClsTelegraphSpider).read_list(telegraph({"id": 7, "ctime": NEW, "content": "【甲】乙"}), "roll")
    (row,) = listing.rows
    assert (row.url, row.at) == ("https://www.cls.cn/detail/7", NEW)
    assert json.loads(row.body) == {"id": 7, "ctime": NEW, "content": "【甲】乙"}


def test_telegraph_goes_on_one_second_above_its_oldest_row_so_that_rows_of_one_second_are_not_lost():
    rows = [{"id": 1, "ctime": NEW}, {"id": 2, "ctime": str(OLD)}]
    listing = spider_of(ClsTelegraphSpider).read_list(telegraph(*rows), "roll")
    assert listing.cursor == str(OLD + 1)
    assert f"last_time={OLD + 1}&" in spider_of(ClsTelegraphSpider).list_url("roll", listing.cursor)


def test_telegraph_asks_for_no_more_rows_than_the_site_answers():
    assert "&rn=50&" in spider_of(ClsTelegraphSpider).list_url("roll", None)


def test_telegraph_page_without_rows_is_suspect():
    with pytest.raises(EmptyPage):
        spider_of(ClsTelegraphSpider).read_list(telegraph(), "roll")


def test_odd_rows_are_counted_and_lose_no_others():
    odd = [{"ctime": NEW}, "text", None, {"id": "x", "ctime": NEW}]
    page = telegraph({"id": 1, "ctime": NEW}, *odd, {"id": 5, "ctime": "soon"})
    listing = spider_of(ClsTelegraphSpider).read_list(page, "roll")
    assert [(row.url[-9:], row.at) for row in listing.rows] == [("/detail/1", NEW), ("/detail/5", None)]
    assert (listing.odd, listing.cursor) == (4, str(NEW + 1))


def test_half_a_character_in_a_row_loses_no_story():
    page = telegraph({"id": 1, "ctime": NEW, "content": "a\ud83d"})
    listing = spider_of(ClsTelegraphSpider).read_list(page, "roll")
    assert json.loads(listing.rows[0].body)["content"] == "a?"


@pytest.mark.parametrize("mark", ["aliyun_waf_aa", "acw_sc__v2", "TencentCaptcha"])
@pytest.mark.parametrize("spider", [ClsTelegraphSpider, ClsDepthSpider, EastmoneySpider])
def test_slider_in_place_of_a_list_is_a_block_and_a_list_that_speaks_of_one_is_none(spider, mark):
    with pytest.raises(BlockedPage):
        spider_of(spider).read_list(answer(f"<!DOCTYPE html><script>{mark}</script>"), "fast")
    page = telegraph({"id": 1, "ctime": NEW, "content": mark})
    assert spider_of(ClsTelegraphSpider).read_list(page, "roll").rows


@pytest.mark.parametrize("data", [{}, {"roll_data": None}, {"roll_data": {"1": {}}}, [], {"roll_data": [{}, {}]}])
def test_telegraph_of_another_shape_is_a_changed_layout(data):
    with pytest.raises(LayoutError):
        spider_of(ClsTelegraphSpider).read_list(answer({"errno": 0, "data": data}), "roll")


def test_depth_reaches_as_far_as_its_last_row_since_the_first_ones_are_the_editors_choice():
    rows = [{"id": 1, "ctime": OLD - 99_999}, {"id": 2, "ctime": NEW}, {"id": 3, "ctime": OLD}]
    listing = spider_of(ClsDepthSpider).read_list(answer({"errno": 0, "data": rows}), "1000")
    assert (listing.reaches, listing.cursor) == (OLD, str(OLD + 1))
    assert [row.body for row in listing.rows] == [None, None, None]


def test_depth_adverts_and_outside_pages_are_no_stories():
    rows = [{"id": 1, "ctime": NEW, "is_ad": 1}, {"id": 2, "ctime": NEW, "external_link": "https://a.b/"}]
    rows.append({"id": 3, "ctime": NEW, "is_ad": 0, "external_link": ""})
    listing = spider_of(ClsDepthSpider).read_list(answer({"errno": "0", "data": rows}), "1000")
    assert [row.skip for row in listing.rows] == ["advert", "outside", None]


def test_depth_without_rows_ends_its_list():
    listing = spider_of(ClsDepthSpider).read_list(answer({"errno": 0, "data": []}), "1000")
    assert (listing.rows, listing.cursor) == ([], None)


def test_depth_has_every_channel_of_the_sites_menu():
    spider = spider_of(ClsDepthSpider)
    assert len(set(spider.channels)) == 13
    assert "/v3/depth/list/1176?app=CailianpressWeb&id=1176&" in spider.list_url("1176", None)


def test_operators_channels_and_sv_take_the_place_of_ours():
    spider = spider_of(ClsDepthSpider, SourceConfig(channels=("1000",), sv="9.9.9"))
    assert spider.channels == ("1000",)
    assert "&sv=9.9.9&" in spider.list_url("1000", None)


def column(*rows, page=1):
    return answer({"code": "1", "data": {"page_index": page, "list": list(rows)}}, source="eastmoney")


def test_eastmoney_column_rows_lead_to_the_article_page():
    row = {
        "code": "202609183878840472",
        "showTime": "2026-09-19 01:09:08",
        "url": "http://finance.eastmoney.com/news/1345,1.html",
    }
    listing = spider_of(EastmoneySpider).read_list(column(row, page=3), "column:344")
    assert listing.rows[0].url == "https://finance.eastmoney.com/a/202609183878840472.html"
    assert listing.rows[0].at == 1789751348
    assert listing.cursor == "4"
    assert "column=344&order=1&needInteractData=0&page_index=4&" in spider_of(EastmoneySpider).list_url(
        "column:344", "4"
    )


def test_eastmoney_fast_news_goes_on_from_sort_end():
    rows = [{"code": "202609183878840472", "showTime": "2026-09-19 01:09:08"}]
    page = answer({"code": "1", "data": {"fastNewsList": rows, "sortEnd": "1789751348040472"}}, source="eastmoney")
    listing = spider_of(EastmoneySpider).read_list(page, "fast")
    assert listing.cursor == "1789751348040472"
    assert "sortEnd=1789751348040472&" in spider_of(EastmoneySpider).list_url("fast", listing.cursor)


def test_eastmoney_page_without_rows_ends_its_list():
    assert spider_of(EastmoneySpider).read_list(column(page=9), "column:344").cursor is None


@pytest.mark.parametrize(
    "body",
    [
        "<html>",
        {"code": "-1", "message": "error", "data": None},
        {"code": "1", "data": None},
        {"code": "1", "data": {"list": None}},
        {"code": "1", "data": {"list": [{"code": "../../etc/passwd", "showTime": "2026-09-19 01:09:08"}]}},
    ],
)
def test_eastmoney_of_another_shape_is_a_changed_layout(body):
    with pytest.raises(LayoutError):
        spider_of(EastmoneySpider).read_list(answer(body, source="eastmoney"), "column:344")


def test_eastmoney_row_without_a_readable_time_is_still_a_story():
    listing = spider_of(EastmoneySpider).read_list(
        column({"code": "202609183878840472", "showTime": "soon"}), "column:1"
    )
    assert listing.rows[0].at is None
