"""The benchmark's own tools, without a clock: what is wrong is found, what is not installed is no error."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from newscrawl.errors import LayoutError
from tests.benchmarks import crawl, hostile, limits, memory, offline, processes, search, sides, site, stories, tools
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


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """The database of a crawl that is measured, its archive, and what must be in them."""
    folder = tmp_path_factory.mktemp("crawl")
    with site.serving(20) as base_url:
        processes.run(crawl.crawl_command(base_url, folder / "news.db", 20))
    return folder, site.truth(20)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select 1", []),
        ("delete from articles where url = :url", ["1 of 20 rows"]),
        ("update articles set body = body || '。' where url = :url", ["1 of 20 rows"]),
        ("delete from articles_fts_docsize where id = (select min(id) from articles_fts_docsize)", ["19 of 20 are in"]),
    ],
)
def test_a_row_that_a_crawl_lost_or_garbled_is_told(crawled, tmp_path, sql, told):
    folder, expected = crawled
    database = shutil.copy(folder / "news.db", tmp_path)
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        for name in [row[0] for row in db.execute("select name from sqlite_master where type = 'trigger'")]:
            db.execute(f"drop trigger {name}")
        db.execute(sql, {"url": expected[7].url} if ":url" in sql else {})
    found = crawl.wrong_articles(database, expected)
    assert len(found) >= len(told)
    assert all(one.startswith(begun) for one, begun in zip(found, told, strict=False))
    assert bool(found) == bool(told)


def test_an_answer_that_is_not_archived_is_told(crawled):
    folder, expected = crawled
    assert crawl.wrong_archive(folder / "warc", expected) == []
    unknown = replace(expected[0], url=f"{expected[0].url}?never")
    assert crawl.wrong_archive(folder / "warc", [*expected, unknown]) == [
        f"1 answers are not archived, {unknown.url} among them"
    ]


def test_pages_are_as_heavy_as_they_are_to_be_and_still_read():
    plain = b"<html><body><p>a</p></body></html>"
    heavy = site.padded(plain, 40_000)
    assert 39_000 < len(heavy) <= 40_100
    assert heavy.startswith(plain.removesuffix(b"</body></html>"))
    assert site.padded(heavy, 100) == heavy


def test_a_process_that_fails_is_no_measurement():
    assert processes.run(["-c", "print(7)"]).output == "7\n"
    with pytest.raises(processes.Failed, match="exit status 3"):
        processes.run(["-c", "raise SystemExit(3)"])


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
