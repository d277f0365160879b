import fcntl
import gzip
import importlib
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.errors import StorageError, UsageError
from newscrawl.storage import archive, archive_decoding, archive_frames
from newscrawl.storage.archive import Archive, ArchivedAnswer, ArchiveProblem, prune, read_archive
from newscrawl.storage.archive_decoding import decode_body

zstd = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
NOON = datetime(2026, 11, 20, 4, 0, 0, 123456, tzinfo=UTC)
PAGE = "<html><body>青禾电池投产</body></html>".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


@pytest.fixture
def problems() -> list[ArchiveProblem]:
    return []


def write(archive: Archive, number: int = 1, body: bytes = PAGE, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "url": f"https://www.cls.cn/detail/{number}",
        "asked": None,
        "source": "cls_depth",
        "role": "page",
        "status": 200,
        "reason": "OK",
        "headers": [("Content-Type", "text/html; charset=utf-8")],
        "fetched_at": NOON + timedelta(seconds=number),
    }
    archive.write(body=body, **(fields | changes))


def write_all(folder: Path, *bodies: bytes, **limits: Any) -> None:
    archive = Archive(folder, **limits)
    for number, body in enumerate(bodies, 1):
        write(archive, number, body)
    archive.close()


def read(*paths: Path, problems: list[ArchiveProblem] | None = None) -> list[ArchivedAnswer]:
    told: list[ArchiveProblem] = []
    answers = list(read_archive(paths, on_problem=told.append))
    if problems is None:
        assert told == []
    else:
        problems += told
    return answers


def warc_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.warc.gz"))


def kinds(folder: Path) -> list[str]:
    found = []
    for path in warc_files(folder):
        with path.open("rb") as file:
            found += [record.rec_type for record in ArchiveIterator(file)]
    return found


def noise(size: int) -> bytes:
    """Bytes that do not get smaller."""
    return os.urandom(size)


def test_an_answer_is_read_back_as_it_was_written(folder: Path) -> None:
    archive = Archive(folder, software="newscrawl/0.1.0")
    write(
        archive,
        7,
        asked="http://127.0.0.1:8000/detail/7",
        status=404,
        reason="Not Found",
        role="listing",
        headers=[("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")],
        context={"channel": "头条", "last_time": "0"},
    )
    archive.close()
    assert read(folder) == [
        ArchivedAnswer(
            url="https://www.cls.cn/detail/7",
            asked="http://127.0.0.1:8000/detail/7",
            source="cls_depth",
            role="listing",
            context={"channel": "头条", "last_time": "0"},
            status=404,
            reason="Not Found",
            headers=(("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
            body=PAGE,
            fetched_at=NOON + timedelta(seconds=7),
        )
    ]


def test_other_tools_read_the_files(folder: Path) -> None:
    write_all(folder, PAGE, b"x" * 100_000)
    [path] = warc_files(folder)
    with path.open("rb") as file:
        records = [
            (each.rec_type, each.content_stream().read(), each.digest_checker.passed)
            for each in ArchiveIterator(file, check_digests=True)
        ]
    assert [(kind, passed) for kind, _, passed in records] == [
        ("warcinfo", True),
        ("response", True),
        ("response", True),
    ]
    assert records[1][1] == PAGE
    with gzip.open(path, "rb") as text:
        first = text.read(2000)
    assert first.startswith(b"WARC/1.1\r\n")
    assert b"software: newscrawl" in first


@given(
    st.binary(max_size=300),
    st.dictionaries(st.sampled_from(["channel", "page", "last_time"]), st.text(max_size=20)),
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=30)), max_size=4),
    st.text(max_size=10),
)
@settings(max_examples=60)
def test_whatever_a_site_sends_the_body_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    context: dict[str, str],
    headers: list[tuple[str, str]],
    reason: str,
) -> None:
    encodings = ("content-encoding", "transfer-encoding")
    headers = [(name, value) for name, value in headers if name.strip().lower() not in encodings]
    folder = tmp_path_factory.mktemp("warc")
    archive = Archive(folder)
    write(archive, body=body, context=context, headers=headers, reason=reason)
    archive.close()
    [answer] = read(folder)
    assert (answer.body, answer.context, answer.status) == (body, context, 200)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
        ("gzip", lambda body: gzip.compress(body, mtime=0) + b"\0" * 8),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("GZip, br", lambda body: brotli.compress(gzip.compress(body, mtime=0))),
        ("identity", bytes),
    ],
)
def test_bodies_are_kept_packed_and_read_unpacked(folder: Path, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    archive = Archive(folder)
    packed = pack(PAGE)
    headers = [("Content-Encoding", encoding), ("Transfer-Encoding", "chunked"), ("Content-Length", str(len(packed)))]
    write(archive, body=packed, headers=headers)
    archive.close()
    [answer] = read(folder)
    assert answer.body == PAGE
    assert ("Transfer-Encoding", "chunked") not in answer.headers
    assert ("Content-Encoding", encoding) in answer.headers


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)[:-12], "cut short"),
        ("gzip", b"<html>", "cannot be unpacked"),
        ("deflate", b"<html>", "cannot be unpacked"),
        ("br", brotli.compress(PAGE)[:-4], "cut short"),
        ("br", b"<html>", "cannot be unpacked"),
        ("zstd", zstd.compress(PAGE)[:-4], "cut short"),
        ("zstd", b"<html>", "cannot be unpacked"),
        ("lzma", b"<html>", "lzma is not known"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_told_and_the_next_is_read(
    folder: Path, problems: list[ArchiveProblem], encoding: str, body: bytes, reason: str
) -> None:
    archive = Archive(folder)
    write(archive, 1, body, headers=[("Content-Encoding", encoding)])
    write(archive, 2)
    archive.close()
    assert [answer.url for answer in read(folder, problems=problems)] == ["https://www.cls.cn/detail/2"]
    [problem] = problems
    assert reason in problem.reason
    assert problem.url == "https://www.cls.cn/detail/1"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("zstd", zstd.compress)],
)
def test_what_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(archive_decoding, "MAX_BODY_BYTES", 100_000)
    assert len(decode_body(pack(b"0" * 100_000), "", encoding)) == 100_000
    with pytest.raises(ValueError, match="more than 100000 bytes"):
        decode_body(pack(b"0" * 200_000), "", encoding)


