"""Thirty days of cron on a site that goes wrong in every way: no false success, no wrong record, nothing lost.

One month is lived through (see driver), then each test asks one thing of all that it left. The calendar is in events.
"""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from newscrawl.demo.truth import expected
from newscrawl.demo.world import FAMILIES
from tests.crawl.test_rebuild import dump
from tests.month.driver import month_at
from tests.month.events import DAYS, EVENTS, SOURCES, WELL, WITH_PAGES, moment
from tests.month.table import DOC, document

EMPTY_HANDED = ("lists that stand still", "lists that have nothing but their newest page")
"""Events in which the lists themselves hide stories."""
AFTERWARDS = timedelta(days=2)
"""So long after an event pages that failed in it may still wait for their next try."""
OF_PAGES = ("another layout", "the slider on every third page", "every third page ends too early")
"""Events in which a run may happen on none of the bad pages."""
MOST_REQUESTS = 8
"""Of one run of one source that is refused: robots.txt, and five refusals before the breaker."""


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NEWSCRAWL_DB", "NEWSCRAWL_CONFIG", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            patch.delenv(name, raising=False)
        folder = tmp_path_factory.mktemp("month")
        patch.chdir(folder)
        with month_at(folder) as month:
            yield month


def during(month, name, command="crawl"):
    return [ran for ran in month.ran if ran.event and ran.event.name == name and ran.command == command]


def named(name):
    return next(event for event in EVENTS if event.name == name)


def recovering(ran, source):
    """Whether pages that failed in an event may still wait."""
    return any(
        source in event.ends and moment(*event.last) <= ran.at < moment(*event.last) + AFTERWARDS for event in EVENTS
    )


def outcome(ran, source):
    return ran.results[source]["outcome"] if source in ran.results else "storage" if ran.status == 8 else "killed"


def crawls(month):
    return [ran for ran in month.ran if ran.command != "backfill"]


def test_the_calendar_in_the_docs_is_this_one():
    assert DOC.read_text(encoding="utf-8") == document(), "python -m tests.month.table"


# no false success


def test_every_run_ends_as_its_hour_was(month):
    ends = {(f"{ran.at:%d %H}", source): outcome(ran, source) for ran in crawls(month) for source in SOURCES}
    allowed = {(f"{ran.at:%d %H}", source): may_end(ran, source) for ran in crawls(month) for source in SOURCES}
    assert {run: (end, allowed[run]) for run, end in ends.items() if end not in allowed[run]} == {}


def may_end(ran, source):
    """How a run of a source may end: as the calendar says, and where that is honest, otherwise."""
    if source in ran.resting:
        return {"blocked", "network"}  # told again while it is let alone
    ends = set(ran.event.ends.get(source, WELL) if ran.event else WELL)
    if recovering(ran, source) and ran.held.get(source):
        ends.add("partial")  # pages of that event wait for their next try
    if ran.event and ran.event.name in OF_PAGES and not ran.lacking[source] and met_no_fault(ran, source):
        ends |= WELL
    return ends


def met_no_fault(ran, source):
    """Whether none of the few stories of a run had the fault, or the run says that they had."""
    told = ran.results[source]
    return (
        ran.event.name != "another layout" or not told["counts"]["new"] or "without the site's rule" in told["advice"]
    )


def test_a_run_that_says_all_is_well_has_stored_all_that_its_lists_showed(month):
    for ran in crawls(month):
        for source in SOURCES if not (ran.event and ran.event.name in EMPTY_HANDED) else ():
            if outcome(ran, source) in WELL:
                gone = {month.address(number, source) for number in month.listed_gone}
                assert ran.lacking[source] <= gone | ran.gone_for_now, f"{ran.at:%d %H} {source}"


def test_the_exit_status_is_the_worst_of_the_sources(month):
    for ran in month.ran:
        if ran.results:
            assert ran.status == max(each["exit_status"] for each in ran.results.values())
        else:
            assert ran.status in (8, -9)


# no wrong record


