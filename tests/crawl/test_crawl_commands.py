"""The commands that fetch, as an operator types them."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.cli.demo import QUERIES
from newscrawl.demo import expected_records
from newscrawl.items import Article
from newscrawl.outcomes import EXIT_STATUS
from newscrawl.sites import shipped
from newscrawl.storage.database import open_readonly
from tests.crawl.support import Command, on_a_terminal

ROOT = Path(__file__).parents[2]


@pytest.fixture
def story(site):
    return next(each for each in expected_records(site.truth, "cls_depth") if each.image_urls)


def scrapy(crawl, *arguments):
    """`scrapy crawl …` in the checkout."""
    command = [sys.executable, "-m", "scrapy", "crawl", *arguments, "-a", f"base_url={crawl.site.base_url}"]
    settings = ["-s", "DOWNLOAD_DELAY=0", "-s", f"NEWSCRAWL_DB={crawl.db}"]
    return subprocess.run([*command, *settings], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


# -- scrapy ---------------------------------------------------------------------------------------------------------------


def test_scrapy_list_names_the_sources():
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert sorted(listed.stdout.split()) == sorted(["cls_depth", "cls_telegraph", "eastmoney", "site", *shipped()])


def test_scrapy_crawl_of_any_site(crawl, site):
    start = "https://www.sample-portal.example/portal/triple/"
    ended = scrapy(crawl, "site", "-a", f"start={start}")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("sample-portal.example: ok (found 6")
    assert crawl.column("select distinct source from articles") == ["sample-portal.example"]
    assert scrapy(crawl, "site").returncode == 2


def test_scrapy_crawl_does_the_same_work_and_writes_whole_records(crawl, site, tmp_path):
    out = tmp_path / "out.jsonl"
    ended = scrapy(crawl, "cls_depth", "-a", "since=2026-11-20", "-O", str(out))
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("cls_depth: ok (found")
    records = {record["source_id"]: record for record in map(json.loads, out.read_text().splitlines())}
    told = {each.source_id: each for each in expected_records(site.truth, "cls_depth")}
    assert records.keys() == told.keys()
    for number, record in records.items():
        assert record["published_at"] == told[number].published_at.isoformat()
        assert record["published_at"].endswith("+08:00")
        assert record["fetched_at"].endswith("+00:00")
        assert [image["url"] for image in record["images"]] == record["image_urls"] == list(told[number].image_urls)
        assert {(stock["code"], stock["market"]) for stock in record["stocks"]} == told[number].stocks
        assert all(set(tag) == {"kind", "name"} for tag in record["tags"])
        assert record.keys() == Article.__dataclass_fields__.keys()
    assert set(crawl.column("select url from articles")) == {each.url for each in told.values()}
    assert crawl.query("select source, outcome, exit_status from runs") == [("cls_depth", "ok", 0)]


def test_scrapy_crawl_of_one_address(crawl, site, story):
    assert scrapy(crawl, "cls_depth", "-a", f"url={story.url}").returncode == 0
    assert crawl.column("select url from articles") == [story.url]
    assert crawl.asked() == ["/robots.txt", f"/detail/{story.source_id}"]


def test_scrapy_crawl_has_the_exit_status_of_the_outcome(crawl, site):
    site.set_faults({"list_empty": 1})
    assert scrapy(crawl, "cls_telegraph").returncode == 6
    assert crawl.column("select outcome from runs") == ["empty"]


@pytest.mark.parametrize(
    ("fault", "outcome", "requests"),
    [({"robots_hang": 1}, "network", 6), ({"hang": 4}, "partial", None)],
)
def test_answer_that_does_not_come_is_waited_for_so_long_and_three_times(crawl, site, fault, outcome, requests):
    site.set_faults(fault)
    ended = scrapy(crawl, "eastmoney", "-s", "DOWNLOAD_TIMEOUT=0.3")
    assert crawl.column("select outcome from runs") == [outcome]
    assert ended.returncode == EXIT_STATUS[outcome]
    assert set(crawl.column("select kind from failures")) <= {"network"}
    failed = {url.removeprefix("https://finance.eastmoney.com") for url in crawl.column("select url from failures")}
    assert all(crawl.asked().count(path) == 3 for path in failed)
    assert bool(failed) is (outcome == "partial")
    assert requests in {None, len(site.requests)}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nosuch"], "there is no source 'nosuch'"),
        (["eastmoney", "-a", "since=soon"], "since: 'soon' is no date"),
        (["eastmoney", "-a", "sinse=2026-11-20"], "there is no argument 'sinse'"),
        (["eastmoney", "cls_depth"], "name one source"),
    ],
)
def test_scrapy_crawl_of_what_cannot_be_done(crawl, site, arguments, says):
    ended = scrapy(crawl, *arguments)
    assert ended.returncode == 2
    assert says in ended.stderr
    assert not crawl.db.exists()
    assert site.requests == []


def test_scrapy_crawl_refuses_a_foreign_database(crawl, site):
    crawl.db.write_text("notes\n" * 99)
    assert scrapy(crawl, "eastmoney").returncode == 2
    assert crawl.db.read_text() == "notes\n" * 99
    assert site.requests == []


# -- fetch ----------------------------------------------------------------------------------------------------------------


def test_fetch_prints_the_record_and_stores_nothing(crawl, story):
    ended = crawl.fetch(story.url)
    assert (ended.status, ended.stderr) == (0, "")
    assert re.search(rf"^title: +{re.escape(story.title)}$", ended.stdout, re.MULTILINE)
    assert re.search(rf"^published_at: +{re.escape(str(story.published_at))}$", ended.stdout, re.MULTILINE)
    assert ended.stdout.rstrip().endswith(story.body)
    assert not crawl.db.exists()


def test_fetch_saves_when_told_to(crawl, story):
    assert crawl.fetch("--save", story.url).status == 0
    assert crawl.column("select url from articles") == [story.url]


def test_fetch_prints_json_for_machines(crawl, story):
    record = json.loads(crawl.fetch("--json", story.url).stdout)
    assert (record["title"], record["body"]) == (story.title, story.body)
    assert record["published_at"] == story.published_at.isoformat()


def test_fetched_telegraph_is_a_flash_of_its_own_source(crawl, site):
    flash = next(iter(expected_records(site.truth, "cls_telegraph")))
    assert crawl.fetch("--save", flash.url).status == 0
    assert crawl.query("select source, kind, source_id from articles") == [("cls_telegraph", "flash", flash.source_id)]


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        ({"s404": 1}, 1, "gone: HTTP status 404"),
        ({"s403": 1}, 4, "blocked: HTTP status 403"),
        ({"antibot": 1}, 4, "blocked: "),
        ({"blank": 1}, 6, "empty: "),
        ({"s500": 1}, 7, "http: HTTP status 500"),
        ({"redirect_internal": 1}, 5, "refused: localhost is no host of this source"),
        ({"robots_deny": 1}, 4, "blocked: robots.txt does not allow it"),
    ],
)
def test_refusal_prints_its_kind_and_reason_and_the_exit_status_tells(crawl, site, story, fault, status, says):
    site.set_faults(fault)
    ended = crawl.fetch(story.url)
    assert ended.status == status
    assert ended.stdout == ""
    assert f"{story.url}: {says}" in ended.stderr


def test_fetch_of_several_addresses_tells_of_each(crawl, site, story):
    ended = crawl.fetch(story.url, "https://www.cls.cn/detail/9999999")
    assert ended.status == 1
    assert story.title in ended.stdout
    assert "https://www.cls.cn/detail/9999999: gone: " in ended.stderr


@pytest.mark.parametrize("url", ["https://example.org/1", "file:///etc/passwd", "www.cls.cn/detail/1", "http://[::1"])
def test_fetch_of_an_address_of_no_source_is_one_sentence(crawl, site, url):
    ended = crawl.fetch(url)
    assert ended.status == 2
    assert len(ended.stderr.splitlines()) == 1
    assert site.requests == []


# -- what is printed --------------------------------------------------------------------------------------------------------


def test_cron_gets_one_line_for_each_source_and_quiet_none_for_a_good_run(crawl, tmp_path):
    options = ("--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db)
    ended = Command(tmp_path, "crawl", "cls_telegraph", "eastmoney", *options).end()
    lines = ended.stdout.splitlines()
    assert [line.split(" (")[0] for line in lines] == ["cls_telegraph: ok", "eastmoney: ok"]
    assert ended.stderr == ""
    assert Command(tmp_path, "crawl", "eastmoney", "-q", *options).end().stdout == ""


def test_verbose_writes_scrapys_log_beside_the_database_and_nowhere_else(crawl):
    ended = crawl("cls_telegraph", "-v")
    assert ended.stderr == ""
    assert "Spider closed (finished)" in (crawl.folder / "news.log").read_text()
    assert not crawl("cls_telegraph").stderr
    assert (crawl.folder / "news.log").read_text().count("Spider closed") == 1


def test_long_log_is_put_aside_before_the_next_crawl_writes_one(crawl):
    log = crawl.folder / "news.log"
    log.write_bytes(b"before\n")
    os.truncate(log, 11 * 1024 * 1024)
    assert crawl("cls_telegraph", "-v").status == 0
    assert "Spider closed (finished)" in log.read_text()
    with (crawl.folder / "news.log.1").open("rb") as aside:
        assert aside.readline() == b"before\n"


def test_terminal_sees_progress_and_then_one_line(crawl):
    options = ("--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db)
    out, shown = on_a_terminal("crawl", "cls_telegraph", *options)
    assert "cls_telegraph  found " in shown
    assert shown.endswith("\r\x1b[K"), "the line is gone in the end"
    assert out.startswith("cls_telegraph: ok")


def test_sources_lists_what_can_be_crawled_and_how_it_stands(crawl, tmp_path):
    crawl("eastmoney")
    listed = json.loads(Command(tmp_path, "sources", "--db", crawl.db, "--json").end().stdout)
    assert [each["source"] for each in listed] == ["cls_depth", "cls_telegraph", "eastmoney", *sorted(shipped())]
    eastmoney = listed[2]
    assert eastmoney["last_outcome"] == "ok"
    assert eastmoney["freshest"] == crawl.column("select max(published_at) from articles")[0]
    assert "finance.eastmoney.com" in eastmoney["hosts"]
    table = Command(tmp_path, "sources").end()  # before the first crawl there is no database
    assert (table.status, table.stdout.split()[0]) == (0, "source")
    assert not (tmp_path / "data").exists()


def test_configuration_file_is_obeyed(crawl, site, tmp_path):
    config = tmp_path / "operator.toml"
    config.write_text(
        f'database = "own.db"\ncontact = "ops@example.org"\ndelay = 0\n[archive]\nfolder = "kept"\n'
        f'[sources.cls_depth]\nenabled = false\n[sources.cls_telegraph]\nbase_url = "{site.base_url}"\n'
        f'[sources.eastmoney]\nbase_url = "{site.base_url}"\nchannels = ["fast"]\n'
    )
    ended = Command(tmp_path, "crawl", "--all", "--config", config, "--json").end()
    assert ended.outcomes == {"cls_telegraph": "ok", "eastmoney": "ok"}
    assert (tmp_path / "own.db").exists()
    assert list((tmp_path / "kept").glob("*.warc*"))
    assert "/comm/web/getNewsByColumns" not in crawl.asked()


# -- demo -----------------------------------------------------------------------------------------------------------------


def test_demo_crawls_twice_and_its_queries_work(tmp_path):
    ended = Command(tmp_path, "demo", "--db", tmp_path / "demo.db").end()
    assert ended.status == 0, ended.stdout
    first, second = re.findall(r"^source .*?\n\n", ended.stdout, re.MULTILINE | re.DOTALL)
    for source in ("cls_telegraph", "cls_depth", "eastmoney", "finews"):
        assert re.search(rf"^{source} +\d+ +[1-9]\d* ", first, re.MULTILINE)
        assert re.search(rf"^{source} +\d+ +0 +0 +\d+ +0 ", second, re.MULTILINE)
    assert "Nothing is new." in ended.stdout
    with closing(sqlite3.connect(tmp_path / "demo.db")) as connection:
        for sql in QUERIES.values():
            assert sql in ended.stdout
            assert connection.execute(sql).fetchall()


def test_sample_database_is_small_and_the_same_every_time(tmp_path):
    for name in ("one.db", "two.db"):
        assert Command(tmp_path, "demo", "--sample", tmp_path / name).end().status == 0
    made = (tmp_path / "one.db").read_bytes()
    assert made == (tmp_path / "two.db").read_bytes()
    assert len(made) < 1_000_000
    open_readonly(tmp_path / "one.db").close()
    assert not list(tmp_path.glob("*-wal"))


def test_demo_replaces_its_own_database_and_no_other_file(tmp_path):
    (tmp_path / "notes.db").write_text("notes\n" * 99)
    ended = Command(tmp_path, "demo", "--db", tmp_path / "notes.db").end()
    assert ended.status == 2
    assert (tmp_path / "notes.db").read_text() == "notes\n" * 99


def test_an_export_that_cannot_be_written_is_no_success(crawl):
    ended = scrapy(crawl, "eastmoney", "-O", "/proc/nosuch/out.jsonl")
    assert ended.returncode == 8
    assert "could not be written" in ended.stderr
