"""The GBK site, the feeds, the sitemap, images, robots.txt, 404."""

import struct
import zlib
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import lxml.html
import pytest

from newscrawl.demo import expected_records
from newscrawl.demo.shapes.gbk import gbk_path
from newscrawl.demo.shapes.parts import part_count
from newscrawl.demo.shapes.web_page import web_path

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(site, source):
    return [record.url for record in expected_records(site.truth, source)]


def gbk_links(client):
    path = "/gbk/"
    while path:
        tree = lxml.html.fromstring(client.body(path).decode("gb18030"))
        yield from tree.xpath("//ul[@class='newslist']/li/a/@href")
        path = next(iter(tree.xpath("//a[@class='next']/@href")), None)


def test_gbk_pages_lead_to_every_story(client, site):
    found = [f"http://gbk.sample-news.example{path}" for path in gbk_links(client)]
    assert found == addresses(site, "gbk")


def test_gbk_list_pages_are_the_same_by_name_and_by_number(client):
    assert client.body("/gbk/") == client.body("/gbk/index.html") == client.body("/gbk/index_1.html")
    assert client.get("/gbk/index_99.html")[0].status == 404


def test_gbk_labels_are_missing_or_too_small_for_the_text(client, site):
    labels = set()
    for story in site.truth.stories("gbk"):
        answer, body = client.get(gbk_path(story))
        labels.add(answer.getheader("Content-Type"))
        text = body.decode("gb18030")
        assert story.title in lxml.html.fromstring(text).xpath("//h1")[0].text_content()
        assert b"charset=gb2312" in body
        with pytest.raises(UnicodeDecodeError):
            body.decode("gb2312")
    assert labels == {"text/html", "text/html; charset=gb2312"}


def test_rss_and_atom_name_the_same_newest_stories(client, site):
    items = ElementTree.fromstring(client.body("/feed.xml")).findall("channel/item")
    entries = ElementTree.fromstring(client.body("/atom.xml")).findall(f"{ATOM}entry")
    links = [item.findtext("link") for item in items]
    assert links == [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert links == addresses(site, "web")[:30]
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items]
    assert dates == [record.published_at for record in expected_records(site.truth, "web")][:30]


def test_sitemap_has_every_page(client, site):
    urls = ElementTree.fromstring(client.body("/sitemap.xml")).findall(f"{SITEMAP}url/{SITEMAP}loc")
    assert sorted(url.text for url in urls) == sorted(addresses(site, "web"))


def test_plain_pages_tell_the_story_three_times(client, site):
    for record in expected_records(site.truth, "web"):
        story, images = site.truth.find(record.source_id), []
        for part in range(1, part_count(story) + 1):
            tree = lxml.html.fromstring(client.body(web_path(story, part)).decode())
            assert tree.xpath("//h1")[0].text_content() == record.title
            assert tree.xpath("//meta[@property='og:title']/@content") == [record.title]
            assert tree.xpath("//time/@datetime") == [record.published_at.isoformat()]
            images += tree.xpath("//article//img/@src")
        assert images == list(record.image_urls)


@pytest.mark.parametrize(("family", "path_of"), [("gbk", gbk_path), ("web", web_path)])
def test_parts_of_a_story_hold_all_of_it_and_lead_from_one_to_the_next(client, site, family, path_of):
    counts = {}
    for story in site.truth.stories(family):
        count = counts[story.ordinal] = part_count(story)
        told = ""
        for part in range(1, count + 1):
            text = client.body(path_of(story, part)).decode("gb18030" if family == "gbk" else "utf-8")
            told += "".join(lxml.html.fromstring(text).xpath("//div[contains(@class, 'article-')]")[0].itertext())
            following = path_of(story, part + 1).rpartition("/")[2]
            assert (f'{following}"' in text) is (part < count)
        assert client.get(path_of(story, count + 1))[0].status == 404
        letters = "".join(told.split())
        assert [letters.index("".join(text.split())[-20:]) for text in story.paragraphs] == sorted(
            letters.index("".join(text.split())[-20:]) for text in story.paragraphs
        )
    assert set(counts.values()) == {1, 2, 3}


def test_images_are_valid_files(client, site):
    for path in ("/images/20261120/AbCdEfGhIj_800x600.png", "/images/logo.png"):
        answer, body = client.get(path)
        assert answer.getheader("Content-Type") == "image/png"
        assert body[:8] == b"\x89PNG\r\n\x1a\n"
        length, kind = struct.unpack(">I4s", body[8:16])
        assert kind == b"IHDR"
        assert zlib.crc32(body[12 : 16 + length]) == struct.unpack(">I", body[16 + length : 20 + length])[0]
    answer, body = client.get("/download/D25062148754785522675_w1180h1360.jpg")
    assert answer.getheader("Content-Type") == "image/jpeg"
    assert (body[:3], body[-2:]) == (b"\xff\xd8\xff", b"\xff\xd9")


def test_robots_allows_the_pages(client):
    body = client.body("/robots.txt").decode()
    assert "Disallow: /admin/" in body
    assert "Disallow: /\n" not in body


@pytest.mark.parametrize("path", ["/nothing", "/gbk/20261120/999999.shtml", "/articles/2026-11-20/999999.html"])
def test_what_is_not_there_is_404(client, path):
    answer, body = client.get(path)
    assert answer.status == 404
    assert b"</html>" in body


def test_one_connection_serves_many_requests(client, site):
    client.get("/robots.txt")
    socket = client.connection.sock
    client.get("/gbk/")
    assert client.connection.sock is socket
    assert site.requests[-2:] == [("GET", "/robots.txt"), ("GET", "/gbk/")]
