"""Which link leads to the next page of a list."""

import re

import pytest

from newscrawl.listing.reading import Wanted
from tests.listing.support import HOSTS, SITE, found, news


def following(pager, url=f"{SITE}/list/", *, head="", wanted=None, seen=()):
    body = f"<html><head>{head}</head><body><ul>{news(5)}</ul>{pager}</body></html>"
    told = found(body, url, wanted=wanted, seen=seen).next
    return told and told.removeprefix(SITE)


def numbers(form, *, current=1, last=5, linked=False):
    parts = [
        f"<span>{n}</span>" if n == current and not linked else f'<a href="{form.format(n)}">{n}</a>'
        for n in range(1, last + 1)
    ]
    return "<div>" + " ".join(parts) + "</div>"


WEEK = "<tr>" + "".join(f"<th>{day}</th>" for day in "日一二三四五六") + "</tr>"
DAYS = "<tr>" + "".join(f'<td><a href="/archive.php?d={day}">{day}</a></td>' for day in range(2, 31)) + "</tr>"


@pytest.mark.parametrize(
    "text",
    ["下一页", "下页", "下一页 >", "后一页", "下一頁", "Next", "next page", "[下一页]", "下一页»", "Older posts"],
)
def test_link_that_says_so(text):
    assert following(f'<a href="/list/2.html">上一页</a><a href="/list/3.html"> {text} </a>') == "/list/3.html"


@pytest.mark.parametrize(
    "text", ["下一篇：别的新闻", "下一页图集回顾本周热点", "更多", "上一页", "下一年", "next month"]
)
def test_link_that_says_something_else(text):
    assert following(f'<a href="/list/3.html">{text}</a>') is None


def test_relation_in_head_or_link():
    assert following("", head='<link rel="next" href="/list/2.html">') == "/list/2.html"
    assert following('<a rel="nofollow next" href="/list/2.html">2 »</a>') == "/list/2.html"


@pytest.mark.parametrize(
    ("pager", "url", "expected"),
    [
        (numbers("/list/{}.html"), "/list/", "/list/2.html"),
        (numbers("/list/{}.html", current=3), "/list/3.html", "/list/4.html"),
        (numbers("/list/?page={}", linked=True), "/list/?page=4", "/list/?page=5"),
        (numbers("/list/{}.html", current=5), "/list/5.html", None),
        ('<a href="/list/2.html">2</a><a href="/list/9.html">9</a><b>1</b>', "/list/", "/list/2.html"),
    ],
)
def test_numbers(pager, url, expected):
    assert following(pager, SITE + url) == expected


def test_arrow_in_a_pager_and_nowhere_else():
    assert following('<div class="pagination"><a href="/list/2.html">»</a></div>') == "/list/2.html"
    assert following('<div class="slides"><a href="/list/2.html">»</a></div>') is None


def test_script_that_writes_a_pager():
    script = '<script>createPageHTML(9, 3, "index", "html");</script>'
    assert following(script, f"{SITE}/list/index_3.html") == "/list/index_4.html"
    assert following(script.replace("9, 3", "4, 3")) is None


def test_calendar_is_no_pager():
    month = '<caption>2026年11月 <a rel="next" href="/archive.php?m=12">&gt;</a></caption>'
    assert following(f"<table>{month}{WEEK}{DAYS}</table>") is None
    assert following(f'<div class="calendar"><span>1</span>{numbers("/d/{}", last=30)}</div>') is None
    assert following(numbers("/2026/11/{}/", current=1, last=30)) is None
    assert following("", head='<link rel="next" href="/calendar/?month=2026-12">') is None


def test_old_pager_in_a_table_is_one():
    pager = "".join(f'<td><a href="/list/{n}.html">{n}</a></td>' for n in range(2, 9))
    assert following(f"<table><tr><td><b>1</b></td>{pager}</tr></table>") == "/list/2.html"


@pytest.mark.parametrize(
    "link",
    [
        '<a href="#">下一页</a>',
        '<a href="javascript:go(2)">下一页</a>',
        '<li class="disabled"><a href="/list/9.html">下一页</a></li>',
    ],
)
def test_link_that_leads_nowhere(link):
    assert following(link) is None


def test_link_to_a_page_that_was_read_is_none_whatever_session_it_carries():
    assert following('<a href="/list/?sid=4711">下一页</a>') is None
    assert following('<a href="/list/2.html?from=x">下一页</a>', seen={f"{SITE}/list/2.html"}) is None


def test_pattern_finds_it_by_its_address():
    wanted = Wanted(hosts=HOSTS, next=re.compile(r"/more/\d+"))
    pager = '<a href="/more/9">末页</a><a href="/more/3">3</a><a href="/more/2">2</a><a href="/list/7.html">下一页</a>'
    assert following(pager, wanted=wanted) == "/more/2"
    assert following(pager, wanted=wanted, seen={f"{SITE}/more/2"}) == "/more/3"
