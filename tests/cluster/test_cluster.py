"""Crawls by several workers: the same database as by one, whoever is killed."""

import signal
from collections import Counter

import pytest

from newscrawl.cli.rebuild import rebuild_database
from tests.cluster.support import Dies
from tests.crawl.scene import last_record
from tests.crawl.support import Crawls
from tests.crawl.test_rebuild import assert_same
from tests.crawl.whole import differences, whole

ONE_BY_ONE = ("cls_telegraph", "cls_depth", "eastmoney", "plain")
MARKER = ["newscrawl:marker", "newscrawl:runs"]


def stories(cluster, since=0):
    """How often each story's page was asked for."""
    pages = ("/detail/", "/a/", "/gbk/2")
    return Counter(path for path in cluster.asked(since=since) if path.startswith(pages))


def assert_rebuilds(cluster):
    """The archive alone tells all that the database holds."""
    new = cluster.folder / "new.db"
    assert rebuild_database(new, [cluster.folder / "warc"], last_record(cluster.db)).exit_status == 0
    assert_same(cluster)


@pytest.mark.parametrize("source", ONE_BY_ONE)
def test_two_workers_store_what_one_crawl_does(cluster, site, source):
    collector = cluster.collect()
    workers = [cluster.work(source), cluster.work(source)]
    assert [each.end().status for each in workers] == [0, 0]
    ended = collector.end()
    asked = stories(cluster)
    alone, before = cluster.alone(source)
    assert (ended.status, ended.outcomes) == (before.status, before.outcomes)
    assert ended.results[source]["counts"] == before.results[source]["counts"]
    assert differences(whole(cluster.db), whole(alone.db)) == []
    assert set(asked.values()) <= {1}
    assert_rebuilds(cluster)
    assert cluster.redis.names() == MARKER


def test_second_crawl_asks_for_lists_only(cluster, site):
    for _ in range(2):
        before = len(site.requests)
        collector, worker = cluster.collect(), cluster.work("cls_depth", "plain")
        assert worker.end().status == 0
        ended = collector.end()
        assert ended.status == 0
    assert set(ended.outcomes.values()) == {"nothing_new"}
    assert not stories(cluster, since=before)


@pytest.mark.parametrize("source", ["cls_depth", "eastmoney", "plain"])
def test_later_crawls_find_what_is_new_as_one_crawler_does(cluster, site, source):
    alone = Crawls(cluster.folder / "alone", site)
    alone.folder.mkdir()
    for _ in range(3):
        collector, workers = cluster.collect(), [cluster.work(source) for _ in range(2)]
        assert [each.end().status for each in workers] == [0, 0]
        ended, before = collector.end(), alone(source, "--config", cluster.config)
        assert ended.outcomes == before.outcomes == {source: "ok"}
        assert ended.results[source]["counts"] == before.results[source]["counts"]
        assert differences(whole(cluster.db), whole(alone.db)) == []
        site.publish(200)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("what", "at"), [("take", 2), ("take", 9), ("done", 1), ("done", 2), ("done", 9)])
def test_worker_killed_in_mid_crawl_costs_nothing(cluster, site, what, at, before):
    collector = cluster.collect()
    killed = cluster.work("cls_depth", plug=Dies(what, at, before))
    assert killed.end().status == -signal.SIGKILL
    assert cluster.work("cls_depth").end().status == 0
    ended = collector.end()
    asked = stories(cluster)
    alone, once = cluster.alone("cls_depth")
    assert (ended.status, ended.outcomes) == (0, {"cls_depth": "ok"})
    assert ended.results["cls_depth"]["counts"] == once.results["cls_depth"]["counts"]
    assert differences(whole(cluster.db), whole(alone.db)) == []
    assert sum(asked.values()) <= len(asked) + 1  # what the killed one had fetched and not yet handed in
    assert len(cluster.runs()) == 1
    assert_rebuilds(cluster)


def test_one_of_two_workers_killed_while_both_work(cluster, site):
    site.publish(200)
    collector = cluster.collect()
    killed = cluster.work("cls_depth", "eastmoney", plug=Dies("done", 12, before=True))
    other = cluster.work("cls_depth", "eastmoney")
    assert killed.end().status == -signal.SIGKILL
    assert other.end().status == 0
    ended = collector.end()
    assert (ended.status, set(ended.outcomes.values())) == (0, {"ok"})
    stored = cluster.column("select url from sightings")
    assert len(stored) == len(set(stored))
    found, fetched, new, duplicate, skipped = cluster.query(
        "select sum(found), sum(fetched), sum(new), sum(duplicate), sum(skipped) from runs"
    )[0]
    assert found == new + duplicate + skipped
    assert new == cluster.column("select count(*) from articles")[0]
    assert fetched == new + duplicate
    assert_rebuilds(cluster)
