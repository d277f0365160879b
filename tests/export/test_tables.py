"""CSV, JSON Lines and Parquet: what is read back is what was stored, and no file is ever half."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.items import BEIJING, Image, Stock, Tag
from tests.export.support import NOON, make_article, save

BODIES = ['甲，"乙"\n丙,丁;\t戊', "=cmd|' /C calc'!A1", "🀄 一\u3000二", "+1", "@SUM(A1)", "\r\n尾", "a\u2028b"]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "news.db"
    rest = {"stocks": (Stock("600519", "SH", "某公司"), Stock("00700", "HK")), "tags": (Tag("subject", "甲,乙"),)}
    rest["images"] = (Image("https://img.example.cn/1.png"),)
    articles = [make_article(number, body=body, **rest) for number, body in enumerate(BODIES, 1)]
    save(path, *articles, make_article(99, days_ago=3, publisher="央视新闻", kind="article"))
    return path


def export(path, form, file, *arguments):
    return CliRunner().invoke(main, ["export", form, str(file), "--db", str(path), *map(str, arguments)])


def test_csv_comes_back_and_runs_nothing(path, tmp_path):
    result = export(
        path, "csv", tmp_path / "news.csv", "--columns", "id,body,published_at,stocks", "--since", "2026-11-20"
    )
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"7 articles in {tmp_path / 'news.csv'}\n"
    data = (tmp_path / "news.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,body,published_at,stocks\r\n")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["body"].removeprefix("'") for row in rows] == BODIES
    assert [row["body"][0] for row in rows if "cmd" in row["body"] or "SUM" in row["body"]] == ["'", "'"]
    assert rows[0]["published_at"] == "2026-11-20 12:00:00+08:00"
    assert json.loads(rows[0]["stocks"]) == ["00700.HK", "600519.SH"]


def test_json_lines_come_back(path):
    result = export(path, "jsonl", "-", "--source", "cls_telegraph", "--kind", "flash")
    assert result.exit_code == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["body"] for row in rows] == BODIES
    assert rows[0]["stocks"] == ["00700.HK", "600519.SH"]
    assert (rows[0]["tags"], rows[0]["images"]) == (["甲,乙"], ["https://img.example.cn/1.png"])
    assert rows[0]["backfilled"] is False
    assert "body_html" not in rows[0]


def test_parquet_is_read_back_with_its_types(path, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert export(path, "parquet", tmp_path / "news.parquet", "--until", NOON.isoformat()).exit_code == 0
    table = parquet.read_table(tmp_path / "news.parquet")
    assert str(table.schema.field("published_at").type) == "timestamp[ms, tz=Asia/Shanghai]"
    first = table.to_pylist()[0]
    assert first["published_at"] == datetime(2026, 11, 20, 12, tzinfo=BEIJING)
    assert (first["published_date"], first["backfilled"]) == (date(2026, 11, 20), False)
    assert first["stocks"] == ["00700.HK", "600519.SH"]
    assert table.column("body").to_pylist()[: len(BODIES)] == BODIES
    duckdb = pytest.importorskip("duckdb")
    sql = "select body, stocks, epoch(published_at) from read_parquet(?) where publisher = '财联社' order by id"
    found = duckdb.execute(sql, [str(tmp_path / "news.parquet")]).fetchall()
    assert [row[0] for row in found] == BODIES
    assert found[0][1:] == (["00700.HK", "600519.SH"], NOON.timestamp())


def test_parquet_without_its_library_is_one_sentence(path, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = export(path, "parquet", tmp_path / "news.parquet")
    assert (result.exit_code, result.stderr) == (
        2,
        "newscrawl: Parquet needs pyarrow: pip install 'newscrawl[parquet]'\n",
    )
    assert not (tmp_path / "news.parquet").exists()


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--stock", "00700.HK", "--columns", "id"], [1, 2, 3, 4, 5, 6, 7]),
        (["--stock", "00700.SZ", "--columns", "id"], []),
        (["--publisher", "央视新闻", "--columns", "id"], [8]),
        (["--as-of", "2026-11-20", "--columns", "id", "--kind", "article"], [8]),
        (["--as-of", "2026-11-20T11:59:59", "--columns", "id"], []),
        (["--until", "2026-11-19", "--columns", "id"], [8]),
    ],
)
def test_filters(path, arguments, ids):
    result = export(path, "jsonl", "-", *arguments)
    assert result.exit_code == 0, result.stderr
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ids


@pytest.mark.parametrize(
    "arguments",
    [
        ["--since", "gestern"],
        ["--as-of", "2026-13-01"],
        ["--stock", "贵州茅台"],
        ["--columns", "id,nothing"],
        ["--columns", ""],
        ["--kind", "rumour"],
        ["--source", "nobody"],
        ["--since", "2026-11-21", "--until", "2026-11-20"],
    ],
)
def test_bad_input_is_one_sentence_and_no_file(path, tmp_path, arguments):
    result = export(path, "csv", tmp_path / "news.csv", *arguments)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert sorted(file.name for file in tmp_path.iterdir() if "csv" in file.name) == []


def test_an_unknown_form_is_one_sentence(path):
    result = CliRunner().invoke(main, ["export", "xlsx", "news.xlsx"])
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_what_is_there_is_replaced_only_when_asked(path, tmp_path):
    file = tmp_path / "news.jsonl"
    file.write_text("mine")
    assert "--replace" in export(path, "jsonl", file).stderr
    assert file.read_text() == "mine"
    assert export(path, "jsonl", file, "--replace", "--columns", "id").exit_code == 0
    assert len(file.read_text().splitlines()) == 8
    result = export(path, "jsonl", path, "--replace")
    assert (result.exit_code, result.stderr) == (2, f"newscrawl: {path} is no table that could be replaced\n")


def test_a_failure_half_way_leaves_the_old_file(path, tmp_path, monkeypatch):
    file = tmp_path / "news.jsonl"
    export(path, "jsonl", file)
    before = file.read_bytes()
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as db:
        db.execute("update articles set first_seen_at = 'broken' where id = 5")
        db.commit()
    assert export(path, "jsonl", file, "--replace").exit_code != 0
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if "half" in each.name] == []


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_reader_that_goes_away_ends_it_quietly(path, form):
    save(path, *(make_article(1000 + number, body="长" * 3000) for number in range(100)))
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "newscrawl", "export", form, "-", "--db", str(path)]
    with subprocess.Popen(command, stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        assert os.read(reader, 10)
        os.close(reader)
        assert process.stderr.read() == b""
    assert process.returncode in {0, 1}
