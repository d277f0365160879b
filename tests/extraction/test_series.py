"""Which addresses are those of one story's parts, and which are a neighbour's."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from newscrawl.extraction.series import is_later, is_same_page, may_link_on, next_way

SITE = "https://news.example.cn"
PARTS = [
    ("/a/123.html", "/a/123_2.html", "/a/123_3.html"),
    ("/a/123.html", "/a/123_1.html", "/a/123_2.html"),
    ("/a/123.html", "/a/123-2.html", "/a/123-3.html"),
    ("/a/123.html", "/a/123_p2.html", "/a/123_p3.html"),
    ("/a/123.html", "/a/123_02.html", "/a/123_03.html"),
    ("/a/123-1.html", "/a/123-2.html", "/a/123-3.html"),
    ("/a/20150318/43362154_0.shtml", "/a/20150318/43362154_1.shtml", "/a/20150318/43362154_2.shtml"),
    ("/n/2013/0101/c1001-20123456.html", "/n/2013/0101/c1001-20123456-2.html", "/n/2013/0101/c1001-20123456-3.html"),
    ("/2026-11/20/c_112345.htm", "/2026-11/20/c_112345_2.htm", "/2026-11/20/c_112345_3.htm"),
    ("/a/123.shtml", "/a/123/2.shtml", "/a/123/3.shtml"),
    ("/a/123/", "/a/123/2.shtml", "/a/123/3.shtml"),
    ("/a/123/index.html", "/a/123/2.html", "/a/123/3.html"),
    ("/a/12345/1.html", "/a/12345/2.html", "/a/12345/3.html"),
    ("/2026/11/a-long-story/", "/2026/11/a-long-story/2/", "/2026/11/a-long-story/3/"),
    ("/2026/11/a-long-story/", "/2026/11/a-long-story/page/2/", "/2026/11/a-long-story/page/3/"),
    ("/a/123", "/a/123/p/2", "/a/123/p/3"),
    ("/a/123", "/a/123?page=2", "/a/123?page=3"),
    ("/a/123?page=1", "/a/123?page=2", "/a/123?page=3"),
    ("/view.php?id=5", "/view.php?page=2&id=5", "/view.php?id=5&page=3"),
    ("/?p=17", "/?p=17&page=2", "/?p=17&page=3"),
    ("/show-12-345-1.html", "/show-12-345-2.html", "/show-12-345-3.html"),
    ("/a/%E6%96%B0.html", "/a/%E6%96%B0_2.html", "/a/%E6%96%B0_3.html"),
]
NEIGHBOURS = [
    ("/a/123.html", "/a/124.html"),
    ("/a/123.html", "/a/1232.html"),
    ("/a/123.html", "/b/123_2.html"),
    ("/a/123.html", "/a/123_2.shtml"),
    ("/a/123.html", "/a/123_3.html"),
    ("/a/123.html", "/a/123.html"),
    ("/a/123.html", "/a/123_all.html"),
    ("/a/123.html", "/a/index_2.html"),
    ("/a/123_7.html", "/a/123_8.html"),
    ("/20261120/1.html", "/20261120/2.html"),
    ("/2026-11-20/1.html", "/2026-11-20/2.html"),
    ("/2026/1120/t20261120_1.html", "/2026/1120/t20261120_2.html"),
    ("/news/1.html", "/news/2.html"),
    ("/news_1.html", "/news_2.html"),
    ("/view.php?id=5", "/view.php?id=6"),
    ("/view.php?id=1", "/view.php?id=2"),
    ("/view.php?id=5", "/view.php?id=6&page=2"),
    ("/?p=1", "/?p=2"),
    ("/", "/?page=2"),
    ("/", "/2/"),
    ("/a/123.html", "/a/123.html?month=2"),
    ("/a/123.html", "/a/123/comment-page-2/"),
]


@pytest.mark.parametrize(("first", "second", "third"), PARTS)
def test_parts_follow_each_other_and_nothing_else(first, second, third):
    first, second, third = (urljoin(SITE, path) for path in (first, second, third))
    assert next_way(first, first, second)
    assert next_way(first, second, third)
    assert next_way(first, second.replace("https:", "http:"), third)
    assert not next_way(first, third, second)
    assert not next_way(first, second, second)
    assert not next_way(first, second, first)
    assert is_later(first, third)
    assert not is_later(third, first)


@pytest.mark.parametrize(("first", "neighbour"), NEIGHBOURS)
def test_a_neighbour_is_no_part(first, neighbour):
    assert next_way(urljoin(SITE, first), urljoin(SITE, first), urljoin(SITE, neighbour)) is None


def test_another_host_holds_no_part():
    assert next_way(f"{SITE}/a/123.html", f"{SITE}/a/123.html", "https://other.example.cn/a/123_2.html") is None


def test_a_title_that_came_twice_is_told_apart():
    assert next_way(f"{SITE}/wrap", f"{SITE}/wrap", f"{SITE}/wrap-2").form == "slug"
    assert next_way(f"{SITE}/a/5-2.html", f"{SITE}/a/5-2.html", f"{SITE}/a/5-2_2.html").form == "name"


names = st.from_regex(r"[a-z]{0,4}[0-9]{5,9}", fullmatch=True)
extensions = st.sampled_from([".html", ".shtml", ".htm", ""])
forms = st.sampled_from(["{0}_{2}{1}", "{0}-{2}{1}", "{0}/{2}{1}", "{0}/page/{2}", "{0}{1}?page={2}", "{0}{1}?p={2}"])


@given(name=names, extension=extensions, form=forms, parts=st.integers(2, 20))
def test_a_row_of_any_length_is_walked_once_from_its_beginning_to_its_end(name, extension, form, parts):
    first = f"{SITE}/a/{name}{extension}"
    row = [first, *(f"{SITE}/a/{form.format(name, extension, number)}" for number in range(2, parts + 1))]
    for place, current in enumerate(row):
        following = [address for address in row if next_way(first, current, address)]
        assert following == row[place + 1 : place + 2]


@given(first=names, second=names, extension=extensions, form=forms, number=st.integers(0, 60))
def test_another_storys_parts_never_follow(first, second, extension, form, number):
    assume(first != second)
    story = f"{SITE}/a/{first}{extension}"
    assert next_way(story, story, f"{SITE}/a/{form.format(second, extension, number)}") is None
    assert next_way(story, story, f"{SITE}/a/{second}{extension}") is None


@pytest.mark.parametrize(("first", "second", "third"), PARTS)
def test_bytes_that_link_to_a_part_may_do_so_in_every_spelling(first, second, third):
    parts = urlsplit(second)
    asked = f"?{parts.query}" if parts.query else ""
    folder = urljoin(SITE + first, ".").removeprefix(SITE)
    spellings = [SITE + second, second, second.removeprefix(folder), "./" + second.removeprefix(folder)]
    spellings += [asked] if asked and parts.path == first.partition("?")[0] else []
    spellings = [spelling for spelling in spellings if urljoin(SITE + first, spelling) == SITE + second]
    assert len(spellings) > 2
    for spelling in [*spellings, *(each.replace("&", "&amp;") for each in spellings)]:
        assert may_link_on(SITE + first, f'<p>…</p><a class="x" href="{spelling}">下一页</a>'.encode())
        assert may_link_on(SITE + first, f"<a href={spelling}>下一页</a>".encode("gbk"))


def test_bytes_of_most_pages_may_not():
    page = '<img src="/i/1_2.png" width="2"><a href="/b/7_2.html">2</a><a href="?p=3">3</a><a href="/a/123.html">1</a>'
    assert not may_link_on(f"{SITE}/a/123.html", page.encode())
    assert not may_link_on(f"{SITE}/", page.encode())


def test_a_storys_numbered_pictures_are_no_parts_and_many_queries_hide_none():
    first, pictures = (
        f"{SITE}/a/123.html",
        '<img src="/i/123_1.jpg"><img src="/i/123-2.png?w=3"><img src="/123_1.webp">',
    )
    assert not may_link_on(first, pictures.encode())
    assert may_link_on(first, f'{pictures}<a href="/a/123_2.html">2</a>'.encode())
    for marks in (3, 5_000):
        assert not may_link_on(first, b'<a href="?q=1">' * marks)
        assert may_link_on(first, b'<a href="?q=1">' * marks + b'<a href="?page=2">')


@given(st.text(), st.text(), st.text())
@example("http://[::1/a_1.html", "http://a.cn:x/a_1.html", "http://[::1/a_2.html")
def test_no_address_is_too_odd(first, current, address):
    next_way(first, current, address)
    is_later(first, address)
    may_link_on(first, address.encode("utf-8", "replace"))


def test_visit_parameters_and_scheme_make_no_other_page():
    assert is_same_page("http://a.cn/1.html?utm_source=x#top", "https://A.cn/1.html")
    assert not is_same_page("https://a.cn/1.html", "https://a.cn/1_2.html")
