"""Crawls of sites that answer to hurt: nothing ends the run, the other stories are stored, the outcome tells the truth."""

import contextlib
import json
import re
import sqlite3

import pytest

from newscrawl.demo import SampleSite, expected_records
from newscrawl.demo.answers import Answer
from tests.crawl.support import Command, Crawls
from tests.hostile.corpus import large
from tests.hostile.sites import ChangedSite, one_each
from tests.hostile.vectors import vectors

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]")
NASTY = "\x1b[31m红\x1b]8;;http://evil.example/\x07链\x1b]0;题\x07\x9b1m\u202e反\u2066\x00\x08\r\n伪造：ok (found 99)\u2028行"
QUOTES = "'; drop table articles; -- \" \") or 1=1 -- `x` ${x} %s {0} \\' /*"
PAGES = (
    "crossing tags", "ampersands", "many attributes", "NULs", "escape sequences", "next data of deep lists", "next data of surrogates",
    "linked data of itself", "random bytes", "UTF-7", "gzip", "only less-than", "names of elements", "too many images",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch, tmp_path):
    for name in ("NEWSCRAWL_DB", "NEWSCRAWL_CONFIG", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_hostile_pages_lose_no_other_story(tmp_path):
    answers = [Answer(large.PAGES[name]()) for name in PAGES]
    with ChangedSite(one_each(answers), stories=240) as site:
        crawls = Crawls(tmp_path, site)
        ended = crawls("eastmoney")
        told = {record.url: record.body for record in expected_records(site.truth, "eastmoney")}
        stored = dict(crawls.query("select url, body from articles"))
    kinds = set(crawls.column("select kind from failures"))
    assert kinds <= {"layout", "too_complex", "encoding", "empty", "truncated"}
    assert len(crawls.column("select url from failures")) + len(stored) == ended.results["eastmoney"]["counts"]["found"]
    assert sum(body == told.get(url) for url, body in stored.items()) >= 20
    assert ended.outcomes == {"eastmoney": "partial"}


@pytest.mark.parametrize("name", ["deep lists", "only brackets", "digits", "rows of nulls", "a message without end"])
def test_hostile_lists_have_an_outcome(tmp_path, name):
    body = large.JSONS[name]()

    def change(role, story, request, answer):
        return Answer(body, "application/json") if role == "list" else None

    with ChangedSite(change) as site:
        crawls = Crawls(tmp_path, site)
        ended = crawls("cls_telegraph")
    assert ended.outcomes == {"cls_telegraph": "layout"}
    assert "newscrawl itself" not in ended.stdout


def test_one_hostile_row_loses_no_other(tmp_path):
    """Ids that are no ids, NaN and infinities, half pairs, quotes and escape sequences in every text."""
    odd = [
        {"id": None},
        {"id": True},
        None,
        [],
        {"id": 2690001, "ctime": 1795181972, "content": f"{NASTY}{QUOTES}青禾电池投产。", "title": NASTY},
    ]
    odd += [
        {"id": 2690002 + n, "ctime": 1795181972, "content": f"青禾电池投产。{vector}", "title": f"\ud800{QUOTES}{n}"}
        for n, vector in enumerate([*vectors()][::40])
    ]

    def change(role, story, request, answer):
        if role != "list" or "roll_list" not in request.path:
            return None
        told = json.loads(answer.body)
        told["data"]["roll_data"] = [*odd, *told["data"]["roll_data"]]
        body = json.dumps(told).encode().replace(b'"id": true', b'"id": Infinity')
        return Answer(body, "application/json")

    with ChangedSite(change) as site:
        crawls = Crawls(tmp_path, site)
        ended = crawls("cls_telegraph")
        told = {record.url: record.body for record in expected_records(site.truth, "cls_telegraph")}
    stored = dict(crawls.query("select url, body from articles"))
    assert {url: stored.get(url) for url in told} == told
    assert "https://www.cls.cn/detail/2690001" in stored
    assert ended.outcomes == {"cls_telegraph": "partial"}
    with contextlib.closing(sqlite3.connect(crawls.db)) as connection:
        [(schema,)] = connection.execute("select count(*) from sqlite_master where name = 'articles'")
        for row in connection.execute("select * from articles"):
            assert not any(
                isinstance(value, str) and re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", value) for value in row
            ), row
    assert schema == 1
    check_output(tmp_path, crawls)


def check_output(tmp_path, crawls):
    """No command prints what steers a terminal, forges a line or turns text round."""
    [number] = crawls.column("select id from articles where url = 'https://www.cls.cn/detail/2690001'")
    with contextlib.closing(sqlite3.connect(crawls.db)) as connection, connection:
        connection.execute("update articles set publisher = ?, url = url || ? where id = ?", (NASTY, NASTY, number))
        connection.execute("update runs set message = ?", (NASTY,))
        connection.execute(
            "insert into failures (source, url, kind, reason, tries, first_seen_at, last_try_at) values"
            " ('cls_telegraph', ?, 'layout', ?, 1, '2026-11-20 20:00:00+08:00', '2026-11-20 20:00:00+08:00')",
            (f"https://www.cls.cn/detail/1{NASTY}", NASTY),
        )
    for arguments in (["show", number], ["runs"], ["failures"], ["sources"], ["gaps"]):
        for more in ([], ["--json"]):
            ended = Command(tmp_path, *arguments, "--db", crawls.db, *more).end()
            assert not UNSAFE.search(ended.stdout + ended.stderr), (arguments, more)
            assert "show" in arguments or not re.search("(?m)^伪造", ended.stdout), arguments  # a text has lines
            if more:
                json.loads(ended.stdout)


def test_logs_hold_one_line_a_record_and_nothing_that_steers_a_terminal(tmp_path):
    def change(role, story, request, answer):
        if role != "page" or story is None:
            return None
        if story.ordinal % 2:
            return Answer(
                b"",
                status=302,
                headers=(("Location", f"http://evil.example/%0d%0aERROR%20forged\t\x1b[31m{story.id}"),),
            )
        return Answer(large.page("").replace(b"<h1>", b"<h1>\x1b[31m\r\nERROR forged"))

    with ChangedSite(change) as site:
        crawls = Crawls(tmp_path, site)
        crawls("eastmoney", "-vv")
    log = (tmp_path / "news.log").read_text(encoding="utf-8")
    assert "forged" in log
    assert not UNSAFE.search(log)
    assert not [line for line in log.splitlines() if line.startswith("ERROR")]


def test_preview_and_fetch_print_nothing_that_steers_a_terminal(tmp_path):
    with SampleSite(faults={"log_title": 1, "bidi": 1, "nul_bytes": 1}) as site:
        crawls = Crawls(tmp_path, site)
        url = next(iter(expected_records(site.truth, "eastmoney"))).url
        shown = [
            crawls.fetch(url),
            crawls.fetch(url, "--json"),
            Command(tmp_path, "preview", url, "--base-url", site.base_url).end(),
        ]
    for ended in shown:
        assert ended.status == 0, ended
        assert not UNSAFE.search(ended.stdout + ended.stderr)


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "..", ".", "a b", "x\0", "-rf", "CON\n", "é", "$(id)", "{}"])
def test_names_lead_out_of_no_folder(tmp_path, name):
    page = tmp_path / "saved.html"
    page.write_bytes(large.page(""))
    into = tmp_path / "inside" / "fixtures"
    if "\0" not in name:
        ended = Command(tmp_path, "newfixture", str(page), f"--name={name}", "--into", into).end()
        assert ended.status == 2
    config = tmp_path / "newscrawl.toml"
    config.write_text(f"[sites.{json.dumps(name)}]\nstart = 'https://a.example/'\n")
    ended = Command(tmp_path, "sources", "--db", tmp_path / "none.db").end()
    assert ended.status == 2 or name == "-rf"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["newscrawl.toml", "saved.html", "stderr", "stdout"]


def test_an_import_takes_no_file_from_outside_of_its_folder(tmp_path):
    outside, folder = tmp_path / "secret", tmp_path / "posts"
    outside.mkdir()
    folder.mkdir()
    (outside / "2026-11-20-secret.md").write_bytes(large.post("title: 秘密\ndate: 2026-11-20"))
    (folder / "2026-11-20-good.md").write_bytes(
        large.post("title: 公开\ndate: 2026-11-20").replace(b"022126", b"022127")
    )
    (folder / "2026-11-20-link.md").symlink_to(outside / "2026-11-20-secret.md")
    (folder / "2026-11-20-device.md").symlink_to("/dev/zero")
    (folder / "deeper").symlink_to(outside)
    ended = Command(tmp_path, "import", "finews", folder, "--db", tmp_path / "news.db").end()
    assert ended.status == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "news.db")) as connection:
        assert connection.execute("select title from articles").fetchall() == [("公开",)]