def wording_at(month, number, second):
    """The story as the site told it at a second."""
    wordings = month.wordings.get(number, [(0, month.site.truth.story(number))])
    return [story for since, story in wordings if since <= second][-1]


def by_address(month):
    world = month.site.truth
    return {
        (source, month.address(number, source)): number
        for source in SOURCES
        for number in range(1, max(world.numbers(*FAMILIES)) + 1)
        if carries(world.plan(number).family, source)
    }


def carries(family, source):
    return {
        "cls_telegraph": family == "flash",
        "cls_depth": family in ("article", "shared"),
        "eastmoney": family in ("em_article", "em_fast", "shared"),
    }[source]


def seconds(text):
    return int(datetime.fromisoformat(text).timestamp())


def test_every_article_is_as_the_site_told_it_when_it_was_last_read(month):
    numbers = by_address(month)
    stored = month.query(
        "select a.source, a.url, a.title, a.body, a.published_ts, a.kind, max(s.read_at) from articles a"
        " join sightings s on s.article_id = a.id and s.source = a.source group by a.id"
    )
    assert len(stored) > 1500
    for source, url, title, body, published, kind, read_at in stored:
        told = expected(wording_at(month, numbers[source, url], seconds(read_at)), source)
        assert (title, body, published, kind) == (told.title, told.body, told.published_at.timestamp(), told.kind), url


def test_edits_are_revisions_in_order(month):
    numbers = by_address(month)
    edited = set()
    for article, source, url, since, body in month.query(
        "select id, source, url, content_since, body from articles where id in (select article_id from revisions)"
    ):
        told = month.query(
            "select valid_from, valid_to, body from revisions where article_id = ? order by valid_from", article
        )
        ends = [*[row[0] for row in told[1:]], since]
        assert [row[1] for row in told] == ends, "each wording holds until the next"
        assert all(begin < end for begin, end, _ in told)
        wordings = [expected(story, source).body for _, story in month.wordings.get(numbers[source, url], ())]
        if wordings:
            edited.add(numbers[source, url])
            assert [*[row[2] for row in told], body] == wordings, url
        else:
            layout = named("another layout")
            assert moment(*layout.first) <= datetime.fromisoformat(told[0][0]) < moment(*layout.last), url
    assert edited == set(month.wordings)


def test_no_story_is_stored_twice(month):
    assert not month.query("select source, source_id from articles group by 1, 2 having count(*) > 1")
    assert not month.query("select url from articles where url is not null group by 1 having count(*) > 1")


# nothing lost


def test_nothing_is_missing_that_the_site_still_had(month):
    kept = set(month.column("select url from sightings"))
    first = int(moment(1, 0).timestamp())
    gone = set(month.listed_gone)
    for source in SOURCES:
        wanted = {month.address(number, source) for number in month.shown(source, first) if number not in gone}
        assert wanted <= kept, source
    taken_back = {
        month.address(number, s)
        for s in SOURCES
        for number in set(month.removed) - gone
        if carries(month.site.truth.plan(number).family, s)
    }
    assert taken_back <= kept, "what was read before it was taken back stays"


def test_failures_are_worked_off(month):
    left = month.query("select url, kind, next_try_at from failures")
    addresses = {month.address(number, source) for source in WITH_PAGES for number in month.listed_gone}
    assert {url for url, _, _ in left} <= addresses
    assert {kind for _, kind, _ in left} == {"gone"}


def test_gaps_and_coverage_end_whole(month):
    told = month.gaps_at(moment(DAYS, 18), "--since", f"{moment(2, 0):%Y-%m-%d}")
    assert (told.status, json.loads(told.stdout)["gaps"]) == (0, [])
    for state in json.loads(told.stdout)["lists"]:
        assert datetime.fromisoformat(state["record_from"]) <= moment(1, 1)


# every bad hour can be seen


def test_nothing_is_called_complete_that_was_not_read(month):
    assert {f"{ran.at:%d %H} {ran.command}": ran.untrue for ran in month.ran if ran.untrue} == {}


