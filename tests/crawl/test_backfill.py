"""Gaps that are told, and backfills that fill them: over HTTP, into real databases."""

import contextlib
import os
import re
import signal
import sqlite3
from datetime import datetime

import pytest

from newscrawl.demo import SampleSite
from newscrawl.demo.truth import expected_records
from tests.crawl.support import Command, Crawls, on_a_terminal
from tests.crawl.truth import listed, missing_stories

SOURCES = ("cls_telegraph", "cls_depth", "eastmoney")
CHANNELS = '[sources.cls_depth]\nchannels = ["1000"]\n[sources.eastmoney]\nchannels = ["column:350", "fast"]\n'
LISTS = ("/v1/", "/v3/", "/comm/")
SINCE, SAID = "2026-11-18T06:00", "2026-11-18 06:00"
SINCE_TS = int(datetime.fromisoformat(f"{SINCE}+08:00").timestamp())


class FewLists(Crawls):
    """Crawls of sources that have a list or two."""

    def start(self, *arguments, command="crawl"):
        config = self.folder / "channels.toml"
        config.write_text(CHANNELS)
        return super().start(*arguments, "--config", config, command=command)


class Prepared:
    """Databases that stand at the beginning of many tests: made once for each source, then copied."""

    def __init__(self, folder):
        self._folder, self._made, self._sites = folder, {}, contextlib.ExitStack()

    def crawls(self, state, source, folder):
        """Crawls of a site, with a database that was made by `state`."""
        if (state, source) not in self._made:
            site = self._sites.enter_context(SampleSite(stories=800, spacing=300))
            made = FewLists(self._folder / f"{state.__name__}-{source}", site)
            made.folder.mkdir()
            state(made, source)
            self._made[state, source] = made
        made = self._made[state, source]
        made.site.set_faults({})
        crawls = FewLists(folder, made.site)
        if made.db.exists():
            with (
                contextlib.closing(sqlite3.connect(made.db)) as old,
                contextlib.closing(sqlite3.connect(crawls.db)) as new,
            ):
                old.backup(new)
        return crawls

    def close(self):
        self._sites.close()


def nothing(crawl, source):
    """No database."""


def a_crawl(crawl, source):
    """The newest pages."""
    assert crawl(source).status == 0


def a_crawl_of_a_moving_site(crawl, source):
    """The same, of a site that publishes later on."""
    a_crawl(crawl, source)


def an_outage(crawl, source):
    """A crawl, then another that could not read back as far, since the list showed its newest page over and over."""
    crawl(source)
    crawl.site.publish(400)
    crawl.site.set_faults({"list_repeats": 1})
    assert crawl(source).status == 1


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    prepared = Prepared(tmp_path_factory.mktemp("prepared"))
    yield prepared
    prepared.close()


@pytest.fixture
def source():
    return "cls_telegraph"


@pytest.fixture
def state():
    return a_crawl


@pytest.fixture
def crawl(prepared, state, source, tmp_path):
    return prepared.crawls(state, source, tmp_path)


@pytest.fixture
def site(crawl):
    return crawl.site


both_kinds_of_list = pytest.mark.parametrize("source", ["cls_telegraph", "eastmoney"])
eastmoney = pytest.mark.parametrize("source", ["eastmoney"])
from_nothing = pytest.mark.parametrize("state", [nothing])
on_a_moving_site = pytest.mark.parametrize("state", [a_crawl_of_a_moving_site])
after_an_outage = pytest.mark.parametrize("state", [an_outage])


def make_due(crawl):
    with contextlib.closing(sqlite3.connect(crawl.db)) as connection, connection:
        connection.execute("update failures set next_try_at = '2020-01-01 00:00:00+08:00'")


def one(ended):
    [result] = ended.results.values()
    return result


# -- what is missing is told, and filled ------------------------------------------------------------------------------


