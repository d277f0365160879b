"""The benchmark's own tools, without a clock: what is wrong is found, what is not installed is no error."""

import sqlite3
from dataclasses import replace

import pytest

from newscrawl.errors import LayoutError
from tests.benchmarks import hostile, limits, memory, offline, search, sides, stories, tools
from tests.benchmarks.pages import fixtures, own
from tests.benchmarks.speed import measure
from tests.quality.score import Reading, Score


@pytest.fixture(scope="module")
def pages():
    return fixtures("eastmoney")


def test_own_pages_are_read_exactly_and_a_wrong_or_lost_one_is_told(pages):
    assert len(pages) >= 3
    timed = measure(pages, {"newscrawl": tools.newscrawl}, 1)["newscrawl"]
    assert sides.wrong(pages, timed) == []
    timed.readings[0] = Reading()
    wrong = [pages[0], replace(pages[1], images=[["https://else.example/1.jpg"]]), *pages[2:]]
    assert sides.wrong(wrong, timed) == [pages[0].key, pages[1].key]


def test_an_extractor_that_fails_is_counted_and_reads_nothing(pages):
    def broken(html, url):
        raise RuntimeError("no")

    def refusing(html, url):
        raise LayoutError("none")

    timed = measure(pages[:1], {"broken": broken, "newscrawl": tools.newscrawl}, 2)
    assert timed["broken"].readings == [Reading()]
    assert timed["broken"].errors == [f"{pages[0].key}: RuntimeError: no"]
    assert timed["newscrawl"].errors == []
    assert len(timed["newscrawl"].multiples) == 1


def test_what_is_not_installed_is_named(monkeypatch, pages):
    def absent():
        raise ImportError

    monkeypatch.setattr(tools, "_OTHERS", {"gone": absent})
    monkeypatch.setattr(sides, "own", lambda *_: pages)
    found, missing = tools.tools()
    assert (list(found), missing) == (["newscrawl"], ["gone"])
    quality, cost = sides.compare({}, found, missing)
    assert "| newscrawl | 1.000 |" in quality
    assert "| gone | not installed |" in quality
    assert "| gone | not installed |" in cost


def test_a_measure_below_its_floor_is_told():
    score = Score(
        body=0.9, short=None, title=1.0, day=None, minute=None, image_precision=None, image_recall=None, pages=[]
    )
    assert limits.below({"body": 0.91, "title": 1.0, "day": 0.5}, score) == ["body", "day"]


def test_growth_is_the_slope():
    assert memory._slope([10.0, 12.0, 14.0, 16.0]) == pytest.approx(2.0)
    assert memory._slope([10.0, 10.0, 90.0, 10.0, 10.0]) == pytest.approx(0.0)


def test_a_hostile_page_is_read_in_a_process_of_its_own():
    outcomes = {}
    for name, body in hostile.pages():
        if name in {"an ordinary story", "a PNG", "an unclosed comment"}:
            outcomes[name] = hostile.read_apart(name, body).result
    assert outcomes == {
        "an ordinary story": "record, 116 characters",
        "a PNG": "encoding",
        "an unclosed comment": "truncated",
    }


def test_the_sample_sites_pages_carry_their_truth():
    page = own("gbk")[0]
    assert page.body
    assert page.title
    assert page.date.endswith("+08:00")


def test_search_finds_what_instr_finds_and_its_index_is_no_larger_than_the_text():
    row = search.found(stories=800, words=60).splitlines()[-1]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[2] == "0 / 0"
    assert float(cells[-1]) < 1.2


def test_rewrites_are_linked_and_hardly_anything_else():
    told = stories.linked(900)
    assert told.rewrites > 100
    assert told.missed <= 0.05 * told.rewrites
    assert told.wrong <= 0.004 * told.articles


def test_two_jobs_leave_what_one_does_and_what_the_truth_says(tmp_path):
    truth = offline.write_archive(offline.World(seed=7, size=200, now=offline._NOW), tmp_path / "warc", offline.WEIGHT)
    run = offline._command("replay", tmp_path / "warc")
    one, two = offline.measured(offline.Case("replay", len(truth), run), 1, tmp_path)
    assert 0 < one[0].writer <= one[0].cpu
    assert 0 < two[0].writer <= two[0].cpu
    (tmp_path / "a").mkdir()
    offline._spent(run(2, tmp_path / "a"))
    offline.check_truth(tmp_path / "a" / "news.db", truth)
    with sqlite3.connect(tmp_path / "a" / "news.db") as connection:
        connection.execute("update articles set body = body || '。' where id = 3")
    with pytest.raises(AssertionError):
        offline.check_truth(tmp_path / "a" / "news.db", truth)


def test_what_two_jobs_may_gain_ends_where_the_writer_has_no_time_left():
    one = offline.Spent(wall=11.0, cpu=10.0, writer=10.0)
    assert offline.possible(one, offline.Spent(wall=9.0, cpu=11.0, writer=3.0)) == pytest.approx(10 / 5.5)
    assert offline.possible(one, offline.Spent(wall=9.0, cpu=11.0, writer=8.0)) == pytest.approx(10 / 8)
