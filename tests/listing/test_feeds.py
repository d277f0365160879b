"""Feeds and sitemaps: what they say, and what hostile ones do not get."""

import gzip
from contextlib import suppress
from datetime import datetime

import pytest

from newscrawl.errors import LayoutError, PageError, TooComplexPage, TruncatedPage
from newscrawl.items import BEIJING
from newscrawl.listing.reading import Wanted, read
from tests.listing.support import HOSTS, SITE, found, page, paths

MAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def rss(items):
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>站</title><link>{SITE}/</link>{items}</channel></rss>'
    )


def item(n, more=""):
    return f"<item><title>标题{n}</title><link>{SITE}/a/{n}.html?from=rss</link>{more}</item>"


def only(body):
    [entry] = found(body).entries
    return entry


def at(entry):
    return entry.at and f"{datetime.fromtimestamp(entry.at, BEIJING):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("<pubDate>Fri, 20 Nov 2026 13:46:00 GMT</pubDate>", "2026-11-20 21:46:00"),
        ("<pubDate>2026-11-20 21:46:00</pubDate>", "2026-11-20 21:46:00"),
        (
            "<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2026-11-20T21:46:00+08:00</dc:date>",
            "2026-11-20 21:46:00",
        ),
        ("<pubDate>2026-11-20</pubDate>", None),
        ("<pubDate>soon</pubDate>", None),
        ("", None),
    ],
)
def test_rss(date, told):
    entry = only(rss(item(1, date)))
    assert (entry.url, entry.title, at(entry)) == (f"{SITE}/a/1.html", "标题1", told)


def test_address_from_a_guid_where_there_is_no_link():
    assert only(rss(f"<item><title>t</title><guid>{SITE}/a/7.html</guid></item>")).url == f"{SITE}/a/7.html"
    guid = rss(f'{item(1)}<item><title>t</title><guid isPermaLink="false">{SITE}/a/7.html</guid></item>')
    assert (paths(found(guid)), found(guid).odd) == (["/a/1.html"], 1)


def test_title_without_the_markup_that_feeds_write_into_it():
    titles = "<![CDATA[<b>沪指</b>涨&nbsp;1%]]>", "&lt;b&gt;沪指&lt;/b&gt;涨&amp;nbsp;1%", "沪指涨&nbsp;1%"
    told = {only(rss(f"<item><title>{title}</title><link>{SITE}/1</link></item>")).title for title in titles}
    assert told == {"沪指涨 1%"}


def test_atom():
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/atom.xml?p=2"/><entry><title type="html">标题</title>'
        '<link rel="edit" href="/edit/1"/><link href="/a/1.html"/><id>urn:1</id><updated>2026-11-21T00:00:00Z</updated>'
        "<published>2026-11-20T21:46:00+08:00</published></entry></feed>"
    )
    atom = found(feed)
    assert (atom.kind, atom.next, paths(atom)) == ("atom", f"{SITE}/atom.xml?p=2", ["/a/1.html"])
    assert at(atom.entries[0]) == "2026-11-20 21:46:00"
    assert atom.entries[0].printed == "2026-11-20T21:46:00+08:00"


def test_edit_of_an_atom_entry_is_no_date_of_publication_for_its_article():
    feed = f"<feed><entry><title>t</title><link href='{SITE}/1'/><updated>2026-11-20T21:46:00+08:00</updated></entry></feed>"
    assert (at(only(feed)), only(feed).printed) == ("2026-11-20 21:46:00", None)


def test_rss_1_in_rdf():
    feed = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f'<channel rdf:about="{SITE}/"><title>站</title></channel><item rdf:about="{SITE}/a/1.html"><title>标题</title></item></rdf:RDF>'
    )
    assert paths(found(feed)) == ["/a/1.html"]


@pytest.mark.parametrize("label", ["gb2312", "gbk", "utf-8"])
def test_gbk_under_its_label_and_under_a_wrong_one(label):
    feed = rss(item(1).replace("标题", "朱镕基与喆")).replace('"1.0"?', f'"1.0" encoding="{label}"?').encode("gb18030")
    [entry] = read(page(feed, content_type="application/xml"), Wanted(hosts=HOSTS)).entries
    assert entry.title == "朱镕基与喆1"


def test_kind_is_told_by_content_and_not_by_name_or_label():
    assert read(page(rss(item(1)), f"{SITE}/news.html", "text/html"), Wanted(hosts=HOSTS)).kind == "rss"
    html = "<!DOCTYPE html><html><body><!-- <rss> --><p>x</p></body></html>"
    with pytest.raises(LayoutError):
        read(page(html, f"{SITE}/feed.xml", "application/rss+xml"), Wanted(hosts=HOSTS))


# -- hostile ones ---------------------------------------------------------------------------------------------------------