@after_an_outage
@both_kinds_of_list
def test_outage_is_told_filled_and_then_gone_and_nothing_is_asked_for_again(crawl, site, source):
    status, gaps = crawl.gaps()
    assert status == 1
    assert gaps
    unread = {url for channel, first, last in gaps for url, at in listed(site, source, channel) if first <= at <= last}
    stored = set(crawl.column("select url from sightings"))
    assert unread - stored, "the outage lost something"
    ended = crawl.backfill(source, "--since", SINCE)
    assert ended.outcomes == {source: "ok"}
    assert crawl.gaps() == (0, [])
    assert unread <= set(crawl.column("select url from sightings"))
    assert not missing_stories(crawl, source)
    before, asked = crawl.everything(), len(site.requests)
    ended = crawl.backfill(source, "--since", SINCE)
    assert ended.outcomes == {source: "nothing_new"}
    assert f"complete from {SAID} to" in one(ended)["advice"]
    assert len(site.requests) == asked
    assert crawl.everything() == before


@pytest.mark.parametrize("source", SOURCES)
def test_backfill_of_days_stores_every_story_of_them(crawl, site, source):
    assert crawl.backfill(source, "--since", SINCE).outcomes == {source: "ok"}
    stored = set(crawl.column("select url from sightings"))
    stretches = crawl.query("select channel, from_ts from coverage")
    assert {first for _, first in stretches} == {SINCE_TS}, "one stretch for each list"
    told = {url: at for channel, _ in stretches for url, at in listed(site, source, channel)}
    assert {url for url, at in told.items() if at >= SINCE_TS} == {url for url in stored if told[url] >= SINCE_TS}


@after_an_outage
def test_list_that_can_begin_anywhere_is_not_read_from_its_top(crawl, site):
    [(_, first, last)] = crawl.gaps()[1]
    asked = len(site.requests)
    crawl.backfill("cls_telegraph", "--since", SINCE)
    begins = [int(re.search(r"last_time=(\d+)", path)[1]) for _, path in site.requests[asked:] if "last_time" in path]
    assert begins[0] == last + 1
    assert 0 not in begins
    leapt = [at for at in begins if at < first]
    covered = crawl.column("select from_ts from coverage")
    assert len(covered) == 1
    assert leapt, "what was complete below the outage was leapt over"


@after_an_outage
@eastmoney
def test_list_that_is_read_from_its_top_is_read_once(crawl, site):
    asked = len(site.requests)
    crawl.backfill("eastmoney", "--since", SINCE)
    lists = [path for _, path in site.requests[asked:] if path.startswith(LISTS)]
    assert len(lists) == len(set(lists)) < 15


def test_only_what_lies_between_since_and_until_is_filled(crawl, site):
    crawl.backfill("cls_telegraph", "--since", "2026-11-19T10:00", "--until", "2026-11-19T12:00")
    [(first, last)] = crawl.query("select from_ts, to_ts from coverage order by 1 limit 1")
    assert last - first == 2 * 3600
    backfilled = crawl.column("select published_ts from articles where backfilled")
    assert backfilled
    assert all(first <= at <= last for at in backfilled)
    assert [gap[1] for gap in crawl.gaps()[1]] == [last + 1], "and the rest down to it is missing"


@eastmoney
def test_only_the_list_that_is_named_is_filled(crawl, site, source):
    before = dict(crawl.query("select channel, from_ts from coverage"))
    crawl.backfill(source, "--channel", "fast", "--since", SINCE)
    after = dict(crawl.query("select channel, from_ts from coverage"))
    assert {channel for channel in before if before[channel] != after[channel]} == {"fast"}


# -- what is backfilled says so ---------------------------------------------------------------------------------------


@after_an_outage
def test_story_keeps_the_word_on_how_it_was_first_met(crawl, site, source):
    live = set(crawl.column("select url from articles"))
    crawl.backfill(source, "--since", SINCE)
    assert set(crawl.column("select url from articles where backfilled = 0")) == live
    filled = set(crawl.column("select url from articles where backfilled = 1"))
    assert filled
    assert one(crawl(source, "--since", SINCE))["counts"]["unchanged"] >= len(live | filled)
    assert set(crawl.column("select url from articles where backfilled = 0")) == live
    assert set(crawl.column("select url from articles where backfilled = 1")) == filled