def test_an_empty_packed_body_is_an_empty_body() -> None:
    assert decode_body(b"", "", "gzip") == decode_body(b"", "", "deflate") == b""


def test_the_same_bytes_from_the_same_address_are_written_once(folder: Path) -> None:
    body = noise(20_000)
    archive = Archive(folder)
    write(archive, 1, body, context={"page": "1"})
    write(archive, 1, body, context={"page": "2"}, fetched_at=NOON + timedelta(hours=1))
    write(archive, 2, body)
    archive.close()
    assert kinds(folder) == ["warcinfo", "response", "revisit", "response"]
    first, other, again = read(folder)
    assert first.body == again.body == other.body == body
    assert (again.context, again.fetched_at) == ({"page": "2"}, NOON + timedelta(hours=1))


def test_other_bytes_and_empty_ones_are_no_revisit(folder: Path) -> None:
    archive = Archive(folder)
    for body in (b"a", b"b", b"", b""):
        write(archive, body=body)
    archive.close()
    assert kinds(folder) == ["warcinfo"] + ["response"] * 4
    assert [answer.body for answer in read(folder)] == [b"a", b"b", b"", b""]


def test_revisits_reach_over_runs_and_files(folder: Path) -> None:
    body = noise(3000)
    for _ in range(3):
        write_all(folder, body, noise(3000), max_file_bytes=4000)
    assert kinds(folder).count("revisit") == 2
    assert [answer.body for answer in read(folder) if answer.url.endswith("/1")] == [body] * 3


def test_a_revisit_before_its_record_is_read(folder: Path) -> None:
    write_all(folder, PAGE)
    [first] = warc_files(folder)
    first.rename(folder / "newscrawl-later.warc.gz")
    with sqlite3.connect(folder / "digests.db") as index:
        index.execute("update digests set file = 'newscrawl-later.warc.gz'")
        index.execute("insert into files select 'newscrawl-later.warc.gz', size from files")
    index.close()
    with holding(folder / "newscrawl-later.warc.gz"):
        write_all(folder, PAGE, b"other")
    assert kinds(folder) == ["warcinfo", "revisit", "response", "warcinfo", "response"]
    assert [answer.body for answer in read(folder)] == [PAGE, PAGE, b"other"]


