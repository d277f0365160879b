"""Title, date and people of a page that no rule knows, by where and how they stand around the body."""

import pytest

from newscrawl.dates import parse_date
from newscrawl.errors import LayoutError
from pipelines import extract_article

STORY = "".join(
    f"<p>青禾电池第{number}条产线今日投产，年产能提高一倍，公司称订单已排到明年，市场反应平静。</p>"
    for number in range(1, 5)
)
TITLE = "青禾电池新厂投产 产能翻番"
MENU = "".join(
    f"<li><a href='/{name}'>{name}</a></li>" for name in ("首页", "要闻", "公司", "证券公司", "基金产品", "期货")
)
LINE = "<div class='info'><span>2026-11-20 19:55</span><span>来源：云泽财经网</span></div>"


def page(head=f"<title>{TITLE}_公司_澄州财经网</title>", above=f"<h1>{TITLE}</h1>{LINE}", below="", story=STORY):
    return (
        f"<html><head>{head}</head><body><ul>{MENU}</ul>"
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
        {"head": "<title>澄州财经新闻网</title>"},
        {"head": "<title>新闻中心--澄州财经网</title>", "above": f"<h2>{TITLE}</h2>{LINE}"},
        {"head": f"<meta property='og:title' content='{TITLE}'>", "above": LINE},
        {"head": f"<title>{TITLE}|青禾|电池_澄州财经网</title>", "above": LINE},
        {"head": f"<title>{TITLE}——澄州财经网</title>"},
        {"above": f"<div class='path'>首页 &gt; {TITLE}</div><h1>{TITLE}</h1>{LINE}"},
        {"above": f"{LINE}", "story": f"<h1>{TITLE}</h1>{STORY}"},
        {
            "head": f"<title>{TITLE.replace(' ', ',')}_澄州财经网</title>",
            "above": f"<h1>青禾<b>电池</b>新厂投产 产能翻番</h1>{LINE}",
        },
        {"above": f"<h1>{TITLE}</h1><h2>青禾电池新厂投产</h2>{LINE}"},
        {"above": f"<h2>青禾电池新厂</h2><div>{TITLE}</div>{LINE}"},
        {"head": f"<title>公司要闻_{TITLE}_澄州财经网</title>", "above": LINE},
        {"head": "<title>财经要点</title>", "above": f"<h2>{TITLE}</h2>{LINE}"},
        {"above": f"<h2>澄州早知道</h2>{LINE}"},
        {"head": "<title>澄州财经网</title>", "above": f"<h2>{TITLE}</h2>{LINE}<h3>{'一段很长的导语' * 30}</h3>"},
        {
            "head": "<title>澄州财经网</title>",
            "above": f"<p class='title'>{TITLE}</p>{LINE}<span class='box-title'>正文阅读</span>",
        },
        {
            "head": f'<title>新厂</title><script type=\'application/ld+json\'>{{"headline": "{TITLE}"}}</script>',
            "above": f"<div>{TITLE}</div>{LINE}<h2>财经要点速递</h2>",
        },
    ],
)
def test_title(parts):
    article = read(**parts)
    assert article.title == TITLE
    assert article.provenance["title"] == article.provenance["body"] == "generic"


def test_a_page_that_names_no_title_has_its_first_line():
    page = f"<html><head><title>显示</title></head><body><p>{TITLE}</p><p>沈镕之</p>{STORY}</body></html>"
    assert extract_article(page).title == TITLE


def test_the_first_line_of_a_story_is_no_title():
    with pytest.raises(LayoutError, match="title"):
        extract_article(
            f"<html><head><title>显示</title></head><body><p>青禾电池投产，市场平静</p>{STORY}</body></html>"
        )


def test_nor_is_the_first_line_of_a_menu():
    with pytest.raises(LayoutError, match="title"):
        read(head="<title>显示</title>", above="")


@pytest.mark.parametrize("tag", ["h1", "div"])
def test_a_title_that_stands_twice_is_the_one_above_the_body(tag):
    news = f"<ul><li>2025-01-02 03:04 <a href='/1'>{TITLE}</a> 2025-01-02 03:04</li></ul>"
    article = read(above=f"{news}<{tag}>{TITLE}</{tag}><p>2026-11-20 19:55</p>")
    assert article.published_raw == "2026-11-20 19:55"


