"""Workers beside each other: one queue, one turn for each host, and what they hold is never lost."""

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from newscrawl import __version__
from newscrawl.cluster.board import Board, wish
from newscrawl.cluster.link import connect
from newscrawl.cluster.queue import LeasedQueue, LostError
from newscrawl.cluster.slots import Slots
from newscrawl.cluster.wire import Serializer
from newscrawl.demo import SampleSite, expected_records
from newscrawl.spiders.cls_depth import ClsDepthSpider
from tests.cluster.support import Cluster, DiesOf
from tests.cluster.test_cluster import stories
from tests.cluster.test_collector import wait_for
from tests.crawl.whole import differences, whole


class Watched(SampleSite):
    """A site that counts how many requests it answers at once."""

    def __init__(self, **options):
        self.most, self._now, self._counting = 0, 0, threading.Lock()
        super().__init__(**options)

    def _respond(self, request):
        with self._counting:
            self._now += 1
            self.most = max(self.most, self._now)
        threading.Event().wait(0.02)  # so that a second one can meet it
        answer = super()._respond(request)
        with self._counting:
            self._now -= 1
        return answer


@dataclass(frozen=True)
class Turns:
    """Writes down the delay behind each turn that the Redis grants."""

    told: Path

    def __call__(self):
        ask = Slots.ask

        def asked(slots, host, token, delay):
            wait = ask(slots, host, token, delay)
            if not wait:
                with self.told.open("a") as file:
                    file.write(f"{delay}\n")
            return wait

        Slots.ask = asked


@contextmanager
def working(tmp_path, redis, site, count, *more, plug=None):
    cluster = Cluster(tmp_path, site, redis)
    try:
        collector = cluster.collect()
        workers = [cluster.work("eastmoney", more=more, plug=plug) for _ in range(count)]
        assert [worker.end().status for worker in workers] == [0] * count
        assert collector.end().status == 0
        yield cluster
    finally:
        cluster.kill()


@pytest.mark.parametrize("most", [1, 3])
def test_so_many_requests_at_once_and_no_more_over_all_workers(tmp_path, redis, most):
    with Watched() as site, working(tmp_path, redis, site, 3, "--concurrency", most) as cluster:
        assert 1 <= site.most <= most
        assert set(stories(cluster).values()) == {1}


def test_every_request_takes_a_turn_that_all_workers_share(tmp_path, redis):
    """What a turn is worth, the Redis says: see test_host_has_one_turn_and_then_its_delay."""
    turns = Turns(tmp_path / "turns")
    with (
        SampleSite() as site,
        working(tmp_path, redis, site, 3, "--concurrency", 3, "--delay", 0.05, plug=turns),
    ):
        assert turns.told.read_text().split() == ["0.05"] * len(site.requests)


def test_what_a_site_wishes_holds_for_all_workers(tmp_path, redis):
    with SampleSite(stories=40) as site:
        site.set_faults({"s429_retry_after": 5})
        with working(tmp_path, redis, site, 2, "--concurrency", 1):
            assert site.too_early == 0


def test_worker_that_is_stopped_gives_back_what_it_holds(cluster, site):
    collector, stopped = cluster.collect(), cluster.work("eastmoney", more=("--delay", 0.05, "--lease", 3000))
    wait_for(lambda: stories(cluster))
    stopped.process.terminate()
    assert stopped.end().status == 130
    assert cluster.work("eastmoney").end().status == 0
    assert collector.end().status == 0
    alone, _ = cluster.alone("eastmoney")
    assert differences(whole(cluster.db), whole(alone.db)) == []
    assert set(stories(cluster).values()) <= {1, 2}  # the crawl alone asked, too


def test_worker_without_names_works_for_whatever_is_under_way(cluster, site):
    collector, any_ = cluster.collect(), cluster.work()
    wait_for(lambda: cluster.redis.client.hlen("newscrawl:workers"))
    named = cluster.work("eastmoney", "cls_depth")
    assert named.end().status == 0
    ended = any_.end()
    assert ended.status == 0
    assert collector.end().status == 0


def test_worker_that_stays_waits_for_the_next_crawl(cluster, site):
    collector, staying = cluster.collect("--stay"), cluster.work(more=("--stay",))
    for source in ("eastmoney", "cls_depth"):
        assert cluster.work(source).end().status == 0
    staying.process.terminate()
    ended = staying.end()
    assert ended.status == 130
    collector.process.terminate()
    stopped = collector.end()
    assert stopped.status == 130
    assert stopped.outcomes == {"eastmoney": "ok", "cls_depth": "ok"}


def test_page_at_which_workers_die_is_left_alone_and_told(cluster, site):
    collector, url = cluster.collect(), next(iter(expected_records(site.truth, "cls_depth"))).url
    for _ in range(3):
        assert cluster.work("cls_depth", plug=DiesOf(url)).end().status == -signal.SIGKILL
    assert cluster.work("cls_depth").end().status == 1
    ended = collector.end()
    assert (ended.status, ended.outcomes) == (1, {"cls_depth": "partial"})
    assert cluster.query("select url, kind, reason from failures") == [
        (url, "error", "3 workers ended while they held it")
    ]
    counts = ended.results["cls_depth"]["counts"]
    assert counts["failed"] == 1
    assert counts["new"] == counts["fetched"]


@pytest.fixture
def link(redis):
    link = connect(redis.url)
    yield link
    link.close()


