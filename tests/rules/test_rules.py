"""Which rule reads a page, and what a rule does where a page lacks what it should have."""

from datetime import UTC, datetime

import pytest

from newscrawl.errors import EmptyPage, GonePage, LayoutError
from newscrawl.items import Page, Tag
from newscrawl.rules import all_rules
from newscrawl.rules.eastmoney import identify
from pipelines import extract_article, read_page

BODY = '<div id="ContentBody"><p>青禾电池今日宣布新工厂投产。</p><p class="em_media">（文章来源：东澜日报）</p></div>'
NUMBER = "202611203900000037"
ADDRESS = f"https://finance.eastmoney.com/a/{NUMBER}.html"


def eastmoney(inside, head="<title>标题_东方财富网</title>"):
    return f"<html><head>{head}</head><body>{inside}</body></html>"


def post(body, front='title: "标题"\ndate: 2022-05-31 14:13:41 +0800'):
    text = f"---\nlayout: post\n{front}\n---\n{body}\n\n<{ADDRESS}>\n\n[返回首页](/)"
    return Page(
        url=ADDRESS,
        source="finews",
        body=text.encode(),
        headers={"content-type": "text/markdown", "x-file-name": f"2022-05-31-{NUMBER}"},
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def test_each_source_has_one_rule():
    names = [name for rule in all_rules() for name in rule.sources]
    assert len(names) == len(set(names))
    assert set(names) >= {"cls_telegraph", "cls_depth", "eastmoney", "finews"}


@pytest.mark.parametrize(
    ("page", "source"),
    [
        ('{"id": 1, "ctime": 1790274888, "content": "财联社9月25日电，示例。"}', "cls_telegraph"),
        (eastmoney("<h1>标题</h1>" + BODY), "eastmoney"),
    ],
)
def test_without_source_and_address_a_page_is_known_by_its_form(page, source):
    article = extract_article(page)
    assert article.source == source


def test_a_page_of_no_known_site_is_refused_and_not_guessed():
    with pytest.raises(LayoutError, match="no body"):
        extract_article(
            "<html><head><title>x</title></head><body><p>某段文字</p></body></html>", "https://example.com/1"
        )


@pytest.mark.parametrize(
    "address",
    [
        f"http://finance.eastmoney.com/news/1353,{NUMBER}.html",
        f"http://stock.eastmoney.com/a/{NUMBER}.html",
        f"https://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW{NUMBER}",
        f"2026-11-20-NW{NUMBER}",
    ],
)
def test_one_number_whatever_the_address(address):
    assert identify(address) == (NUMBER, ADDRESS)


@pytest.mark.parametrize("address", ["https://finance.eastmoney.com/", "https://x.cn/a/123456789012345678.html", ""])
def test_other_numbers_are_none(address):
    assert identify(address) == (None, address)


def test_eastmoney_falls_back_on_the_pages_own_words_for_machines():
    article = extract_article(eastmoney(BODY, '<meta property="og:title" content="标题二"><title>x</title>'), ADDRESS)
    assert (article.title, article.publisher) == ("标题二", "东澜日报")
    article = extract_article(eastmoney(BODY), ADDRESS)
    assert article.title == "标题"
    ld = '<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "datePublished": "2026-11-20T09:30:00+08:00",'
    ld += ' "author": [{"name": "顾南"}, {"name": "许知夏"}]}]}</script><script type="application/ld+json">{broken</script>'
    article = extract_article(eastmoney("<h1>标题</h1>" + BODY, ld), ADDRESS)
    assert (article.published_at.isoformat(), article.published_precision) == ("2026-11-20T09:30:00+08:00", "second")
    assert article.provenance["published_at"] == "embedded"
    assert article.author == "顾南 许知夏"


def test_eastmoney_is_dated_beside_the_body_wherever_its_first_words_stand_else():
    menu, shown = "<ul><li><a href='/1'>财联社</a></li><li>要闻</li></ul>" * 20, "<h1>标题</h1><b>2026-11-20 09:30</b>"
    body = "<div id='ContentBody'><p><a href='/1'>财联社</a>11月20日电，青禾电池的新工厂投产。</p></div>"
    assert extract_article(eastmoney(menu + shown + body), ADDRESS).published_raw == "2026-11-20 09:30"


def test_eastmoney_says_that_an_article_is_gone():
    with pytest.raises(GonePage):
        extract_article(eastmoney("<p>您访问的页面不存在</p>"), ADDRESS)


def test_eastmoney_takes_only_pages():
    with pytest.raises(LayoutError):
        extract_article('{"errno": 1}', ADDRESS)


def test_a_title_inside_the_body_is_not_the_pages_title():
    inside = BODY.replace("<p>", "<h1>文中小标题</h1><p>", 1)
    assert extract_article(eastmoney(inside), ADDRESS).title == "标题"


def test_a_post_without_a_date_has_the_day_of_its_number():
    article = read_page(post("<p>正文。</p>", 'title: "标题"\ndate:  +0800'))
    assert (article.published_at.isoformat(), article.published_precision) == ("2026-11-20T00:00:00+08:00", "day")
    assert article.provenance["published_at"] == "address"


@pytest.mark.parametrize("body", ["", "<p> </p>", "<p style='display: none'>x</p>"])
def test_a_post_without_a_body_is_refused(body):
    with pytest.raises(EmptyPage):
        read_page(post(body))


def test_a_post_with_its_digest_only_has_that_as_its_body():
    article = read_page(post("> 摘要就是全文。\n"))
    assert (article.body, article.summary) == ("摘要就是全文。", None)


@pytest.mark.parametrize("text", ["no front matter", "---\ntitle: x", "words\n---\ntitle: x\n---\nbody"])
def test_a_post_without_front_matter_is_refused(text):
    page = Page(url="", source="finews", body=text.encode(), headers={"content-type": "text/markdown"},
                fetched_at=datetime(2026, 11, 20, tzinfo=UTC))  # fmt: skip
    with pytest.raises(LayoutError, match="front matter"):
        read_page(page)


@pytest.mark.parametrize(
    ("front", "publisher"),
    [
        ("categories: meirijing\ntags: 每日经济新闻新闻", "每日经济新闻"),
        ("categories: emnews\ntags: 东财滚动新闻", None),
    ],
)
def test_the_medium_of_a_tag(front, publisher):
    article = read_page(post("<p>正文。</p>", f'title: "他说 "好" 与 [列表]"\ndate: 2022-05-31 14:13\n{front}'))
    assert article.publisher == publisher
    assert article.title == '他说 "好" 与 [列表]'
    assert Tag("keyword", front.split("tags: ")[1]) in article.tags


def detail(props, dom=""):
    import json

    script = json.dumps({"props": props}).replace("<", "\\u003c")
    return f'<html><body>{dom}<script id="__NEXT_DATA__" type="application/json">{script}</script></body></html>'


STORY = {"id": 2600001, "title": "标题", "content": "<p>正文。</p>", "ctime": 1790274888, "author": "央视新闻"}


def test_cls_refuses_a_page_about_another_article():
    page = detail({"pageProps": {"articleDetail": STORY}})
    with pytest.raises(LayoutError, match="2600001"):
        extract_article(page, "https://www.cls.cn/detail/2600002")


def test_cls_reads_from_the_page_what_the_data_lacks():
    renamed = {key: value for key, value in STORY.items() if key not in {"title", "content"}} | {"heading": "标题"}
    dom = '<div class="article-title"><span>页上标题</span></div><div class="detail-content"><p>页上正文。</p></div>'
    article = extract_article(
        detail({"pageProps": {"articleDetail": renamed}}, dom), "https://www.cls.cn/detail/2600001"
    )
    assert (article.title, article.body) == ("页上标题", "页上正文。")
    assert (article.provenance["title"], article.provenance["published_at"]) == ("rule:dom", "rule")


def test_cls_takes_a_reprints_medium_for_its_publisher():
    article = extract_article(detail({"pageProps": {"articleDetail": STORY}}), "https://m.cls.cn/detail/2600001")
    assert (article.publisher, article.author) == ("央视新闻", None)
    assert article.url == "https://www.cls.cn/detail/2600001"
    assert article.seen_at == ("https://m.cls.cn/detail/2600001",)


def test_cls_data_of_other_types_than_ever_seen_do_no_harm():
    odd = STORY | {"subject": None, "images": "x", "stock_list": [None, {"StockID": 5}], "author": [], "brief": None,
                   "column": {"columnID": 3, "columnName": "栏目"}, "visibleTags": [{"name": None}], "level": None}  # fmt: skip
    article = extract_article(detail({"pageProps": {"articleDetail": odd}}), "https://www.cls.cn/detail/2600001")
    assert article.tags == (Tag("column", "栏目"),)
    assert (article.images, article.stocks, article.publisher) == ((), (), None)


def test_cls_reads_the_assignment_of_2020():
    page = '<html><script>__NEXT_DATA__ = {"props": {"initialState": {"detail": {"articleDetail": '
    page += '{"id": 5, "title": "题", "content": "<p>文</p>", "ctime": 1590274888}}}}};module={}</script></html>'
    article = extract_article(page)
    assert (article.title, article.body, article.source_id) == ("题", "文", "5")


def test_a_page_whose_data_tell_all_is_read_from_them_alone():
    detail = '{"id": 5, "title": "标题", "ctime": 1790274888, "content": "<p>青禾电池今日宣布新工厂投产。</p>"}'
    data = f'<script id="__NEXT_DATA__">{{"props": {{"pageProps": {{"articleDetail": {detail}}}}}}}</script>'
    nested = "<div>" * 5_000  # no parser follows it
    article = extract_article(f"<html><body>{nested}{data}</body></html>", "https://www.cls.cn/detail/5")
    assert (article.title, article.body) == ("标题", "青禾电池今日宣布新工厂投产。")
    assert set(article.provenance.values()) == {"rule"}
