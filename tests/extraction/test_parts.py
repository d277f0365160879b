"""A story of several parts is one record: every part's text in order, and nothing that is there only because of them."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.demo.truth import expected
from newscrawl.demo.world import World
from newscrawl.errors import BlockedPage, LayoutError, PageError, TruncatedPage
from newscrawl.items import Page
from pipelines import read_page
from tests.extraction.plain_pages import page_of, part_of, parts_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORLD = World(seed=7, size=600, now=NOW)
LEAD = [
    "云桥市政府上月公布的规划显示，到明年年底，全市动力电池产能将占全国的一成，配套企业超过三百家。",
    "记者在现场看到，四条产线正在同时调试，工人们把刚刚下线的电芯装入托盘，再由机械臂送往检测区。",
]
FIRST = "青禾电池周五宣布，位于云桥市的新工厂已经投产，年产能将达到二十万套，比去年增长一倍。"
SECOND = "公司董事长林一川表示，新产线采用了自主研发的工艺，良品率有望提升至百分之九十八。"
THIRD = "分析人士认为，行业竞争仍然激烈，价格压力短期内难以缓解，企业需要控制成本。"
SIDE = "<div class='box'><p>主编每周荐读，欢迎参与讨论。</p></div>"


def page(body, number=1, *, title="新工厂投产产能翻番", behind=SIDE, url="https://news.example.cn/a/1234{}.html"):
    head = f"<h1>{title}</h1><p>2026-11-20 08:30　来源：云桥日报</p>"
    text = f"<html><head><title>{title}_云桥日报</title></head><body>{head}{body}{behind}</body></html>"
    return Page(
        url=url.format(f"_{number}" if number > 1 else ""),
        source="",
        body=text.encode(),
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=NOW,
    )


def story(*bodies, **changes):
    """The article of a story whose first part begins with two paragraphs more, as a whole page has them."""
    bodies = [paragraphs(*LEAD) + bodies[0], *bodies[1:]]
    first, *further = [page(f"<div id='article-text'>{body}</div>", n, **changes) for n, body in enumerate(bodies, 1)]
    return read_page(replace(first, parts=tuple(further)))


def lines(*bodies, **changes):
    return told(story(*bodies, **changes))


def told(article):
    """The body's lines behind the lead."""
    found = article.body.splitlines()
    assert found[: len(LEAD)] == LEAD
    return found[len(LEAD) :]


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def test_bodies_are_joined_in_order_and_the_head_is_the_first_parts():
    article = story(paragraphs(FIRST), paragraphs(SECOND), paragraphs(THIRD))
    assert told(article) == [FIRST, SECOND, THIRD]
    assert article.body_html == paragraphs(*LEAD, FIRST, SECOND, THIRD)
    assert (article.title, article.publisher) == ("新工厂投产产能翻番", "云桥日报")
    assert article.url == "https://news.example.cn/a/1234.html"
    assert article.seen_at == (article.url,), "a part is no address of the story"


PAGERS = [
    "<div class='page'>上一页 <a href='1234.html'>1</a> <b>2</b> <a href='1234_3.html'>3</a> 下一页</div>",
    "<div>共3页 <span>上一页</span> <a href='1234_2.html'>2</a> <a href='1234_2.html'>下一页</a> <a>尾页</a></div>",
    "<ul><li><a href='1234.html'>1</a></li><li><a href='1234_2.html'>2</a></li><li><a>下一页</a></li></ul>",
    "<p align='center'>[1] <a href='1234_2.html'>[2]</a></p>",
    "<p align='center'><a href='1234.html'>1</a> | <a href='1234_2.html'>2</a></p>",
    "<center>第1页 第2页 第3页</center>",
    "<p><a href='1234_2.html'>下一页：谁来买单</a></p>",
    "<p><a href='1234_all.html'>在本页阅读全文</a></p>",
    "<select><option>第1页：开工</option><option>第2页：投产</option></select>",
    "<p>&lt;&lt; 上一页 | 下一页 &gt;&gt;</p>",
    "<p><a href='1234_2.html'>Next page »</a></p>",
]


