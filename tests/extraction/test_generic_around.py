"""Title, date and people of a page that no rule knows, by where and how they stand around the body."""

import pytest

from pipelines import extract_article

STORY = "".join(
    f"<p>青禾电池第{number}条产线今日投产，年产能提高一倍，公司称订单已排到明年，市场反应平静。</p>"
    for number in range(1, 5)
)
TITLE = "青禾电池新厂投产 产能翻番"
LINE = "<div class='info'><span>2026-11-20 19:55</span><span>来源：云泽财经网</span></div>"


def page(head=f"<title>{TITLE}_公司_澄州财经网</title>", above=f"<h1>{TITLE}</h1>{LINE}", below="", story=STORY):
    return (
        f"<html><head>{head}</head><body><ul><li><a href='/'>首页</a></li><li><a href='/c'>公司</a></li></ul>"
        f"<div class='main'>{above}<div class='text'>{story}</div>{below}</div>"
        "<div class='side'><h3>热门</h3><a href='/1'>别处的旧闻一则 2025-01-02 03:04</a></div></body></html>"
    )


def read(**parts):
    return extract_article(page(**parts), "https://news.example/a/1.html")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"above": f"<div>{TITLE}</div>{LINE}"},
        {"above": f"<table><tr><td><strong>{TITLE}</strong></td></tr></table>{LINE}"},
        {"above": f"<h1>澄州财经网</h1><h2>{TITLE}</h2>{LINE}"},
        {"head": f"<title>{TITLE} - 澄州财经网</title><meta property='og:title' content='青禾电池新厂'>"},
        {"head": "<title>澄州财经网</title>"},
        {"head": "<title>新闻中心--澄州财经网</title>", "above": f"<h2>{TITLE}</h2>{LINE}"},
        {"head": f"<meta property='og:title' content='{TITLE}'>", "above": LINE},
        {"head": f"<title>{TITLE}|青禾|电池_澄州财经网</title>", "above": LINE},
        {"head": f"<title>{TITLE}——澄州财经网</title>"},
        {"above": f"<div class='path'>首页 &gt; {TITLE}</div><h1>{TITLE}</h1>{LINE}"},
        {"above": f"{LINE}", "story": f"<h1>{TITLE}</h1>{STORY}"},
    ],
)
def test_title(parts):
    article = read(**parts)
    assert article.title == TITLE
    assert article.provenance["title"] == article.provenance["body"] == "generic"


def test_a_page_that_names_no_title_has_its_first_line():
    page = f"<html><head><title>显示</title></head><body><p>{TITLE}</p><p>沈镕之</p>{STORY}</body></html>"
    assert extract_article(page).title == TITLE


def test_a_day_in_the_title_is_the_storys():
    title = "2020年3月4日大事记"
    assert read(head=f"<title>{title}</title>", above=f"<h1>{title}</h1>").published_at is None


def test_a_title_in_the_body_is_no_part_of_it():
    article = read(above="", story=f"<div>{TITLE}</div>{LINE}{STORY}")
    assert article.title == TITLE
    assert article.body.startswith("青禾电池第1条产线今日投产")


@pytest.mark.parametrize(
    ("printed", "expected", "precision"),
    [
        ("2026-11-20 19:55", "2026-11-20T19:55:00+08:00", "minute"),
        ("2026年11月20日19:55:08", "2026-11-20T19:55:08+08:00", "second"),
        ("2026年11月20日 星期五 下午7:55", "2026-11-20T19:55:00+08:00", "minute"),
        ("2026/11/20", "2026-11-20T00:00:00+08:00", "day"),
        ("发布时间：2026.11.20 19:55　更新时间：2026.11.21 08:00", "2026-11-20T19:55:00+08:00", "minute"),
        ("更新：2026-11-21 08:00 发布：2026-11-20 19:55", "2026-11-20T19:55:00+08:00", "minute"),
        ("<i>2026-11-20</i>\n\t\t\t<b>19:55</b>", "2026-11-20T19:55:00+08:00", "minute"),
        ("Nov 20, 2026", "2026-11-20T00:00:00+08:00", "day"),
        ("November 20th, 2026", "2026-11-20T00:00:00+08:00", "day"),
    ],
)
def test_printed_date_beside_the_title(printed, expected, precision):
    article = read(above=f"<h1>{TITLE}</h1><p>{printed}</p>")
    assert (article.published_at.isoformat(), article.published_precision) == (expected, precision)


