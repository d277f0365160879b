"""WARC records as they stand in a file. All dealings with warcio's reader, which is forgiving where we must not be."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

MAX_RECORD_BYTES = 64 * 1024 * 1024
"""A longer record (foreign archives hold films) is reported, not read."""
_ANSWERS = ("response", "revisit")


@dataclass(frozen=True, slots=True)
class ArchiveProblem:
    """A part of an archive that cannot be read; the rest was or will be."""

    path: Path
    offset: int
    """Where the record begins, in bytes."""
    reason: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands."""

    path: Path
    offset: int


@dataclass(frozen=True, slots=True)
class Record:
    """A response or revisit record, its own headers, the HTTP answer's, and its bytes as they came."""

    place: Place
    kind: str
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


class _CutShortError(Exception):
    """A record that ends too early: what follows in the file cannot be told apart."""


def records_of(path: Path, on_problem: Callable[[ArchiveProblem], None]) -> Iterator[Record]:
    """The answers in one file, in order. A broken record is told to `on_problem`; one cut short ends the file."""
    with path.open("rb") as file:
        source = ArchiveIterator(file)
        while True:
            try:
                record = _next(source, path)
            except StopIteration:
                return
            except UnreadableError as error:
                on_problem(ArchiveProblem(path, source.offset, str(error)))
                continue
            except Exception as error:  # warcio raises all sorts of errors over bytes that are no record
                on_problem(ArchiveProblem(path, source.offset, f"the file cannot be read from here on: {error!r}"))
                return
            if record:
                yield record


def record_at(place: Place) -> Record:
    """The record at a place; UnreadableError when there is none."""
    try:
        with place.path.open("rb") as file:
            file.seek(place.offset)
            record = _next(ArchiveIterator(file), place.path)
    except Exception as error:
        raise UnreadableError(f"the record it points at cannot be read: {error!r}") from error
    if record is None:
        raise UnreadableError("it points at no answer")
    return record


def digest_of(payload: bytes) -> str:
    """The payload digest as WARC files have it."""
    sha1 = hashlib.sha1(payload, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(sha1).decode()}"


def _next(source: Any, path: Path) -> Record | None:
    """The next record when it is an answer over HTTP, None when it is something else."""
    raw = next(source)
    if raw.rec_type is None or raw.length is None:
        raise _CutShortError("the record's own headers end too early")
    if raw.rec_type not in _ANSWERS or not _is_http(raw):
        return None
    if raw.length > MAX_RECORD_BYTES:
        raise UnreadableError(f"the record is longer than {MAX_RECORD_BYTES} bytes")
    payload = raw.raw_stream.read()
    if raw.rec_type == "response" and len(payload) < raw.payload_length:
        raise _CutShortError(f"the record ends {raw.payload_length - len(payload)} bytes too early")
    return Record(Place(path, source.offset), raw.rec_type, raw.rec_headers, raw.http_headers, payload)


def _is_http(raw: Any) -> bool:
    return (raw.rec_headers.get_header("WARC-Target-URI") or "").startswith(("http://", "https://"))
