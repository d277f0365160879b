"""Addresses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from newscrawl import urls
from newscrawl.urls import absolute, belongs_to, canonical, host_of, hosts_of, is_on


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("/a/1.html", "https://finance.eastmoney.com/list", "https://finance.eastmoney.com/a/1.html"),
        ("//img.cls.cn/x.png", "https://www.cls.cn/", "https://img.cls.cn/x.png"),
        (" https://www.cls.cn/detail/1 ", "", "https://www.cls.cn/detail/1"),
        ("x.png", "", "x.png"),
        ("javascript:alert(1)", "https://www.cls.cn/", None),
        ("data:image/png;base64,xx", "https://www.cls.cn/", None),
        ("file:///etc/passwd", "", None),
        ("http://[::1/x.png", "https://www.cls.cn/", None),
        ("http://a:b/", "", None),
        ("http://", "https://www.cls.cn/", None),
        ("", "https://www.cls.cn/", None),
    ],
)
def test_absolute(url, base, expected):
    assert absolute(url, base) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://WWW.cls.cn:443/detail/1?utm_source=x&a=2#top", "https://www.cls.cn/detail/1?a=2"),
        ("http://a.cn/x?from=weixin&spm=1.2&sid=9&id=3", "http://a.cn/x?id=3"),
        ("http://a.cn/x;jsessionid=AB12?id=3", "http://a.cn/x?id=3"),
        ("http://a.cn:8080", "http://a.cn:8080/"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("http://[::1", "http://[::1"),
        ("x.png", "x.png"),
    ],
)
def test_canonical(url, expected):
    assert canonical(url) == expected


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_taken_without_an_exception(url, base):
    found = absolute(url, base)
    assert found is None or not found.startswith(("javascript:", "file:", "data:"))
    assert isinstance(canonical(url), str)
    assert isinstance(host_of(url), str)


@given(
    st.from_regex(
        r"https?://[a-z]{1,8}\.cn(:[1-9][0-9]{1,3})?/[a-z0-9/]{0,9}(\?[a-z]{1,3}=[a-z0-9]{0,4}){0,1}", fullmatch=True
    )
)
def test_canonical_of_canonical_is_itself(url):
    assert canonical(canonical(url)) == canonical(url)


def test_belongs_to_counts_whole_labels():
    assert belongs_to("finance.eastmoney.com", ("eastmoney.com",))
    assert belongs_to("cls.cn", ("cls.cn",))
    assert not belongs_to("evilcls.cn", ("cls.cn",))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.cn/(S(lit3py55t21z5v55))/x.aspx?id=3", "http://a.cn/x.aspx?id=3"),
        ("http://a.cn/(x)/y", "http://a.cn/(x)/y"),
        ("http://a.cn/x?b=2&a=1", "http://a.cn/x?a=1&b=2"),
        ("http://a.cn/x?a=2&a=1", "http://a.cn/x?a=2&a=1"),
        ("http://a.cn/x?q=%d6%d0&", "http://a.cn/x?q=%D6%D0"),
        ("http://a.cn/新闻/%7ea%2fb", "http://a.cn/%E6%96%B0%E9%97%BB/~a%2Fb"),
        ("http://a.cn/x?hmsr=a&bd_vid=1&SPM=2&sessionid=7&share_token=x&id=1", "http://a.cn/x?id=1"),
    ],
)
def test_canonical_knows_more_ways_to_write_one_address(url, expected):
    assert canonical(url) == expected


PATH = st.text(st.sampled_from("abz09-_.~%2fE4/中()é "), max_size=12)
PAIRS = st.lists(
    st.tuples(st.sampled_from(["id", "p", "from", "utm_source", "spm", "SID", "中", "a%20b"]), PATH), max_size=5
)


@given(path=PATH, pairs=PAIRS)
def test_canonical_is_what_a_request_asks_and_stays_as_it_is(path, pairs):
    url = "https://www.a.cn/" + path.replace("%", "%25") + "?" + "&".join(f"{name}={value}" for name, value in pairs)
    told = canonical(url)
    assert canonical(told) == told
    assert Request(told).url == told


@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(["id", "p", "q"]), st.integers(0, 99)), max_size=4, unique_by=lambda p: p[0]
    ),
    visit=st.lists(st.sampled_from(["from=a", "utm_x=1", "spm=1.2", "sid=Z", "sessionid=8", "fbclid=x"]), max_size=3),
    order=st.randoms(),
)
def test_visits_and_the_order_of_parameters_tell_no_pages_apart(pairs, visit, order):
    written = [f"{name}={value}" for name, value in pairs]
    mixed = [*written, *visit]
    order.shuffle(mixed)
    assert canonical(f"http://a.cn/x?{'&'.join(mixed)}#top") == canonical(f"http://A.cn:80/x?{'&'.join(written)}")
    assert all(
        name
        in dict(
            pair.split("=")
            for pair in canonical(f"http://a.cn/x?{'&'.join(mixed)}").partition("?")[2].split("&")
            if pair
        )
        for name, _ in pairs
    )


@pytest.mark.parametrize(
    ("url", "hosts", "on"),
    [
        ("https://m.a.com.cn/1", hosts_of(("https://www.a.com.cn/",)), True),
        ("https://a.com.cn/1", hosts_of(("https://www.a.com.cn/",)), True),
        ("https://b.com.cn/1", hosts_of(("https://www.a.com.cn/",)), False),
        ("https://nota.cn/1", hosts_of(("https://a.cn/",)), False),
        ("https://a.cn:8080/1", hosts_of(("https://a.cn/",)), False),
        ("http://127.0.0.1:8000/1", hosts_of(("http://127.0.0.1:8000/x",)), True),
        ("http://127.0.0.1:9/1", hosts_of(("http://127.0.0.1:8000/x",)), False),
        ("http://127.0.0.1/1", hosts_of(("http://127.0.0.1:8000/x",)), False),
        ("http://8.127.0.0.1/1", hosts_of(("http://127.0.0.1/x",)), False),
        ("http://localhost/1", hosts_of(("http://localhost/x",)), True),
        ("http://[::1/x", (".a.cn",), False),
    ],
)
def test_what_stands_on_a_site(url, hosts, on):
    assert is_on(url, hosts) is on


_PIECES = (
    "/ // . .. a b1 _x - ~ %41 %e4 ? & = x=1 utm_source=1 # http:// https:// www.a.cn a.cn A.cn :80 ;p (S(a)) localhost"
    " 1.2.3.4 xn--fiq.cn a_b.cn ..com html .html index //b.cn/ 中"
).split()
_BASES = (
    "",
    "https://www.a.cn/x/y.html",
    "http://a.cn",
    "http://a.cn/?q=1",
    "https://127.0.0.1:80/x",
    "/rel",
    "https://a.cn/../c",
)


@given(st.lists(st.sampled_from([*_PIECES, " ", "\t"]), max_size=7), st.sampled_from(_BASES))
def test_plain_addresses_are_read_by_a_faster_way_to_the_same_end(pieces, base):
    url = "".join(pieces)
    hosts = (".a.cn", "1.2.3.4")
    fast = absolute(url, base), canonical(url), is_on(url, hosts), canonical(absolute(url, base) or url)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_ROOTED", "_WHOLE", "_CANONICAL"):
            patch.setattr(urls, name, re.compile("(?!)"))
        urls._origin.cache_clear()
        assert fast == (absolute(url, base), canonical(url), is_on(url, hosts), canonical(absolute(url, base) or url))
    urls._origin.cache_clear()
