"""The commands that read: runs, failures, show, and what all commands share."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from newscrawl.cli import COMMANDS, main
from newscrawl.cli.common import clipped, one_line, safe, table, width
from newscrawl.items import Article, Failure, Image, Stock, Tag
from newscrawl.storage.database import open_database
from newscrawl.storage.failures import MOST_TRIES
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.lock import SourceLock

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
HOSTILE = "\x1b[31m红\x1b[0m\x1b]0;title\x07\x9b2J\u202e反\x00\r\x08"


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NEWSCRAWL_DB", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "newscrawl.db"


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def article(**changes: Any) -> Article:
    fields: dict[str, Any] = {
        "source": "cls_telegraph",
        "url": "https://www.cls.cn/detail/1",
        "seen_at": ("https://www.cls.cn/detail/1",),
        "source_id": "1",
        "kind": "flash",
        "title": "青禾电池投产",
        "published_at": START - timedelta(minutes=14),
        "published_precision": "second",
        "published_raw": "1795182360",
        "body": "青禾电池今日宣布，工厂投产。\n年产能为三吉瓦时。",
        "body_html": "<p>青禾电池今日宣布，工厂投产。</p><p>年产能为三吉瓦时。</p>",
        "fetched_at": START,
        "summary": "三吉瓦时",
        "publisher": "财联社",
        "author": "林一",
        "editor": "周二",
        "images": (Image("https://img.example.cn/1.png", caption="新厂房", width=800, height=600),),
        "stocks": (Stock("600519", "SH", "贵州茅台"),),
        "tags": (Tag("subject", "新能源"),),
    }
    return Article(**(fields | changes))


class Book:
    """Writes runs into a database, an hour apart."""

    def __init__(self, path: Path) -> None:
        self._path, self._now = path, START

    def run(self, *entries: Article | Failure, source: str = "cls_telegraph", **end: Any) -> int:
        ledger = Ledger(open_database(self._path), source, version="0.1.0", clock=lambda: self._now)
        for entry in entries:
            ledger.found()
            ledger.add(entry) if isinstance(entry, Article) else ledger.fail(entry)
        ledger.skip("advert")
        ledger.flush()
        self._now += timedelta(seconds=75)
        if end:
            ledger.finish(**end)
        ledger.close()
        self._now += timedelta(hours=1)
        return ledger.run_id


@pytest.fixture
def book(path: Path) -> Book:
    return Book(path)


def failed(url: str = "https://www.cls.cn/detail/2", kind: str = "layout", **changes: str) -> Failure:
    return Failure(**({"url": url, "source": "cls_telegraph", "kind": kind, "reason": "没有正文"} | changes))


OK = {"outcome": "ok", "exit_status": 0}


# -- all commands ------------------------------------------------------------------------------------------------------


def test_help_lists_every_command() -> None:
    result = invoke("--help")
    assert result.exit_code == 0
    for name, (_, text) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(text)}$", result.output, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_tells_what_it_does_with_an_example(name: str) -> None:
    result = invoke(name, "--help")
    assert result.exit_code == 0
    assert f"newscrawl {name}" in result.output.partition("Usage:")[2].partition("\n")[2]


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["runs"], ["failures"], ["gaps"], ["status"], ["show", "1"], ["export", "--help"]],
)
def test_reading_loads_no_crawler(path: Path, book: Book, arguments: list[str]) -> None:
    book.run(article(), failed(), **OK)
    code = (
        "import sys; from newscrawl.cli import main; main(sys.argv[1:], standalone_mode=False);"
        " print(*[name for name in ('scrapy', 'twisted', 'bs4', 'lxml', 'pipelines') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, env={"PATH": ""}
    )
    assert result.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing"], "No such command 'nothing'"),
        (["show"], "Missing argument 'ID'"),
        (["show", "one"], "'one' is not a valid"),
        (["show", "0"], "0 is not in the range"),
        (["show", str(2**63)], "is not in the range"),
        (["runs", "--nothing"], "No such option"),
        (["runs", "--limit", "0"], "0 is not in the range"),
        (["failures", "--kind", "bad"], "'bad' is not one of"),
        (["failures", "--retry", "--kind", "layout"], "leave --kind out"),
        (["show", "7"], "there is no article 7"),
    ],
)
def test_a_wrong_command_is_one_sentence_and_status_2(book: Book, arguments: list[str], sentence: str) -> None:
    book.run(article(), **OK)
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.startswith("newscrawl: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("arguments", [["runs"], ["failures"], ["failures", "--retry"], ["gaps"], ["show", "1"]])
def test_a_missing_or_foreign_database_is_told_and_nothing_is_made(tmp_path: Path, arguments: list[str]) -> None:
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no database at data/newscrawl.db" in result.stderr
    (tmp_path / "notes.txt").write_text("我的笔记", encoding="utf-8")
    result = invoke(*arguments, "--db", "notes.txt")
    assert result.exit_code == 2
    assert "notes.txt is not a SQLite database" in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_broken_database_is_status_8(path: Path, book: Book) -> None:
    book.run(article(), **OK)
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 4000 + content[4100:])
    result = invoke("runs")
    assert result.exit_code == 8
    assert "is damaged" in result.stderr


def test_the_database_may_be_named_by_option_environment_or_file(
    path: Path, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.run(article(), **OK)
    other = path.with_name("other.db")
    path.rename(other)
    assert invoke("show", "1", "--db", other).exit_code == 0
    Path("newscrawl.toml").write_text('database = "data/other.db"\n', encoding="utf-8")
    assert invoke("show", "1").exit_code == 0
    monkeypatch.setenv("NEWSCRAWL_DB", "nothing.db")
    assert invoke("show", "1").exit_code == 2
    assert invoke("show", "1", "--db", other).exit_code == 0


# -- runs --------------------------------------------------------------------------------------------------------------


def test_runs_are_told_newest_first(path: Path, book: Book) -> None:
    book.run(article(), failed(), outcome="partial", exit_status=1, message="1 page is not stored")
    book.run(source="eastmoney", **OK)
    book.run()
    lines = [re.split(r" {2,}", line.strip()) for line in invoke("runs").stdout.splitlines()]
    assert lines == [
        ["run", "source", "started", "s", "outcome", "exit", "found", "new"],
        ["3", "cls_telegraph", "2026-11-21 00:02", "-", "killed", "-", "0", "0"],
        ["skipped 1"],
        ["2", "eastmoney", "2026-11-20 23:01", "75", "ok", "0", "0", "0"],
        ["skipped 1"],
        ["1", "cls_telegraph", "2026-11-20 22:00", "75", "partial", "1", "2", "1"],
        ["failed 1, skipped 1 - 1 page is not stored"],
    ]


def test_runs_stay_within_a_screen(book: Book) -> None:
    book.run(article(), outcome="partial", exit_status=1, message="1 page is not stored " * 20)
    assert max(map(len, invoke("runs").stdout.splitlines())) <= 80


def test_a_run_under_way_is_told_from_one_that_was_killed(path: Path, book: Book) -> None:
    book.run()
    book.run()
    with SourceLock(path, "cls_telegraph"):
        states = [row["state"] for row in json.loads(invoke("runs", "--json").stdout)]
    assert states == ["running", "killed"]


def test_runs_can_be_narrowed_down(book: Book) -> None:
    for source in ("cls_depth", "eastmoney", "cls_depth"):
        book.run(source=source, **OK)
    rows = json.loads(invoke("runs", "--json", "cls_depth").stdout)
    assert [row["id"] for row in rows] == [3, 1]
    assert rows[0]["skipped_kinds"] == {"advert": 1}
    assert [row["id"] for row in json.loads(invoke("runs", "--json", "--limit", 1).stdout)] == [3]


def test_no_runs(path: Path) -> None:
    open_database_and_close(path)
    assert invoke("runs").stdout == "no runs yet\n"
    assert json.loads(invoke("runs", "--json").stdout) == []


def open_database_and_close(path: Path) -> None:
    open_database(path).close()


# -- failures ----------------------------------------------------------------------------------------------------------


def test_failures_are_told_with_their_reason_and_next_try(book: Book) -> None:
    gone = failed("https://www.cls.cn/detail/3", kind="gone", reason="HTTP 404")
    given_up = failed("https://www.cls.cn/detail/4", kind="empty", reason="没有内容")
    book.run(failed(), *[gone] * MOST_TRIES, *[given_up] * MOST_TRIES, **OK)
    lines = [re.split(r" {2,}", line.strip()) for line in invoke("failures").stdout.splitlines()]
    assert lines[1:] == [
        [
            *("cls_telegraph", "layout", "1", "2026-11-20 22:00:00", "2026-11-20 22:10:00"),
            *("https://www.cls.cn/detail/2", "没有正文"),
        ],
        [
            *("cls_telegraph", "gone", "10", "2026-11-20 22:00:00", "never"),
            *("https://www.cls.cn/detail/3", "HTTP 404"),
        ],
        [
            *("cls_telegraph", "empty", "10", "2026-11-20 22:00:00", "given up"),
            *("https://www.cls.cn/detail/4", "没有内容"),
        ],
    ]


def test_failures_can_be_narrowed_down(book: Book) -> None:
    book.run(*(failed(f"https://www.cls.cn/detail/{number}") for number in range(3)), failed(kind="empty"), **OK)
    rows = json.loads(invoke("failures", "--json", "--kind", "layout", "cls_telegraph").stdout)
    assert len(rows) == 2
    assert invoke("failures", "--limit", 1).stdout.endswith("and 2 more (--limit)\n")
    assert invoke("failures", "eastmoney").stdout == "no failures\n"


def test_retry_without_failures_is_nothing_to_do(book: Book) -> None:
    book.run(article(), *[failed(kind="gone")] * MOST_TRIES, **OK)
    result = invoke("failures", "--retry")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "no failures to ask for again\n"


def test_failures_of_an_import_are_not_asked_for(book: Book) -> None:
    book.run(failed("a.md", source="finews"), source="finews", **OK)
    result = invoke("failures", "--retry")
    assert result.exit_code == 0
    assert "finews: 1 failures come from an import" in result.stderr


# -- show --------------------------------------------------------------------------------------------------------------


def test_an_article_is_shown_whole(book: Book) -> None:
    book.run(article(), **OK)
    book.run(article(body="第二稿。"), **OK)
    assert invoke("show", 1).stdout == (
        "青禾电池投产\n\n"
        "published:   2026-11-20 21:46:00 Beijing time\n"
        "publisher:   财联社\n"
        "author:      林一\n"
        "editor:      周二\n"
        "address:     https://www.cls.cn/detail/1\n"
        "source:      cls_telegraph\n"
        "source's id: 1\n"
        "kind:        flash\n"
        "first seen:  2026-11-20 22:00:00\n"
        "updated:     2026-11-20 23:01:15\n\n"
        "Summary: 三吉瓦时\n\n"
        "第二稿。\n\n"
        "Images:\n  1. https://img.example.cn/1.png 800x600 新厂房\n\n"
        "Stocks:\n  600519.SH 贵州茅台\n\n"
        "Tags:\n  subject: 新能源\n\n"
        "Seen at:\n  https://www.cls.cn/detail/1 (cls_telegraph 2026-11-20 22:00:00 to 2026-11-20 23:01:15)\n\n"
        "Former states:\n  2026-11-20 22:00:00 to 2026-11-20 23:01:15: 青禾电池投产"
        " 青禾电池今日宣布，工厂投产。 年产能为三吉瓦时。\n"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"published_precision": "day"}, "2026-11-20 (the day only)"),
        ({"published_at": None, "published_precision": None}, "unknown (printed: 1795182360)"),
        ({"published_at": None, "published_precision": None, "published_raw": None}, "unknown"),
    ],
)
def test_a_date_is_told_as_exactly_as_it_is_known(book: Book, changes: dict[str, Any], told: str) -> None:
    book.run(article(**changes), **OK)
    assert f"published:   {told}\n" in invoke("show", 1).stdout


def test_a_bare_flash_is_shown_under_its_headline(book: Book) -> None:
    bare = dict.fromkeys(("title", "summary", "publisher", "author", "editor", "source_id"))
    book.run(article(**bare, images=(), stocks=(), tags=()), **OK)
    shown = invoke("show", 1).stdout
    assert shown.startswith("青禾电池今日宣布，工厂投产\n\npublished:")
    assert not re.search("Summary|Images|Stocks|Tags|Former|author|None", shown)


def test_show_as_json_is_the_whole_record(book: Book) -> None:
    book.run(article(), **OK)
    record = json.loads(invoke("show", 1, "--json").stdout)
    assert record["title"] == "青禾电池投产"
    assert record["image_urls"] == ["https://img.example.cn/1.png"]
    assert record["sightings"][0]["url"] == "https://www.cls.cn/detail/1"


def test_the_other_copies_of_its_story_are_named(book: Book) -> None:
    book.run(article(), **OK)
    assert "Copies" not in invoke("show", 1).stdout
    there = "https://finance.eastmoney.com/a/2.html"
    copy = {"source": "eastmoney", "url": there, "seen_at": (there,), "publisher": "东澜日报", "title": "投产"}
    book.run(article(**copy, body=f"{article().body}\n讯"), **OK)
    shown = invoke("show", 1).stdout
    assert "Copies of the story:\n  2. 2026-11-20 21:46:00 东澜日报 (eastmoney): 投产\n" in shown
    assert [each["id"] for each in json.loads(invoke("show", 2, "--json").stdout)["copies"]] == [1]


# -- what is printed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_stored_text_cannot_steer_a_terminal(book: Book, option: list[str]) -> None:
    names = ("title", "body", "summary", "publisher", "author", "editor", "published_raw")
    hostile = article(**dict.fromkeys(names, HOSTILE), tags=(Tag("subject", HOSTILE),), published_at=None)
    book.run(hostile, failed(reason=HOSTILE), outcome="partial", exit_status=1, message=HOSTILE)
    for command in (["show", 1], ["failures"], ["runs"]):
        shown = invoke(*command, *option).stdout
        assert "红" in shown
        assert "反" in shown
        assert [each for each in shown if each < " " and each != "\n"] == []
        assert not re.search("[\x7f-\x9f\u202e]", shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31m红\x1b[0m", "红"),
        ("\x1b]0;title\x07红", "红"),
        ("\x1b]8;;http://a\x1b\\红\x1b]8;;\x1b\\", "红"),
        ("a\x1bb", "ab"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\u202eb\u2028c", "abc"),
        (None, ""),
    ],
)
def test_safe_text(text: str | None, shown: str) -> None:
    assert safe(text) == shown


def test_one_line_has_no_line_ends() -> None:
    assert one_line(" 一\n二\t三 \x1b[0m") == "一 二 三"


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert width("a财e\u0301") == 4
    assert clipped("财联社电报", 10) == "财联社电报"
    assert clipped("财联社电报", 9) == "财联社电…"
    assert clipped("财联社电报", 8) == "财联社…"


def test_tables_are_aligned_by_what_a_terminal_shows() -> None:
    assert table(("name", "n"), [("财联社", 5), ("a", None), (None, 100)]) == (
        "name      n\n财联社    5\na         -\n-       100"
    )


@pytest.mark.parametrize("command", [["runs"], ["failures"], ["failures", "--retry"]])
def test_a_source_without_a_run_is_no_good_news(tmp_path, command):
    database = tmp_path / "news.db"
    db = open_database(database)
    Ledger(db, "cls_depth", version="1").finish("ok", 0)
    db.close()
    result = CliRunner().invoke(main, [*command, "nosuch", "--db", str(database)])
    assert result.exit_code == 2
    assert "cls_depth" in result.stderr
