"""East Money's lists and article pages."""

import lxml.html
import pytest

from newscrawl.demo import expected_records
from newscrawl.demo.articles import COLUMNS

COLUMN = "/comm/web/getNewsByColumns?client=web&biz=web_news_col&order=1&req_trace=t"
FAST = "/comm/web/getFastNewsList?client=web&biz=web_724&fastColumn=102&req_trace=t"


def column_rows(client, column, size=20):
    page = 1
    while rows := client.json(f"{COLUMN}&column={column}&page_index={page}&page_size={size}")["data"]["list"]:
        yield from rows
        page += 1


def fast_rows(client, size=7):
    cursor = ""
    while rows := (data := client.json(f"{FAST}&pageSize={size}&sortEnd={cursor}")["data"])["fastNewsList"]:
        yield from rows
        cursor = data["sortEnd"]


def test_column_row_has_the_fields_of_the_real_one(client):
    row = next(column_rows(client, 350))
    assert list(row) == "summary image code np_dst showTime uniqueUrl title mediaName url".split()
    assert row["uniqueUrl"] == f"http://finance.eastmoney.com/a/{row['code']}.html"
    assert row["url"].endswith(f",{row['code']}.html")


def test_fields_choose_what_a_row_has(client):
    (row, *_) = client.json(f"{COLUMN}&column=350&page_index=1&page_size=1&fields=code,title")["data"]["list"]
    assert set(row) == {"code", "title", "np_dst"}


def test_fast_row_has_the_fields_of_the_real_one(client):
    row = next(fast_rows(client))
    assert {"summary", "code", "titleColor", "realSort", "showTime", "title", "stockList", "image"} <= set(row)
    assert row["summary"].startswith(f"【{row['title']}】")


def test_columns_and_fast_news_together_have_every_article_once(client, site):
    columns = [row["code"] for row in column_rows(client, 350)]
    fast = [row["code"] for row in fast_rows(client)]
    assert len(set(columns)) == len(columns)
    assert len(set(fast)) == len(fast)
    assert {*columns, *fast} == {record.source_id for record in expected_records(site.truth, "eastmoney")}


def test_other_columns_are_parts_of_the_general_one(client):
    everything = {row["code"] for row in column_rows(client, 350)}
    parts = [{row["code"] for row in column_rows(client, column)} for column in COLUMNS if column != 350]
    assert all(part < everything for part in parts)
    assert set.union(*parts) == everything


@pytest.mark.parametrize("path", [COLUMN, FAST])
def test_without_req_trace_the_server_refuses(client, path):
    answer = client.json(path.replace("&req_trace=t", ""))
    assert (answer["code"], answer["data"]) == ("-1", None)


def test_page_is_the_same_under_all_its_paths(client, site):
    story = next(site.truth.stories("em_article"))
    assert client.body(f"/a/{story.code}.html") == client.body(f"/news/1354,{story.code}.html")


def test_page_has_the_parts_of_a_real_one(client, site):
    for story in site.truth.stories("em_article", "em_fast", "shared"):
        text = client.body(f"/a/{story.code}.html").decode()
        tree = lxml.html.fromstring(text)
        assert tree.cssselect("h1")[0].text_content() == story.title
        items = [item.text_content() for item in tree.cssselect(".infos .item")]
        assert items[:2] == [f"{story.moment:%Y年%m月%d日 %H:%M}", f"来源：{story.publisher}"]
        (body,) = tree.cssselect("#ContentBody")
        assert f"（文章来源：{story.publisher}）" in body.text_content()
        assert f"（责任编辑：{story.editor}）" in body.text_content()
        for line in story.paragraphs:
            assert line.replace("\n", "") in body.text_content()


def test_body_holds_the_traps(client, site):
    pages = "".join(
        client.body(f"/a/{story.code}.html").decode() for story in site.truth.stories("em_article", "shared")
    )
    for mark in (
        "　　<strong>",
        'class="keytip"',
        'class="em_stock_key_common"',
        '<span id="quote_1.',
        '<span id="bkquote_90.',
        'class="infokey"',
        "EM_StockImg_Start",
        'alt="K图 ',
        'alt="R图 ',
        "orginial_src=",
        "emheight=",
        "<center><img ",
        "display:none",
        "主力资金加仓名单实时更新，APP内免费看&gt;&gt;",
        "em_handle_adv_close",
        '<h3 class="emh3">',
        "&lt;",
    ):
        assert mark in pages, mark
    assert pages.count("EM_StockImg_Start") > pages.count("EM_StockImg_End")


def test_shared_articles_have_the_same_text_on_both_sites(site):
    on_cls = {record.title: record.body for record in expected_records(site.truth, "cls_depth") if record.shared}
    on_eastmoney = {record.title: record.body for record in expected_records(site.truth, "eastmoney") if record.shared}
    assert on_cls == on_eastmoney
    assert on_cls


def test_unknown_number_is_404(client):
    answer, _ = client.get("/a/202611203900000001.html")
    assert answer.status == 404