def test_a_revisit_whose_record_is_not_there_is_told(folder: Path, problems: list[ArchiveProblem]) -> None:
    archive = Archive(folder, max_file_bytes=1)
    write(archive)
    write(archive)
    archive.close()
    first, second = warc_files(folder)
    assert read(second, problems=problems) == []
    assert "not in these files" in problems[0].reason
    assert len(read(second, first)) == 2


def test_a_file_is_gone_on_with_until_it_is_full(folder: Path) -> None:
    for number in range(4):
        write_all(folder, noise(1000 + number), max_file_bytes=3000)
    assert len(warc_files(folder)) == 2
    assert kinds(folder) == ["warcinfo", "response", "response"] * 2


def test_rotation_within_a_run(folder: Path) -> None:
    write_all(folder, *(noise(1000) for _ in range(5)), max_file_bytes=2000)
    assert len(warc_files(folder)) == 3
    assert len(read(folder)) == 5


def test_two_writers_have_two_files(folder: Path) -> None:
    first, second = Archive(folder), Archive(folder)
    for number in range(3):
        write(first, 10 + number, noise(500))
        write(second, 20 + number, noise(500))
    first.close()
    second.close()
    assert len(warc_files(folder)) == 2
    assert len(read(folder)) == 6


def test_an_archive_without_answers_makes_no_file(folder: Path) -> None:
    Archive(folder).close()
    assert warc_files(folder) == []


def test_the_oldest_files_go_first(folder: Path) -> None:
    write_all(folder, *(noise(1000) for _ in range(6)), max_file_bytes=1)
    before = warc_files(folder)
    size = sum(path.stat().st_size for path in before)
    removed = prune(folder, size - 2500)
    assert removed == before[:2]
    assert warc_files(folder) == before[2:]
    assert prune(folder, size) == []


@contextmanager
def holding(path: Path) -> Iterator[None]:
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_a_file_in_use_is_never_removed(folder: Path) -> None:
    write_all(folder, *(noise(1000) for _ in range(3)), max_file_bytes=1)
    oldest, *others = warc_files(folder)
    with holding(oldest):
        assert prune(folder, 0) == others
    assert warc_files(folder) == [oldest]


def test_foreign_files_are_not_removed(folder: Path) -> None:
    folder.mkdir()
    (folder / "foreign.warc.gz").write_bytes(noise(5000))
    assert prune(folder, 0) == []


def test_a_running_archive_keeps_to_its_limit(folder: Path) -> None:
    write_all(folder, *(noise(1000) for _ in range(20)), max_file_bytes=2000, max_total_bytes=6000)
    assert sum(path.stat().st_size for path in warc_files(folder)) < 10_000
    assert [answer.url for answer in read(folder)][-1] == "https://www.cls.cn/detail/20"


def test_bytes_of_a_removed_file_are_written_again(folder: Path) -> None:
    write_all(folder, PAGE)
    prune(folder, 0)
    write_all(folder, PAGE)
    assert kinds(folder) == ["warcinfo", "response"]


def test_bytes_of_a_file_that_somebody_removed_are_written_again(folder: Path) -> None:
    write_all(folder, PAGE)
    for path in warc_files(folder):
        path.unlink()
    write_all(folder, PAGE)
    assert kinds(folder) == ["warcinfo", "response"]


@pytest.mark.parametrize("damage", [b"", b"no database, only text" * 100])
def test_a_lost_or_broken_index_costs_nothing_but_space(folder: Path, damage: bytes) -> None:
    write_all(folder, PAGE)
    for path in folder.glob("digests.db*"):
        path.unlink()
    if damage:
        (folder / "digests.db").write_bytes(damage)
    write_all(folder, PAGE)
    assert kinds(folder) == ["warcinfo", "response", "warcinfo", "response"]
    assert len(read(folder)) == 2