@pytest.fixture
def queue_of(link):
    crawl = wish("cls_depth")

    def open_for(worker, *, ahead=100, state="open"):
        Board(link).write(replace(crawl, version=__version__, ahead=ahead, state=state))
        return LeasedQueue(link, crawl, worker, spider=ClsDepthSpider(), serializer=Serializer())

    return open_for


def requests(queue, count):
    return [queue.spider._page_request(f"https://www.cls.cn/detail/{number}") for number in range(1, count + 1)]


def take(queue, lease=60.0):
    word, task = queue.take(lease)
    return queue.request_of(task.text).url.rpartition("/")[2] if word == "task" else word


def test_requests_come_in_their_order_and_each_once(queue_of):
    one, other = queue_of("one"), queue_of("other")
    asked = requests(one, 3)
    assert [one.push(request) for request in (*asked, *asked)] == [True] * 3 + [False] * 3
    urgent = one.spider._page_request("https://www.cls.cn/detail/9").replace(priority=5)
    one.push(urgent)
    assert [take(one), take(other), take(one), take(other), take(one)] == ["9", "1", "2", "3", "empty"]


def test_lease_that_ran_out_goes_to_another_and_counts_for_the_first_no_more(queue_of):
    slow, other = queue_of("slow"), queue_of("other")
    slow.push(requests(slow, 1)[0])
    _, held = slow.take(0)
    _, again = other.take(60)
    assert (held.id, held.deaths, again.id, again.deaths) == (again.id, 0, held.id, 1)
    assert not slow.done(held.id, b"slow")
    slow.give_back(held.id)
    assert other.done(again.id, b"other")
    assert not other.done(again.id, b"twice")
    other.open_results()
    assert [result.unit for result in other.results(9)] == [b"other"]


def test_lease_that_is_renewed_stays(queue_of):
    one, other = queue_of("one"), queue_of("other")
    one.push(requests(one, 1)[0])
    _, held = one.take(0)
    assert one.renew([held.id], 60) == "open"
    assert take(other) == "empty"
    assert other.renew([held.id], 0) == "open"  # not its own
    assert take(other) == "empty"


def test_nothing_is_given_out_while_too_much_waits(queue_of):
    queue = queue_of("one", ahead=2)
    for request in requests(queue, 4):
        queue.push(request)
    for _ in range(2):
        _, task = queue.take(60)
        queue.done(task.id, b"unit")
    queue.open_results()
    assert take(queue) == "full"
    [first, _] = queue.results(9)
    assert take(queue) == "full"  # read is not committed
    queue.acknowledge([first.id])
    assert take(queue) == "3"


def test_results_that_were_read_and_not_acknowledged_come_again(queue_of):
    queue = queue_of("one")
    for request in requests(queue, 3):
        queue.push(request)
        _, task = queue.take(60)
        queue.done(task.id, request.url.encode())
    queue.open_results()
    read = list(queue.results(2))
    queue.acknowledge([read[0].id])
    assert [result.id for result in queue.results(9, again_after="0-0")] == [read[1].id]
    assert len(list(queue.results(9))) == 1


def test_ending_crawl_lets_go_what_nobody_holds(queue_of):
    queue = queue_of("one")
    for request in requests(queue, 3):
        queue.push(request)
    _, held = queue.take(60)
    queue = queue_of("one", state="ending")
    assert take(queue) == "ending"
    assert queue.left("ending") == 1
    queue.give_back(held.id)
    assert (queue.left("ending"), len(queue)) == (0, 0)


def test_crawl_that_the_redis_forgot_is_not_taken_for_one_that_is_done(queue_of, redis):
    queue = queue_of("one")
    queue.push(requests(queue, 1)[0])
    redis.client.flushall()
    assert take(queue) == "gone"
    with pytest.raises(LostError):
        queue.left("open")
    with pytest.raises(LostError):
        list(queue.results(1))


def test_host_has_one_turn_and_then_its_delay(link):
    slots = Slots(link, delay=60, concurrency=2, longest=60)
    assert slots.ask("one.example", "a", 0) == 0
    assert slots.ask("one.example", "b", 60) == 0
    assert slots.ask("one.example", "c", 0) > 0, "two at once"
    slots.leave("one.example", "a")
    assert 50 < slots.ask("one.example", "c", 0) <= 60, "the delay after b"
    assert slots.ask("two.example", "c", 0) == 0, "another host"


def test_host_is_let_alone_for_as_long_as_it_wishes(link):
    slots = Slots(link, delay=0, concurrency=5, longest=60)
    assert slots.ask("one.example", "a", 0) == 0
    slots.leave("one.example", "a", hold=60)
    assert 50 < slots.ask("one.example", "b", 0) <= 60


def test_worker_that_ends_lets_nobody_wait_for_its_turns(link):
    ends, other = (Slots(link, delay=0, concurrency=1, longest=60) for _ in range(2))
    assert ends.ask("one.example", "a", 0) == 0
    assert other.ask("one.example", "b", 0) > 0
    link.config_set("maxmemory", 1)
    try:
        ends.leave_all()
    finally:
        link.config_set("maxmemory", 0)
    assert other.ask("one.example", "b", 0) == 0


def test_turn_of_a_dead_worker_ends(link):
    slots = Slots(link, delay=0, concurrency=1, longest=0)
    assert slots.ask("one.example", "dead", 0) == 0
    assert slots.ask("one.example", "b", 0) == 0
