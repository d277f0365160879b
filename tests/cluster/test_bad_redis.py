"""What a Redis that is none, foreign, full or gone gets: one sentence, and an exit status that says who must look."""

import socket
from dataclasses import dataclass

import pytest

from newscrawl.storage.lock import SourceLock
from tests.cluster.support import Cluster, RedisServer, Version
from tests.cluster.test_collector import wait_for
from tests.crawl.support import Command

BOTH = pytest.mark.parametrize("command", ["collect", "worker"])


def run(folder, command, url, *more):
    folder = folder / command
    folder.mkdir(exist_ok=True)
    options = ("--db", folder / "news.db") if command == "collect" else ("cls_depth",)
    return Command(folder, command, "--redis", url, *options, *more).end()


def assert_one_sentence(ended, *words, status=2):
    assert ended.status == status, ended
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    for word in words:
        assert word in ended.stderr


@BOTH
def test_no_redis(tmp_path, command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        port = taken.getsockname()[1]
        ended = run(tmp_path, command, f"redis://127.0.0.1:{port}/0")
    assert_one_sentence(ended, f"the Redis at 127.0.0.1:{port} does not answer", "refused")


@BOTH
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "127.0.0.1:6379", "redis://127.0.0.1:port/", "redis://[::1/", ""]
)
def test_no_address(tmp_path, command, url):
    assert_one_sentence(run(tmp_path, command, url), "--redis: that is no address of a Redis")


@BOTH
def test_something_else_that_answers(tmp_path, site, command):
    url = site.base_url.replace("http://", "redis://")
    assert_one_sentence(run(tmp_path, command, url), "the Redis at 127.0.0.1")


@BOTH
@pytest.mark.parametrize(
    ("key", "value"),
    [("newscrawl:orders", "17"), ("newscrawl:marker", "another program"), ("newscrawl:runs", "no hash")],
)
def test_foreign_keys_under_the_prefix(tmp_path, redis, command, key, value):
    redis.client.set(key, value)
    redis.client.set("elsewhere", "1")
    ended = run(tmp_path, command, redis.url)
    assert_one_sentence(ended, "keys under newscrawl: that are none of newscrawl's", key, "another database number")
    assert redis.names() == sorted([key, "elsewhere"])
    assert redis.client.get(key).decode() == value


@BOTH
@pytest.mark.parametrize("key", ["newscrawl:marker", "newscrawl:wanted"])
def test_foreign_keys_of_another_type(tmp_path, redis, command, key):
    redis.client.set("newscrawl:marker", "newscrawl cluster 1")
    redis.client.delete(key)
    redis.client.lpush(key, "1")
    assert_one_sentence(run(tmp_path, command, redis.url), "that are none of newscrawl's")


@BOTH
def test_other_programs_keys_are_no_hindrance(tmp_path, redis, command):
    redis.client.set("other:key", "1")
    ended = run(tmp_path, command, redis.url, "--wait", 0.2)
    assert ended.status in {7, 8}
    assert redis.client.get("other:key") == b"1"


@BOTH
def test_password_that_is_missing_or_wrong_is_told_and_never_shown(tmp_path, command):
    with RedisServer(tmp_path, requirepass="right") as redis:
        assert_one_sentence(run(tmp_path, command, redis.url), "does not let us in")
        wrong = redis.url.replace("//", "//:secret-word@")
        ended = run(tmp_path, command, wrong)
        assert_one_sentence(ended, "does not let us in")
        assert "secret-word" not in ended.stderr


@BOTH
def test_full_redis_at_the_start(tmp_path, redis, command):
    redis.client.config_set("maxmemory", 1)
    assert_one_sentence(run(tmp_path, command, redis.url), "is full (maxmemory)", status=8)


