"""`newscrawl newfixture`: what it writes is a fixture as tests/test_fixtures.py has them, and fails once corrected."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.cli.fixtures import FIELDS, page_of
from newscrawl.demo import SampleSite, expected_records
from newscrawl.demo.shapes.gbk import gbk_path
from newscrawl.demo.shapes.parts import part_count
from tests.crawl.support import Command, Crawls

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "fixtures"
HOST = "https://finance.eastmoney.com"


@pytest.fixture
def site():
    with SampleSite() as site:
        yield site


@pytest.fixture
def crawl(site, tmp_path, monkeypatch):
    for name in ("NEWSCRAWL_DB", "NEWSCRAWL_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Crawls(tmp_path, site)


def newfixture(crawl, *arguments):
    return Command(crawl.folder, "newfixture", *arguments, "--into", crawl.folder / "made").end()


def fetched(crawl, url, *arguments):
    return newfixture(crawl, url, "--base-url", crawl.site.base_url, *arguments)


def verdict(crawl):
    """What the fixture test says of the folder: its exit status, and the tests that failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_fixtures.py"]
    environment = os.environ | {"NEWSCRAWL_FIXTURES": str(crawl.folder / "made"), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    return ended.returncode, re.findall(r"^FAILED .*?::(\S+)", ended.stdout, re.MULTILINE)


def first_of(site, source):
    return next(iter(expected_records(site.truth, source)))


def test_page_becomes_a_fixture_that_passes_and_fails_once_a_field_is_corrected(crawl, site):
    story = first_of(site, "eastmoney")
    ended = fetched(crawl, story.url, "--name", "wrong_title")
    assert (ended.status, ended.stderr) == (0, "")
    case = crawl.folder / "made" / "eastmoney" / "wrong_title"
    assert sorted(file.name for file in case.iterdir()) == ["expected.json", "meta.json", "page.html"]
    assert re.search(rf"^title: +{re.escape(story.title)}$", ended.stdout, re.MULTILINE)
    assert str(case.relative_to(crawl.folder)) in ended.stdout
    assert "expected.json is what is read NOW, not what is right" in ended.stdout
    expected = json.loads((case / "expected.json").read_text())
    assert list(expected) == list(FIELDS)
    assert (expected["title"], expected["body"]) == (story.title, story.body)
    assert verdict(crawl) == (0, [])

    expected["title"] = "更正后的标题"
    (case / "expected.json").write_text(json.dumps(expected))
    status, failed = verdict(crawl)
    assert (status, failed) == (1, ["test_field[eastmoney/wrong_title-title]"])


def test_bytes_and_headers_are_kept_as_they_came_and_nothing_is_stored(crawl, site):
    story = first_of(site, "eastmoney")
    site.set_faults({"gbk_declared": 1})
    fetched(crawl, story.url, "--name", "gbk")
    page = page_of(crawl.folder / "made" / "eastmoney" / "gbk")
    assert story.title.encode("gbk") in page.body
    assert page.headers == {"content-type": "text/html; charset=gbk", "content-length": str(len(page.body))}
    assert (page.url, page.source) == (story.url, "eastmoney")
    assert [path for _, path in site.requests] == ["/robots.txt", f"/a/{story.source_id}.html"]
    assert sorted(path.name for path in crawl.folder.iterdir()) == ["made", "stderr", "stdout"]


def test_name_is_the_addresss_own_unless_one_is_given(crawl, site):
    story = first_of(site, "cls_depth")
    assert fetched(crawl, story.url).status == 0
    assert (crawl.folder / "made" / "cls_depth" / story.source_id / "expected.json").exists()


def test_flash_is_a_fixture_of_its_own_source(crawl, site):
    story = first_of(site, "cls_telegraph")
    assert fetched(crawl, story.url, "--name", "flash").status == 0
    assert page_of(crawl.folder / "made" / "cls_telegraph" / "flash").source == "cls_telegraph"


def test_story_of_several_parts_is_a_fixture_with_all_of_them(crawl, site):
    story = next(story for story in site.truth.stories("gbk") if part_count(story) == 3)
    assert fetched(crawl, f"{HOST}{gbk_path(story)}", "--name", "three").status == 0
    case = crawl.folder / "made" / "eastmoney" / "three"
    assert {"page.html", "part2.html", "part3.html"} <= {file.name for file in case.iterdir()}
    assert [part.url for part in page_of(case).parts] == [f"{HOST}{gbk_path(story, part)}" for part in (2, 3)]
    assert json.loads((case / "expected.json").read_text())["body"] == story.text
    assert verdict(crawl) == (0, [])


def test_page_that_is_refused_is_a_fixture_of_its_refusal(crawl, site):
    story = first_of(site, "cls_depth")
    site.set_faults({"antibot": 1})
    ended = fetched(crawl, story.url, "--name", "slider")
    assert ended.status == 0
    assert "refused: " in ended.stdout
    assert "refused.json is what is read NOW" in ended.stdout
    case = crawl.folder / "made" / "cls_depth" / "slider"
    refused = json.loads((case / "refused.json").read_text())
    assert refused == {"kind": "blocked", "reason": "the site shows a slider (captcha) in place of the page"}
    assert verdict(crawl) == (0, [])
    (case / "refused.json").write_text('{"kind": "gone", "reason": "x"}')
    assert verdict(crawl) == (1, ["test_refused[cls_depth/slider]"])


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        ({"s404": 1}, 1, "gone: HTTP status 404"),
        ({"s500": 1}, 7, "http: HTTP status 500"),
        ({"robots_deny": 1}, 4, "blocked: robots.txt does not allow it"),
    ],
)
def test_page_that_is_not_there_becomes_nothing(crawl, site, fault, status, says):
    story = first_of(site, "eastmoney")
    site.set_faults(fault)
    ended = fetched(crawl, story.url)
    assert ended.status == status
    assert f"{story.url}: {says}" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not (crawl.folder / "made").exists()


