"""Which links of a page are its articles."""

import re

import pytest

from newscrawl.errors import LayoutError
from newscrawl.listing.reading import Wanted
from newscrawl.listing.shapes import day_bounds, may_be_article, shape_of
from tests.listing.support import HOSTS, SITE, found, links, news, paths

MENU = '<ul class="m">' + links(*((f"/c/{n}/", name) for n, name in enumerate("要闻 证券 基金 期货".split()))) + "</ul>"
TAGS = "<p>" + "".join(f'<a href="/t/{n}.html">标签{n}</a>' for n in range(40)) + "</p>"
FOOT = (
    "<div>"
    + links(("/about/101.html", "关于本站与办站宗旨的说明"), ("/about/102.html", "广告服务与商务合作联系方式"))
    + "</div>"
)
TEN = [f"/2026/11/20/{1001 + n}.html" for n in range(10)]


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("/2026/11/20/123.html", r"/\d+/\d+/\d+/\d+\.html"),
        ("/gbk/20261120/700043.shtml", r"/gbk/\d+/\d+\.shtml"),
        ("/roll/2026-11-20/doc-inhzqyex1234567.shtml", r"/roll/\d+-\d+-\d+/doc-\w+\.shtml"),
        ("/xwzx/hg/202611/t20261120_6450000.html", r"/xwzx/hg/\d+/\w+_\d+\.html"),
        ("/2026/11/some-company-wins-a-prize/", r"/\d+/\d+/[^/]+/"),
        ("/a/8c1f6b1e-0000-4a1b-9c3d-1234567890ab", r"/a/[\w-]+"),
        ("/show.php?cat=gs&id=7", r"/show\.php\?cat=gs&id=\d+"),
        ("/about-us.html", r"/about-us\.html"),
    ],
)
def test_shape_is_a_pattern_that_the_address_itself_fits(url, shape):
    assert shape_of(SITE + url) == shape
    assert re.search(shape + "$", SITE + url)


@pytest.mark.parametrize(
    "path", ["/tag/12.html", "/author/77", "/about.html", "/", "/news/", "/column/3/", "/search/?q=a"]
)
def test_menus_tags_and_people_are_no_articles(path):
    assert not may_be_article(SITE + path)


@pytest.mark.parametrize(
    ("path", "days"),
    [
        ("/2026/11/20/1.html", ("2026-11-19", "2026-11-21")),
        ("/20261120/1.html", ("2026-11-19", "2026-11-21")),
        ("/202611/t20261120_1.html", ("2026-11-19", "2026-11-21")),
        ("/2026-11/20/1.html", ("2026-11-19", "2026-11-21")),
        ("/a/202611209999999999.html", None),
        ("/2026/13/45/1.html", None),
        ("/news/1.html", None),
    ],
)
def test_day_of_an_address_with_a_day_of_grace(path, days):
    from datetime import datetime

    from newscrawl.items import BEIJING

    told = tuple(at and f"{datetime.fromtimestamp(at, BEIJING):%Y-%m-%d}" for at in day_bounds(SITE + path))
    assert told == (days or (None, None))


def test_articles_are_the_headlines_of_one_shape_in_the_order_of_the_page():
    list_page = found(f"<body>{MENU}<div><ul>{news(10)}</ul></div>{TAGS}{FOOT}</body>")
    assert paths(list_page) == TEN
    assert list_page.form.shapes == (r"/\d+/\d+/\d+/\d+\.html",)
    assert list_page.entries[0].title == "第0条新闻：某地公布了一项数据"


@pytest.mark.parametrize(
    "beside",
    [
        '<div class="sidebar"><ul>{}</ul></div>',
        "<aside><ul>{}</ul></aside>",
        '<div class="r"><h3>24小时热门</h3><ul>{}</ul></div>',
        '<div class="r"><div class="hd">编辑推荐</div><ul>{}</ul></div>',
        '<div class="r"><dl><dt>点击排行</dt><dd>{}</dd></dl></div>',
        '<footer id="foot">{}</footer>',
    ],
)
def test_list_of_other_articles_is_left_out_though_it_is_longer_and_of_the_same_shape(beside):
    others = news(30, start=5001)
    assert paths(found(f"<body>{MENU}<div><ul>{news(10)}</ul></div>{beside.format(others)}</body>")) == TEN


def test_headline_block_above_the_list_belongs_to_it():
    top = '<div class="top"><h2><a href="/2026/11/20/999.html">头条：一件大事在今天发生了</a></h2></div>'
    assert paths(found(f"<body><div class='main'>{top}<ul>{news(10)}</ul></div></body>")) == [
        "/2026/11/20/999.html",
        *TEN,
    ]


