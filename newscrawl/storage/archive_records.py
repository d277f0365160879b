"""WARC records as they stand in a file. All dealings with warcio's reader, which is forgiving where we must not be."""

import base64
import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.recordloader import ArcWarcRecordLoader

from newscrawl.errors import UsageError
from newscrawl.storage import archive_frames
from newscrawl.storage.archive_frames import Frame, frame_at, frames

ARCHIVE_VERSION = 1
"""The form of what newscrawl itself writes into its files: marks, contexts, journal. Stands in each warcinfo record."""
VERSION_FIELD = "newscrawl-archive"
JOURNAL_URI = "urn:newscrawl:journal"
"""The address of the records that tell what became of the answers, see storage.journal."""
_WARC_VERSIONS = (b"WARC/1.0", b"WARC/1.1", b"WARC/0.17", b"WARC/0.18")
_LOADER = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
_BUFFER = 256 * 1024
_MOST_UNREADABLE = 100
"""A file in which so many come before the first that can be read is none of ours."""
logging.getLogger("warcio").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class ArchiveProblem:
    """A part of an archive that cannot be read; the rest was or will be."""

    path: Path
    offset: int
    """Where the record begins, in bytes."""
    reason: str
    url: str = ""
    cut: bool = False
    """True where the file ends within the record: what a killed writer leaves."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands."""

    path: Path
    offset: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record that is of use: its own headers, the HTTP answer's, and its bytes as they came."""

    place: Place
    kind: str
    """response or revisit of an answer over HTTP, metadata of newscrawl's own journal."""
    marks: Any = field(repr=False)
    """warcio's StatusAndHeaders of the record; the answer's are in `answer`, None in a bare revisit."""
    answer: Any = field(repr=False)
    payload: bytes = field(repr=False)

    @property
    def url(self) -> str:
        """The record's address."""
        return self.mark("WARC-Target-URI")

    @property
    def digest(self) -> str:
        """The digest of the payload as the record tells it."""
        return self.mark("WARC-Payload-Digest")

    def mark(self, name: str) -> str:
        """A header of the record; "" where it is missing."""
        value: str | None = self.marks.get_header(name)
        return value or ""


class UnreadableError(Exception):
    """A record that cannot be used; the next one may be."""


def records_of(path: Path, on_problem: Callable[[ArchiveProblem], None]) -> Iterator[Record]:
    """The answers and the journal in one file, in order. What is broken is told to `on_problem`.

    UsageError for a file that is no WARC file, or of a newer newscrawl.
    """
    try:
        yield from _read_file(path, on_problem)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _read_file(path: Path, on_problem: Callable[[ArchiveProblem], None]) -> Iterator[Record]:
    readable = False
    problems: list[ArchiveProblem] = []
    with path.open("rb", buffering=_BUFFER) as file:
        for frame in frames(file):
            try:
                record = _record(frame, path)
                readable = True
            except UnreadableError as error:
                problem = ArchiveProblem(path, frame.offset, str(error), cut=frame.cut)
                (on_problem if readable else problems.append)(problem)
                if len(problems) > _MOST_UNREADABLE:
                    break
                continue
            if record:
                yield record
    if not readable:
        _refuse_what_is_none(path, problems)
    for problem in problems:
        on_problem(problem)


def record_at(place: Place) -> Record:
    """The record at a place; UnreadableError when there is none of use."""
    try:
        with place.path.open("rb", buffering=_BUFFER) as file:
            frame = frame_at(file, place.offset)
    except OSError as error:
        raise UnreadableError(f"the file cannot be read: {error.strerror}") from error
    record = _record(frame, place.path) if frame else None
    if record is None:
        raise UnreadableError("there is no such record")
    return record


def digest_of(payload: bytes) -> str:
    """The payload digest as WARC files have it."""
    sha1 = hashlib.sha1(payload, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(sha1).decode()}"


def _record(frame: Frame, path: Path) -> Record | None:
    """The record when it is of use to us, None for any other; UnreadableError for a broken one."""
    if frame.problem:
        raise UnreadableError(frame.problem)
    _check_warc(frame.raw, path)
    stream = BytesIO(frame.raw)
    try:
        parsed = _LOADER.parse_record_stream(stream, known_format="warc")
        payload = parsed.raw_stream.read()
    except Exception as error:  # warcio raises all sorts of errors over bytes that are no record
        raise UnreadableError(f"the record cannot be read: {error!r}") from error
    _check_whole(parsed, payload, stream)
    if parsed.rec_type == "warcinfo":
        _check_version(payload, path)
    if not _is_of_use(parsed):
        return None
    return Record(Place(path, frame.offset), parsed.rec_type, parsed.rec_headers, parsed.http_headers, payload)


def _check_warc(raw: bytes, path: Path) -> None:
    if not raw.startswith(archive_frames.WARC_MAGIC):
        raise UnreadableError(f"unpacked it begins with {raw[:20]!r}")
    version = raw.split(b"\n", 1)[0].strip()
    if version not in _WARC_VERSIONS:
        raise UsageError(f"{path} has records of the form {version[:20].decode('latin-1')}; WARC/1.0 and 1.1 are read")


def _check_version(payload: bytes, path: Path) -> None:
    told = re.search(rf"(?m)^{VERSION_FIELD}:\s*(\d+)", payload.decode("utf-8", "replace"))
    if told and int(told[1]) > ARCHIVE_VERSION:
        raise UsageError(
            f"{path} was written by a newer newscrawl (archive version {told[1]}; this one knows {ARCHIVE_VERSION})"
        )


def _check_whole(parsed: Any, payload: bytes, stream: BytesIO) -> None:
    if parsed.rec_type is None or parsed.length is None:
        raise UnreadableError("the record's own headers end too early")
    if parsed.length > archive_frames.MAX_RECORD_BYTES:
        raise UnreadableError(f"the record is longer than {archive_frames.MAX_RECORD_BYTES} bytes")
    expected = parsed.payload_length if parsed.payload_length >= 0 else parsed.length
    if len(payload) < expected:
        raise UnreadableError(f"the record ends {expected - len(payload)} bytes too early")
    if stream.read(8).strip():
        raise UnreadableError("one gzip member holds several records: `warcio recompress` makes a readable file of it")


def _is_of_use(parsed: Any) -> bool:
    address = parsed.rec_headers.get_header("WARC-Target-URI") or ""
    if parsed.rec_type == "metadata":
        return bool(address == JOURNAL_URI)
    return parsed.rec_type in {"response", "revisit"} and address.startswith(("http://", "https://"))


def _refuse_what_is_none(path: Path, problems: list[ArchiveProblem]) -> None:
    """UsageError when no record was found and it is not for want of bytes.

    A killed writer leaves short files, a power cut such as hold nothing but zeros.
    """
    with path.open("rb") as file:
        seen = file.read(20)
    if not seen:
        problems.append(ArchiveProblem(path, 0, "the file is empty", cut=True))
    elif seen.strip(b"\0") and not any(problem.cut for problem in problems):
        why = f": {problems[0].reason}" if seen.startswith((archive_frames.GZIP_MAGIC, b"WARC/")) and problems else ""
        raise UsageError(f"{path} is no WARC file that can be read{why or f': it begins with {seen!r}'}")
