"""Which addresses may be asked, what is asked in their place, and how long to wait."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.middlewares.addresses import asked_url, public_url, why_refused
from newscrawl.middlewares.retry import LONGEST_WAIT, pause_before, retry_after

HOSTS = ("www.cls.cn", "api3.cls.cn")
BASE = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "url",
    ["https://www.cls.cn/detail/1", "http://www.cls.cn/", "https://WWW.CLS.CN:443/x", "http://api3.cls.cn:80/"],
)
def test_public_hosts_may_be_asked(url):
    assert why_refused(url, HOSTS) is None


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://www.cls.cn/x",
        "javascript:alert(1)",
        "https://evil.example/x",
        "https://www.cls.cn.evil.example/",
        "https://evil-www.cls.cn/",
        "https://www.cls.cn@evil.example/",
        "https://user:secret@www.cls.cn/",
        "https://www.cls.cn:8443/",
        "http://www.cls.cn:443/",
        "http://localhost/",
        "http://127.0.0.1:8000/",
        "http://[::1]/",
        "http://2130706433/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1",
        "http://www.cls.cn:port/",
        "//www.cls.cn/",
        "",
    ],
)
def test_nothing_else_may(url):
    assert why_refused(url, HOSTS)


def test_base_url_takes_the_place_of_scheme_host_and_port():
    assert asked_url("https://www.cls.cn/v1/x?a=1&b=%20#top", BASE) == f"{BASE}/v1/x?a=1&b=%20"
    assert asked_url("https://www.cls.cn/x", None) == "https://www.cls.cn/x"


@pytest.mark.parametrize(
    ("location", "public"),
    [
        (f"{BASE}/detail/2", "https://www.cls.cn/detail/2"),
        ("/detail/2", "/detail/2"),
        ("https://www.cls.cn/detail/2", "https://www.cls.cn/detail/2"),
        ("http://127.0.0.1:8001/admin", "http://127.0.0.1:8001/admin"),
        ("https://evil.example/", "https://evil.example/"),
    ],
)
def test_redirect_on_the_base_url_means_the_public_host(location, public):
    assert public_url(location, BASE, "https://www.cls.cn/detail/1") == public


@given(path=st.from_regex(r"(/[a-z0-9.]{1,5}){0,3}/?(\?[a-z]=[a-z0-9%]{0,4})?", fullmatch=True))
def test_public_address_comes_back_from_what_was_asked(path):
    url = f"https://www.cls.cn{path}"
    assert public_url(asked_url(url, BASE), BASE, "https://www.cls.cn/") == url


NOW = datetime(2026, 11, 20, 13, 46, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Fri, 20 Nov 2026 13:47:30 GMT", 90),
        ("Fri, 20 Nov 2026 13:45:00 GMT", 0),
        ("999999999999999999999", 999_999_999),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Fri, 99 Nov 2026 13:45:00 GMT", None),
        ("Fri, 20 Nov 99999999999999999999 13:45:00 GMT", None),
    ],
)
def test_retry_after_in_seconds_and_as_a_date(header, seconds):
    assert retry_after(header, NOW) == seconds


def test_pauses_grow_up_to_a_bound_and_an_operator_without_delay_has_none():
    assert [pause_before(tries, 1.0) for tries in (1, 2, 3)] == [2, 4, 8]
    assert pause_before(1, 3600) == LONGEST_WAIT
    assert pause_before(2, 0) == 0