BOMB = (
    "<!DOCTYPE rss ["
    + '<!ENTITY a0 "哈哈">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)


def test_entities_are_not_expanded():
    feed = BOMB + rss(f"<item><title>t&a11;</title><link>{SITE}/1?x=&a11;</link></item>").partition("?>")[2]
    assert "哈" not in only(feed).title
    assert len(only(feed).url) < 100


@pytest.mark.parametrize("where", ["file:///etc/hostname", "http://127.0.0.1:9/x"])
def test_nothing_outside_is_read(where):
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{where}"><!ENTITY % y SYSTEM "{where}"> %y;]>'
    feed = doctype + rss(f"<item><title>t&x;t</title><link>{SITE}/1</link></item>").partition("?>")[2]
    assert only(feed).title == "t&x;t"


def test_root_hidden_in_a_doctype_gives_nothing_away():
    feed = '<!DOCTYPE rss [<!ENTITY x "<rss><item>">]>' + rss(item(1)).partition("?>")[2]
    assert paths(found(feed)) == ["/a/1.html"]


@pytest.mark.parametrize("end", ["</channel></rss>", "</rss>", "<item><title>"])
def test_feed_that_ends_too_early_is_refused(end):
    whole = rss(item(1) + item(2))
    cut = whole[: whole.rindex(end)] if end in whole[-20:] else whole.replace("</channel></rss>", end)
    with pytest.raises(TruncatedPage):
        found(cut)


@pytest.mark.parametrize(
    "items",
    ["<a>" * 700_000, "<item " + " ".join(f'a{n}=""' for n in range(5000)) + "></item>", "x" * 17_000_000],
    ids=["tags", "attributes", "text"],
)
def test_what_no_parser_is_to_be_given(items):
    with pytest.raises(TooComplexPage):
        found(rss(items))


def test_deep_nesting_is_read_or_refused():
    with suppress(PageError):
        found(rss("<a>" * 100_000 + item(1)))


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "http://[::1/x", "data:text/html,x", ""]
)
def test_odd_addresses_are_counted(address):
    feed = found(rss(f"<item><title>t</title><link>{address}</link></item>{item(1)}"))
    assert (paths(feed), feed.odd) == (["/a/1.html"], 1)


# -- sitemaps -------------------------------------------------------------------------------------------------------------


def urlset(*rows):
    return f"<urlset {MAP}>" + "".join(f"<url>{row}</url>" for row in rows) + "</urlset>"


def loc(path, more=""):
    return f"<loc>{SITE}{path}</loc>{more}"


def test_sitemap_takes_articles_the_latest_first_and_leaves_columns():
    articles = [loc(f"/a/20261{n}.html", f"<lastmod>2026-11-{n}</lastmod>") for n in range(10, 20)]
    columns = [loc(f"/c/{n}/") for n in range(30)]
    told = found(urlset(loc("/"), *columns, *articles))
    assert paths(told) == [f"/a/20261{n}.html" for n in range(19, 9, -1)]
    assert told.links == 41


def test_news_sitemap_tells_time_and_title():
    news = (
        '<n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:publication_date>2026-11-20T21:46:00+08:00'
        "</n:publication_date><n:title>标题</n:title></n:news>"
    )
    entry = only(urlset(loc("/any", news)))
    assert (at(entry), entry.title) == ("2026-11-20 21:46:00", "标题")


def test_image_of_a_page_is_no_page():
    image = '<i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>https://x.example/1.jpg</i:loc></i:image>'
    assert paths(found(urlset(image + loc("/a/1001.html")))) == ["/a/1001.html"]


def test_index_names_sitemaps_the_latest_first():
    rows = "".join(f"<sitemap>{loc(f'/{n}.xml', f'<lastmod>2026-11-0{n}</lastmod>')}</sitemap>" for n in (1, 3, 2))
    index = found(f"<sitemapindex {MAP}>{rows}</sitemapindex>")
    assert [entry.url for entry in index.lists] == [f"{SITE}/{n}.xml" for n in (3, 2, 1)]


def test_packed_sitemap():
    packed = gzip.compress(urlset(loc("/a/1001.html")).encode())
    assert paths(found(packed)) == ["/a/1001.html"]
    with pytest.raises(TruncatedPage):
        found(packed[:-12])
    with pytest.raises(LayoutError):
        found(packed[:3] + b"nonsense")
    with pytest.raises(TooComplexPage):
        found(gzip.compress(b" " * 20_000_000))


def test_a_sitemap_that_declares_no_namespace_is_read():
    body = f"<urlset><url><image:loc>{SITE}/1.png</image:loc><loc>{SITE}/2026/11/20/1001.html</loc></url></urlset>"
    assert paths(found(body)) == ["/2026/11/20/1001.html"]