def test_an_index_that_breaks_while_in_use_costs_nothing_but_space(folder: Path) -> None:
    archive = Archive(folder)
    write(archive, 1)
    with sqlite3.connect(folder / "digests.db") as index:
        index.execute("drop table digests")
        index.execute("drop table files")
    index.close()
    write(archive, 1)
    archive.close()
    write_all(folder, PAGE)
    prune(folder, 0)
    assert warc_files(folder) == []


def test_an_index_that_cannot_be_made_at_all(folder: Path) -> None:
    (folder / "digests.db").mkdir(parents=True)
    with pytest.raises(StorageError):
        Archive(folder)


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_cut_anywhere_gives_its_whole_records_and_a_word(folder: Path, packed: bool) -> None:
    write_all(folder, PAGE, noise(300), b"third")
    [path] = warc_files(folder)
    whole = read(path)
    content = path.read_bytes() if packed else gzip.decompress(path.read_bytes())
    cut = folder / ("cut.warc.gz" if packed else "cut.warc")
    told_sometimes = False
    for length in range(0, len(content), 11):
        cut.write_bytes(content[:length])
        problems: list[ArchiveProblem] = []
        answers = read(cut, problems=problems)
        assert answers == whole[: len(answers)]
        assert len(problems) <= 1
        told_sometimes = told_sometimes or bool(problems)
    assert told_sometimes


@given(st.integers(0, 10_000), st.integers(1, 255))
@settings(max_examples=60)
def test_a_flipped_byte_never_gives_another_body(
    tmp_path_factory: pytest.TempPathFactory, place: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("warc")
    write_all(folder, PAGE, b"second" * 50)
    [path] = warc_files(folder)
    bodies = {answer.body for answer in read(path)}
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= flip
    path.write_bytes(content)
    assert {answer.body for answer in read(path, problems=[])} <= bodies


def test_nothing_is_appended_behind_a_record_that_was_cut_short(folder: Path) -> None:
    write_all(folder, PAGE, b"second")
    [path] = warc_files(folder)
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08 half a record")
    write_all(folder, b"third")
    assert len(warc_files(folder)) == 2
    problems: list[ArchiveProblem] = []
    assert [answer.body for answer in read(folder, problems=problems)] == [PAGE, b"third", b"second"]


def test_a_killed_writer_loses_no_record_that_it_wrote(folder: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from tests.storage.test_archive import Archive, write
archive = Archive(Path(sys.argv[1]))
for number in range(5):
    write(archive, number, b"body %d" % number)
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code, str(folder)], check=False)
    assert [answer.body for answer in read(folder)] == [b"body %d" % number for number in range(5)]
    write_all(folder, b"later")
    assert len(read(folder)) == 6


def test_the_index_is_written_with_the_journal_and_before_that_only_remembered(folder: Path) -> None:
    def indexed() -> int:
        with closing(sqlite3.connect(folder / "digests.db")) as index:
            count: int = index.execute("select count(*) from digests").fetchone()[0]
            return count

    with closing(Archive(folder)) as written:
        write(written)
        write(written)
        assert indexed() == 0
        written.note(b"{}", id="urn:sha256:0", source="cls_depth", at=NOON)
        assert indexed() == 1
    with next(folder.glob("*.warc.gz")).open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds == ["warcinfo", "response", "revisit", "metadata"]


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """A disk on which no file grows any larger."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_an_error_that_leaves_no_half_record(folder: Path) -> None:
    archive = Archive(folder)
    write(archive, 1)
    [path] = warc_files(folder)
    size = path.stat().st_size
    with files_limited_to(size + 2000), pytest.raises(StorageError, match=r"archive in .* cannot be used"):
        write(archive, 2, noise(50_000))
    assert path.stat().st_size == size
    write(archive, 3)
    archive.close()
    assert [answer.url[-1] for answer in read(folder)] == ["1", "3"]


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be used"):
        Archive(tmp_path / "file" / "warc")


def test_a_folder_that_goes_away(folder: Path) -> None:
    archive = Archive(folder)
    shutil.rmtree(folder)
    with pytest.raises(StorageError, match="cannot be used"):
        write(archive)
    archive.close()


def foreign(path: Path, records: list[tuple[str, str, bytes, list[tuple[str, str]] | None]]) -> None:
    """A WARC file as other crawlers write it: requests, metadata, DNS answers, chunks left in."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for kind, url, payload, headers in records:
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1") if headers is not None else None
            writer.write_record(
                writer.create_warc_record(url, kind, payload=BytesIO(payload), length=len(payload), http_headers=http)
            )


