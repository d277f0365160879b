"""Addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.urls import absolute, belongs_to, canonical, host_of


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
