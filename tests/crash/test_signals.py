"""Signals end a command promptly, with 130 and nothing lost; the next run completes what is missing."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios

import pytest

from newscrawl.cli import remaking
from newscrawl.demo import SampleSite
from newscrawl.demo.posts import write_posts
from newscrawl.storage.ledger import Ledger
from tests.crash.support import count, in_child, integrity, newscrawl
from tests.crawl.support import Command, Crawls
from tests.crawl.test_crawl_ends import paths_of, until_asked


@pytest.fixture
def site():
    with SampleSite(stories=60) as site:
        yield site


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    with SampleSite(stories=60) as site:
        crawl = Crawls(tmp_path_factory.mktemp("undisturbed"), site)
        assert crawl("eastmoney").status == 0
        return crawl.everything()


@pytest.mark.parametrize(("hanging", "number"), [("page", signal.SIGTERM), ("robots.txt", signal.SIGHUP)])
def test_a_request_that_hangs_is_not_waited_for_and_no_failure_of_its_page(crawl, site, undisturbed, hanging, number):
    code, path = list(paths_of(site).items())[5]
    if hanging == "page":
        site.set_faults({"hang": [code]})
    else:
        path = "/robots.txt"
        site.set_faults({"robots_hang": 1})
    command = crawl.start("eastmoney")
    until_asked(crawl, command, path)
    os.kill(command.process.pid, number)
    ended = command.end(timeout=25)  # a request's own time is 30 s
    assert (ended.status, ended.outcomes) == (130, {"eastmoney": "interrupted"})
    assert ended.results["eastmoney"]["counts"]["new"] == count(crawl.db)
    assert crawl.query("select * from failures") == crawl.query("select * from coverage") == []
    site.set_faults({})
    assert crawl("eastmoney").status == 0
    assert crawl.everything() == undisturbed


def test_between_two_sources(crawl, site):
    """The pause between them is as long as the delay."""
    options = ("--base-url", site.base_url, "--db", crawl.db, "--json", "--limit", 1)
    command = Command(crawl.folder, "crawl", "cls_telegraph", "eastmoney", "--delay", 1.5, *options)
    while not list(crawl.folder.glob("stdout")) or not (crawl.folder / "stdout").read_text():
        command.process.join(0.01)
    os.kill(command.process.pid, signal.SIGTERM)
    ended = command.end(timeout=25)
    assert ended.status == 130
    assert ended.outcomes["cls_telegraph"] == "ok"
    assert crawl.column("select source from runs") == ["cls_telegraph"]


def test_a_backfill_goes_on_where_it_was_stopped(crawl, site):
    site.set_faults({"s429_retry_after": 1})
    command = crawl.start("eastmoney", "--since", "2026-11-20", command="backfill")
    until_asked(crawl, command, next(iter(paths_of(site).values())))
    os.kill(command.process.pid, signal.SIGTERM)
    ended = command.end()
    assert (ended.status, ended.outcomes) == (130, {"eastmoney": "interrupted"})
    site.set_faults({})
    crawl.backfill("eastmoney", "--since", "2026-11-20")
    Command(crawl.folder, "failures", "--retry", "--base-url", site.base_url, "--delay", 0, "--db", crawl.db).end()
    assert set(crawl.column("select source_id from articles")) >= set(paths_of(site))


def signalled(number, owner, name, at, command):
    """A command that gets a signal when it calls owner.name for the `at`-th time; its exit status."""
    call, left = getattr(owner, name), at

    def counting(*arguments, **options):
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), number)
        return call(*arguments, **options)

    setattr(owner, name, counting)
    os.dup2(os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    sys.stdout = os.fdopen(1, "w")
    from newscrawl.cli import main

    try:
        main(list(map(str, command)))
    except SystemExit as ended:
        sys.stdout.flush()
        return ended.code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("command", ["import", "replay"])
def test_import_and_replay_commit_what_they_have_and_can_be_gone_on_with(crawl, site, tmp_path, command, number):
    if command == "import":
        write_posts(tmp_path / "posts", site.truth)
        arguments = ["import", "finews", tmp_path / "posts"]
    else:
        assert crawl("cls_telegraph").status == 0
        arguments = ["replay", tmp_path / "warc"]
    db = tmp_path / "other.db"
    status = in_child(signalled, number, Ledger, "add_prepared", 7, [*arguments, "--db", db, "--json"])
    told = json.loads((tmp_path / "said").read_text())
    assert (status, told["outcome"]) == (130, "interrupted")
    assert told["counts"]["new"] == count(db) > 0
    newscrawl(*arguments, "--db", db)
    newscrawl(*arguments, "--db", tmp_path / "whole.db")
    assert count(db) == count(tmp_path / "whole.db") >= told["counts"]["new"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_rebuild_leaves_nothing_half_done_under_its_name(crawl, tmp_path, number):
    assert crawl("cls_telegraph").status == 0
    arguments = ["rebuild", "--into", tmp_path / "new.db", "--db", crawl.db]
    assert in_child(signalled, number, remaking.Remaking, "take", 2, arguments) == 130
    assert list(tmp_path.glob("new.db*")) == []
    assert newscrawl(*arguments).status == 0
    assert [path.name for path in tmp_path.glob("*new.db*")] == ["new.db"]


def test_a_second_signal_ends_an_import_at_once_without_loss(site, tmp_path):
    write_posts(tmp_path / "posts", site.truth)
    arguments = ["import", "finews", tmp_path / "posts", "--db", tmp_path / "news.db"]

    def twice():
        write = Ledger._commit

        def commit(*told, **options):
            os.kill(os.getpid(), signal.SIGTERM)
            return write(*told, **options)

        Ledger._commit = commit
        return signalled(signal.SIGTERM, Ledger, "add_prepared", 7, arguments)

    assert in_child(twice) == 130
    assert integrity(tmp_path / "news.db") == "ok"
    newscrawl(*arguments)
    newscrawl(*arguments[:3], "--db", tmp_path / "whole.db")
    assert count(tmp_path / "news.db") == count(tmp_path / "whole.db")


def test_a_crawl_that_was_stopped_for_a_while_goes_on(crawl, site, undisturbed):
    command = crawl.start("eastmoney")
    until_asked(crawl, command, list(paths_of(site).values())[3])
    os.kill(command.process.pid, signal.SIGSTOP)
    command.process.join(1)
    os.kill(command.process.pid, signal.SIGCONT)
    assert command.end().status == 0
    assert crawl.everything() == undisturbed


def test_a_terminal_that_is_closed_ends_the_crawl_as_a_signal_does(crawl, site, undisturbed):
    code, path = list(paths_of(site).items())[5]
    site.set_faults({"s429_retry_after": [code]})
    master, slave = pty.openpty()
    options = ("--base-url", site.base_url, "--delay", "0", "--db", str(crawl.db))
    with subprocess.Popen(
        [sys.executable, "-m", "newscrawl", "crawl", "eastmoney", *options],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - the site's thread forks nothing
    ) as process:
        os.close(slave)
        while path not in crawl.asked():
            assert process.poll() is None
        os.close(master)
        assert process.wait(25) == 130
    assert crawl.query("select outcome, new from runs") == [("interrupted", count(crawl.db))]
    assert count(crawl.db) > 0


def test_a_reader_that_goes_away_is_no_error(crawl, site):
    """`newscrawl … | head -1`."""
    command = f"{sys.executable} -m newscrawl %s --db {crawl.db} | head -c 1; exit ${{PIPESTATUS[0]}}"
    both = f"crawl cls_telegraph eastmoney --base-url {site.base_url} --delay 0"
    ended = subprocess.run(["bash", "-c", command % both], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert crawl.column("select outcome from runs") == ["ok", "ok"], "the second source was crawled all the same"
    ended = subprocess.run(["bash", "-c", command % "runs"], capture_output=True, text=True)
    assert ended.stderr == ""
