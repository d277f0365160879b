"""Pings: a monitor hears how a crawl ended, and never that it went well when it did not."""

import os
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from newscrawl.cli.ping import Ping, asked, pings, send
from newscrawl.config import read_config
from newscrawl.outcomes import EXIT_STATUS, RunResult
from newscrawl.storage.lock import SourceLock
from tests.crawl.support import Command
from tests.crawl.test_crawl_ends import paths_of, until_asked


class Monitor(ThreadingHTTPServer):
    """Keeps what it hears; `answer` is the status of every answer, `location` where it sends on to."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard, self.answer, self.location, self.gone_on = [], 200, None, Event()
        self.url = f"http://127.0.0.1:{self.server_port}"
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def asked(self):
        return [(method, path) for method, path, _ in self.heard]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.heard.append((self.command, self.path, body))
        if self.path == "/slow":
            self.server.gone_on.wait(30)
        self.send_response(self.server.answer)
        if self.server.location and self.path != "/there":
            self.send_header("Location", self.server.location)
        self.end_headers()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *told):
        pass


@pytest.fixture
def monitor():
    monitor = Monitor()
    yield monitor
    monitor.gone_on.set()
    monitor.shutdown()
    monitor.server_close()


@pytest.fixture
def crawl_with(crawl, tmp_path):
    """Starts a crawl with a newscrawl.toml of these lines."""

    def start(text, *arguments):
        (tmp_path / "newscrawl.toml").write_text(text)
        return crawl.start(*arguments)

    return start


def test_success_is_told_of_each_crawl_that_goes_well_also_without_news(crawl_with, monitor):
    for _ in range(2):
        assert crawl_with(f'[ping]\nurl = "{monitor.url}/key"', "cls_telegraph").end().status == 0
    assert monitor.heard == [("GET", "/key", "")] * 2


def test_failure_is_told_with_the_closing_line_and_each_source_tells_its_own_address(crawl_with, site, monitor):
    site.set_faults({"list_empty": 1})
    toml = f'[ping]\nurl = "{monitor.url}/all"\n[sources.cls_telegraph]\nping = "{monitor.url}/flashes?create=1"'
    ended = crawl_with(toml, "cls_telegraph").end()
    assert ended.outcomes == {"cls_telegraph": "empty"}
    assert sorted(monitor.asked) == [("POST", "/all/fail"), ("POST", "/flashes/fail?create=1")]
    [body] = {body for _, _, body in monitor.heard}
    assert body.startswith("cls_telegraph: empty (found 0, new 0) - nothing in the list roll, where there is always")


def test_crawl_that_meets_another_one_tells_nothing(crawl_with, crawl, monitor):
    with SourceLock(crawl.db, "cls_telegraph"):
        ended = crawl_with(f'[ping]\nurl = "{monitor.url}"', "cls_telegraph").end()
    assert (ended.status, monitor.heard) == (EXIT_STATUS["running"], [])


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["nosuch"], 2, "nosuch: usage - there is no source 'nosuch'"),
        (["cls_telegraph", "--since", "soon"], 2, "cls_telegraph: usage - since: 'soon' is no date"),
        (["cls_telegraph", "--db", "notes.db"], 2, "cls_telegraph: usage - notes.db"),
        (["cls_telegraph", "--db", "news.db"], 8, "cls_telegraph: storage - cannot open the lock file"),
    ],
)
def test_crawl_that_cannot_begin_is_a_failure_too(tmp_path, monitor, arguments, status, says):
    (tmp_path / "newscrawl.toml").write_text(f'[ping]\nurl = "{monitor.url}/key"')
    (tmp_path / "notes.db").write_text("notes\n" * 99)
    (tmp_path / "news.db.cls_telegraph.lock").mkdir()
    assert Command(tmp_path, "crawl", *arguments).end().status == status
    [(method, path, body)] = monitor.heard
    assert (method, path) == ("POST", "/key/fail")
    assert body.startswith(says)


def test_interrupted_crawl_is_no_success(crawl_with, crawl, site, monitor):
    number, path = next(iter(paths_of(site).items()))
    site.set_faults({"s429_retry_after": [number]})
    command = crawl_with(f'[ping]\nurl = "{monitor.url}/key"', "eastmoney")
    until_asked(crawl, command, path)
    os.kill(command.process.pid, signal.SIGTERM)
    assert command.end().status == 130
    [(_, path, body)] = monitor.heard
    assert path == "/key/fail"
    assert body.startswith("eastmoney: interrupted")


def test_ping_that_fails_is_one_line_and_changes_no_exit_status(crawl_with, monitor):
    monitor.answer = 404
    ended = crawl_with(f'[ping]\nurl = "{monitor.url}/key"', "cls_telegraph", "-q").end()
    assert ended.status == 0
    where = monitor.url.removeprefix("http://")
    assert ended.stderr == f"newscrawl: the ping to {where} failed: HTTP status 404\n"


def test_ping_is_not_waited_for_longer_than_a_moment(monitor, capsys, monkeypatch):
    monkeypatch.setattr("newscrawl.cli.ping._SECONDS", 0.2)
    send([Ping(f"{monitor.url}/slow", source="eastmoney"), Ping(f"{monitor.url}/key")])
    assert sorted(monitor.asked) == [("GET", "/key"), ("GET", "/slow")]
    err = capsys.readouterr().err
    assert err.startswith("newscrawl: the ping of eastmoney to 127.0.0.1:")
    assert len(err.splitlines()) == 1


def test_ping_follows_no_redirect_to_another_host(monitor, capsys):
    monitor.answer, monitor.location = 302, f"http://localhost:{monitor.server_port}/there"
    send([Ping(f"{monitor.url}/key")])
    assert monitor.asked == [("GET", "/key")]
    assert "HTTP status 302" in capsys.readouterr().err
    monitor.location = "/there"
    send([Ping(f"{monitor.url}/key")])
    assert monitor.asked[1:] == [("GET", "/key"), ("GET", "/there")]


def test_proxy_is_asked_for_pings_to_other_machines_only(monitor, capsys):
    send([Ping("http://hc.example/key")], proxy=monitor.url)
    assert monitor.asked == [("GET", "http://hc.example/key")]
    send([Ping(f"{monitor.url}/near")], proxy="http://127.0.0.1:9")
    assert monitor.asked[1:] == [("GET", "/near")]
    assert capsys.readouterr().err == ""


def result(source, outcome):
    return RunResult(source=source, outcome=outcome, exit_status=EXIT_STATUS[outcome])


@pytest.mark.parametrize(
    ("outcomes", "paths"),
    [
        (["ok", "nothing_new"], ["/key"]),
        (["ok", "blocked"], ["/key/fail"]),
        (["partial", "running"], ["/key/fail"]),
        (["interrupted"], ["/key/fail"]),
        (["ok", "running"], []),
        (["running"], []),
        ([], []),
    ],
)
def test_success_of_a_command_is_that_of_all_its_sources(outcomes, paths):
    config = read_config({"ping": {"url": "http://hc.example/key"}})
    told = pings(config, [result(f"s{i}", outcome) for i, outcome in enumerate(outcomes)])
    assert [asked(ping).removeprefix("http://hc.example") for ping in told] == paths


def test_one_address_with_the_sources_name_in_it_is_one_for_each(monitor):
    config = read_config(
        {"ping": {"url": "http://hc.example/{source}"}, "sources": {"eastmoney": {"ping": "http://own.example/"}}}
    )
    told = pings(config, [result("cls_depth", "ok"), result("eastmoney", "layout"), result("cls_telegraph", "running")])
    assert [asked(ping) for ping in told] == ["http://hc.example/cls_depth", "http://own.example/fail"]