@pytest.mark.parametrize(
    ("head", "above", "expected"),
    [
        ("<meta name='pubdate' content='2026-11-20 09:53:12'>", "", "2026-11-20T09:53:12+08:00"),
        ("<meta property='article:published_time' content='2026-11-20T09:53:00Z'>", "", "2026-11-20T09:53:00+00:00"),
        ("<meta name='pubdate' content='2026-11-20 09:53'>", "<p>2026-11-20 浏览 7</p>", "2026-11-20T09:53:00+08:00"),
        ("<meta name='pubdate' content='2026-11-19 09:53'>", "<p>2026-11-20</p>", "2026-11-20T00:00:00+08:00"),
        ("<meta name='dateupdate' content='2026-11-20 09:53:12'>", "<p>11-20 09:53</p>", "2026-11-20T09:53:12+08:00"),
        ("<meta name='dateupdate' content='2026-11-20 12:00:12'>", "<p>11-20 09:53</p>", "2026-11-20T09:53:00+08:00"),
        (
            "<meta name='pubdate' content='soon'>",
            "<time datetime='2026-11-20T09:53:00+08:00'>x</time>",
            "2026-11-20T09:53:00+08:00",
        ),
    ],
)
def test_what_machines_are_told_fills_in(head, above, expected):
    article = read(head=f"<title>{TITLE}</title>{head}", above=f"<h1>{TITLE}</h1>{above}")
    assert article.published_at.isoformat() == expected


def test_microdata():
    whole = (
        "<div itemscope itemtype='https://schema.org/NewsArticle'><meta itemprop='datePublished' content='2026-11-20T09:53:00+08:00'>"
        f"<span itemprop='author'>沈镕之</span></div><h1>{TITLE}</h1>"
    )
    article = read(above=whole)
    assert article.published_at.isoformat() == "2026-11-20T09:53:00+08:00"
    assert article.provenance["published_at"] in {"generic", "embedded"}


def test_date_below_the_story():
    assert (
        read(above=f"<h1>{TITLE}</h1>", below="<p>发布日期：2026-03-06 责任编辑：龙小慧</p>").published_raw
        == "2026-03-06"
    )


@pytest.mark.parametrize(
    "story",
    [
        STORY
        + "<p>公司于2020年3月4日上市，当日收盘上涨一成，此后市值一度翻番，股东人数持续增加，至今没有大的变化。</p>",
        STORY.replace("今日投产", "2020年3月4日投产"),
    ],
)
def test_no_date_from_the_story_a_list_or_the_clock(story):
    article = read(above=f"<h1>{TITLE}</h1>", story=story)
    assert (article.published_at, article.published_precision) == (None, None)


@pytest.mark.parametrize("clock", ["今天是2026年11月20日 星期五", "北京时间：2026-11-20 10:00"])
def test_never_today(clock):
    assert read(above=f"<p>{clock}</p><h1>{TITLE}</h1>").published_at is None
    assert read(above=f"<h1>{TITLE}</h1><p>{clock}</p>").published_at is None


@pytest.mark.parametrize(
    ("above", "below", "people"),
    [
        ("来源：云泽财经网 作者：沈镕之", "责任编辑：王若溪", ("云泽财经网", "沈镕之", "王若溪")),
        (
            "来源:<a href='/'>云泽财经网</a><span>作者:</span><span>沈镕之</span>",
            "（责编：王若溪、赵景行）",
            ("云泽财经网", "沈镕之", "王若溪 赵景行"),
        ),
        ("信息来源： 云泽财经网 浏览次数：9", "", ("云泽财经网", None, None)),
        ("本报记者 沈镕之 宋时雨", "[责任编辑：王若溪 PK155]", (None, "沈镕之 宋时雨", "王若溪")),
        ("文/沈镕之", "（文章来源：云泽财经网）", ("云泽财经网", "沈镕之", None)),
        ("来源： 责任编辑：", "作者：", (None, None, None)),
    ],
)
def test_people(above, below, people):
    article = read(above=f"<h1>{TITLE}</h1><p>2026-11-20 19:55</p><p>{above}</p>", below=f"<p>{below}</p>")
    assert (article.publisher, article.author, article.editor) == people


def test_a_dateline_names_agency_and_reporter():
    article = read(above=f"<h1>{TITLE}</h1>", story=STORY.replace("<p>", "<p>云泽社11月20日讯（记者 沈镕之）", 1))
    assert (article.publisher, article.author) == ("云泽社", "沈镕之")
