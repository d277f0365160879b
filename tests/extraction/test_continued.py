"""The link to a story's next part: found where a page's pager says so, and nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.document import parse_page
from newscrawl.errors import TruncatedPage
from newscrawl.extraction.chain import begins_at, is_cut_short, joined, next_part, repeats
from newscrawl.extraction.continued import find_first, find_next
from newscrawl.items import Page

URL = "https://news.example.cn/a/1234.html"
SECOND = "https://news.example.cn/a/1234_2.html"
TEXT = (
    "<p>青禾电池周五宣布，位于云桥市的新工厂已经投产，年产能将达到二十万套，比去年增长一倍。</p>"
    "<p>公司董事长林一川表示，新产线采用了自主研发的工艺，良品率有望提升至百分之九十八。</p>"
)
MORE = "<p>分析人士认为，行业竞争仍然激烈，价格压力短期内难以缓解，企业需要控制成本。</p>"


def page(markup, url=URL, head="", encoding="utf-8"):
    text = f"<html><head><title>新工厂投产</title>{head}</head><body><h1>新工厂投产</h1>{markup}</body></html>"
    return Page(url=url, source="", body=text.encode(encoding), fetched_at=datetime(2026, 11, 20, tzinfo=UTC))


def following(markup, url=URL, head="", first=URL, number=1):
    return find_next(parse_page(page(f"<div>{TEXT}</div>{markup}", url, head)), first, number)


PAGERS = [
    "<a href='1234_2.html'>下一页</a>",
    "<a href='/a/1234_2.html'>下页&gt;&gt;</a>",
    "<a href='1234_2.html'>[下一页]</a>",
    "<a href='1234_2.html'>下一頁</a>",
    "<a href='1234_2.html'><font color=red>点击进入下一页&nbsp;&raquo;</font></a>",
    "<a href='1234_2.html'>下一页：谁来买单</a>",
    "<a href='1234_2.html'>余下全文(1/3)</a>",
    "<a href='1234_2.html'>Next page</a>",
    "<a href='1234_2.html' rel='next'>继续</a>",
    "<a href='1234_2.html' class='ctrl'>&gt;</a>",
    "<a href='1234_2.html'><img src='/i/r.gif' alt='下一页'></a>",
    "<a href='1234_2.html' title='下一页'><i></i></a>",
    "<div><b>1</b> <a href='1234_2.html'>2</a> <a href='1234_3.html'>3</a></div>",
    "<ul><li class='on'><a href='1234.html'>1</a></li><li><a href='1234_2.html'>2</a></li></ul>",
    "<div>[1] <a href='1234_2.html'>[2]</a></div>",
    "<div><span>第1页</span><a href='1234_2.html'>第2页</a></div>",
    "<nav class='pagination'><a href='1234_2.html'>下一页</a></nav>",
    "<a href='http://news.example.cn/a/1234_2.html#p'>下一页</a>",
    "<a href='1235.html'>下一篇</a><a href='1234_2.html'>下一页</a>",
]


@pytest.mark.parametrize("pager", PAGERS)
def test_pager_leads_to_the_second_part(pager):
    found = following(pager)
    assert found
    assert found.replace("http:", "https:") == SECOND


def test_link_for_machines_leads_to_the_second_part():
    assert following("", head='<link rel="next" href="/a/1234_2.html">') == SECOND
    assert following("", head="<link href=1234_2.html rel=next />") == SECOND
    assert following("", head='<link rel="prev" href="/a/1234_2.html">') is None


def test_base_of_the_page_is_obeyed_on_the_same_host_only():
    link = "<a href='1234_2.html'>下一页</a>"
    assert following(link, url="https://news.example.cn/x/", first="https://news.example.cn/a/1234.html") is None
    base = '<base href="https://news.example.cn/a/">'
    assert following(link, head=base) == SECOND
    assert following(link, head='<base href="https://other.example.cn/a/">') is None


OTHERS = [
    "<a href='1235.html'>下一篇</a>",
    "<a href='1235.html'>下一页</a>",
    "<a href='1235.html' rel='next'>下一页</a>",
    "<a href='1234_2.html'>相关报道</a>",
    "<a href='1234_2.html'>下一张</a>",
    "<a href='1234_2.html'>下一篇：又一座工厂</a>",
    "<a href='index_2.html'>下一页</a>",
    "<div><b>1</b><a href='/list/2.html'>2</a><a href='/list/2.html'>下一页</a></div>",
    "<a href='?page=2#comments'>下一页</a>",
    "<div class='comments'><ul><li>好文。</li></ul><a href='?page=2'>下一页</a></div>",
    "<table class='calendar'><tr><td>1</td><td><a href='?day=2'>2</a></td></tr></table>",
    "<a href='javascript:;'>下一页</a>",
    "<a href='#'>下一页</a>",
    "<a href='https://other.example.cn/a/1234_2.html'>下一页</a>",
    "<a href='http://[::1/a/1234_2.html'>下一页</a>",
    "<a href='1234_2.html' style='display:none'>下一页</a>",
    "<!-- <a href='1234_2.html'>下一页</a> -->",
    "<div>第<b>1</b>页/共<b>1</b>页 上一页 | 下一页</div>",
    "<p>见附表<a href='1234_2.html'>2</a>，余同。</p>",
    "<a href='1234_3.html'>下一页</a>",
    "<a href='1234.html'>下一页</a>",
]


@pytest.mark.parametrize("links", OTHERS)
def test_what_is_no_next_part_is_not_followed(links):
    assert following(links) is None


def test_a_story_of_the_same_title_is_no_part_without_a_pagers_word():
    url = "https://news.example.cn/2026/market-wrap"
    link = f"<a href='{url}-2' {{}}>{{}}</a>"
    assert following(link.format("rel='next'", "Next »"), url=url, first=url) is None
    assert following("", url=url, first=url, head=f'<link rel="next" href="{url}-2">') is None
    assert following(link.format("", "Next page"), url=url, first=url) == f"{url}-2"


def test_later_parts_lead_on_by_their_own_number():
    pager = "<a href='1234.html'>1</a> <b>2</b> <a href='1234_3.html'>3</a> <a href='{}'>下一页</a>"
    assert following(pager.format("1234_3.html"), url=SECOND, number=2) == "https://news.example.cn/a/1234_3.html"
    assert following(pager.format("1234.html"), url=SECOND, number=2) == "https://news.example.cn/a/1234_3.html"
    for back in ("1234.html", "1234_1.html", "1234_2.html", "1234_4.html"):
        assert following(f"<a href='{back}'>下一页</a>", url=SECOND, number=2) is None


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_next_part_is_found_in_the_bytes(encoding):
    assert next_part([page(TEXT + "<a href='1234_2.html'>下一页</a>", encoding=encoding)]) == SECOND
    assert next_part([page(TEXT, encoding=encoding)]) is None


@pytest.mark.parametrize(
    "odd",
    [
        "<a href='1234_2.html'>2</a>" * 5_000,
        f"<a href='1234_2.html' title='{' ' * 9_000}'></a>",
        "<link " * 20_000,
        "<a href='?" + "&" * 9_000 + "'>下一页</a>",
        "<a href='" + "/1" * 9_000 + "'>下一页</a>",
    ],
)
def test_links_without_number_cost_nothing(odd):
    assert next_part([page(TEXT + odd)]) is None


def test_page_that_cannot_be_read_has_no_next_part():
    assert next_part([replace(page(""), body=b" <a href='1234_2.html'>" + b"<b>" * 90_000)]) is None


@pytest.mark.parametrize(
    ("url", "link", "first"),
    [
        (SECOND, "<a href='1234.html'>上一页</a>", URL),
        (SECOND, "<a href='1234.html'>1</a>", URL),
        (SECOND, "<a href='1234.html'>首页</a>", URL),
        ("https://news.example.cn/a/1234_1.html", "<a href='1234.html'>上一页</a>", URL),
        ("https://news.example.cn/a/1234?page=3", "<a href='1234'>1</a>", "https://news.example.cn/a/1234"),
        ("https://news.example.cn/a/1234_1.html", "<a href='1234.html'>1</a>", None),
        (SECOND, "<a href='/'>首页</a><a href='1233.html'>上一篇</a>", None),
        (URL, "<a href='1233.html'>上一页</a>", None),
        (URL, "<b>1</b><a href='1234_2.html'>2</a>", None),
    ],
)
def test_later_part_is_no_beginning(url, link, first):
    assert begins_at(page(TEXT + link, url)) == first


def test_comments_pages_and_the_end_once_more_are_repeats():
    first = page(f"<div>{TEXT}</div>")
    again = page(f"<div>{TEXT}</div><div id='c'><p>写得好，支持。</p></div>", SECOND)
    second = page(f"<div>{MORE}</div>", SECOND)
    assert repeats(again, [first])
    assert repeats(replace(second, url="https://news.example.cn/a/1234_3.html"), [first, second])
    assert repeats(replace(second, url=URL), [first])
    assert not repeats(second, [first])
    summary = page(f"<div>{TEXT.partition('</p>')[0]}</p>{MORE}</div>", SECOND)
    assert not repeats(summary, [first]), "a lead that every part repeats is no sign"


def test_story_is_cut_short_where_a_part_names_a_later_one():
    first = page(TEXT + "<b>1</b><a href='1234_2.html'>2</a><a href='1234_3.html'>3</a>")
    second = page(MORE, SECOND)
    third = page("<p>全文完。</p>", "https://news.example.cn/a/1234_3.html")
    assert is_cut_short([first, second])
    assert not is_cut_short([first, second, third])
    assert not is_cut_short([first]), "a lone page's links say too little"
    other = page(TEXT + "<a href='1234_2.html'>2</a><a href='?page=7'>7</a><a href='1235_9.html'>9</a>")
    assert not is_cut_short([other, second])


PAGER = "<b>1</b> <a href='1234_2.html'>2</a> <a href='1234_3.html'>3</a> <a href='1234_{}.html'>下一页</a>"


def test_parts_of_an_archive_are_joined_as_a_crawl_joins_them():
    first = page(TEXT + PAGER.format(2))
    second = page(MORE + PAGER.format(3), SECOND)
    third = page("<p>全文完，谢谢各位读者，明年再见。</p>", "https://news.example.cn/a/1234_3.html")
    assert joined(first, {2: second, 3: third}).parts == (second, third)
    assert joined(page(TEXT), {2: second}).parts == (), "an older answer of a story that is one page now"
    assert joined(first, {2: replace(first, url=SECOND), 3: third}).parts == ()
    with pytest.raises(TruncatedPage, match="part 3: is not there"):
        joined(first, {2: second})
    with pytest.raises(TruncatedPage, match="part 2: does not lead on"):
        joined(first, {2: page(MORE, SECOND), 3: third})


texts = st.sampled_from(["下一页", "2", "3", "1", ">", "下一篇", "Next", "上一页", "下一页：" + "长" * 50, ""])
hrefs = st.sampled_from(
    [
        "1234_2.html",
        "1234_3.html",
        "1234.html",
        "1235.html",
        "?page=2",
        "//x/1234_2.html",
        "javascript:;",
        "http://[",
        "",
    ]
)
links = st.tuples(hrefs, texts, st.sampled_from(["", "class='comments'", "rel=next", "style='display:none'"]))


@given(st.lists(links, max_size=8), st.integers(1, 4))
def test_whatever_a_page_links_to_only_the_next_number_of_its_own_address_is_followed(chosen, number):
    url = URL if number == 1 else URL.replace(".html", f"_{number}.html")
    markup = "".join(f"<div><a href='{href}' {attribute}>{text}</a></div>" for href, text, attribute in chosen)
    found = following(markup, url=url, number=number)
    assert found in {
        None,
        f"https://news.example.cn/a/1234_{number + 1}.html",
        f"{URL}?page=2" if number == 1 else None,
    }


@given(st.text())
def test_no_page_is_too_odd(text):
    document = parse_page(page(f"<p>x</p><a href='1234_2.html'>{text}</a><a href='{text}'>下一页</a>"))
    find_next(document, URL, 1)
    find_first(document)