@on_a_moving_site
@both_kinds_of_list
def test_what_is_newer_than_all_that_is_known_is_left_to_the_next_crawl(crawl, site, source):
    site.publish(100)
    crawl.backfill(source, "--since", SINCE)
    newest = crawl.query("select max(to_ts) from coverage")
    assert crawl.query("select max(published_ts) <= (select max(to_ts) from coverage) from articles") == [(1,)]
    assert crawl(source).outcomes == {source: "ok"}
    assert crawl.query("select max(to_ts) from coverage") > newest
    assert not crawl.query("select 1 from articles where published_ts > ? and backfilled", *newest[0])
    assert crawl.gaps() == (0, [])


# -- the site's own list ends ----------------------------------------------------------------------------------------


@both_kinds_of_list
def test_end_of_the_sites_list_is_a_note_and_is_not_asked_for_again(crawl, site, source):
    ended = crawl.backfill(source, "--since", "2026-10-01")
    assert ended.outcomes == {source: "ok"}
    assert "as far back as the site's lists go" in one(ended)["advice"]
    stored = set(crawl.column("select url from sightings"))
    assert stored == {record.url for record in expected_records(site.truth, source)}
    assert crawl.gaps() == (0, [])
    status, gaps = crawl.gaps("--since", "2026-10-01")
    assert (status, bool(gaps)) == (0, True), "what the site has no more is told, and is no work left"
    assert crawl.query("select min(from_ts) from coverage") == crawl.query("select min(ends_ts) from lists")
    asked = len(site.requests)
    assert crawl.backfill(source, "--since", "2026-10-01").outcomes == {source: "nothing_new"}
    assert len(site.requests) == asked
    assert crawl.backfill(source, "--since", "2026-10-01", "--again").outcomes == {source: "nothing_new"}
    assert len(site.requests) > asked


def test_list_that_holds_nothing_so_old_was_seen_to_work(crawl, site):
    until = "2026-10-02"
    ended = crawl.backfill("cls_telegraph", "--since", "2026-10-01", "--until", until)
    assert ended.outcomes == {"cls_telegraph": "nothing_new"}
    assert "has nothing before 2026-10-03 00:00" in one(ended)["advice"]
    asked = len(site.requests)
    crawl.backfill("cls_telegraph", "--since", "2026-10-01", "--until", until)
    assert len(site.requests) == asked
    assert crawl.backfill("cls_telegraph", "--since", SINCE).outcomes == {"cls_telegraph": "ok"}


@pytest.mark.parametrize(("source", "fault", "outcome"), [
    ("cls_telegraph", "list_empty", "empty"),
    ("cls_depth", "list_empty", "empty"),
    ("eastmoney", "list_empty", "empty"),
    ("eastmoney", "list_repeats", "partial"),
    ("cls_telegraph", "list_repeats", "partial"),
    ("cls_telegraph", "list_null", "empty"),
    ("eastmoney", "list_html", "layout"),
])  # fmt: skip
def test_list_at_fault_is_not_taken_for_one_that_ends(crawl, site, source, fault, outcome):
    site.set_faults({fault: 1})
    ended = crawl.backfill(source, "--since", SINCE)
    assert ended.outcomes == {source: outcome}
    assert f"left: {SAID} to " in one(ended)["advice"]
    assert crawl.column("select ends_ts from lists where ends_ts is not null") == []
    assert not missing_stories(crawl, source)
    site.set_faults({})
    assert crawl.backfill(source, "--since", SINCE).outcomes == {source: "ok"}


