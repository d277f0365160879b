"""`newscrawl serve` and `newscrawl report` as commands: what they answer to good input and to bad."""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from html.parser import HTMLParser

import httpx
import pytest
from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.cli.serve import _listen
from newscrawl.storage.database import SCHEMA_VERSION
from newscrawl.web.headers import for_hosts
from newscrawl.web.site import make_site
from tests.web.archive import NOW, build
from tests.web.conftest import serving

COMMANDS = {"serve": ["serve", "--port", "0"], "report": ["report", "--html", "report.html"]}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSCRAWL_DB", raising=False)


def missing(path):
    return path


def foreign(path):
    connection = sqlite3.connect(path)
    connection.execute("create table t (a)")
    connection.close()


def newer(path):
    build(path)
    connection = sqlite3.connect(path)
    connection.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")
    connection.close()


def older(path):
    build(path)
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 3")
    connection.close()


def no_database(path):
    path.write_text("<html>", encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("make", "told"),
    [(missing, "there is no database at"), (foreign, "of another program"), (newer, "newer newscrawl"), (older, "older schema"),
     (no_database, "is not a SQLite database")],
)  # fmt: skip
def test_a_database_that_cannot_be_shown_is_one_sentence_and_status_2(tmp_path, command, make, told):
    make(tmp_path / "some.db")
    before = sorted(os.listdir(tmp_path))
    result = CliRunner().invoke(main, [*COMMANDS[command], "--db", "some.db"])
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert sorted(os.listdir(tmp_path)) == before


def test_a_port_in_use_is_one_sentence_and_status_2(path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["serve", "--db", str(path), "--port", str(port)])
    assert result.exit_code == 2
    assert result.stderr.strip().splitlines() == [
        f"newscrawl: port {port} of 127.0.0.1 cannot be had: Address already in use; --port names another"
    ]


@pytest.mark.parametrize("host", ["no such host", "256.1.1.1", "\udcff", "192.0.2.1"])
def test_a_host_that_is_not_this_machine_is_one_sentence_and_status_2(path, host):
    result = CliRunner().invoke(main, ["serve", "--db", str(path), "--port", "0", "--host", host])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_without_the_extra_packages_the_sentence_says_which_to_install(path, command, monkeypatch):
    monkeypatch.setattr("newscrawl.cli.extras.find_spec", lambda name: None)
    result = CliRunner().invoke(main, [*COMMANDS[command], "--db", str(path)])
    assert result.exit_code == 2
    assert "pip install 'newscrawl[web]'" in result.stderr


def test_it_serves_until_it_is_stopped_and_ends_as_ctrl_c_does(path):
    command = [sys.executable, "-m", "newscrawl", "serve", "--port", "0", "--db", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())[0]
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complaints.strip() == "newscrawl: interrupted"


def test_it_can_be_reached_by_ipv6(path):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    for address in serving(path, "--host", "::1"):
        assert address.startswith("http://[::1]:")
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:8001", 200), ("[::1]:99", 200), ("news.example", 200), ("NEWS.example:80", 200),
     ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil.example:8001", 421), ("", 421)],
)  # fmt: skip
def test_a_foreign_page_cannot_make_its_own_name_mean_this_machine(path, host, status):
    site = for_hosts(make_site(path).app(), {"news.example"})
    transport = httpx.ASGITransport(app=site)

    async def ask():
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.get("/static/icon.svg", headers={"host": host})).status_code

    assert asyncio.run(ask()) == status


def test_a_name_is_asked_for_only_where_others_cannot_reach_it(path):
    for address in serving(path, "--allow-host", "news.example"):
        for host, status in (("news.example", 200), ("evil.example", 421)):
            assert httpx.get(address, headers={"Host": host}).status_code == status


class Outside(HTMLParser):
    """Everything in a file that a browser would fetch or run."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "link", "img", "iframe", "object", "embed", "base"} or any(
            name in {"src", "srcset"} for name, _ in attrs
        ):
            self.found.append(tag)


def report(*options):
    return CliRunner().invoke(main, ["report", "--html", "report.html", *options])


def test_a_report_is_one_file_that_needs_nothing_else(path, tmp_path):
    result = report("--db", str(path), "--day", "2026-11-20", "--week")
    assert (result.exit_code, result.output) == (0, "2026-11-14 – 2026-11-20 in report.html\n")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert Outside(text).found == []
    assert "url(" not in text
    assert "@import" not in text
    for told in ("Stories per hour", "Who was first", "青禾银行 690036.SH", "Beijing time", "Last runs", "Coverage"):
        assert told in text
    assert 'href="/' not in text


def test_a_report_without_a_day_is_of_that_of_the_newest_story(path):
    assert report("--db", str(path)).output == f"{NOW:%Y-%m-%d} in report.html\n"


def test_a_report_takes_the_place_of_no_file_but_when_told(path, tmp_path):
    (tmp_path / "report.html").write_text("mine", encoding="utf-8")
    result = report("--db", str(path))
    assert (result.exit_code, (tmp_path / "report.html").read_text(encoding="utf-8")) == (2, "mine")
    assert report("--db", str(path), "--replace").exit_code == 0
    assert "Stories per hour" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert os.listdir(tmp_path) == ["report.html"]


@pytest.mark.parametrize("options", [["--day", "x"], ["--day", "2026-02-30"], ["--day", "0001-01-01", "--week"]])
def test_a_report_of_no_day_is_one_sentence_and_status_2(path, tmp_path, options):
    result = report("--db", str(path), *options)
    assert result.exit_code == 2
    assert result.stderr.startswith("newscrawl: day: ")
    assert os.listdir(tmp_path) == []


def test_no_answer_waits_for_an_acknowledgement():
    """asyncio switches Nagle's waiting off for sockets that say that they are TCP's: 40 ms an answer."""
    with _listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
