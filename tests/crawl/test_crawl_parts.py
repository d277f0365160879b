"""Stories that go on behind 下一页: crawled whole or not at all."""

import json
import os
import signal

import pytest

from newscrawl.demo import expected
from newscrawl.demo.shapes.parts import part_count
from newscrawl.demo.shapes.plain import PLAIN_SITES
from newscrawl.spiders.parts import MOST_PARTS
from newscrawl.storage.archive import read_archive
from tests.crawl.support import Command

HOST = "https://finance.eastmoney.com"
"""The plain sites are no source's: their pages are asked for at a host that is one, which the sample site ignores.

The rule of that source knows no such page: those of the site "gbk" are read by the generic reader, and those of the site
"web" by the rule, which knows a body of that name.
"""
FIELDS = ("title", "body", "image_urls", "publisher", "author")


def paged(site, family, parts):
    return next(story for story in site.truth.stories(family) if part_count(story) == parts)


def address(story, part=1):
    return HOST + PLAIN_SITES[story.family].path_of(story, part)


def told(story):
    record = expected(story, story.family)
    return {name: getattr(record, name) for name in FIELDS} | {"image_urls": list(record.image_urls)}


def read(ended):
    record = json.loads(ended.stdout)
    return {name: record[name] for name in FIELDS}


def asked(crawl, *, since=0):
    return [path for _, path in crawl.site.requests[since:] if path != "/robots.txt"]


def paths(story, *parts):
    return [address(story, part).removeprefix(HOST) for part in parts]


CASES = [("gbk", 1), ("gbk", 2), ("gbk", 3), ("web", 1), ("web", 2), ("web", 3)]


@pytest.mark.parametrize(("family", "parts"), CASES)
def test_parts_are_asked_for_in_order_and_stored_as_one_article(crawl, site, family, parts):
    story = paged(site, family, parts)
    ended = crawl.fetch("--save", "--json", address(story))
    assert ended.status == 0
    assert read(ended) == told(story)
    assert asked(crawl) == paths(story, *range(1, parts + 1))
    assert crawl.query("select url, body from articles") == [(address(story), told(story)["body"])]
    assert crawl.column("select url from sightings") == [address(story)]
    assert crawl.query("select found, fetched, new, failed from runs") == [(1, 1, 1, 0)]
    assert crawl.column("select count(*) from failures") == [0]


def test_editor_of_the_last_part_is_the_storys(crawl, site):
    story = paged(site, "gbk", 3)
    assert json.loads(crawl.fetch("--json", address(story)).stdout)["editor"] == story.editor


def test_several_stories_at_once_are_each_joined_with_their_own_parts(crawl, site):
    stories = [paged(site, family, parts) for family, parts in CASES]
    (crawl.folder / "newscrawl.toml").write_text("concurrency = 8\n")
    ended = crawl.fetch("--save", *(address(story) for story in stories))
    assert ended.status in {0, 5}, "the generic reader reads what is no page of this source"
    assert dict(crawl.query("select url, body from articles")) == {address(s): told(s)["body"] for s in stories}


def test_archive_tells_of_each_part_to_which_story_it_belongs(crawl, site):
    story = paged(site, "gbk", 3)
    crawl.fetch("--save", address(story))
    kept = [answer for answer in read_archive([crawl.folder / "warc"]) if answer.role == "page"]
    assert [(answer.url, dict(answer.context)) for answer in kept] == [
        (address(story), {}),
        (address(story, 2), {"part_of": address(story), "part": "2"}),
        (address(story, 3), {"part_of": address(story), "part": "3"}),
    ]


FAILING = [
    ("s404", "http", "part 2: HTTP status 404", 7),
    ("s403", "blocked", "part 2: HTTP status 403", 4),
    ("s500", "http", "part 2: HTTP status 500", 7),
    ("antibot", "blocked", "part 2: the site shows a slider", 4),
    ("empty", "empty", "part 2: the answer is empty", 6),
    ("soft404", "layout", "part 2: the site says that ", 5),
    ("short_cl", "truncated", "part 2: the page ends before its </html>", 7),
    ("reset", "network", "part 2: ", 7),
    ("redirect_internal", "refused", "part 2: localhost is no host of this source", 5),
]


@pytest.mark.parametrize(("fault", "kind", "reason", "status"), FAILING, ids=[case[0] for case in FAILING])
def test_part_that_fails_makes_the_whole_story_a_failure(crawl, site, fault, kind, reason, status):
    site.set_faults({fault: "parts"})
    story = paged(site, "gbk", 3)
    ended = crawl.fetch("--save", address(story))
    assert ended.status == status
    assert f"{address(story)}: {kind}: {reason}" in ended.stderr
    assert crawl.column("select count(*) from articles") == [0]
    [failed] = crawl.query("select url, kind, reason, next_try_at is not null from failures")
    assert failed[:2] + failed[3:] == (address(story), kind, 1), "it is tried again, under the address that lists tell"
    assert failed[2].startswith(reason)
    assert address(story, 3).removeprefix(HOST) not in asked(crawl)
    site.set_faults({})
    assert crawl.fetch("--save", address(story)).status == 0
    assert crawl.column("select body from articles") == [told(story)["body"]]
    assert crawl.column("select count(*) from failures") == [0]


