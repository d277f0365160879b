"""`newscrawl watch`: rounds that are processes of their own, and what is told of them."""

import asyncio
import os
import re
import signal
from pathlib import Path

import pytest

from newscrawl.cli.news import News
from newscrawl.cli.watch import Watching
from newscrawl.outcomes import EXIT_STATUS, RunResult
from tests.crawl.support import Command, on_a_terminal
from tests.crawl.test_crawl_ends import paths_of, until_asked

HOUR = 3600.0


@pytest.fixture
def watch(crawl):
    """Starts a watch of the sample site."""

    def start(*arguments):
        options = ("--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db)
        return Command(crawl.folder, "watch", *arguments, *options)

    return start


def told(ended):
    """The lines of a watch without their times."""
    return [re.fullmatch(r"\d\d-\d\d \d\d:\d\d:\d\d  (.*)", line)[1] for line in ended.stdout.splitlines()]


def child_of(process):
    """The process id of the round under way."""
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])


def stopping(site, fault):
    """Makes the site stop at one of its stories; its path."""
    number, path = list(paths_of(site).items())[3]
    site.set_faults({fault: [number]})
    return path


def test_each_round_is_a_crawl_and_only_what_is_new_is_told(crawl, watch):
    ended = watch("cls_telegraph", "--every", "1s", "--rounds", 2).end()
    assert (ended.status, ended.stderr) == (0, "")
    assert crawl.column("select outcome from runs") == ["ok", "nothing_new"]
    [line] = told(ended)
    assert line.startswith("cls_telegraph: ok (found ")


def test_round_that_is_killed_does_not_end_the_watch(crawl, watch, site):
    path = stopping(site, "hang")
    command = watch("eastmoney", "--every", "1s", "--rounds", 2)
    until_asked(crawl, command, path)
    site.set_faults({})
    os.kill(child_of(command.process), signal.SIGKILL)
    ended = command.end()
    assert ended.status == 1
    first, second = told(ended)
    assert first == "newscrawl crawl: killed - by SIGKILL"
    assert second.startswith("eastmoney: ok (found ")
    assert crawl.column("select outcome from runs") == [None, "ok"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_round_which_commits_and_then_the_watch(crawl, watch, site, number):
    path = stopping(site, "s429_retry_after")
    command = watch("eastmoney", "--every", "1s")
    until_asked(crawl, command, path)
    child = child_of(command.process)
    os.kill(command.process.pid, number)
    ended = command.end()
    assert ended.status == 130
    assert told(ended)[0].startswith("eastmoney: interrupted (found ")
    assert crawl.column("select outcome from runs") == ["interrupted"]
    assert crawl.column("select count(*) from articles")[0] > 0
    assert not Path(f"/proc/{child}").exists()


def test_signal_between_two_rounds_ends_the_watch(crawl, watch):
    command = watch("cls_telegraph", "--every", "1d")
    while not (crawl.folder / "stdout").exists() or "ok" not in (crawl.folder / "stdout").read_text():
        command.process.join(0.01)
        assert command.process.is_alive()
    os.kill(command.process.pid, signal.SIGTERM)
    assert command.end().status == 130


def test_what_is_wrong_is_told_and_is_the_exit_status(crawl, watch, site):
    site.set_faults({"list_empty": 1})
    ended = watch("cls_telegraph", "--rounds", 1, "-q").end()
    assert ended.status == EXIT_STATUS["empty"]
    assert [line.split(" (")[0] for line in told(ended)] == ["cls_telegraph: empty"]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["/nosuch/newscrawl"], "newscrawl crawl: partial - could not be started: No such file or directory"),
        (["/bin/sh", "-c", 'printf \'{"source": "eas\'; exit 5'], "newscrawl crawl: layout - see above"),
        (["/bin/sh", "-c", "kill -9 $$"], "newscrawl crawl: killed - by SIGKILL"),
        (["/bin/sh", "-c", "echo Traceback >&2; exit 1"], "newscrawl crawl: partial - see above"),
    ],
)
def test_watch_outlives_whatever_becomes_of_a_round(capsys, command, says):
    watching = Watching(command, 1, 2, None, News(), live=False)
    assert asyncio.run(watching.run()) > 0
    assert [line[16:] for line in capsys.readouterr().out.splitlines()] == [says]


def test_watch_ends_when_its_time_is_over():
    assert asyncio.run(Watching(["/bin/true"], 86400, None, 3600, News(), live=False).run()) == 0


def test_what_can_never_work_ends_the_watch(crawl, watch):
    crawl.db.write_text("notes\n" * 99)
    ended = watch("cls_telegraph", "--every", "1d").end()
    assert ended.status == 2
    assert "news.db" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name the sources to crawl"),
        (["nosuch"], "there is no source 'nosuch'"),
        (["cls_telegraph", "--every", "5"], "'5' is no interval: write 30s, 10m, 2h or 1d"),
        (["cls_telegraph", "--every", "0m"], "'0m' is no interval"),
    ],
)
def test_watch_of_what_cannot_be_done_is_one_sentence(crawl, watch, site, arguments, says):
    ended = watch(*arguments).end()
    assert (ended.status, ended.stdout, site.requests) == (2, "", [])
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_terminal_sees_when_the_next_round_begins(crawl):
    options = ("--base-url", crawl.site.base_url, "--delay", 0, "--db", crawl.db)
    out, shown = on_a_terminal("watch", "cls_telegraph", "--every", "1s", "--rounds", 2, *options)
    assert "cls_telegraph: ok" in out
    assert re.search(r"\d+ new; next round \d\d:\d\d:\d\d", shown)
    assert shown.endswith("\r\x1b[K"), "the line is gone in the end"


# -- what is worth a line ---------------------------------------------------------------------------------------------------


def result(outcome, advice="", **counts):
    return RunResult(source="s", outcome=outcome, exit_status=EXIT_STATUS[outcome], advice=advice, counts=counts)


def lines(news, *results, step=60.0):
    return [line for at, each in enumerate(results) for line in news.of(each, at * step)]


def test_quiet_day_is_told_every_hour():
    day = lines(News(), *[result("nothing_new", found=0, new=0)] * 1441)
    assert len(day) == 25
    assert day[-1] == "s: nothing_new (found 0, new 0) - so for 1 d, 1441 rounds"


def test_news_are_told_each_time_and_the_silence_after_them_is_not():
    nothing = result("nothing_new")
    brought = result("ok", new=2)
    assert lines(News(), nothing, brought, nothing, brought, brought, nothing) == [
        "s: nothing_new",
        *["s: ok (new 2)"] * 3,
    ]


def test_trouble_and_its_end_are_told():
    blocked = result("blocked", "HTTP status 403")
    told = lines(News(), blocked, blocked, result("network"), blocked, result("nothing_new"), result("nothing_new"))
    assert [line.split()[1] for line in told] == ["blocked", "network", "blocked", "nothing_new"]


def test_quiet_watch_says_only_what_is_wrong_also_when_it_comes_back():
    well, wrong = result("ok", new=1), result("layout")
    assert lines(News(quiet=True), well, wrong, well, wrong, wrong, result("running")) == ["s: layout"] * 2


def test_standing_trouble_is_in_the_summary():
    news = News()
    lines(news, result("ok", new=2), result("blocked"))
    assert news.summary() == "2 new, s blocked"
