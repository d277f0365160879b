"""A site with faults: two workers and their collector come to what one crawler comes to."""

import pytest

from newscrawl.demo import SampleSite
from tests.cluster.support import Cluster
from tests.cluster.test_cluster import assert_rebuilds
from tests.crawl.whole import differences, whole

TOGETHER = [
    {"s500": 3},
    {"s500_once": 2},
    {"s404": 4},
    {"empty": 5},
    {"antibot": 6},
    {"layout": 4},
    {"redirect_ok": 3},
    {"redirect_internal": 5},
    {"truncated_gzip": 5},
    {"gzip": 2},
    {"deep_nesting": 6},
    {"log_title": 3},
    {"list_odd": 1},
    {"s429_retry_after": 7},
]
"""Which story has the fault does not depend on the order in which they are asked for."""
ALONE = ["list_500", "list_empty", "list_html", "robots_deny", "robots_500", "s403", "s418", "s503_retry_long", "down"]
"""The outcome is decided by the whole of them."""


@pytest.fixture(scope="module")
def site():
    with SampleSite(stories=60) as site:
        yield site


@pytest.fixture
def cluster(tmp_path, site, redis):
    site.set_faults({})
    cluster = Cluster(tmp_path, site, redis)
    yield cluster
    cluster.kill()


def by_two(cluster, source):
    collector, workers = cluster.collect(), [cluster.work(source) for _ in range(2)]
    statuses = {worker.end().status for worker in workers}
    ended = collector.end()
    assert statuses == {ended.status}
    return ended


@pytest.mark.parametrize("faults", TOGETHER, ids=lambda faults: next(iter(faults)))
def test_a_fault_of_some_stories_is_told_as_by_one_crawler(cluster, site, faults):
    site.set_faults(faults)
    ended = by_two(cluster, "cls_depth")
    site.set_faults(faults)
    alone, before = cluster.alone("cls_depth")
    assert (ended.status, ended.outcomes) == (before.status, before.outcomes)
    told = [
        {name: result.results["cls_depth"][name] for name in ("counts", "skipped", "advice", "to_do")}
        for result in (ended, before)
    ]
    assert told[0] == told[1]
    assert differences(whole(cluster.db), whole(alone.db)) == []
    assert_rebuilds(cluster)


@pytest.mark.parametrize("fault", ALONE)
def test_a_site_that_cannot_be_crawled_ends_as_with_one_crawler(cluster, site, fault):
    site.set_faults({fault: 1})
    ended = by_two(cluster, "cls_depth")
    site.set_faults({fault: 1})
    _, before = cluster.alone("cls_depth")
    assert (ended.status, ended.outcomes) == (before.status, before.outcomes)
    assert ended.status not in {0, 1}
    assert cluster.redis.names() == ["newscrawl:marker", "newscrawl:runs"] + [
        name for name in cluster.redis.names() if ":slot:" in name
    ]


def test_a_story_in_parts_comes_whole(cluster, site):
    site.set_faults({})
    ended = by_two(cluster, "eastmoney")
    alone, before = cluster.alone("eastmoney")
    assert ended.results["eastmoney"]["counts"] == before.results["eastmoney"]["counts"]
    assert differences(whole(cluster.db), whole(alone.db)) == []


def test_a_source_that_is_let_alone_is_not_asked_by_workers_either(cluster, site):
    site.set_faults({"s503_retry_long": 1})
    by_two(cluster, "cls_depth")
    asked = len(site.requests)
    ended = by_two(cluster, "cls_depth")
    assert (ended.status, ended.outcomes) == (7, {"cls_depth": "network"})
    assert len(site.requests) == asked
