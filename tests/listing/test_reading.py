"""Whatever comes: a list, or a refusal with its kind. And what is said of a start that is none."""

import re
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.errors import PageError, TruncatedPage
from newscrawl.listing.complaints import complaint
from newscrawl.listing.reading import Wanted, read
from tests.listing.support import HOSTS, SITE, news, page

PIECES = st.sampled_from(
    ["<a href='/1/2345.html'>", "标题标题标题标题", "</a>", "<ul>", "<li>", "<rss>", "<item>", "<link>", "</link>", "<urlset>", "<url>",
     "<loc>", "https://www.a.example/1234.html", "</loc>", "</urlset>", "</rss>", "<![CDATA[", "]]>", "<!DOCTYPE", "[", "]>", "&x;", "&#0;",
     "<table>", "<td>", "下一页", "<?xml version='1.0' encoding='gbk'?>", "\x00", "\ufeff", "<sitemapindex>", "</sitemapindex>", "<feed>", "</feed>"]
)  # fmt: skip


@example(["<?xml version='1.0'?>"])
@given(st.lists(PIECES, max_size=30))
def test_any_mixture_is_read_or_refused(pieces):
    with suppress(PageError):
        told = read(page("".join(pieces)), Wanted(hosts=HOSTS))
        assert all(entry.url.startswith("http") for entry in told.entries)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body):
    with suppress(PageError):
        read(page(body), Wanted(hosts=HOSTS))


@pytest.mark.parametrize("body", [f"<html><body><ul>{news(9)}", f"<body><ul>{news(9)}<li><a href="])
def test_list_that_breaks_off_is_not_taken_for_a_short_one(body):
    with pytest.raises(TruncatedPage):
        read(page(body), Wanted(hosts=HOSTS))
    assert complaint(page(body), Wanted(hosts=HOSTS)) is None
    assert len(read(page(f"{body}</body>"), Wanted(hosts=HOSTS)).entries) == 9


LIST = f"<body><ul>{news(5)}</ul><a href='/list/2.html'>下一页</a><a href='/about'>关于</a></body>"
FEED = f"<rss><channel><item><title>t</title><link>{SITE}/a/1.html</link></item></channel></rss>"


@pytest.mark.parametrize(
    ("body", "article", "following", "says"),
    [
        (LIST, None, None, None),
        (LIST, r"/2026/11", r"/list/\d", None),
        (FEED, None, None, None),
        (FEED, "/a/", None, None),
        ("<rss><channel></channel></rss>", None, None, None),
        ("<body>没有</body>", None, None, "is no list of articles, no feed and no sitemap"),
        ("", None, None, "the answer is empty"),
        (LIST, "nothing", None, r"--article 'nothing' matches none of the 7 links of the list page"),
        (LIST, "nothing", None, r"most of them look like /\d+/\d+/\d+/\d+\.html"),
        (FEED, "nothing", None, "--article 'nothing' matches none of the 1 link of the RSS feed"),
        (LIST, "a", None, "--article 'a' matches all 7 links of the list page"),
        (LIST, None, "nothing", "--next 'nothing' matches none of the 7 links"),
        (LIST, None, "http", "--next 'http' matches all 7 links"),
        (
            f"<urlset><url><loc>{SITE}/c/1/</loc></url></urlset>",
            None,
            None,
            "names 1 pages, none of them numbered or dated",
        ),
    ],
)
def test_complaint_says_what_was_seen(body, article, following, says):
    wanted = Wanted(
        hosts=HOSTS, article=re.compile(article) if article else None, next=re.compile(following) if following else None
    )
    told = complaint(page(body), wanted)
    assert (told is None) if says is None else says in told