@pytest.mark.parametrize("story", [STORY, STORY.replace("<p>", "").replace("</p>", "<br>"), STORY[:50]])
def test_a_title_quoted_in_the_story_takes_nothing_above_it_away(story):
    article = read(story=f"{story}<b>{TITLE}</b>{STORY}")
    assert article.body.count("青禾电池第1条产线") == 2
    assert TITLE in article.body


def test_a_day_in_the_title_is_the_storys():
    title = "2020年3月4日大事记"
    assert read(head=f"<title>{title}</title>", above=f"<h1>{title}</h1>").published_at is None


def test_a_title_in_the_body_is_no_part_of_it():
    article = read(above="", story=f"<div>{TITLE}</div>{LINE}{STORY}")
    assert article.title == TITLE
    assert article.body.startswith("青禾电池第1条产线今日投产")
    assert article.published_raw == "2026-11-20 19:55"


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
        ("20 Nov 2026", "2026-11-20T00:00:00+08:00", "day"),
        ("更新：2026-11-21 08:00 来源：云泽财经网 2026-11-20 19:55", "2026-11-20T19:55:00+08:00", "minute"),
        ("2026-11-18 10:00 开幕 发布时间：2026-11-20 19:55", "2026-11-20T19:55:00+08:00", "minute"),
        ("2026年11月18日于云桥市 2026-11-20 19:55", "2026-11-20T19:55:00+08:00", "minute"),
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
        ("<meta name='pubdate' content='2026-11-20 09:53'>", "<p>2026-11-20 19:55</p>", "2026-11-20T19:55:00+08:00"),
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


def test_midnight_told_to_machines_is_no_time():
    head = f"<title>{TITLE}</title><meta name='pubdate' content='2026-11-20 00:00:00'>"
    article = read(head=head, above=f"<h1>{TITLE}</h1><p>2026-11-20</p>")
    assert (article.published_raw, article.published_precision) == ("2026-11-20", "day")


@pytest.mark.parametrize("printed", ["3小时前", "昨天 22:10", "06-14 17:56"])
def test_a_date_told_by_the_time_of_the_fetch(printed):
    article = read(above=f"<h1>{TITLE}</h1><p>{printed}</p>")
    assert article.published_raw == printed
    assert article.published_at == parse_date(printed, article.fetched_at).at


def test_a_date_above_the_title():
    assert read(above=f"<p>2026-11-20 19:55</p><h1>{TITLE}</h1>").published_raw == "2026-11-20 19:55"


def test_a_date_in_the_first_lines_of_the_story():
    article = read(above=f"<h1>{TITLE}</h1>", story=f"<p>Eastmere, Nov 20, 2026</p>{STORY}")
    assert article.published_raw == "Nov 20, 2026"


def test_what_else_machines_are_told():
    head = (
        f"<title>{TITLE}</title><meta name='source' content='来源：云泽财经网'>"
        "<meta property='og:description' content='订单排到明年'><meta property='og:image' content='/cover.jpg'>"
    )
    article = read(head=head, above=f"<h1>{TITLE}</h1>")
    assert (article.publisher, article.summary, article.cover_url) == (
        "云泽财经网", "订单排到明年", "https://news.example/cover.jpg",
    )  # fmt: skip


def test_microdata():
    whole = (
        "<div itemscope itemtype='https://schema.org/NewsArticle'><meta itemprop='datePublished' content='2026-11-20T09:53:00+08:00'>"
        f"<span itemprop='author'>沈镕之</span></div><h1>{TITLE}</h1>"
    )
    article = read(above=whole)
    assert article.published_at.isoformat() == "2026-11-20T09:53:00+08:00"
    assert article.provenance["published_at"] in {"generic", "embedded"}
    assert article.author == "沈镕之"


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
        ("", "（记者 沈镕之）", (None, "沈镕之", None)),
    ],
)
def test_people(above, below, people):
    article = read(above=f"<h1>{TITLE}</h1><p>2026-11-20 19:55</p><p>{above}</p>", below=f"<p>{below}</p>")
    assert (article.publisher, article.author, article.editor) == people


def test_people_in_the_first_lines_of_the_story():
    article = read(above=f"<h1>{TITLE}</h1>", story=f"<p>来源：云泽财经网</p><p>作者：沈镕之</p>{STORY}")
    assert (article.publisher, article.author) == ("云泽财经网", "沈镕之")


def test_a_dateline_names_agency_and_reporter():
    article = read(above=f"<h1>{TITLE}</h1>", story=STORY.replace("<p>", "<p>云泽社11月20日讯（记者 沈镕之）", 1))
    assert (article.publisher, article.author) == ("云泽社", "沈镕之")