def test_story_whose_part_is_missing_becomes_nothing(crawl, site):
    story = next(story for story in site.truth.stories("gbk") if part_count(story) == 3)
    site.set_faults({"s404": "parts"})
    ended = fetched(crawl, f"{HOST}{gbk_path(story)}")
    assert (ended.status, ended.stderr.count("\n")) == (7, 1)
    assert "http: part 2: HTTP status 404" in ended.stderr
    assert not (crawl.folder / "made").exists()


# -- from the archive -------------------------------------------------------------------------------------------------------


def test_archive_gives_the_newest_page_and_nothing_is_asked_for(crawl, site):
    story = first_of(site, "eastmoney")
    crawl.fetch("--save", story.url)
    site.edit(story.source_id)
    crawl.fetch("--save", story.url)
    site.set_faults({"s500": 1})
    crawl.fetch("--save", story.url)
    asked = len(site.requests)
    ended = newfixture(crawl, story.url, "--from-archive", "--db", crawl.db, "--name", "edited")
    assert ended.status == 0
    assert len(site.requests) == asked
    expected = json.loads((crawl.folder / "made" / "eastmoney" / "edited" / "expected.json").read_text())
    assert "（第1次更新" in expected["body"]
    assert expected["body"] == crawl.column("select body from articles")[0]


def test_archive_gives_all_parts_behind_a_redirect_too(crawl, site):
    story = next(story for story in site.truth.stories("gbk") if part_count(story) == 3)
    url = f"{HOST}{gbk_path(story)}"
    site.set_faults({"redirect_ok": "pages"})
    crawl.fetch("--save", url)
    assert newfixture(crawl, url, "--from-archive", "--db", crawl.db, "--name", "three").status == 0
    page = page_of(crawl.folder / "made" / "eastmoney" / "three")
    assert page.url == f"{url}?from=redirect"
    assert len(page.parts) == 2
    expected = json.loads((crawl.folder / "made" / "eastmoney" / "three" / "expected.json").read_text())
    assert expected["body"] == story.text


def test_archive_that_has_not_all_of_it_says_so(crawl, site):
    story = next(story for story in site.truth.stories("gbk") if part_count(story) == 3)
    missing = first_of(site, "eastmoney")
    site.set_faults({"s404": "parts"})
    crawl.fetch("--save", f"{HOST}{gbk_path(story)}")
    site.set_faults({"s403": 1})
    crawl.fetch("--save", missing.url)
    for url, says in [
        (f"{HOST}{gbk_path(story)}", "does not hold all of it: part 2: is not there"),
        (missing.url, "holds no page of it, but HTTP status 403"),
        (f"{HOST}/a/{'2' * 18}.html", "holds nothing of it"),
    ]:
        ended = newfixture(crawl, url, "--from-archive", "--db", crawl.db)
        assert (ended.status, ended.stderr.count("\n")) == (2, 1)
        assert says.replace(" it", f" {url}", 1) in ended.stderr
    assert not (crawl.folder / "made").exists()


