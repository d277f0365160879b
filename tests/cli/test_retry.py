"""`newscrawl failures --retry` against the sample site: what failed is asked for again, and nothing else is."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.demo import SampleSite
from newscrawl.storage import ledger
from tests.crawl.support import Command, Crawls, Ended


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with SampleSite() as site:
        yield site


@pytest.fixture
def crawl(site: SampleSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crawls:
    monkeypatch.delenv("NEWSCRAWL_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    return Crawls(tmp_path, site)


def retry(crawl: Crawls, *arguments: object) -> Ended:
    options = ("--retry", "--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db, "--json")
    return Command(crawl.folder, "failures", *arguments, *options).end()


def test_what_failed_is_asked_for_again_and_nothing_else(crawl: Crawls, site: SampleSite) -> None:
    site.set_faults({"s500": 3})
    crawl("cls_depth")
    failed = set(crawl.column("select url from failures"))
    assert failed
    site.set_faults({})
    before = len(site.requests)
    ended = retry(crawl)
    assert (ended.status, ended.outcomes) == (0, {"cls_depth": "ok"})
    asked = crawl.asked(since=before)
    assert set(asked) - {"/robots.txt"} == {url.removeprefix("https://www.cls.cn") for url in failed}
    assert len(asked) == len(set(asked))
    assert crawl.query("select * from failures") == []
    assert failed <= set(crawl.column("select url from sightings"))


def test_what_fails_again_keeps_its_tries_and_is_told_by_the_status(crawl: Crawls, site: SampleSite) -> None:
    site.set_faults({"empty": 5})
    crawl("cls_depth")
    failed = crawl.column("select url from failures order by url")
    ended = retry(crawl, "cls_depth")
    assert ended.status == crawl.column("select exit_status from runs order by id desc limit 1")[0] != 0
    assert crawl.query("select url, tries from failures order by url") == [(url, 2) for url in failed]


def test_another_sources_failures_are_left_alone(crawl: Crawls, site: SampleSite) -> None:
    site.set_faults({"s500": 3})
    crawl("cls_depth")
    before = len(site.requests)
    ended = retry(crawl, "eastmoney")
    assert ended.stderr == "no failures to ask for again\n"
    assert len(site.requests) == before


def test_more_failures_than_one_run_takes_up_are_all_asked_for(crawl: Crawls, site: SampleSite) -> None:
    site.set_faults({"s500": 3})
    crawl("cls_depth")
    url = crawl.column("select url from failures limit 1")[0]
    with closing(sqlite3.connect(crawl.db)) as connection, connection:
        connection.executemany(
            "insert into failures (source, url, kind, reason, tries, first_seen_at, last_try_at)"
            " values ('cls_depth', ?, 'layout', '', 1, '', '')",
            [(f"{url}{number:09d}",) for number in range(ledger.DUE_AT_ONCE)],
        )
    site.set_faults({})
    retry(crawl)
    assert crawl.column("select distinct kind from failures") == ["gone"]
    assert crawl.column("select count(*) from failures") == [ledger.DUE_AT_ONCE]
