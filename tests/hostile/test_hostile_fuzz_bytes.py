"""Every parser on bytes and texts by chance: only errors of ours come out, and what is read may be stored."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.config import read_config
from newscrawl.dates import from_unix, parse_date
from newscrawl.decode import clean_text, decode
from newscrawl.demo.answers import Request
from newscrawl.demo.routes import find_route
from newscrawl.demo.server import NOW
from newscrawl.demo.world import World
from newscrawl.errors import PageError, UsageError
from newscrawl.extraction import series
from newscrawl.listing.shapes import day_bounds, may_be_article, shape_of
from newscrawl.middlewares.retry import retry_after
from newscrawl.urls import absolute, canonical, host_of, hosts_of, is_on, site_of
from tests.hostile.addresses import astray
from tests.hostile.chance import TEXTS, VALUES, fuzz
from tests.hostile.corpus import large
from tests.hostile.reading import read_any
from tests.hostile.valid import CONTROL, check_text
from tests.hostile.vectors import vectors

WORLD = World(seed=7, size=12, now=NOW)
PIECES = [
    "<p>", "</p>", "<div>", "</div>", "<table>", "<td>", "<a href='", "<img src=", "<script>", "</script>", "<!--", "-->", "<h1>", "</h1>",
    "<title>", "</title>", "<html>", "</html>", "<body>", "<b", ">", "<", "&", "&amp;", "&#0;", "&#xD800;", "\0", "\x1b[31m", "\ud800", "\ufeff",
    "青禾电池今日宣布，新工厂已经投产。", "2026-11-20 19:55", "来源：财联社", "下一页", "{", "}", "[", "]", '"', "'", "=", "---\n", "title: x\n", "\n",
    "<item>", "<link>https://www.a.example/1.html</link>", "</item>", "<rss>", "</rss>", "<urlset>", "<url><loc>", "</loc></url>", "</urlset>",
    "User-agent: *\n", "Disallow: /x/\n", "Crawl-delay: 9\n", "WARC/1.0\r\n", "Content-Length: 5\r\n", "\r\n", "<![CDATA[", "]]>", "<?xml", "?>", "<!DOCTYPE x [", "]>",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map(
    lambda each: "".join(each).encode("utf-8", "surrogatepass")
)


def real(kind):
    """Whole answers of this kind, to be cut and changed."""
    targets = {
        "page": [
            "/detail/2600011",
            "/robots.txt",
            *[f"/a/{story.code}.html" for story in WORLD.stories("article")][:2],
        ],
        "list": ["/portal/list/", "/rss.xml", "/sitemap.xml", "/gbk/"],
    }.get(kind, [])
    found = [find_route(WORLD, Request.parse(target)).answer.body for target in targets]
    made = {
        "warc": [large.GOOD * 2],
        "post": [large.post("title: x\ndate: 2026-11-20")],
        "list": [large.feed(large.ITEM), large.sitemap("<url><loc>/1</loc></url>")],
    }
    return found + made.get(kind, []) or [b""]


@st.composite
def damaged(draw, kind):
    """A whole answer with bytes replaced, left out or put in."""
    body = bytearray(draw(st.sampled_from(real(kind))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.sampled_from([0, 1, 2, 50]))] = draw(
            st.binary(max_size=4) | st.sampled_from(PIECES).map(lambda text: text.encode("utf-8", "surrogatepass"))
        )
    return bytes(body[: draw(st.integers(0, len(body)))] if draw(st.booleans()) else body)


@pytest.mark.parametrize("kind", ["page", "list", "robots", "warc", "post", "config", "json"])
def test_every_parser_reads_or_refuses_any_bytes(kind):
    @fuzz
    @given(st.binary(max_size=200) | SOUP | damaged(kind))
    def check(body):
        read_any(kind, body)

    check()


@fuzz
@given(
    st.binary(max_size=80) | TEXTS.map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.sampled_from(
        [
            "",
            "text/html; charset=gbk",
            "text/html; charset=utf-7",
            "text/html; charset=\x00",
            "a; charset=" + "x" * 999,
            "; charset=utf-16",
        ]
    ),
)
def test_bytes_are_decoded_or_refused(body, content_type):
    try:
        text = decode(body, content_type)
    except PageError:
        return
    assert not CONTROL.search(clean_text(text))


@fuzz
@given(
    TEXTS | st.text("0123456789-/.年月日 :时分秒今昨天前小时PMZ+星期一刚刚半", max_size=40),
    st.none() | st.datetimes(datetime(1995, 1, 1), datetime(2099, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),
)
@example("9999小时前", datetime(1992, 1, 1, tzinfo=UTC))
@example("2026-11-20 10:00 +99:99", None)
@example("9" * 10 + "." + "9" * 400, None)
def test_dates_are_in_range_or_none(text, reference):
    dated = parse_date(text, reference)
    assert dated is None or (dated.at.tzinfo and 1989 < dated.at.year < 2101)
    assert dated is None or dated.at.utcoffset() is not None


@fuzz
@given(VALUES)
def test_unix_times_are_in_range_or_none(value):
    dated = from_unix(value)
    assert dated is None or 1990 <= dated.at.year < 2100


ADDRESSES = TEXTS | st.sampled_from(astray(9, "a.example")) | TEXTS.map(lambda rest: f"https://www.a.example/{rest}")


@fuzz
@given(ADDRESSES, ADDRESSES)
def test_addresses_are_read_or_none(url, base):
    found = absolute(url, base)
    if found is not None and base.startswith("https://www.a.example/"):
        check_text(found)
    canonical(url), host_of(url), is_on(url, (".a.example",)), site_of(host_of(url))
    for address in filter(None, (absolute(url), absolute(url, "https://www.a.example/"))):
        check_text(canonical(address))
        assert canonical(canonical(address)) == canonical(address)
        shape_of(address), may_be_article(address), day_bounds(address), hosts_of((address,))
        series.next_way("https://www.a.example/1.html", address, canonical(address))
        series.may_be_later(address)
        series.may_link_on(address, b"?page=2")


@fuzz
@given(TEXTS | st.text(max_size=40))
@example("Fri, 20 Nov 2026 13:47:30 -0000")
@example("Fri, 20 Nov 99999999999999999999 13:47:30 GMT")
@example("Mon, 01 Jan 0001 00:00:00 +2359")
def test_retry_after_is_seconds_or_none(header):
    wait = retry_after(header, NOW)
    assert wait is None or 0 <= wait < 10**12


@fuzz
@given(
    st.dictionaries(
        st.sampled_from(["database", "delay", "archive", "sources", "sites", "proxy", "contact", "concurrency"])
        | TEXTS,
        VALUES | st.dictionaries(TEXTS, VALUES, max_size=2),
        max_size=3,
    )
)
def test_settings_are_read_or_refused_by_name(table):
    with suppress(UsageError):
        read_config(table)


@fuzz
@given(st.sampled_from(list(vectors())), st.sampled_from(["page", "list", "post", "json"]))
def test_hostile_markup_is_read_by_every_parser(vector, kind):
    body = vector.encode("utf-8", "surrogatepass")
    read_any(kind, body if kind != "json" else large.answer(large.rows(2, content=vector, title=vector)))