def test_articles_in_several_folders_of_one_site_are_one_list():
    mixed = news(5, "/stock/20261120/{}.html") + news(4, "/fund/20261120/{}.html", start=2001)
    assert len(paths(found(f"<body>{MENU}<ul>{mixed}</ul></body>"))) == 9


def test_one_article_under_several_links_is_one_entry_with_its_headline():
    path = "/2026/11/20/1001.html"
    row = (
        f'<li><a href="{path}"><img src="a.jpg" alt="图"></a><h3><a href="{path}?from=list&utm_source=x">一条新闻的完整标题在这里</a>'
        f'</h3><a href="http://www.a.example{path}#comments">评论</a><a href="{path};jsessionid=A1">阅读全文</a></li>'
    )
    list_page = found(f"<body><ul>{row}{news(4, start=2001)}</ul></body>")
    assert (list_page.entries[0].url, list_page.entries[0].title) == (SITE + path, "一条新闻的完整标题在这里")
    assert len(list_page.entries) == 5


def test_calendar_days_and_pager_numbers_are_no_articles():
    days = "".join(f'<td><a href="/2026/11/{day:02}/">{day}</a></td>' for day in range(1, 31))
    pager = "".join(f'<a href="/2026/11/20/{n}.html">{n}</a>' for n in range(2, 9))
    assert paths(found(f"<body><table><tr>{days}</tr></table><ul>{news(10)}</ul><p>{pager}</p></body>")) == TEN


def test_links_to_other_sites_and_odd_ones_are_passed_over():
    odd = "javascript:void(0) mailto:a@b.c http://[::1/x.html tel:10086 # ftp://a.example/1 http://127.0.0.1/2026/11/20/1.html"
    rows = links(
        *(
            (address, "这里也有一条长长的标题文字")
            for address in [*odd.split(), "", "https://b.example/2026/11/20/7.html"]
        )
    )
    assert paths(found(f"<body><ul>{rows}{news(10)}</ul></body>")) == TEN


def test_titles_as_addresses():
    slugs = links(*((f"/2026/11/company-{n}-of-province-wins/", f"A headline that is long enough {n}") for n in "abcd"))
    assert len(found(f"<body>{MENU}<ul>{slugs}</ul></body>").entries) == 4


def test_old_page_of_tables():
    rows = "".join(
        f'<tr><td>·<a class="t" href="../news/{n}.htm">某某公司公布第{n}季度业绩情况</a></td><td>(11-20)</td></tr>'
        for n in range(101, 111)
    )
    list_page = found(f"<body><table><tr><td>{MENU}</td><td><table>{rows}</table></td></tr></table></body>")
    assert paths(list_page) == [f"/news/{n}.htm" for n in range(101, 111)]


def test_list_that_stands_where_others_have_their_sidebar_is_found_all_the_same():
    assert paths(found(f'<body><div class="hot-list"><ul>{news(10)}</ul></div></body>')) == TEN


def test_form_of_the_first_page_reads_the_later_ones():
    form = found(f"<body><ul>{news(10)}</ul></body>").form
    later = f'<body><ul>{news(1)}</ul><div class="sidebar"><ul>{news(30, start=5001)}</ul></div></body>'
    assert paths(found(later, form=form)) == TEN[:1]
    assert paths(found("<body><p>今日无新闻</p></body>", form=form)) == []


def test_pattern_takes_every_link_that_it_finds_wherever_it_stands():
    wanted = Wanted(hosts=HOSTS, article=re.compile(r"/t/\d"))
    assert len(found(f"<body>{MENU}<ul>{news(10)}</ul>{TAGS}</body>", wanted=wanted).entries) == 40


@pytest.mark.parametrize("body", ["<body><h1>页面</h1></body>", f"<body>{MENU}{FOOT}</body>", f"<body>{TAGS}</body>"])
def test_page_without_a_list_is_refused_with_what_was_seen(body):
    with pytest.raises(LayoutError, match="no 3 headlines make a list"):
        found(body)


def test_articles_page_is_no_list_whatever_stands_beside_it():
    text = "".join(f"<p>第{n}段：这里讲述了一件事情的来龙去脉，并且给出了数据和评论。</p>" for n in range(9))
    body = f'<body><h1>标题</h1><div>{text}</div><div class="sidebar"><ul>{news(30)}</ul></div></body>'
    with pytest.raises(LayoutError, match="an article's page"):
        found(body)


def test_base_address_of_a_page_counts():
    body = f'<head><base href="/x/"></head><body><ul>{links(*((f"20261120/{n}.html", "标题标题标题标题标题") for n in range(3)))}</ul></body>'
    assert paths(found(body))[0] == "/x/20261120/0.html"