@pytest.mark.parametrize("pager", PAGERS)
def test_pager_is_in_no_body(pager):
    article = story(paragraphs(FIRST) + pager, pager + paragraphs(SECOND) + pager)
    assert told(article) == [FIRST, SECOND]
    assert article.body_html == paragraphs(*LEAD, FIRST, SECOND)


@pytest.mark.parametrize("pager", PAGERS[:1])
def test_pager_of_bare_lines_is_in_no_body(pager):
    inside = pager.removeprefix("<div class='page'>").removesuffix("</div>")
    assert lines(f"{FIRST}<br>{SECOND}<br><br>{inside}", f"{THIRD}<br>{inside}") == [FIRST, SECOND, THIRD]


def test_numbers_of_the_story_stay():
    table = "<table><tr><td>产能</td><td>20</td></tr><tr><td>增长</td><td>3</td></tr></table>"
    found = lines(paragraphs(FIRST) + table + PAGERS[0], paragraphs(SECOND, "1", "其中3项"))
    assert found == [FIRST, "产能 20", "增长 3", SECOND, "1", "其中3项"]


@pytest.mark.parametrize("title", ["新工厂投产产能翻番", "新工厂投产产能翻番（2）", "新工厂投产 产能翻番(第2页)"])
def test_repeated_head_is_in_no_body(title):
    head = f"<p align='center'><b>{title}</b></p><p>2026-11-20 08:30 来源：云桥日报 作者：王一</p>"
    assert lines(paragraphs(FIRST), head + paragraphs(SECOND, THIRD)) == [FIRST, SECOND, THIRD]


def test_heading_and_date_within_a_part_stay():
    assert lines(paragraphs(FIRST), paragraphs("二、谁来买单", SECOND, "2026-11-20 08:30")) == [
        FIRST,
        "二、谁来买单",
        SECOND,
        "2026-11-20 08:30",
    ]


@pytest.mark.parametrize("place", [12, 25, 27, 37])
def test_sentence_cut_at_the_end_of_a_part_is_one_again(place):
    long = FIRST.rstrip("。") + "，" + SECOND
    cut = len(FIRST) + place
    article = story(
        paragraphs(THIRD, f"<b>青禾</b>{long[2:cut]} ") + PAGERS[0], paragraphs(f"　　{long[cut:]}<i>（完）</i>", THIRD)
    )
    assert told(article) == [THIRD, long + "（完）", THIRD]
    assert "<i>（完）</i></p>" in article.body_html


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (SECOND, THIRD),
        ("二、谁来买单", THIRD),
        ("（记者 王一，编辑 李二，校对 张三，供图 云桥日报社摄影部）", THIRD),
        (SECOND.rstrip("。"), "“我们很高兴，”市长说。"),
        (SECOND.rstrip("。"), "三、价格还会降吗"),
        (SECOND.rstrip("。"), "（截至上周五收盘）"),
    ],
)
def test_paragraphs_of_two_parts_stay_two(last, first):
    assert lines(paragraphs(FIRST, last), paragraphs(first, SECOND)) == [FIRST, last, first, SECOND]


def test_images_are_each_parts_own_in_order_and_once():
    image = "<p><img data-src='{0}' src='/i/blank.gif' alt='厂房{0}'></p>"
    article = story(
        paragraphs(FIRST) + image.format("a.jpg") + image.format("b.jpg"),
        paragraphs(SECOND) + image.format("b.jpg") + image.format("c.jpg"),
        url="https://news.example.cn/a/1234{}.html",
    )
    assert [url.rpartition("/")[2] for url in article.image_urls] == ["a.jpg", "b.jpg", "c.jpg"]
    folders = page(f"<div id='article-text'>{paragraphs(SECOND)}{image.format('c.jpg')}</div>", 2)
    first = page(f"<div id='article-text'>{paragraphs(*LEAD, FIRST)}{image.format('a.jpg')}</div>")
    article = read_page(replace(first, parts=(replace(folders, url="https://news.example.cn/a/1234/2.html"),)))
    assert article.image_urls == ("https://news.example.cn/a/a.jpg", "https://news.example.cn/a/1234/c.jpg")
    assert 'src="https://news.example.cn/a/1234/c.jpg" alt="厂房c.jpg"' in article.body_html


