"""Other programs at the same database: waited for, told, and never in the way of a reader."""

import contextlib
import signal
import sqlite3

import pytest

from newscrawl.demo import SampleSite
from newscrawl.storage import transactions
from newscrawl.storage.database import open_database
from tests.crash.support import integrity, newscrawl, store
from tests.crawl.support import Command, Crawls
from tests.crawl.test_crawl_ends import paths_of, until_asked


@pytest.fixture
def site():
    with SampleSite(stories=60) as site:
        yield site


@contextlib.contextmanager
def writing(path):
    """Another program that holds the write lock."""
    other = sqlite3.connect(path, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


def started(crawl, name, *arguments):
    """A crawl with its output in a folder of its own."""
    folder = crawl.folder / name
    folder.mkdir()
    options = ("--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db, "--json")
    return Command(folder, "crawl", *arguments, *options)


def test_a_writer_that_does_not_let_go_is_told_and_nothing_is_harmed(tmp_path, monkeypatch):
    store(tmp_path / "news.db", [1])
    (tmp_path / "2026-11-20-a.md").write_text("---\ntitle: 一\n---\n正文。\n")
    monkeypatch.setattr(transactions, "BUSY_SECONDS", 0.3)
    with writing(tmp_path / "news.db"):
        said = newscrawl("import", "finews", tmp_path, "--db", tmp_path / "news.db")
        assert (said.status, "locked" in said.stderr, len(said.stderr.splitlines())) == (8, True, 1), said
        assert newscrawl("runs", "--db", tmp_path / "news.db").status == 0, "readers are not kept out"
    assert newscrawl("import", "finews", tmp_path, "--db", tmp_path / "news.db").status == 0
    assert integrity(tmp_path / "news.db") == "ok"


def test_waiting_for_a_writer_hears_signals(tmp_path, monkeypatch):
    """Three of them, one after another: while SQLite itself waits, several would count as one, when it is over."""
    store(tmp_path / "news.db", [1])
    monkeypatch.setattr(transactions, "BUSY_SECONDS", 5.0)
    heard = []

    def hear(number, frame):
        heard.append(number)
        if len(heard) == 3:
            raise KeyboardInterrupt

    db = open_database(tmp_path / "news.db")
    before = signal.signal(signal.SIGALRM, hear)
    try:
        with writing(tmp_path / "news.db"):
            signal.setitimer(signal.ITIMER_REAL, 0.3, 0.3)
            with pytest.raises(KeyboardInterrupt):
                transactions.begin(db.conn)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not db.conn.in_transaction
    db.close()


def test_a_crawl_goes_on_while_another_program_writes_and_stores_when_it_lets_go(crawl, site):
    """A short lock is waited for; meanwhile pages are fetched."""
    codes = paths_of(site)
    first, last = list(codes)[2], list(codes)[-1]
    site.set_faults({"s429_retry_after": [first]})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, codes[first])
    with writing(crawl.db):
        until_asked(crawl, command, codes[last])
    ended = command.end()
    assert (ended.status, ended.outcomes) == (0, {"eastmoney": "ok"})
    assert set(crawl.column("select source_id from articles")) == set(codes)


def test_an_analysts_long_transaction_is_not_disturbed_and_the_wal_file_is_bounded(crawl, site):
    assert crawl("eastmoney").status == 0
    analyst = sqlite3.connect(crawl.db)
    analyst.execute("BEGIN")
    before = analyst.execute("select count(*), sum(length(body)) from articles").fetchone()
    site.publish(30)
    assert crawl("eastmoney").status == 0
    assert analyst.execute("select count(*), sum(length(body)) from articles").fetchone() == before
    wal = crawl.db.with_name("news.db-wal")
    assert wal.stat().st_size > 0, "the analyst still needs the former state"
    analyst.execute("COMMIT")
    assert analyst.execute("select count(*) from articles").fetchone()[0] > before[0]
    site.publish(5)
    assert crawl("eastmoney").status == 0
    assert wal.stat().st_size == 0, "all of it is in the database, although the analyst is still there"
    analyst.close()


def test_of_three_crawls_of_one_source_one_runs(crawl, site):
    code, path = next(iter(paths_of(site).items()))
    site.set_faults({"s429_retry_after": [code]})
    first = crawl.start("eastmoney")
    until_asked(crawl, first, path)
    others = [started(crawl, name, "eastmoney") for name in ("second", "third")]
    assert [other.end().outcomes for other in others] == [{"eastmoney": "running"}] * 2
    assert first.end().status == 0
    asked = [path for path in crawl.asked() if path.startswith("/a/")]
    assert len(asked) - len(set(asked)) == 1, "the one that was to be asked again"
    assert set(crawl.column("select source_id from articles")) == set(paths_of(site))


def test_two_crawls_of_everything_and_an_analyst(crawl, site, tmp_path):
    """Each source is crawled once: the second crawl finds it running or has nothing left to do."""
    alone = Crawls(tmp_path / "alone", site)
    alone.folder.mkdir()
    assert alone("--all").status == 0
    assert crawl("cls_telegraph", "--limit", 1).status == 0
    analyst = sqlite3.connect(crawl.db)
    analyst.execute("BEGIN")
    seen = analyst.execute("select count(*) from articles").fetchone()
    both = [started(crawl, name, "--all") for name in ("one", "two")]
    ended = [each.end() for each in both]
    assert analyst.execute("select count(*) from articles").fetchone() == seen
    analyst.close()
    for each in ended:
        assert set(each.outcomes) == {"cls_depth", "cls_telegraph", "eastmoney"}
        assert set(each.outcomes.values()) <= {"ok", "nothing_new", "running"}, each
        assert each.status == (3 if "running" in each.outcomes.values() else 0)
    # Where one met the other, a source may have been left to it that it had just passed over: the next crawl is complete.
    assert crawl("--all").status == 0
    tables = ("articles", "sightings", "images", "stocks", "tags")
    ours, theirs = crawl.everything(), alone.everything()
    assert {name: len(ours[name]) for name in tables} == {name: len(theirs[name]) for name in tables}
    assert sorted(crawl.column("select url from sightings")) == sorted(alone.column("select url from sightings"))
    assert crawl.query("select url, count(*) from articles group by content_hash, source having count(*) > 1") == (
        alone.query("select url, count(*) from articles group by content_hash, source having count(*) > 1")
    )
    assert integrity(crawl.db) == "ok"


@pytest.mark.parametrize("rest", ["", "-wal"])
def test_a_file_replaced_in_mid_run_is_said(crawl, site, rest):
    code, path = list(paths_of(site).items())[3]
    site.set_faults({"s429_retry_after": [code]})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, path)
    file = crawl.db.with_name(crawl.db.name + rest)
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    ended = command.end()
    assert (ended.status, ended.outcomes) == (8, {"eastmoney": "storage"})
    assert "removed or replaced" in ended.results["eastmoney"]["advice"]