@eastmoney
def test_old_copy_of_a_list_is_no_word_on_what_is_missing_above_it(crawl, site, source):
    newest = int(site.truth.now)
    with contextlib.closing(sqlite3.connect(crawl.db)) as connection, connection:
        later = {"from_ts": newest + 7200, "to_ts": newest + 9000}
        connection.execute("insert into coverage values ('eastmoney', 'fast', :from_ts, :to_ts)", later)
    ended = crawl.backfill(source, "--since", SINCE)
    assert ended.outcomes == {source: "partial"}
    assert "the lists do not show all that is missing; left: 2026-11-20 " in one(ended)["advice"]
    [(channel, _, last)] = crawl.gaps()[1]
    assert (channel, last) == ("fast", newest + 7199)


# -- what fails, stops, or stands in the way -----------------------------------------------------------------------------


@eastmoney
def test_pages_that_fail_are_in_the_table_and_the_stretch_is_complete(crawl, site, source):
    site.set_faults({"s500": 4})
    ended = crawl.backfill(source, "--since", SINCE)
    assert ended.outcomes == {source: "partial"}
    assert crawl.column("select count(*) from failures")[0] == one(ended)["counts"]["failed"] > 0
    assert crawl.gaps("--since", SINCE) == (0, [])
    site.set_faults({})
    options = ("--base-url", site.base_url, "--delay", 0, "--db", crawl.db)
    assert Command(crawl.folder, "failures", "--retry", *options).end().status == 0
    assert not missing_stories(crawl, source)


@both_kinds_of_list
def test_dead_site_ends_it_with_what_is_left_and_the_same_command_goes_on(crawl, site, source):
    site.set_faults({"outage": 4 if source == "cls_telegraph" else 20})
    ended = crawl.backfill(source, "--since", SINCE)
    assert ended.outcomes == {source: "network"}
    assert f"left: {SAID} to " in one(ended)["advice"]
    assert not missing_stories(crawl, source)
    site.set_faults({})
    make_due(crawl)
    assert crawl.backfill(source, "--since", SINCE, "--now").outcomes == {source: "ok"}
    crawl(source)
    assert crawl.gaps("--since", SINCE) == (0, [])
    assert not missing_stories(crawl, source)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@eastmoney
def test_signal_finishes_the_page_in_hand_and_tells_what_is_left(crawl, site, source, number):
    asked, stored = len(site.requests), set(crawl.column("select url from sightings"))
    story = [record for record in expected_records(site.truth, source) if record.url not in stored][20]
    site.set_faults({"s429_retry_after": [story.source_id]})
    command = crawl.start(source, "--since", SINCE, command="backfill")
    while f"/a/{story.source_id}.html" not in crawl.asked(since=asked):
        command.process.join(0.01)
        assert command.process.is_alive(), "the backfill ended without asking for it"
    os.kill(command.process.pid, number)
    ended = command.end()
    assert (ended.status, ended.outcomes) == (130, {source: "interrupted"})
    assert f"left: {SAID} to " in one(ended)["advice"]
    assert one(ended)["counts"]["new"] == crawl.column("select count(*) from articles where backfilled")[0] > 0
    assert crawl.query("select outcome, exit_status from runs order by id desc limit 1") == [("interrupted", 130)]
    assert not missing_stories(crawl, source)
    site.set_faults({})
    make_due(crawl)
    assert crawl.backfill(source, "--since", SINCE).outcomes == {source: "ok"}
    assert crawl.gaps("--since", SINCE) == (0, [])
    assert not missing_stories(crawl, source)


@from_nothing
def test_crawl_and_backfill_of_one_source_keep_out_of_each_others_way(crawl, site):
    asked = len(site.requests) + 3
    site.set_faults({"silence": 2})
    command = crawl.start("cls_telegraph", "--since", SINCE, command="backfill")
    while len(site.requests) < asked:
        command.process.join(0.01)
    (crawl.folder / "second").mkdir()
    options = ("--base-url", site.base_url, "--delay", 0, "--db", crawl.db, "--json")
    for arguments in (["crawl", "cls_telegraph"], ["backfill", "cls_telegraph", "--since", SINCE]):
        second = Command(crawl.folder / "second", *arguments, *options).end()
        assert (second.status, second.outcomes) == (3, {"cls_telegraph": "running"})
    assert len(site.requests) == asked
    command.process.kill()
    command.end()