@pytest.mark.parametrize(("family", "parts"), [("gbk", 2), ("gbk", 3), ("web", 3)])
def test_pager_that_leads_back_ends_the_story(crawl, site, family, parts):
    site.set_faults({"pager_loops": 1})
    story = paged(site, family, parts)
    ended = crawl.fetch("--json", address(story))
    assert (ended.status, read(ended)) == (0, told(story))
    assert asked(crawl) == paths(story, *range(1, parts + 1))


@pytest.mark.parametrize("family", ["gbk", "web"])
def test_part_without_the_pager_that_the_first_one_has_is_not_taken_for_the_last(crawl, site, family):
    site.set_faults({"pager_lost": 1})
    whole, cut = paged(site, family, 2), paged(site, family, 3)
    ended = crawl.fetch("--json", address(whole), address(cut))
    assert read(ended) == told(whole)
    assert f"{address(cut)}: truncated: part 2: does not lead on" in ended.stderr


@pytest.mark.parametrize("family", ["gbk", "web"])
def test_pager_that_does_not_know_its_end_is_asked_once_too_often(crawl, site, family):
    site.set_faults({"pager_repeats": 1})
    story = paged(site, family, 2)
    ended = crawl.fetch("--json", address(story))
    assert (ended.status, read(ended)) == (0, told(story))
    assert asked(crawl) == paths(story, 1, 2, 3)


def test_story_without_an_end_is_cut_nowhere_but_refused(crawl, site):
    site.set_faults({"pager_endless": 1})
    story = paged(site, "gbk", 2)
    ended = crawl.fetch("--save", address(story))
    assert ended.status == 5
    assert f"{address(story)}: too_complex: goes on after {MOST_PARTS} parts" in ended.stderr
    assert asked(crawl) == paths(story, *range(1, MOST_PARTS + 1))
    assert crawl.column("select count(*) from articles") == [0]


def test_later_part_is_no_story_of_its_own(crawl, site):
    story = paged(site, "gbk", 3)
    ended = crawl.fetch("--save", address(story, 2))
    assert ended.status == 5
    assert f"{address(story, 2)}: layout: a later part of the story at {address(story)}" in ended.stderr
    assert crawl.column("select count(*) from articles") == [0]


def test_redirect_of_the_first_page_is_where_its_parts_are_looked_for(crawl, site):
    site.set_faults({"redirect_ok": "pages"})
    story = paged(site, "gbk", 2)
    ended = crawl.fetch("--json", address(story))
    assert read(ended) == told(story)


def test_crawl_that_is_killed_between_two_parts_knows_nothing_of_the_story(crawl, site):
    story, whole = paged(site, "gbk", 3), paged(site, "web", 1)
    site.set_faults({"hang": "parts"})
    options = ("--base-url", site.base_url, "--db", crawl.db)
    command = Command(crawl.folder, "fetch", "--save", address(whole), address(story), *options)
    while paths(story, 2)[0] not in asked(crawl):
        command.process.join(0.01)
        assert command.process.is_alive(), "the crawl ended without asking for it"
    os.kill(command.process.pid, signal.SIGKILL)
    assert command.end().status == -signal.SIGKILL
    assert address(story) not in crawl.column("select url from articles union select url from sightings")
    assert crawl.column("select count(*) from failures") == [0]
    site.set_faults({})
    before = len(site.requests)
    ended = crawl.fetch("--save", "--json", address(story))
    assert (ended.status, read(ended)) == (0, told(story))
    assert asked(crawl, since=before) == paths(story, 1, 2, 3)
    assert crawl.column("select count(*) from articles where url = ?", address(story)) == [1]


def test_failed_story_is_asked_for_again_from_its_first_part(crawl, site):
    story = paged(site, "gbk", 3)
    site.set_faults({"s404": "parts"})
    crawl.fetch("--save", address(story))
    site.set_faults({})
    before = len(site.requests)
    options = ("--db", crawl.db, "--base-url", site.base_url, "--delay", 0)
    assert Command(crawl.folder, "failures", "--retry", *options).end().status == 0
    assert asked(crawl, since=before) == paths(story, 1, 2, 3)
    assert crawl.query("select url, body from articles") == [(address(story), told(story)["body"])]


def test_second_crawl_of_an_unchanged_story_changes_nothing(crawl, site):
    story = paged(site, "web", 3)
    crawl.fetch("--save", address(story))
    before = crawl.everything()
    crawl.fetch("--save", address(story))
    assert crawl.everything() == before
    assert crawl.column("select count(*) from revisions") == [0]