@pytest.mark.parametrize("event", [event for event in EVENTS if event.ends], ids=lambda event: event.name)
def test_a_bad_hour_stands_in_runs(month, event):
    """But for the hours of a full disk and of a run that found another one: there the exit status alone can tell."""
    bad = [source for source, outcomes in event.ends.items() if not outcomes & {*WELL, "running", "storage", "killed"}]
    for source in bad:
        told = month.column("select 1 from runs where source = ? and message like '%without the site''s rule%'", source)
        few = event.name == "another layout" and told  # one or two stories of a run: said, and no outcome of its own
        assert few or set(stand_in_runs(month, event, source)) & event.ends[source], source
    if event.run == "killed":
        assert any(None in stand_in_runs(month, event, source) for source in SOURCES)


def stand_in_runs(month, event, source):
    span = [f"{moment(*at):%Y-%m-%d %H:%M:%S}+08:00" for at in (event.first, event.last)]
    sql = "select outcome from runs where source = ? and started_at >= ? and started_at < ?"
    return month.column(sql, source, *span)


def test_what_a_command_printed_stands_in_runs(month):
    for ran in month.ran:
        now = ran.at - timedelta(hours=1) if ran.event and ran.event.run == "set_back" else ran.at
        span = [f"{at:%Y-%m-%d %H:%M:%S}+08:00" for at in (now, now + timedelta(minutes=30))]
        written = set(month.query("select source, outcome from runs where started_at >= ? and started_at < ?", *span))
        printed = {(source, told["outcome"]) for source, told in ran.results.items()}
        assert {each for each in printed if each[1] not in ("running", "storage")} <= written, f"{ran.at:%d %H}"


def test_lists_that_stand_still_are_not_called_complete(month):
    first, *later = during(month, "lists that stand still")
    assert later
    for ran in later:
        assert ran.tops == first.tops
    assert any(lacking for lacking in later[-1].lacking.values())


def test_a_clock_that_is_back_calls_nothing_complete_beyond_itself(month):
    for ran in during(month, "a clock that is an hour back"):
        clock = ran.at - timedelta(minutes=59)  # as it was when the lists came
        assert all(top <= clock.timestamp() for top in ran.tops.values())


def test_what_the_lists_had_forgotten_was_told_until_it_was_filled(month):
    short = during(month, "lists that have nothing but their newest page")
    assert short[0].status
    assert short[0].lacking["cls_telegraph"]
    again = during(month, "the lists go back again", "backfill")
    assert {ran.status for ran in again} == {0}
    assert not any(again[-1].lacking.values())


def test_the_other_layout_is_told_with_the_articles_that_it_brought(month):
    span = [f"{moment(*at):%Y-%m-%d %H:%M:%S}+08:00" for at in ((6, 0), (7, 0))]
    sql = "select count(*) from revisions where valid_from >= ? and valid_from < ?"
    assert month.column(sql, *span)[0] > 0, "what the generic reader had read otherwise"


# politeness


def test_a_source_that_refuses_is_hardly_asked(month):
    for name in ("the slider in place of everything", "no connection", "status 503 on everything"):
        runs = during(month, name)
        assert runs
        for ran in runs:
            assert len(ran.asked) <= MOST_REQUESTS * len(SOURCES), f"{ran.at:%d %H}"


def test_a_source_that_is_to_be_let_alone_is_asked_for_nothing(month):
    for ran in month.ran:
        for source in ran.resting:
            assert not ran.asked_of(source), f"{ran.at:%d %H} {source}"


# the rest


def test_an_analyst_sees_one_state_all_day(month):
    assert month.read[0] == month.read[1]
    assert month.read[0][0] < month.column("select count(*) from articles")[0]


def test_the_database_is_whole(month):
    assert month.column("pragma integrity_check") == ["ok"]
    assert month.query("pragma foreign_key_check") == []


def test_rebuild_from_the_archive_of_the_month_equals_the_database(month):
    made = month.folder / "made.db"
    ended = month.rebuild(made)
    assert ended.status == 0, ended.stderr
    then, now = dump(month.db), dump(made)
    for table in then:
        assert now[table] == then[table], table
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