@pytest.mark.parametrize(("arguments", "says"), [
    (["nosuch", "--since", "2026-11-19"], "there is no source 'nosuch'; the sources are cls_depth"),
    (["cls_depth"], "Missing option '--since'"),
    (["cls_depth", "--since", "2126-11-19"], "since: 2126-11-19 00:00 is still to come"),
    (["cls_depth", "--since", "2026-11-19", "--until", "2026-11-18"], "is later than until"),
    (["cls_depth", "--since", "soon"], "since: 'soon' is no date"),
    (["cls_depth", "--since", "2026-11-19", "--channel", "9"], "cls_depth has no channel '9'; its channels are 1000"),
    (["cls_depth", "--since", "2026-11-19", "--channel", " "], "channel: ' ' names none"),
    (["cls_depth", "--since", "2026-11-19", "--delay", "-1"], "--delay"),
])  # fmt: skip
def test_what_cannot_be_done_as_asked_is_one_sentence(tmp_path, arguments, says):
    ended = Command(tmp_path, "backfill", *arguments).end()
    assert (ended.status, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert says in ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["stderr", "stdout"]


# -- an empty database, a limit, an unfinished first crawl ------------------------------------------------------------


@from_nothing
@both_kinds_of_list
def test_backfill_may_be_the_first_that_is_done(crawl, site, source):
    assert crawl.backfill(source, "--since", SINCE).outcomes == {source: "ok"}
    assert crawl.gaps("--since", SINCE) == (0, [])
    assert not missing_stories(crawl, source)
    assert crawl(source).outcomes == {source: "nothing_new"}


@from_nothing
@both_kinds_of_list
def test_crawl_with_a_limit_calls_nothing_complete(crawl, site, source):
    crawl(source, "--limit", 2)
    assert crawl.query("select * from coverage") == []
    assert crawl.gaps() == (1, [])
    crawl(source)
    assert crawl.gaps() == (0, [])
    assert not missing_stories(crawl, source)


@on_a_moving_site
def test_list_that_failed_on_the_way_back_leaves_nothing_called_complete(crawl, site):
    coverage = crawl.query("select * from coverage")
    site.publish(300)
    site.set_faults({"outage": 2})
    assert crawl("cls_telegraph").status == 7
    assert crawl.query("select * from coverage") == coverage
    site.set_faults({})
    assert crawl("cls_telegraph").status == 0
    assert len(crawl.query("select * from coverage")) == 1


# -- what is seen ---------------------------------------------------------------------------------------------------------


@from_nothing
def test_terminal_sees_a_bar_and_then_one_line(crawl, site):
    options = ("--base-url", site.base_url, "--delay", 0.1, "--db", crawl.db)
    out, shown = on_a_terminal("backfill", "cls_telegraph", "--since", SINCE, *options)
    assert re.search(r"cls_telegraph  \[#*-+\] +\d+ %  new \d+  failed 0", shown)
    assert shown.endswith("\r\x1b[K"), "the line is gone in the end"
    assert re.fullmatch(r"cls_telegraph: ok \(found .* - complete from 2026-11-18 06:00 to 2026-11-20 21:4.\n", out)


def test_nobody_looking_gets_one_line_and_quiet_none(crawl, site):
    options = ("--since", SINCE, "--base-url", site.base_url, "--delay", 0, "--db", crawl.db)
    assert Command(crawl.folder, "backfill", "cls_telegraph", "-q", *options).end().stdout == ""
    ended = Command(crawl.folder, "backfill", "cls_telegraph", *options).end()
    assert (ended.stderr, len(ended.stdout.splitlines())) == ("", 1)
    assert ended.stdout.startswith("cls_telegraph: nothing_new")
