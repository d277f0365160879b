"""Over the wire: wherever a site leads, a crawl asks nobody but the site, and no answer is larger than its bound."""

import gzip
import json
import zlib

import brotli
import pytest
from scrapy.robotstxt import ProtegoRobotParser

from newscrawl.demo import expected_records
from newscrawl.demo.answers import Answer
from newscrawl.middlewares.robots import Rules, _whole_lines
from newscrawl.storage.archive_decoding import MOST_ENCODINGS
from tests.crawl.support import Command, Crawls
from tests.hostile.addresses import astray
from tests.hostile.sites import ChangedSite, article, one_each, serve

FEED = "<rss version='2.0'><channel><title>x</title>{}</channel></rss>"
SITEMAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</urlset>"
INDEX = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</sitemapindex>"
MIB = 1024 * 1024


@pytest.fixture
def trap():
    """A server that nobody may ask; tells its port and what it was asked for."""
    with serve(lambda _: "<html><body>inside</body></html>") as (address, asked):
        yield address.rpartition(":")[2], asked
        assert asked == []


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch, tmp_path):
    for name in ("NEWSCRAWL_DB", "NEWSCRAWL_CONFIG", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def escaped(url):
    return url.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def crawl_site(tmp_path, start, *more):
    options = ("--db", tmp_path / "news.db", "--delay", 0, "--json")
    return Command(tmp_path, "crawl", "site", "--start", start, *more, *options).end()


def test_redirects_lead_nowhere_else(tmp_path, trap):
    port, _ = trap
    also = (("Refresh", f"0; url=http://127.0.0.1:{port}/"), ("Content-Location", f"http://127.0.0.1:{port}/"))
    ways = [way.encode().decode("latin-1") for way in astray(port, "finance.eastmoney.com")]
    moved = [
        Answer(b"", status=(301, 302, 303, 307, 308)[place % 5], headers=(("Location", way), *also))
        for place, way in enumerate(ways)
    ]
    with ChangedSite(one_each(moved, every=1), stories=560) as site:
        crawls = Crawls(tmp_path, site)
        ended = crawls("eastmoney", "--since", "2026-11-01")
        failures = crawls.column("select kind from failures")
        assert set(failures) == {"refused", "http", "gone"}  # gone: ways that lead to another page of the site
        assert len(failures) > 50
        assert crawls.column("select count(*) from articles")[0] > 0
        assert ended.outcomes == {"eastmoney": "layout"}  # most of its pages


def list_page(links):
    good = "".join(
        f'<li><a href="/2026/11/20/{n}.html">青禾电池第{n}座工厂今日投产</a></li>' for n in range(1001, 1007)
    )
    return f"<html><head><title>要闻</title>{{head}}</head><body><ul>{good}{links}</ul>{{foot}}</body></html>"


def lists(kind, ways):
    """A list that names six stories of its own and every address that leads astray."""
    good = [f"/2026/11/20/{n}.html" for n in range(1001, 1007)]
    title = "青禾电池又一座工厂今日正式投产"
    match kind:
        case "page":
            links = "".join(f'<li><a href="{escaped(url)}">{title}</a></li>' for url in ways)
            head = "".join(f'<link rel="next" href="{escaped(url)}">' for url in ways)
            foot = "".join(f'<a href="{escaped(url)}">下一页</a>' for url in ways)
            refresh = f'<meta http-equiv="refresh" content="0;url={escaped(ways[0])}">'
            return list_page(links).format(head=head + refresh, foot=foot)
        case "base":
            return list_page("").format(head=f'<base href="{escaped(ways[0])}">', foot="")
        case "feed":
            links = "".join(f"<atom:link xmlns:atom='a' rel='next' href='{escaped(url)}'/>" for url in ways[:20])
            items = (f"<item><title>{title}</title><link>{escaped(url)}</link></item>" for url in (*good, *ways))
            return FEED.format(links + "".join(items))
        case "sitemap":
            pages = (f"<url><loc>{escaped(url)}</loc></url>" for url in (*good, *ways))
            return SITEMAP.format("".join(pages))
        case "index":
            return INDEX.format(
                "".join(f"<sitemap><loc>{escaped(url)}</loc></sitemap>" for url in ("/good.xml", *ways))
            )


@pytest.mark.parametrize("kind", ["page", "base", "feed", "sitemap", "index"])
def test_links_feeds_and_sitemaps_lead_nowhere_else(tmp_path, trap, kind):
    port, _ = trap
    ways = [url for url in astray(port, "127.0.0.1") if "\t" not in url and not url.startswith("http://127.0.0.1/")]
    parts = "".join(f'<a href="{escaped(url)}">下一页</a>' for url in ways)
    canonical = f'<link rel="canonical" href="http://127.0.0.1:{port}/1001.html">'

    def answers(request):
        if request.path == "/robots.txt":
            return Answer(f"User-agent: *\nDisallow: /secret/\nSitemap: http://127.0.0.1:{port}/s.xml\n".encode())
        if request.path == "/list/":
            return lists(kind, ways)
        if request.path == "/good.xml":
            return lists("sitemap", [])
        if request.path.startswith("/2026/11/20/"):
            number = request.path.rpartition("/")[2].partition(".")[0]
            return article(number, head=canonical, body=parts)
        return None

    with serve(answers) as (address, _):
        ended = crawl_site(tmp_path, f"{address}/list/")
        [result] = map(json.loads, ended.stdout.splitlines()) if ended.stdout else [{}]
        if kind == "base":
            assert ended.status != 0  # all its links lead away
        else:
            assert result["counts"]["new"] >= 6


@pytest.mark.parametrize("secret", ["link", "redirect", "sitemap", "next", "part", "escaped"])
def test_robots_txt_holds_wherever_an_address_comes_from(tmp_path, secret):
    hidden = "/%73ecret/2026/11/20/1007.html" if secret == "escaped" else "/secret/2026/11/20/1007.html"
    links = f'<li><a href="{hidden}">青禾电池第七座工厂今日投产</a></li>' if secret in {"link", "escaped"} else ""
    following = f'<a href="{hidden}">下一页</a>' if secret == "next" else ""

    def answers(request):
        if request.path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /secret/\n")
        if request.path == "/list/":
            return (
                INDEX.format(f"<sitemap><loc>{hidden}</loc></sitemap>")
                if secret == "sitemap"
                else list_page(links).format(head="", foot=following)
            )
        if secret == "redirect" and request.path.endswith("/1001.html"):
            return Answer(b"", status=302, headers=(("Location", hidden),))
        number = request.path.rpartition("/")[2].partition(".")[0]
        body = f'<a href="/secret{request.path.replace(".html", "_2.html")}">下一页</a>' if secret == "part" else ""
        return article(number, body=body)

    with serve(answers) as (address, asked):
        crawl_site(tmp_path, f"{address}/list/")
        assert not [path for path in asked if "ecret" in path]
        assert "/list/" in asked


def test_fetch_asks_only_what_was_typed(tmp_path, trap):
    port, _ = trap

    def change(role, story, request, answer):
        return Answer(b"", status=302, headers=(("Location", f"http://127.0.0.1:{port}/"),)) if role == "page" else None

    with ChangedSite(change) as site:
        ended = Crawls(tmp_path, site).fetch(next(iter(expected_records(site.truth, "eastmoney"))).url)
    assert ended.status == 5
    assert "refused" in ended.stderr
    for typed in (f"http://127.0.0.1:{port}/", "http://localhost/", "file:///etc/passwd", "http://2130706433/"):
        ended = Command(tmp_path, "fetch", typed, "--db", tmp_path / "news.db").end()
        assert ended.status == 2


@pytest.mark.parametrize("command", ["preview"])
def test_looking_asks_nobody_else_either(tmp_path, trap, command):
    port, _ = trap
    moved = Answer(b"", status=302, headers=(("Location", f"http://127.0.0.1:{port}/"),))
    with serve(lambda request: Answer(b"") if request.path == "/robots.txt" else moved) as (address, _):
        ended = Command(tmp_path, command, f"{address}/list/").end()
    assert ended.status
    assert "no host of this source" in ended.stderr


def stored(body):
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def bombs():
    """Answers that unpack to more than is read: their Content-Encoding and body."""
    zeros = b"0" * 40 * MIB
    once = gzip.compress(zeros)
    yield "gzip", once
    yield "deflate", zlib.compress(zeros)
    yield "br", brotli.compress(zeros, quality=3)
    yield "gzip, gzip", gzip.compress(once)
    yield "gzip, deflate, br", brotli.compress(zlib.compress(once))
    many = article(1).encode()
    for _ in range(MOST_ENCODINGS + 1):
        many = stored(many)
    yield ", ".join(["gzip"] * (MOST_ENCODINGS + 1)), many
    yield "", zeros


def test_no_answer_is_larger_than_its_bound(tmp_path):
    told = [Answer(body, headers=(("Content-Encoding", encoding),) if encoding else ()) for encoding, body in bombs()]
    with ChangedSite(one_each(told, every=1), stories=120) as site:
        crawls = Crawls(tmp_path, site)
        ended = crawls("eastmoney")
        assert crawls.column("select kind from failures") == ["too_complex"] * len(told)
        reasons = " ".join(crawls.column("select reason from failures"))
        assert "DOWNLOAD_MAXSIZE once decompressed" in reasons
        assert f"packed {MOST_ENCODINGS + 1} times" in reasons
        assert crawls.column("select count(*) from articles")[0] > 0
        assert ended.status


@pytest.mark.parametrize("kind", ["sitemap.xml.gz", "robots"])
def test_packed_sitemaps_and_robots_are_bounded(tmp_path, kind):
    page = SITEMAP.format("<url><loc>/2026/11/20/1001.html</loc></url>" * 500_000)
    packed = Answer(gzip.compress(page.encode()), "application/gzip")
    rules = Answer(b"User-agent: *\nDisallow: /nothing\n" + b"# x\n" * 4 * MIB)

    def answers(request):
        if request.path == "/robots.txt":
            return rules if kind == "robots" else Answer(b"")
        return packed if request.path == "/list/" else article(1)

    with serve(answers) as (address, asked):
        ended = crawl_site(tmp_path, f"{address}/list/")
    assert ended.status == (4 if kind == "robots" else 2), ended
    assert set(asked) <= {"/robots.txt", "/list/"}
    assert "DOWNLOAD_MAXSIZE" in ended.stdout + ended.stderr or "once unpacked" in ended.stderr


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_robots_txt_is_read_in_any_charset(codec):
    body = "# 禁止抓取\nUser-agent: *\nDisallow: /secret/\n".encode(codec)
    rules = Rules(ProtegoRobotParser(_whole_lines(body), None))
    assert rules.refusal("https://a.example/secret/1")
    assert rules.refusal("https://a.example/1") is None