@BOTH
def test_redis_that_makes_room_by_forgetting(tmp_path, command):
    with RedisServer(tmp_path, maxmemory="50mb", **{"maxmemory-policy": "allkeys-lru"}) as redis:
        assert_one_sentence(run(tmp_path, command, redis.url), "maxmemory-policy allkeys-lru", "noeviction")
        assert redis.names() == []


def test_requests_that_somebody_deletes_in_mid_crawl_are_missed(cluster, site):
    collector = cluster.collect()
    worker = cluster.work("eastmoney", plug=Deletes(cluster.redis.port, 5))
    ended = collector.end()
    assert (ended.status, ended.outcomes) == (8, {"eastmoney": "storage"})
    assert "requests are gone from the Redis" in ended.results["eastmoney"]["advice"]
    assert worker.end().status == 8


def test_redis_that_fills_up_in_mid_crawl_loses_nothing(cluster, site):
    """Both ends say so and end; with room again, both go on."""
    collector = cluster.collect("--wait", 3, plug=None)
    wait_for(lambda: cluster.redis.client.exists("newscrawl:collector"))
    # what it held cannot be given back to a Redis that is full: another gets it when the lease has run out
    worker = cluster.work("eastmoney", more=("--wait", 3, "--lease", 5), plug=Fills(cluster.redis.port, 5))
    ended = worker.end()
    assert_one_sentence(ended, "is full (maxmemory)", status=8)
    assert collector.end().status in {7, 8}
    cluster.redis.client.config_set("maxmemory", 0)
    again = cluster.collect()
    assert cluster.work("eastmoney").end().status == 0
    assert again.end().status == 0
    alone, _ = cluster.alone("eastmoney")
    urls = "select url from sightings order by 1"
    assert cluster.column(urls) == alone.column(urls)
    assert len(cluster.runs()) == 1


@dataclass(frozen=True)
class AtDone:
    """Something happens to the Redis when the k-th task is done."""

    port: int
    at: int

    def __call__(self):
        from redis import Redis

        from newscrawl.cluster.queue import LeasedQueue

        done, count = LeasedQueue.done, 0

        def called(queue, id, unit):
            nonlocal count
            count += 1
            if count == self.at:
                self.happen(Redis(port=self.port))
            return done(queue, id, unit)

        LeasedQueue.done = called


class Fills(AtDone):
    def happen(self, redis):
        redis.config_set("maxmemory", 1)


class Empties(AtDone):
    def happen(self, redis):
        redis.flushall()


class Deletes(AtDone):
    """Those requests that nobody holds yet."""

    def happen(self, redis):
        for key in redis.keys("newscrawl:crawl:*:queue"):
            redis.delete(key)
        for key in redis.keys("newscrawl:crawl:*:tasks"):
            holders = redis.hgetall(key.replace(b":tasks", b":holders"))
            for id in redis.hkeys(key):
                if id not in holders:
                    redis.hdel(key, id)


def test_redis_that_lost_everything_in_mid_crawl(cluster, site):
    collector = cluster.collect()
    worker = cluster.work("eastmoney", plug=Empties(cluster.redis.port, 5))
    ended = collector.end()
    assert (ended.status, ended.outcomes) == (8, {"eastmoney": "storage"})
    assert "no longer knows the crawl" in ended.results["eastmoney"]["advice"]
    assert worker.end().status == 8
    collector, worker = cluster.collect(), cluster.work("eastmoney")
    assert (worker.end().status, collector.end().status) == (0, 0)
    alone, _ = cluster.alone("eastmoney")
    urls = "select url from sightings order by 1"
    assert cluster.column(urls) == alone.column(urls)


def test_worker_of_another_version_is_refused_with_both_named(cluster, site):
    collector = cluster.collect("--wait", 4)
    wait_for(lambda: cluster.redis.client.exists("newscrawl:collector"))
    other = cluster.work("cls_depth", plug=Version("0.0.1")).end()
    assert_one_sentence(other, "this worker is newscrawl 0.0.1", "the collector newscrawl 0.")
    assert collector.end().status == 7
    assert cluster.column("select count(*) from runs") == [0]


