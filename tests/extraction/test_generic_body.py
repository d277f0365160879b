"""The generic reader's body: the article and nothing beside it, on pages whose layout nobody has described."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from newscrawl.document import parse_page
from newscrawl.extraction.generic.blocks import Outline
from newscrawl.extraction.generic.body import cut, find_body
from newscrawl.extraction.images import body_images
from newscrawl.extraction.text import visible_text
from newscrawl.items import Image, Page

FIRST = "青禾电池周五宣布，位于云桥市的新工厂已经投产，年产能将达到二十万套，比去年增长一倍。"
SECOND = "公司董事长林一川表示，新产线采用了自主研发的工艺，良品率有望提升至百分之九十八。"
THIRD = "分析人士认为，行业竞争仍然激烈，价格压力短期内难以缓解，企业需要控制成本。"
ARTICLE = [FIRST, SECOND, THIRD]
ENGLISH = [
    "The harbour town of Eastmere opened its new ferry terminal on Friday, two years later than planned.",
    "Officials said the delay was caused by a shortage of steel, which drove costs up by almost a third.",
    "“We are glad it is over,” said the mayor, adding that the first boats would sail on Monday.",
]
MENU = "".join(f'<li><a href="/{number}">栏目名称{number}</a></li>' for number in range(12))


def found(markup, url="https://news.example.cn/a.html"):
    page = Page(
        url=url,
        source="",
        body=f"<html><head><title>新工厂投产产能翻番_云桥日报</title></head><body>{markup}</body></html>".encode(),
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    document = parse_page(page)
    body = find_body(Outline(document.tree))
    return body and SimpleNamespace(
        images=cut(body, document.page.url), element=body.element, confidence=body.confidence
    )


def lines(markup):
    body = found(markup)
    return visible_text(body.element).splitlines() if body else None


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


BODY = f"<div>{paragraphs(ARTICLE)}</div>"


@pytest.mark.parametrize(
    "beside",
    [
        f"<ul>{MENU}</ul>",
        f"<div class='x'>{MENU}</div>",
        "<div id='comments'><p>写得很好，支持一下，希望以后多报道。</p><p>楼上说得对，我也这样想，顶。</p></div>",
        "<footer><p>版权所有，未经许可，不得转载。地址：云桥市南湖路，邮编：000000。</p></footer>",
        "<div class='related'><p>相关公司股价上涨，成交活跃，市场关注度提升。</p></div>",
        "<aside><p>本栏目每日更新，欢迎关注，转载请联系编辑。</p></aside>",
        "<form><input value='x'><label>请输入关键词，然后搜索：</label><button>搜索，提交。</button></form>",
    ],
)
def test_what_stands_beside_the_article_is_left_out(beside):
    assert lines(beside + BODY + beside) == ARTICLE
    assert lines(f"<div>{beside}{BODY}{beside}</div>") == ARTICLE


@pytest.mark.parametrize(
    "inside",
    [
        f"<ul>{MENU}</ul>",
        "<div class='share-bar'><span>分享到：</span><a href='#'>微博</a></div>",
        "<nav>首页，新闻，财经。</nav>",
        "<p>责任编辑：陈小满</p>",
        "<p>（来源：云桥日报）</p>",
        "<p>原标题：新工厂投产，产能翻番</p>",
        "<select><option>更多，选项。</option></select>",
        "<p style='display: none'>请返回首页，谢谢，再见。</p>",
    ],
)
def test_boilerplate_in_the_container_is_left_out(inside):
    assert lines(f"<div>{paragraphs(ARTICLE)}{inside}</div>") == ARTICLE


def test_the_article_ends_where_what_always_follows_begins():
    teasers = "<h4>相关阅读</h4><p>另一家公司宣布减产，股价下跌，投资者担忧。</p><p><img src='/late.jpg'></p>"
    markup = f"<div>{paragraphs(ARTICLE)}<p><img src='/in.jpg'></p>{teasers}</div>"
    assert lines(markup) == ARTICLE
    assert [image.url for image in body_images(found(markup).element, "")] == ["/in.jpg"]


def test_a_word_that_ends_articles_does_not_end_one_at_its_start():
    assert lines(f"<div><p>相关阅读</p>{paragraphs(ARTICLE)}</div>") == ["相关阅读", *ARTICLE]


@pytest.mark.parametrize(
    "head",
    [
        "<h1>新工厂投产</h1><p>2026-11-20 10:30　来源：云桥日报</p>",
        "<h1>新工厂投产</h1><p>来源：云桥日报</p><p>2026-11-20 10:30</p>",
        "<h2>云桥市新工厂投产，年产能翻番达到二十万套</h2><p>2026-11-20 10:30</p>",
        "<p>2026-11-20 10:30</p><h1>新工厂投产</h1>",
    ],
)
def test_headline_and_dateline_in_the_container_are_no_body(head):
    assert lines(f"<div>{head}{paragraphs(ARTICLE)}</div>") == ARTICLE


@pytest.mark.parametrize("tag", ["h2", "div", "td"])
def test_a_headline_is_known_by_the_title_of_the_page(tag):
    head = f"<{tag}>新工厂投产产能翻番</{tag}><p>2026年11月20日　作者：周野</p>"
    assert lines(f"<div>{head}{paragraphs(ARTICLE)}</div>") == ARTICLE


def test_a_sentence_that_begins_with_a_date_is_body():
    dated = "2026年11月20日，青禾电池召开会议，讨论来年的计划，并通过了三项决议。"
    assert lines(f"<div><p>{dated}</p>{paragraphs(ARTICLE)}</div>") == [dated, *ARTICLE]


@pytest.mark.parametrize("tag", ["td", "font", "center", "div", "span"])
def test_lines_between_breaks_are_paragraphs(tag):
    text = "<br><br>　　".join(ARTICLE)
    page = f"<table><tr><td>{MENU}</td></tr></table><{tag}>{text}<br>责任编辑：陈小满</{tag}>"
    if tag == "td":
        page = f"<table><tr><td><ul>{MENU}</ul></td><td>{text}<br>责任编辑：陈小满</td></tr></table>"
    assert lines(page) == ARTICLE


def test_text_right_under_the_body():
    assert lines("<br>".join(ARTICLE)) == ARTICLE


def test_english_articles_too():
    rail = paragraphs(f"<a href='/{number}'>Ten things to know about ferries, part {number}</a>" for number in range(9))
    page = f"<div class='rail'>{rail}</div><article>{paragraphs(ENGLISH)}<h3>Related stories</h3>{rail}</article>"
    assert lines(page) == ENGLISH


def test_tables_lists_and_images_stay():
    table = "<table><tr><th>年份</th><th>产能</th></tr><tr><td>2026</td><td>20万套</td></tr></table>"
    inner = f"{paragraphs(ARTICLE[:2])}{table}<ul><li>一号线</li><li>二号线</li></ul><p><img src='/p/a.jpg'></p>"
    body = found(f"<div><div>{inner}{paragraphs(ARTICLE[2:])}</div></div>")
    assert visible_text(body.element).splitlines() == [
        FIRST, SECOND, "年份 产能", "2026 20万套", "一号线", "二号线", THIRD,
    ]  # fmt: skip
    assert body.element.find(".//table") is not None
    assert body.element.find(".//ul") is not None
    assert body.element.find(".//img") is not None


def test_links_in_sentences_stay():
    linked = FIRST.replace("青禾电池", "<a href='/s'>青禾电池</a>")
    assert lines(f"<div>{paragraphs([linked, SECOND])}</div>") == [FIRST, SECOND]


def test_a_wrapper_named_after_its_sidebar_is_no_sidebar():
    page = f"<div class='with-sidebar share-box'>{BODY}<div class='sidebar'><p>热门文章，点击查看，每日更新。</p></div></div>"
    assert lines(page) == ARTICLE


def test_a_part_named_after_its_share_buttons_that_holds_the_article_is_no_aside():
    part = f"<div class='share-box'>{paragraphs(ARTICLE[1:])}</div>"
    assert lines(f"<div><p>{FIRST}</p>{part}</div>") == ARTICLE


def test_an_article_named_after_its_format_is_no_caption():
    article = f"<article class='post format-gallery'>{paragraphs(ARTICLE[1:])}</article>"
    assert lines(f"<div><p>{FIRST}</p>{article}</div>") == ARTICLE


def test_a_form_around_the_whole_page_is_no_form():
    assert lines(f"<form>{BODY}</form>") == ARTICLE


def test_comments_longer_than_the_article_are_still_comments():
    comments = paragraphs("说得真好，我很赞同，希望作者继续写下去，大家都来看看。" for _ in range(30))
    assert lines(f"{BODY}<div id='comments'>{comments}</div>") == ARTICLE


def test_the_container_that_calls_itself_body_wins_over_a_longer_list_of_teasers():
    teasers = "".join(f"<div>{paragraphs([text])}</div>" for text in ARTICLE)
    assert lines(f"<div><div>{teasers}</div></div><div itemprop='articleBody'>{paragraphs(ARTICLE)}</div>") == ARTICLE


@pytest.mark.parametrize("text", ["【青禾电池：新工厂已经投产】青禾电池公告，新工厂已于今日投产，预计年产能二十万套。"])
def test_a_flash_of_one_sentence(text):
    body = found(f"<ul>{MENU}</ul><div><h1>快讯</h1><p>{text}</p></div><ul>{MENU}</ul>")
    assert visible_text(body.element) == text
    assert body.confidence > 0.5


@pytest.mark.parametrize(
    "page", ["", f"<ul>{MENU}</ul>", "<p>登录</p><form><input></form>", "<video src='/v.mp4'></video>"]
)
def test_a_page_without_sentences_has_no_body(page):
    assert found(page) is None


def test_a_short_hint_is_unsure():
    assert found("<p>页面不存在，请返回。</p>").confidence < 0.5
    assert found(BODY).confidence == 1.0


@pytest.mark.parametrize(
    "figure",
    [
        "<figure><img src='/f.jpg'><figcaption>图为新工厂，摄影：周野。</figcaption></figure>",
        "<div><p><img src='/f.jpg'></p><p class='pic-caption'>图为新工厂，摄影：周野。</p></div>",
    ],
)
def test_captions_are_the_images_own(figure):
    page = f"<div>{paragraphs(ARTICLE)}{figure}</div>"
    assert lines(page) == ARTICLE
    assert found(page).images == (Image("https://news.example.cn/f.jpg", caption="图为新工厂，摄影：周野。"),)


def test_a_gallery_loses_its_texts_and_not_its_images():
    gallery = "<div class='gallery'><span>1 / 2，下一张。</span><img src='/g1.jpg'>左<img src='/g2.jpg'>右</div>"
    page = f"<div>{gallery}{paragraphs(ARTICLE)}</div>"
    assert lines(page) == ARTICLE
    assert [image.url for image in body_images(found(page).element, "")] == ["/g1.jpg", "/g2.jpg"]


@pytest.mark.parametrize(
    "attributes",
    [
        "src='/img/icon09.gif'", "src='/css/end.png'", "src='/q.jpg' alt='扫码关注公众号'", "src='/a/avatar.png'",
        "src='/t.gif' width='1' height='1'", "src='/f/w880h180/x.jpg'", "src='data:image/gif;base64,AA'",
        "src='/u/1.jpg' class='author-photo'", "src='/ad.jpg'", "src='/newchart/kline/x.gif'",
    ],
)  # fmt: skip
def test_furniture_is_no_image_of_the_article(attributes):
    page = f"<div>{paragraphs(ARTICLE)}<p><img {attributes}></p><p><img src='/pic/3ad4f.jpg' width='600'></p></div>"
    assert [image.url for image in body_images(found(page).element, "https://n.cn/a")] == ["https://n.cn/pic/3ad4f.jpg"]


@pytest.mark.parametrize("name", ["pixel-4-review-by-the-sea.jpg", "harbour_s.jpg", "00ad0da7.jpg"])
def test_a_photograph_may_have_such_a_word_in_its_name(name):
    page = f"<div>{paragraphs(ARTICLE)}<p><img src='/p/{name}'></p></div>"
    assert len(found(page).images) == 1
