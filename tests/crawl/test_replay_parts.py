"""`newscrawl replay` and `rebuild` of stories that go on behind 下一页."""

import os
import signal

from tests.crawl.support import Command
from tests.crawl.test_crawl_parts import CASES, address, asked, paged, paths, told
from tests.crawl.test_rebuild import assert_same, rebuild
from tests.crawl.test_replay import replay


def test_a_story_of_several_parts_is_read_whole_from_the_archive(crawl, site):
    stories = [paged(site, family, parts) for family, parts in CASES]
    for story in stories:
        crawl.fetch("--save", address(story))
    then = crawl.everything()["articles"]
    ended = replay(crawl)
    assert ended.outcomes == {"replay": "nothing_new"}
    assert ended.results["replay"]["counts"]["unchanged"] == len(stories)
    assert rebuild(crawl).status == 0
    assert_same(crawl)
    crawl.db = crawl.folder / "fresh.db"
    assert replay(crawl).outcomes == {"replay": "ok"}
    assert [row[:-1] for row in crawl.everything()["articles"]] == [row[:-1] for row in then]
    assert dict(crawl.query("select url, body from articles")) == {address(s): told(s)["body"] for s in stories}


def test_parts_belong_to_the_fetch_that_they_were_asked_for_with(crawl, site):
    """The first part's newest answer is read with the parts that came after it."""
    story = paged(site, "gbk", 3)
    crawl.fetch("--save", address(story))
    site.edit(story.id)
    crawl.fetch("--save", address(story))
    assert replay(crawl).results["replay"]["counts"] == replay(crawl).results["replay"]["counts"]
    assert crawl.query("select body from articles") == [(told(site.truth.find(story.id))["body"],)]
    assert crawl.query("select body, reason from revisions") == [(told(story)["body"], "publisher")]
    assert rebuild(crawl).status == 0
    assert_same(crawl)


def test_half_a_story_is_a_failure_and_none_is_forgotten(crawl, site):
    story = paged(site, "gbk", 3)
    site.set_faults({"hang": "parts"})
    options = ("--base-url", site.base_url, "--db", crawl.db)
    command = Command(crawl.folder, "fetch", "--save", address(story), *options)
    while paths(story, 2)[0] not in asked(crawl):
        command.process.join(0.01)
        assert command.process.is_alive(), "the crawl ended without asking for it"
    os.kill(command.process.pid, signal.SIGKILL)
    command.end()
    for _ in range(2):
        ended = replay(crawl)
        assert (ended.status, ended.results["replay"]["counts"]["failed"]) == (1, 1)
        failures = crawl.query("select source, url, kind, reason, tries from failures")
        assert failures == [("eastmoney", address(story), "truncated", "part 2: is not there", 1)]
    site.set_faults({})
    crawl.fetch("--save", address(story))
    assert crawl.column("select count(*) from failures") == [0]
    assert replay(crawl).outcomes == {"replay": "nothing_new"}
