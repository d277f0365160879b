"""What is exported for spreadsheets is text there: no cell is run, Chinese is read, one article is one row."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.demo import SampleSite, expected_records
from newscrawl.export.cells import LONGEST_CELL, cell, inert
from newscrawl.items import Image
from tests.hostile.chance import fuzz

ROOT = Path(__file__).parents[2]
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u3000=1",
        "\ufeff=1",
        "＝1",
        '=HYPERLINK("http://a","x")',
        "=cmd|'/c calc'!A0",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "财联社11月20日电", "a=b", "1-2", "'=1", "（=1）", "0.5%"])
def test_other_text_stays(text):
    assert inert(text) == text


def test_values_of_each_kind():
    assert [cell(None), cell(True), cell(-3), cell(0.5)] == ["", True, -3, 0.5]
    assert cell(()) == cell({}) == ""
    assert cell((Image("https://a.cn/1.png", alt="图"),)) == '[{"url": "https://a.cn/1.png", "alt": "图"}]'
    assert cell({"title": "rule"}) == '{"title": "rule"}'
    assert len(inert("=" + "长" * 40_000)) == LONGEST_CELL


@fuzz
@given(st.text(max_size=60))
def test_a_cell_is_read_back_as_what_it_was(text):
    told = inert(text)
    assert told.removeprefix("'") == text.replace("\0", "") or told == text.replace("\0", "")
    assert not told.lstrip(" \u3000\xa0\ufeff").startswith(RUN)
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([told, "x"])
    assert next(csv.reader(io.StringIO(stream.getvalue(), newline=""))) == [told, "x"]


def test_a_crawl_exports_cells_that_no_spreadsheet_runs(tmp_path):
    file = tmp_path / "out.csv"
    with SampleSite(faults={"csv_title": 2}) as site:
        command = [
            sys.executable,
            "-m",
            "scrapy",
            "crawl",
            "eastmoney",
            "-O",
            str(file),
            "-a",
            f"base_url={site.base_url}",
        ]
        settings = ["-s", f"NEWSCRAWL_DB={tmp_path / 'news.db'}", "-s", "DOWNLOAD_DELAY=0", "-s", "LOG_ENABLED=False"]
        subprocess.run([*command, *settings], cwd=ROOT, timeout=60, capture_output=True)
        told = {record.url: record for record in expected_records(site.truth, "eastmoney")}
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(told)
    for row in rows:
        assert told[row["url"]].title in row["title"]
        assert row["body"] == told[row["url"]].body
        assert not any(value.startswith(RUN) for value in row.values())
    assert any(row["title"].startswith("'=HYPERLINK") for row in rows)