def test_link_of_a_part_is_relative_to_that_part():
    first, second = (
        page(f"<div id='article-text'>{paragraphs(*LEAD, FIRST)}</div>"),
        page(f"<div id='article-text'><p>{SECOND}<a href='b'>注</a></p></div>"),
    )
    article = read_page(replace(first, parts=(replace(second, url="https://news.example.cn/a/1234/2.html"),)))
    assert 'href="https://news.example.cn/a/1234/b"' in article.body_html


def test_editor_may_stand_on_the_last_part():
    first, second = (
        page(f"<div id='article-text'>{paragraphs(*LEAD, FIRST)}</div>"),
        f"<div id='article-text'>{paragraphs(SECOND)}</div>",
    )
    last = page(second, 2, behind="<p>（责任编辑：赵景行）</p>")
    article = read_page(replace(first, parts=(last,)))
    assert (article.editor, article.provenance["editor"]) == ("赵景行", "generic")
    other = page(f"<div id='article-text'>{paragraphs(*LEAD, FIRST)}</div>", behind="<p>（责任编辑：钱一）</p>")
    assert read_page(replace(other, parts=(last,))).editor == "钱一"


def test_last_part_may_be_short():
    assert lines(paragraphs(FIRST, SECOND), paragraphs("全文完。")) == [FIRST, SECOND, "全文完。"]


def test_stocks_of_every_part_are_named():
    article = story(paragraphs(FIRST), paragraphs(SECOND + "岳麟股份（609128.SH）涨停。"))
    assert [stock.code for stock in article.stocks] == ["609128"]


REFUSED = [
    (b"", "empty", "part 2: the answer is empty"),
    (b"<html><body></body></html>", "empty", "part 2: the page shows no text"),
    ("<title>页面不存在</title><h1>您访问的页面不存在或已删除</h1>".encode(), "layout", "part 2: the site says that"),
    ("<title>登录</title><p>请登录后查看全文</p>".encode(), "blocked", "part 2: the site asks for a login"),
    (b"<html><script>aliyun_waf_aa</script></html>", "blocked", "part 2: the site shows a slider"),
    (b"<p>" + b"<b>" * 60_000, "too_complex", "part 2: "),
]


@pytest.mark.parametrize(("body", "kind", "reason"), REFUSED, ids=[f"{kind}-{len(body)}" for body, kind, _ in REFUSED])
def test_part_that_cannot_be_read_refuses_the_whole_story(body, kind, reason):
    first, second, third = (
        page(f"<div id='article-text'>{paragraphs(text)}</div>", n)
        for n, text in enumerate((FIRST * 3, SECOND, THIRD), 1)
    )
    with pytest.raises(PageError) as refusal:
        read_page(replace(first, parts=(replace(second, body=body), third)))
    assert refusal.value.kind == kind
    assert refusal.value.reason.startswith(reason)


@pytest.mark.parametrize(
    "line", ["1" * 5_000, "页:" * 5_000, "next page 3 " * 2_000, "第 " * 5_000, "（" * 9_000 + "下一页"]
)
def test_line_that_could_be_read_in_many_ways_costs_nothing(line):
    assert lines(paragraphs(FIRST, line + "完"), paragraphs(SECOND, line + "完"))[0] == FIRST


# -- where a rule reads -----------------------------------------------------------------------------------------------------


def eastmoney(body, number=1, end="</html>"):
    text = f'<html><head><title>新工厂投产 _ 东方财富网</title></head><body><h1>新工厂投产</h1><div class="infos"><div class="item">2026年11月20日 08:30</div></div>{body}{SIDE}</body>{end}'
    url = f"https://finance.eastmoney.com/a/202611203900022126{f'_{number}' if number > 1 else ''}.html"
    return Page(url=url, source="eastmoney", body=text.encode(), fetched_at=NOW)