@pytest.mark.parametrize("name", ["foreign.warc", "foreign.warc.gz"])
def test_a_foreign_archive_is_read(tmp_path: Path, name: str) -> None:
    chunked = b"5\r\n<html\r\n1\r\n>\r\n0\r\n\r\n"
    packed = gzip.compress(PAGE, mtime=0)
    both = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    foreign(
        tmp_path / name,
        [
            ("response", "https://a.example.cn/1", PAGE, [("Content-Type", "text/html")]),
            ("metadata", "https://a.example.cn/1", b"via: x\r\n", None),
            ("response", "dns:a.example.cn", b"127.0.0.1", None),
            ("response", "https://a.example.cn/2", chunked, [("Transfer-Encoding", "chunked")]),
            (
                "response",
                "https://a.example.cn/3",
                both,
                [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
            ),
        ],
    )
    answers = read(tmp_path / name)
    assert [(answer.url[-1], answer.body) for answer in answers] == [("1", PAGE), ("2", b"<html>"), ("3", PAGE)]
    assert {(answer.source, answer.role, answer.asked) for answer in answers} == {("", "page", None)}


def test_a_bare_foreign_revisit_takes_headers_and_bytes_from_its_record(tmp_path: Path) -> None:
    path = tmp_path / "foreign.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        url = "https://a.example.cn/1"
        record = writer.create_warc_record(url, "response", payload=BytesIO(PAGE), length=len(PAGE), http_headers=http)
        writer.write_record(record)
        digest = record.rec_headers.get_header("WARC-Payload-Digest")
        writer.write_record(writer.create_revisit_record(url, digest, url, "2026-11-20T04:00:00Z"))
    first, again = read(path)
    assert again.body == first.body == PAGE
    assert (again.status, again.headers) == (200, (("Content-Type", "text/html"),))


def test_a_record_that_is_far_too_long_is_told_and_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problems: list[ArchiveProblem]
) -> None:
    monkeypatch.setattr(archive_frames, "MAX_RECORD_BYTES", 1000)
    write_all(tmp_path, noise(2000), PAGE)
    assert [answer.body for answer in read(tmp_path, problems=problems)] == [PAGE]
    assert "longer than 1000 bytes" in problems[0].reason


@pytest.mark.parametrize(
    ("name", "content", "seen"),
    [
        ("a.warc", "# 不是存档\n".encode() * 50, "it begins with b'# "),
        ("a.warc.gz", gzip.compress(b"<html></html>", mtime=0), "unpacked it begins with b'<html>"),
        ("a.warc", b"WARC/2.0\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "WARC/2.0"),
        (
            "a.warc.gz",
            gzip.compress(b"WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * 2, mtime=0),
            "recompress",
        ),
    ],
)
def test_a_file_that_is_no_archive_is_a_mistake(tmp_path: Path, name: str, content: bytes, seen: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as refusal:
        read(tmp_path)
    assert str(tmp_path / name) in str(refusal.value)
    assert seen in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_archive_of_a_newer_version_is_a_mistake(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ARCHIVE_VERSION", 2)
    write_all(folder, PAGE)
    with pytest.raises(UsageError, match=r"newer newscrawl \(archive version 2; this one knows 1\)"):
        read(folder)


def test_nothing_at_a_path_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no archive at"):
        read(tmp_path / "nothing")


def test_problems_are_logged_where_nobody_asks_for_them(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_all(folder, PAGE)
    [path] = warc_files(folder)
    path.write_bytes(path.read_bytes()[:-20])
    assert list(read_archive([folder])) == []
    assert "the record ends too early" in caplog.text


def test_a_folder_removed_in_mid_run_is_told(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        write(archive, 1)
        shutil.rmtree(folder)
        with pytest.raises(StorageError, match="removed"):
            write(archive, 2, b"<html>another</html>")