# -- from a file ------------------------------------------------------------------------------------------------------------

FILES = [
    ("eastmoney", "images", "page.html", True),
    ("cls_depth", "layout_of_2026", "page.html", True),
    ("cls_depth", "layout_of_2026", "page.html", False),
    ("eastmoney", "cut_short", "page.html", True),
    ("cls_telegraph", "red", "page.json", True),
    ("cls_telegraph", "advert", "page.json", True),
    ("generic", "three_parts_gbk", "page.html", True),
]


@pytest.mark.parametrize(("source", "case", "file", "with_url"), FILES, ids=[f"{f[1]}-{f[3]}" for f in FILES])
def test_saved_file_is_read_as_the_fixture_that_it_comes_from(crawl, source, case, file, with_url):
    own = page_of(OWN / source / case)
    options = ("--url", own.url) if with_url else ()
    saved = crawl.folder / ("saved." + file.partition(".")[2])
    saved.write_bytes(own.body)
    assert newfixture(crawl, saved, *options, "--name", "again").status == 0
    made = crawl.folder / "made" / source / "again"
    assert page_of(made).body == own.body
    told = next(name for name in ("expected.json", "refused.json") if (made / name).exists())
    assert (OWN / source / case / told).exists()
    if told == "expected.json":
        expected, before = (json.loads((folder / told).read_text()) for folder in (made, OWN / source / case))
        assert expected["title"] == before["title"]
        assert expected["url"] == before["url"]


def test_post_is_a_fixture_of_its_folder(crawl):
    own = OWN / "finews" / "charts"
    saved = crawl.folder / "2022-05-27-NW202205273900111629.md"
    saved.write_bytes((own / "page.md").read_bytes())
    assert newfixture(crawl, saved, "--name", "post").status == 0
    made = crawl.folder / "made" / "finews" / "post"
    assert json.loads((made / "expected.json").read_text()) == json.loads((own / "expected.json").read_text())
    assert verdict(crawl) == (0, [])


# -- what cannot be done ----------------------------------------------------------------------------------------------------


def test_nothing_is_overwritten(crawl, site):
    story = first_of(site, "eastmoney")
    fetched(crawl, story.url, "--name", "once")
    case = crawl.folder / "made" / "eastmoney" / "once"
    (case / "expected.json").write_text("corrected")
    ended = fetched(crawl, story.url, "--name", "once")
    assert (ended.status, ended.stderr.count("\n")) == (2, 1)
    assert "is there already" in ended.stderr
    assert (case / "expected.json").read_text() == "corrected"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nosuch.html"], "nosuch.html: neither an http(s) address nor a file"),
        (["."], "neither an http(s) address nor a file"),
        (["notes.txt"], "a page's name ends in .json, .html"),
        (["https://example.org/1"], "no source has the host example.org"),
        (["ftp://finance.eastmoney.com/a/1.html"], "neither an http(s) address nor a file"),
        (["http://[::1"], "an address that cannot be read"),
        (["notes.html", "--from-archive"], "--from-archive goes with an address"),
        (["https://www.cls.cn/detail/2600400", "--url", "https://www.cls.cn/"], "--url goes with a file"),
        (["https://www.cls.cn/detail/2600400", "--from-archive", "--db", "none/news.db"], "there is no archive at"),
        (["https://www.cls.cn/detail/2600400", "--name", "../escape"], "is no name for a fixture"),
        (["https://www.cls.cn/detail/2600400", "--name", "Großes"], "is no name for a fixture"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(crawl, site, arguments, says):
    for name in ("notes.txt", "notes.html"):
        (crawl.folder / name).write_text("notes")
    ended = newfixture(crawl, *arguments)
    assert (ended.status, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert says in ended.stderr
    assert site.requests == []
    assert not (crawl.folder / "made").exists()


def test_without_a_folder_it_wants_to_be_run_in_the_checkout(crawl, site):
    ended = Command(crawl.folder, "newfixture", first_of(site, "eastmoney").url).end()
    assert ended.status == 2
    assert "there is no tests/fixtures here" in ended.stderr
    assert site.requests == []
