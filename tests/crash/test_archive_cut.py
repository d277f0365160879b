"""An archive whose writer was cut off: what is whole is read, the cut is told, and nothing is written behind it."""

import json
import os
import shutil
from datetime import UTC, datetime

import pytest

from newscrawl.demo import SampleSite
from newscrawl.storage.archive import Archive, read_archive
from newscrawl.storage.archive_frames import frames
from tests.crash.support import count, newscrawl
from tests.crawl.support import Crawls

AT = datetime(2026, 11, 20, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    with SampleSite(stories=40) as site:
        crawl = Crawls(tmp_path_factory.mktemp("crawled"), site)
        assert crawl("eastmoney").status == 0
        yield crawl


@pytest.fixture
def crawl(crawled, tmp_path):
    shutil.copy(crawled.db, tmp_path / "news.db")
    shutil.copytree(crawled.folder / "warc", tmp_path / "warc")
    return Crawls(tmp_path, crawled.site)


def the_file(crawl):
    [path] = (crawl.folder / "warc").glob("*.warc.gz")
    with path.open("rb") as file:
        return path, [frame.offset for frame in frames(file)]


def test_cut_anywhere_in_its_last_record_the_rest_is_read_and_the_cut_is_told(crawl):
    path, offsets = the_file(crawl)
    whole = path.read_bytes()
    last = len(whole) - offsets[-1]
    complete = newscrawl("replay", crawl.folder / "warc", "--db", crawl.folder / "complete.db", "--json")
    for cut in [1, 2, 9, 10, 11, *range(12, last, last // 5), last - 1]:
        path.write_bytes(whole[: offsets[-1] + cut])
        for db in crawl.folder.glob("other.db*"):
            db.unlink()
        said = newscrawl("replay", crawl.folder / "warc", "--db", crawl.folder / "other.db", "--json")
        assert f"{path} at byte {offsets[-1]}: the record ends too early" in said.stderr
        told, expected = json.loads(said.stdout), json.loads(complete.stdout)
        assert (said.status, told["counts"]) == (complete.status, expected["counts"])
        assert "1 file of the archive cut short" in told["advice"]


def test_the_next_crawl_goes_on_in_a_file_of_its_own_and_both_are_read(crawl):
    path, offsets = the_file(crawl)
    os.truncate(path, offsets[-1] + 30)
    crawl.site.publish(10)
    assert crawl("eastmoney").status == 0
    assert len(list((crawl.folder / "warc").glob("*.warc.gz"))) == 2
    said = newscrawl("rebuild", "--into", crawl.folder / "new.db", "--db", crawl.db)
    assert count(crawl.folder / "new.db") == count(crawl.db), said
    assert "1 gap" in said.stdout, "the record that was cut short was one of the journal"


@pytest.mark.parametrize("tail", [b"\0" * 4096, b"\x1f\x8b\x08" + b"\xff" * 300])
def test_what_stands_behind_a_hole_is_read(tmp_path, tail):
    """After a power cut a file may be as long as it was, and its last bytes be none of ours; its index may think it whole."""
    archive = Archive(tmp_path)
    for number in range(3):
        write(archive, number)
    archive.close()
    [path] = tmp_path.glob("*.warc.gz")
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size - 40)
        file.write(tail[:40].ljust(40, b"\0"))
    archive = Archive(tmp_path)
    write(archive, 3)
    archive.close()
    problems = []
    bodies = [answer.body for answer in read_archive([tmp_path], on_problem=problems.append)]
    assert bodies == [b"0" * 500, b"1" * 500, b"3" * 500]
    assert len(problems) == 1


def test_a_file_of_zeros_does_not_keep_the_others_from_being_read(crawl):
    """As a power cut may leave the youngest file: named, but never written."""
    (crawl.folder / "warc" / "newscrawl-20991231T000000000000Z-1-0.warc.gz").write_bytes(bytes(9000))
    said = newscrawl("rebuild", "--into", crawl.folder / "new.db", "--db", crawl.db)
    assert (said.status, count(crawl.folder / "new.db")) == (1, count(crawl.db))
    assert "at byte 0: the record is damaged" in said.stderr


def write(archive, number):
    archive.write(
        url=f"https://www.cls.cn/detail/{number}",
        asked=None,
        source="cls_depth",
        role="page",
        status=200,
        reason="OK",
        headers=[],
        body=str(number).encode() * 500,
        fetched_at=AT.replace(second=number),
    )
