"""`newscrawl replay` of other crawlers' archives: WARC files as Common Crawl's news crawl writes them."""

import os
import signal
import subprocess
import sys
from datetime import UTC, timedelta
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.demo import NOW, World
from newscrawl.demo.answers import Request
from newscrawl.demo.routes import find_route
from newscrawl.demo.shapes.parts import part_count
from newscrawl.demo.shapes.web_page import SITE
from newscrawl.demo.truth import FAMILIES_OF, expected
from tests.crawl.support import Command, Crawls

HTML = "text/html; charset=utf-8"
STORIES = ("web", "gbk", "cls_telegraph", "cls_depth", "eastmoney")


class Foreign:
    """A WARC file of another crawler's."""

    def __init__(self, path):
        self.path, self._came = path, NOW + timedelta(days=1)

    def __enter__(self):
        self._file = self.path.open("wb")
        self._writer = WARCWriter(self._file, gzip=self.path.suffix == ".gz", warc_version="1.0")
        info = {"software": "StormCrawler 2.10", "isPartOf": "CC-NEWS", "robots": "checked via crawler-commons"}
        self._writer.write_record(self._writer.create_warcinfo_record(self.path.name, info))
        return self

    def __exit__(self, *_):
        self._file.close()

    def put(self, url, body, status="200 OK", content_type=HTML, headers=(), kind="response"):
        self._came += timedelta(seconds=1)
        marks = {"WARC-Date": self._came.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")}
        first = "GET / HTTP/1.1" if kind == "request" else status
        http = StatusAndHeaders(first, [("Content-Type", content_type), *headers], protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=marks
        )
        self._writer.write_record(record)

    def answer(self, url, answer, **more):
        self.put(url, answer.body, content_type=answer.content_type, **more)

    def stories(self, world, *sources):
        """The page of every story of these sources."""
        for source in sources:
            for story in world.stories(*FAMILIES_OF[source]):
                url = expected(story, source).url
                self.answer(url, answer_of(world, url))


def answer_of(world, url):
    """What the sample sites answer to an address."""
    return find_route(world, Request.parse("/" + url.split("/", 3)[3])).answer


@pytest.fixture(scope="module")
def world():
    return World(1, 120, NOW)


@pytest.fixture
def crawl(tmp_path):
    return Crawls(tmp_path, None)


def replay(crawl, path):
    return Command(crawl.folder, "replay", path, "--db", crawl.db, "--json").end()


@pytest.mark.parametrize("name", ["CC-NEWS-20261121000000-00001.warc.gz", "CC-NEWS-20261121000000-00001.warc"])
def test_stories_are_stored_under_their_sites_rule_or_the_name_of_their_host(crawl, world, name):
    with Foreign(crawl.folder / name) as archive:
        archive.stories(world, *STORIES)
    ended = replay(crawl, archive.path)
    assert (ended.status, ended.outcomes, ended.stderr) == (0, {"replay": "ok"}, "")
    stored = {row[:2]: row[2:] for row in crawl.query("select source, url, title, body, published_ts from articles")}
    names = {"web": "sample-news.example", "gbk": "gbk.sample-news.example"}
    for source in STORIES:
        for story in world.stories(*FAMILIES_OF[source]):
            told = expected(story, source)
            if part_count(story) > 1:
                assert (names[source], told.url) not in stored, "the first part is not the story"
                continue
            if told.shared and source == "eastmoney":
                continue  # the same text from cls.cn came before
            title, body, moment = stored[names.get(source, source), told.url]
            assert (title, body) == (told.title, told.body)
            assert moment == int(told.published_at.timestamp())
    assert crawl.query("select distinct backfilled from articles") == [(1,)]
    assert crawl.column("select count(distinct source) from articles") == [len(STORIES)]
    again = replay(crawl, archive.path)
    assert again.outcomes == {"replay": "nothing_new"}


def test_what_is_no_story_is_counted_and_no_failure(crawl, world):
    story = next(world.stories("web"))
    url, page = expected(story, "web").url, answer_of(world, expected(story, "web").url)
    with Foreign(crawl.folder / "cc.warc.gz") as archive:
        archive.put("dns:www.sample-news.example", b"127.0.0.1", kind="resource")
        archive.put(f"{SITE}/robots.txt", b"User-agent: *\n", content_type="text/plain")
        archive.put(f"{SITE}/", page.body)
        archive.put(f"{SITE}/gone.html", page.body, status="404 Not Found")
        archive.put(f"{SITE}/moved.html", b"", status="301 Moved Permanently", headers=[("Location", url)])
        archive.put(f"{SITE}/a.png", b"\x89PNG", content_type="image/png")
        archive.answer(f"{SITE}/feed.xml", answer_of(world, f"{SITE}/feed.xml"))
        archive.put(f"{SITE}/empty.html", b"")
        archive.put(f"{SITE}/login.html", "<title>登录</title><body>请登录后查看</body>".encode())
        archive.put(f"{SITE}/deep.html", b"<div>" * 200_000)
        archive.put(f"{SITE}/list.html", "".join(f"<li><a href='/{n}'>要闻{n}</a></li>" for n in range(90)).encode())
        archive.put(url, b"", kind="request")
        archive.put("http://cls_telegraph/detail/1", page.body)
        archive.put("http://[::1/detail/1", page.body)
        archive.put(f"{url}?utm_source=x", page.body)
    ended = replay(crawl, archive.path)
    result = ended.results["replay"]
    assert (ended.status, result["counts"]["new"], result["counts"]["failed"]) == (0, 1, 0)
    assert result["skipped"] == {
        "address": 2,
        "robots": 1,
        "home": 1,
        "status": 2,
        "not_html": 2,
        "empty": 1,
        "blocked": 1,
        "too_complex": 1,
        "layout": 1,
    }
    assert result["counts"]["found"] == 13 == 1 + result["counts"]["skipped"]
    assert crawl.column("select count(*) from failures") == [0]
    assert crawl.column("select url from sightings order by url") == [url, f"{url}?utm_source=x"]


def test_bodies_that_were_unpacked_with_the_header_left_in_are_read(crawl, world):
    story = next(world.stories("web"))
    url = expected(story, "web").url
    with Foreign(crawl.folder / "old.warc.gz") as archive:
        archive.answer(
            url, answer_of(world, url), headers=[("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
        )
    assert replay(crawl, archive.path).status == 0
    assert crawl.column("select body from articles") == [story.text]


def test_a_crawls_own_story_met_in_a_foreign_archive_is_the_same_article(crawl, world):
    story = next(world.stories("article"))
    url = expected(story, "cls_depth").url
    for name in ("one.warc", "two.warc.gz"):
        with Foreign(crawl.folder / name) as archive:
            archive.answer(url, answer_of(world, url))
        replay(crawl, archive.path)
    assert crawl.query("select source, source_id from articles") == [("cls_depth", story.id)]


def test_only_one_host_of_many(crawl, world):
    with Foreign(crawl.folder / "cc.warc.gz") as archive:
        archive.stories(world, "web", "gbk")
    ended = Command(
        crawl.folder, "replay", archive.path, "--db", crawl.db, "--source", "sample-news.example", "--json"
    ).end()
    assert ended.status == 0
    assert crawl.column("select distinct source from articles") == ["sample-news.example"]


def test_stories_of_a_foreign_archive_are_rebuilt_where_it_is_named(crawl, world):
    with Foreign(crawl.folder / "cc.warc.gz") as archive:
        archive.stories(world, "web", "cls_depth")
    replay(crawl, archive.path)
    options = ("rebuild", "--db", crawl.db, "--into", crawl.folder / "new.db")
    ended = Command(crawl.folder, *options, crawl.folder / "warc", archive.path).end()
    assert ended.status == 0, ended.stderr
    everything = crawl.query("select * from articles order by id"), crawl.query("select * from sightings")
    then, crawl.db = crawl.db, crawl.folder / "new.db"
    assert (crawl.query("select * from articles order by id"), crawl.query("select * from sightings")) == everything
    options = ("rebuild", "--db", then, "--into", crawl.folder / "newer.db")
    count = len(everything[0])
    ended = Command(crawl.folder, *options, crawl.folder / "warc").end()
    assert ended.status == 1
    assert f"{count} of {count} articles are not in these archives" in ended.stdout


def test_memory_stays_flat_however_long_the_archive(tmp_path, world):
    """What is held does not grow with the records that were read."""
    story = next(world.stories("web"))
    page = answer_of(world, expected(story, "web").url).body
    peaks = []
    for count in (300, 3000):
        with Foreign(tmp_path / f"{count}.warc.gz") as archive:
            for number in range(count):
                archive.put(f"{SITE}/{number}.html", page + b"<!-- %d -->" % number + b" " * 20_000, status="404 x")
        code = (
            "import resource, sys; from newscrawl.cli import main\n"
            "try: main(sys.argv[1:])\n"
            "except SystemExit: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        command = [sys.executable, "-c", code, "replay", str(archive.path), "--db", str(tmp_path / "news.db")]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(ended.stdout.splitlines()[-1]))
    assert peaks[1] - peaks[0] < 8 * 1024, f"KiB: {peaks}"


def test_a_signal_keeps_what_was_read(crawl, world):
    story = next(world.stories("web"))
    page = answer_of(world, expected(story, "web").url).body
    with Foreign(crawl.folder / "long.warc") as archive:
        for number in range(5000):
            archive.put(f"{SITE}/{number}.html", page.replace(b"</h1>", b" %d</h1>" % number))
    command = Command(crawl.folder, "replay", archive.path, "--db", crawl.db, "--json")
    while (
        not crawl.db.exists()
        or not (crawl.folder / "warc").exists()
        or not any((crawl.folder / "warc").glob("*.warc.gz"))
    ):
        command.process.join(0.01)
        assert command.process.is_alive(), "it ended by itself"
    os.kill(command.process.pid, signal.SIGTERM)
    ended = command.end()
    assert (ended.status, ended.outcomes) == (130, {"replay": "interrupted"})
    [(outcome, new, found)] = crawl.query("select outcome, new, found from runs")
    assert (outcome, new) == ("interrupted", crawl.column("select count(*) from articles")[0])
    assert 100 <= new == found < 5000
