"""Every way in which a run ends: one row in `runs`, one exit status, one closing line that says what to do."""

import os
import signal

import pytest

from newscrawl.cli.import_ import import_posts
from newscrawl.demo.posts.write import write_posts
from newscrawl.outcomes import EXIT_STATUS
from newscrawl.storage.lock import SourceLock
from newscrawl.storage.timetext import now_utc
from tests.crawl.support import Command, Crawls


def said(crawl, *arguments, command="crawl"):
    """A crawl as a person starts it: exit status and what it prints on both streams."""
    options = ("--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db)
    ended = Command(crawl.folder, command, *arguments, *options).end()
    return ended.status, (ended.stdout + ended.stderr).splitlines()


def code_of(site, kind):
    return next(story.id for story in site.truth.stories(kind))


ENDS = {
    "ok": ({}, "cls_telegraph", ""),
    "partial": ({"empty": ["one"]}, "cls_depth", "`newscrawl failures cls_depth` names the pages"),
    "blocked": ({"robots_deny": True}, "cls_telegraph", "ask less often"),
    "layout": ({"list_html": True}, "cls_telegraph", "`newscrawl check cls_telegraph` shows which fields"),
    "empty": ({"list_empty": True}, "cls_telegraph", "open the list in a browser"),
    "network": ({"down": True}, "cls_telegraph", "the next run makes up for it"),
}


@pytest.mark.parametrize("outcome", ENDS)
def test_a_run_that_ends_so_says_what_to_do(crawl, site, outcome):
    faults, source, says = ENDS[outcome]
    one = [code_of(site, "article")]
    site.set_faults({name: one if where == ["one"] else where for name, where in faults.items()})
    status, lines = said(crawl, source)
    assert status == EXIT_STATUS[outcome]
    [line] = lines
    assert line.startswith(f"{source}: {outcome}")
    assert says in line
    assert crawl.query("select source, outcome, exit_status, finished_at is not null from runs") == [
        (source, outcome, status, 1)
    ]


def test_nothing_new_is_a_good_end(crawl):
    said(crawl, "eastmoney", "--limit", 1)
    said(crawl, "eastmoney")
    status, [line] = said(crawl, "eastmoney")
    assert (status, line.partition(" (")[0]) == (0, "eastmoney: nothing_new")
    assert crawl.column("select outcome from runs where id = 3") == ["nothing_new"]


def test_archive_that_cannot_be_written_leaves_a_row_all_the_same(crawl):
    (crawl.folder / "warc").write_text("not a folder")
    status, [line] = said(crawl, "cls_telegraph")
    assert (status, line.startswith("cls_telegraph: storage")) == (8, True)
    assert "mend that first" in line
    [row] = crawl.query("select outcome, exit_status, finished_at is not null, message from runs")
    assert row[:3] == ("storage", 8, 1)
    assert row[3] in line


def test_a_run_that_meets_another_says_so_and_is_none_itself(crawl):
    crawl("cls_telegraph", "--limit", 1)
    with SourceLock(crawl.db, "cls_telegraph"):
        status, [line] = said(crawl, "cls_telegraph")
    assert status == 3
    assert "is under way; nothing to do" in line
    assert crawl.column("select count(*) from runs") == [1]


def test_a_signal_ends_it_with_a_row_and_a_line(crawl, site):
    code = code_of(site, "article")
    site.set_faults({"s429_retry_after": [code]})
    options = ("--base-url", site.base_url, "--delay", 0, "--db", crawl.db)
    command = Command(crawl.folder, "crawl", "cls_depth", *options)
    while f"/detail/{code}" not in crawl.asked():
        command.process.join(0.01)
        assert command.process.is_alive()
    os.kill(command.process.pid, signal.SIGTERM)
    ended = command.end()
    assert ended.status == 130
    [line] = ended.stdout.splitlines()
    assert line.endswith("stopped by a signal; the next run goes on from here")
    assert crawl.query("select outcome, exit_status from runs") == [("interrupted", 130)]


def test_how_long_it_has_been_so_is_told(crawl, site):
    site.set_faults({"robots_deny": True})
    said(crawl, "cls_telegraph")
    _, [line] = said(crawl, "cls_telegraph")
    [since] = crawl.column("select started_at from runs where id = 1")
    assert f"2 runs in a row since {since[:16]};" in line
    site.set_faults({})
    _, [line] = said(crawl, "cls_telegraph")
    assert "in a row" not in line
    site.set_faults({"robots_deny": True})
    _, [line] = said(crawl, "cls_telegraph")
    assert "in a row" not in line


class FailingClock:
    """A clock that breaks once."""

    def __init__(self, at):
        self._calls, self._at = 0, at

    def __call__(self):
        self._calls += 1
        if self._calls == self._at:
            raise ZeroDivisionError("the clock is broken")
        return now_utc()


def test_a_fault_of_ours_in_an_import_is_written_down(tmp_path, site):
    posts = tmp_path / "posts"
    write_posts(posts, site.truth)
    db = tmp_path / "news.db"
    with pytest.raises(ZeroDivisionError):
        import_posts(posts, db, clock=FailingClock(5))
    assert Crawls(tmp_path, site).query("select outcome, exit_status, message, finished_at is not null from runs") == [
        ("partial", 1, "ZeroDivisionError: the clock is broken", 1)
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["import", "finews", "."], 2, "newscrawl: "),
        (["runs", "--db", "broken.db"], 8, "; mend that first"),
    ],
)
def test_a_command_that_cannot_begin_is_one_line(tmp_path, arguments, status, says):
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4080)
    ended = Command(tmp_path, *arguments).end()
    assert ended.status == status
    [line] = ended.stderr.splitlines()
    assert says in line
