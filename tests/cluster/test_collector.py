"""A collector that is killed, stopped or slow: nothing is lost, nothing is there twice, and workers wait for it."""

import os
import random
import shutil
import signal

import pytest

from newscrawl.demo import SampleSite
from tests.cluster.support import Cluster, DiesAtCommand, RedisServer, Stops, Words
from tests.cluster.test_cluster import assert_rebuilds, stories
from tests.crawl.plugs import Steps, steps_of
from tests.crawl.scene import KILLS, SEED, spread
from tests.crawl.whole import differences, whole

SMALL = ("--ahead", 6)
"""Every third result is committed, so that a small crawl has many transactions."""
SOURCES = ("cls_depth", "plain")


def crawled(cluster, *, plug=None):
    """A collector with `plug`, started again without it until it ends by itself, and two workers."""
    collector = cluster.collect(*SMALL, plug=plug)
    workers = [cluster.work(*SOURCES, more=("--concurrency", 1)) for _ in range(2)]
    ended = collector.end()
    while ended.status == -signal.SIGKILL:
        ended = cluster.collect(*SMALL).end()
    return ended, [worker.end() for worker in workers]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The steps of a collector that nobody kills, its database and its runs."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with RedisServer(folder) as redis, SampleSite(stories=40) as site:
        cluster = Cluster(folder, site, redis)
        ended, _ = crawled(cluster, plug=Steps(folder / "steps"))
        assert ended.status == 0
        yield site, len(steps_of(folder / "steps")), whole(cluster.db), sorted(cluster.runs())


@pytest.mark.parametrize("number", range(2 * KILLS))
def test_collector_killed_at_any_step_and_started_again(tmp_path, redis, undisturbed, number):
    site, steps, database, runs = undisturbed
    cluster = Cluster(tmp_path, site, redis)
    at, before = spread(2 * KILLS, steps)[number], len(site.requests)
    print(f"killed at step {at} of {steps}, seed {SEED}")
    ended, workers = crawled(cluster, plug=Steps(tmp_path / "steps", kill_at=at))
    assert (ended.status, [worker.status for worker in workers]) == (0, [0, 0])
    assert differences(whole(cluster.db), database) == []
    assert sorted(cluster.runs()) == runs
    assert set(stories(cluster, since=before).values()) <= {1}
    assert_rebuilds(cluster)


def test_collector_killed_again_and_again(tmp_path, redis, undisturbed):
    site, steps, database, runs = undisturbed
    cluster, places = Cluster(tmp_path, site, redis), random.Random(SEED)
    workers = [cluster.work(*SOURCES) for _ in range(2)]
    for number in range(4):
        at = places.randint(1, steps // 3)
        print(f"killed at step {at} of {steps}, seed {SEED}")
        status = cluster.collect(*SMALL, plug=Steps(tmp_path / f"steps-{number}", kill_at=at)).end().status
        if status == 0:
            break  # there was less left to do than that
        assert status == -signal.SIGKILL
    else:
        assert cluster.collect(*SMALL).end().status == 0
    assert [worker.end().status for worker in workers] == [0, 0]
    assert differences(whole(cluster.db), database) == []
    assert sorted(cluster.runs()) == runs
    assert_rebuilds(cluster)


def test_collector_that_is_stopped_lets_another_one_go_on(cluster, site):
    collector = cluster.collect(*SMALL)
    worker = cluster.work("cls_depth", plug=Words(cluster.folder / "words"))
    wait_for(lambda: cluster.redis.client.hexists("newscrawl:runs", "cls_depth"))
    os.kill(collector.process.pid, signal.SIGTERM)
    assert collector.end().status == 130
    ended = cluster.collect().end()
    assert (ended.status, worker.end().status) == (0, 0)
    alone, _ = cluster.alone("cls_depth")
    assert differences(whole(cluster.db), whole(alone.db)) == []
    assert len(cluster.runs()) == 1


def test_workers_pause_while_the_collector_lags(cluster, site):
    collector = cluster.collect("--ahead", 5, plug=Stops(3))
    words = [cluster.folder / f"words-{number}" for number in range(2)]
    for path in words:
        path.touch()
    workers = [cluster.work("eastmoney", plug=Words(path)) for path in words]
    wait_for(lambda: all(path.read_text().split()[-3:] == ["full"] * 3 for path in words))
    asked = len(site.requests)
    wait_for(lambda: all(path.read_text().split()[-9:] == ["full"] * 9 for path in words))
    assert len(site.requests) == asked
    assert 5 <= sum(lengths(cluster)) <= 5 + len(workers)
    os.kill(collector.process.pid, signal.SIGCONT)
    assert [worker.end().status for worker in workers] == [0, 0]
    assert collector.end().status == 0
    alone, _ = cluster.alone("eastmoney")
    assert differences(whole(cluster.db), whole(alone.db)) == []


def lengths(cluster):
    """How much waits in each stream of results."""
    return [cluster.redis.client.xlen(key) for key in cluster.redis.names() if key.endswith(":results")]


def wait_for(condition, tries=2000):
    """Until it is so: looked at again and again, each time after the Redis or the file system has answered."""
    import time

    for _ in range(tries):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def test_database_that_was_put_away_in_mid_crawl_is_missed(cluster, site):
    """The Redis tells of a crawl that another database holds."""
    collector, worker = cluster.collect(*SMALL), cluster.work("cls_depth", more=("--wait", 3))
    wait_for(lambda: cluster.redis.client.hexists("newscrawl:runs", "cls_depth"))
    collector.process.kill()
    assert collector.end().status == -signal.SIGKILL
    for path in cluster.folder.glob("news.db*"):
        path.unlink()
    shutil.rmtree(cluster.folder / "warc")
    ended = cluster.collect().end()
    assert ended.status == 2
    assert "cls_depth that is under way" in ended.stderr
    assert "--forget" in ended.stderr
    assert worker.end().status == 8
    dropped = cluster.collect("--forget").end()
    assert (dropped.status, dropped.stdout) == (0, "dropped: cls_depth\n")
    collector, worker = cluster.collect(), cluster.work("cls_depth")
    assert (worker.end().status, collector.end().status) == (0, 0)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("number", range(KILLS))
def test_collector_and_worker_killed_at_any_word_to_the_redis(tmp_path, redis, undisturbed, number, before):
    """Both die, each at a word of its own; both are started again, and again until they end by themselves."""
    site, _, database, runs = undisturbed
    cluster, places = Cluster(tmp_path, site, redis), random.Random(f"{SEED}-{number}-{before}")
    asked = len(site.requests)
    at = places.randint(1, 150), places.randint(1, 100)
    print(f"killed at words {at}, seed {SEED}")
    collector = cluster.collect(*SMALL, "--wait", 3, plug=DiesAtCommand(at[0], before))
    worker = cluster.work(*SOURCES, plug=DiesAtCommand(at[1], before))
    ended, worked = collector.end(), worker.end()
    for _ in range(3):
        if ended.status == worked.status == 0:
            break
        again = cluster.collect(*SMALL, "--wait", 3) if ended.status else None
        worked = cluster.work(*SOURCES).end() if worked.status else worked
        ended = again.end() if again else ended
    assert differences(whole(cluster.db), database) == []
    assert max(stories(cluster, since=asked).values()) <= 2  # what the worker held
    new = cluster.column("select sum(new) from runs where outcome is not null")
    assert new == [sum(row[5] for row in runs)]
    assert_rebuilds(cluster)