def test_worker_of_another_version_that_was_there_first_is_refused_by_the_collector(cluster, site):
    other = cluster.work("cls_depth", plug=Version("0.0.1"))
    wait_for(lambda: cluster.redis.client.hlen("newscrawl:workers"))
    collector = cluster.collect()
    assert_one_sentence(other.end(), "this worker is newscrawl 0.0.1", "the collector newscrawl 0.")
    assert cluster.work("cls_depth").end().status == 0
    ended = collector.end()
    assert ended.status == 0
    assert "is refused: it is newscrawl 0.0.1, this collector 0." in ended.stderr


def test_collector_of_another_version_does_not_go_on_with_a_crawl(cluster, site):
    collector = cluster.collect()
    worker = cluster.work("cls_depth")
    wait_for(lambda: cluster.redis.client.hexists("newscrawl:runs", "cls_depth"))
    collector.process.kill()
    collector.end()
    ended = cluster.collect(plug=Version("99.0.0")).end()
    assert_one_sentence(ended, "was begun by newscrawl 0.", "this collector is 99.0.0", "--forget")
    assert cluster.collect().end().status == 0
    assert worker.end().status in {0, 2}  # it may have met the other collector


def test_second_collector_is_told_of_the_first(cluster, site):
    first = cluster.collect("--stay")
    wait_for(lambda: cluster.redis.client.exists("newscrawl:collector"))
    assert_one_sentence(cluster.collect().end(), "another collector works on this Redis", status=3)
    first.process.terminate()
    assert first.end().status == 130


def test_nobody_at_the_other_end(cluster, site):
    assert_one_sentence(cluster.collect("--wait", 0.2).end(), "no worker was heard of for 0.2 s", status=7)
    ended = cluster.work("cls_depth", more=("--wait", 0.2)).end()
    assert_one_sentence(ended, "no collector was heard of", "newscrawl collect", status=8)


@BOTH
def test_extra_that_is_not_installed(tmp_path, command):
    folder = tmp_path / command
    folder.mkdir()
    options = ("--db", folder / "news.db") if command == "collect" else ("cls_depth",)
    ended = Command(folder, command, "--redis", "redis://127.0.0.1:1/", *options, plug=_without_redis).end()
    assert_one_sentence(ended, "pip install 'newscrawl[cluster]'")


def _without_redis():
    import sys

    for name in [name for name in sys.modules if name.split(".")[0] in {"redis", "scrapy_redis"} or "cluster" in name]:
        del sys.modules[name]
    sys.modules["redis"] = None


def test_source_that_another_crawl_is_busy_with(cluster, site):
    cluster.db.touch()
    with SourceLock(cluster.db, "cls_depth"):
        collector, worker = cluster.collect(), cluster.work("cls_depth")
        assert worker.end().status == 3
        ended = collector.end()
    assert (ended.status, ended.outcomes) == (3, {"cls_depth": "running"})


def test_source_that_does_not_exist(tmp_path, redis):
    folder = tmp_path / "worker"
    folder.mkdir()
    ended = Command(folder, "worker", "--redis", redis.url, "nowhere").end()
    assert_one_sentence(ended, "there is no source 'nowhere'")


def test_source_that_only_the_worker_knows_ends_with_usage(cluster, tmp_path, site):
    collector = cluster.collect()
    wait_for(lambda: cluster.redis.client.exists("newscrawl:collector"))
    other = Cluster(tmp_path / "elsewhere", site, cluster.redis) if (tmp_path / "elsewhere").mkdir() is None else None
    other.config.write_text('[sites.mine]\nstart = "http://gbk.sample-news.example/gbk/"\n')
    worker = other.work("mine")
    assert worker.end().status == 2
    ended = collector.end()
    assert (ended.status, ended.outcomes) == (2, {"mine": "usage"})