def test_further_parts_are_read_by_the_same_rule():
    first = eastmoney(f"<div id='ContentBody'>{paragraphs(FIRST)}{PAGERS[0]}</div>")
    editor = '<p class="res-edit">（责任编辑：赵景行）</p>'
    second = eastmoney(f"<div id='ContentBody'>{paragraphs('新工厂投产（2）', '全文完。')}{editor}</div>", 2)
    article = read_page(replace(first, parts=(second,)))
    assert article.body.splitlines() == [FIRST, "全文完。"]
    assert article.provenance["body"] == article.provenance["editor"] == "rule"
    assert (article.source_id, article.editor) == ("202611203900022126", "赵景行")


def test_part_that_the_rule_does_not_read_is_refused_though_another_reader_would():
    first = eastmoney(f"<div id='ContentBody'>{paragraphs(FIRST)}</div>")
    with pytest.raises(LayoutError, match="part 2: no body found"):
        read_page(replace(first, parts=(eastmoney(f"<div>{paragraphs(SECOND, THIRD)}</div>", 2),)))


def test_part_that_ends_too_early_is_refused():
    first = eastmoney(f"<div id='ContentBody'>{paragraphs(FIRST)}</div>")
    second = eastmoney(f"<div id='ContentBody'>{paragraphs(SECOND)}</div>", 2, end="")
    with pytest.raises(TruncatedPage, match="part 2: the page ends before its </html>"):
        read_page(replace(first, parts=(second,)))


# -- where the page's own data tell the story --------------------------------------------------------------------------------


def drawn(*texts, number=1):
    story = {"title": "新工厂投产", "publishTime": "2026-11-20 08:30:00", "content": paragraphs(*texts)}
    data = json.dumps({"props": {"pageProps": {"story": story}}}, ensure_ascii=False)
    script = f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    text = f"<html><head><title>新工厂投产</title></head><body><div id='app'></div>{script}</body></html>"
    url = f"https://news.example.cn/a/1234{f'_{number}' if number > 1 else ''}.html"
    return Page(url=url, source="", body=text.encode(), fetched_at=NOW)


def test_further_parts_are_read_from_the_same_data():
    article = read_page(replace(drawn(*LEAD, FIRST), parts=(drawn(SECOND, THIRD, *LEAD, number=2),)))
    assert article.body.splitlines() == [*LEAD, FIRST, SECOND, THIRD, *LEAD]
    assert article.provenance["body"] == "embedded"
    with pytest.raises(LayoutError, match="part 2: no body found"):
        read_page(replace(drawn(*LEAD, FIRST), parts=(page(paragraphs(SECOND, THIRD), 2),)))


# -- the sample site --------------------------------------------------------------------------------------------------------

PAGED = [story for family in ("gbk", "web") for story in WORLD.stories(family) if len(parts_of(story)) > 1]
WHOLE = [story for story in WORLD.stories("gbk") if len(parts_of(story)) == 1]


@pytest.mark.parametrize("story", PAGED, ids=lambda story: story.id)
def test_one_part_alone_is_not_the_story(story):
    assert read_page(replace(page_of(story), parts=())).body != expected(story, story.family).body


@settings(max_examples=60)
@given(st.sampled_from(WHOLE), st.sets(st.integers(1, 12), max_size=4))
def test_however_a_story_is_parted_its_record_is_the_same(whole, places):
    texts = [n for n, block in enumerate(whole.blocks) if block.text]
    starts = [0, *sorted({texts[place] for place in places if place < len(texts)}), len(whole.blocks)]
    parted = [whole.blocks[start:end] for start, end in pairwise(starts)]
    first, *further = [part_of(whole, n, blocks=blocks, parts=len(parted)) for n, blocks in enumerate(parted, 1)]
    one, joined = read_page(page_of(whole)), read_page(replace(first, parts=tuple(further)))
    for name in ("title", "published_at", "body", "image_urls", "publisher", "author", "editor", "stocks"):
        assert getattr(joined, name) == getattr(one, name)
    assert markup_of(joined) == markup_of(one)


def markup_of(article):
    """Without white space, and without the boxes into which a short part's text may be put."""
    return re.sub(r"\s|</?div>", "", article.body_html)


def test_refusal_of_the_first_part_names_no_part():
    story_page = page_of(PAGED[0])
    with pytest.raises(BlockedPage, match=r"^the site shows a slider"):
        read_page(replace(story_page, body=b"<html><script>aliyun_waf_aa</script></html>"))
