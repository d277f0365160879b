"""A backfill that is killed at any moment, and the same command again: nothing lost, nothing twice, nothing untrue."""

import os
import signal

import pytest

from newscrawl.demo import SampleSite
from tests.crawl.support import Crawls
from tests.crawl.truth import missing_stories

# Several days of each kind of list: one that can begin at a moment, one by pages from the top (and one by cursor).
SITES = {"cls_telegraph": {"stories": 1300, "spacing": 250}, "eastmoney": {"stories": 500, "spacing": 600}}
SINCE = "2026-11-17T22:00"
# What a kill may cost: robots.txt and the list page in hand; where its stories have pages of their own and the list is
# read from its top, these, too.
MOST_AGAIN = {"cls_telegraph": 3, "eastmoney": 60}


@pytest.fixture(scope="module", params=SITES)
def source(request):
    return request.param


@pytest.fixture(scope="module")
def site(source):
    with SampleSite(**SITES[source]) as site:
        yield site


@pytest.fixture(scope="module")
def undisturbed(source, site, tmp_path_factory):
    """What a backfill leaves that nobody disturbs, and how many requests it made."""
    crawl = Crawls(tmp_path_factory.mktemp("undisturbed"), site)
    site.set_faults({})
    assert crawl.backfill(source, "--since", SINCE).status == 0
    return crawl.everything(), len(site.requests)


def kill_after(crawl, answered, *arguments):
    """Kill the backfill that waits for the answer after so many."""
    crawl.site.set_faults({"silence": answered})
    before = len(crawl.site.requests)
    command = crawl.start(*arguments, command="backfill")
    while len(crawl.site.requests) - before <= answered:
        command.process.join(0.005)
        assert command.process.is_alive(), "the backfill ended before it was killed"
    os.kill(command.process.pid, signal.SIGKILL)
    assert command.end().status == -signal.SIGKILL
    crawl.site.set_faults({})


@pytest.mark.parametrize("point", range(4))
def test_killed_backfill_and_one_more_leave_what_an_undisturbed_one_does(tmp_path, source, site, undisturbed, point):
    whole, requests = undisturbed
    crawl, asked = Crawls(tmp_path, site), len(site.requests)
    kill_after(crawl, 1 + point * (requests - 2) // 3, source, "--since", SINCE)
    assert crawl.column("select outcome from runs") == [None]
    assert not missing_stories(crawl, source)
    assert crawl.backfill(source, "--since", SINCE).status == 0
    assert crawl.everything() == whole
    assert len(site.requests) - asked <= requests + MOST_AGAIN[source]
