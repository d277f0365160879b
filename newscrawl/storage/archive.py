"""The archive: every answer as it came, in WARC files that other tools can read."""

import json
import re
import string
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.storage.archive_catalogue import read_archive
from newscrawl.storage.archive_files import OpenFile, as_storage_error, prune
from newscrawl.storage.archive_index import DigestIndex
from newscrawl.storage.archive_reading import ArchivedAnswer
from newscrawl.storage.archive_records import ARCHIVE_VERSION, JOURNAL_URI, VERSION_FIELD, ArchiveProblem, digest_of

__all__ = ["Archive", "ArchiveProblem", "ArchivedAnswer", "prune", "read_archive"]

MIB = 1024 * 1024
_GZIP_LEVEL = 4
"""Of 183 real pages it takes a third of the time of warcio's own 9, for 5 % more bytes; most answers come packed."""
_AS_GZIP = 16 + zlib.MAX_WBITS


class Archive:
    """Writes answers into WARC/1.1 files under a folder; one open file for each process.

    A record is with the operating system when write() returns: killing the process loses nothing. The same bytes from
    the same address are not written again: a `revisit` record points at the first. A file is continued by later runs
    until it holds `max_file_bytes`; when a file is opened, the oldest others go until the folder holds no more than
    `max_total_bytes`. StorageError when the folder cannot be written to.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_file_bytes: int = 100 * MIB,
        max_total_bytes: int = 10 * 1024 * MIB,
        software: str = "newscrawl",
    ) -> None:
        self._folder, self._software = folder, software
        self._max_file_bytes, self._max_total_bytes = max_file_bytes, max_total_bytes
        self._file: OpenFile | None = None
        self._writer = WARCWriter(BytesIO(), gzip=False, warc_version="1.1")
        with as_storage_error(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._index = DigestIndex(folder)

    def write(
        self,
        *,
        url: str,
        asked: str | None,
        source: str,
        role: str,
        status: int,
        reason: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        fetched_at: datetime,
        context: Mapping[str, str] | None = None,
    ) -> None:
        """Archives one answer.

        `url` is the public address, `asked` the real one where --base-url stood in for it; `body` is as it came,
        content encoding and all, but without chunks; `role` is listing, page, robots or other; `context` is what a
        replay needs to hand the answer to the same method of its spider.
        """
        url, sha1 = _clean(url), digest_of(body)
        marks = _marks(fetched_at, source, role, asked, context)
        answer = StatusAndHeaders(_ascii(f"{status} {reason}"), _kept(headers), protocol="HTTP/1.1")
        with as_storage_error(self._folder):
            file = self._ready_file()
            first = self._index.find(url, sha1) if body else None
            if first:
                record = self._writer.create_revisit_record(url, sha1, url, first.date, answer, marks)
            else:
                record = self._response(url, answer, body, {**marks, "WARC-Payload-Digest": sha1})
            file.append(self._bytes(record))
        if first:
            self._index.remember(file.name, file.size)
        else:
            self._index.remember(file.name, file.size, url=url, sha1=sha1, date=marks["WARC-Date"])

    def note(self, payload: bytes, *, id: str, source: str, at: datetime) -> None:
        """Archives a record of the journal (see storage.journal), whose id tells its payload's digest.

        When it returns, that record and all that was written before are on the disk: losing power loses none of them.
        """
        with as_storage_error(self._folder):
            file = self._ready_file()
            marks = {"WARC-Record-ID": f"<{id}>", "WARC-Date": _utc(at), "WARC-Newscrawl-Source": _clean(source)}
            record = self._writer.create_warc_record(
                JOURNAL_URI,
                "metadata",
                payload=BytesIO(payload),
                length=len(payload),
                warc_content_type="application/json",
                warc_headers_dict=marks,
            )
            file.append(self._bytes(record))
            file.sync()
        self._index.remember(file.name, file.size)
        self._index.flush()

    def close(self) -> None:
        """Closes the open file and the index."""
        self._end_file()
        self._index.close()

    def _ready_file(self) -> OpenFile:
        """The file to append to, with room."""
        if self._file and self._file.size >= self._max_file_bytes:
            self._file.sync()
            self._end_file()
        if self._file is None:
            self._file = OpenFile.resume(self._folder, self._index.whole_files(), self._max_file_bytes)
            self._file = self._file or self._begin_file()
            prune(self._folder, self._max_total_bytes)
        return self._file

    def _begin_file(self) -> OpenFile:
        file = OpenFile.begin(self._folder)
        about = {"software": self._software, "format": "WARC file version 1.1", VERSION_FIELD: str(ARCHIVE_VERSION)}
        file.append(self._bytes(self._writer.create_warcinfo_record(file.name, about)))
        return file

    def _end_file(self) -> None:
        if self._file:
            self._index.flush()
            self._file.close()
            self._file = None

    def _response(self, url: str, answer: StatusAndHeaders, body: bytes, marks: Mapping[str, str]) -> Any:
        return self._writer.create_warc_record(
            url, "response", payload=BytesIO(body), length=len(body), http_headers=answer, warc_headers_dict=marks
        )

    def _bytes(self, record: Any) -> bytes:
        """The record as it stands in the file, compressed on its own."""
        self._writer.out = buffer = BytesIO()
        self._writer.write_record(record)
        return zlib.compress(buffer.getbuffer(), _GZIP_LEVEL, _AS_GZIP)


def _marks(
    fetched_at: datetime, source: str, role: str, asked: str | None, context: Mapping[str, str] | None
) -> dict[str, str]:
    """The record's headers that tell when it was fetched, for whom and to what end."""
    marks = {
        "WARC-Date": _utc(fetched_at),
        "WARC-Newscrawl-Source": _clean(source),
        "WARC-Newscrawl-Role": _clean(role),
    }
    if asked:
        marks["WARC-Newscrawl-Asked"] = _clean(asked)
    if context:
        marks["WARC-Newscrawl-Context"] = json.dumps(dict(context))
    return marks


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _kept(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The answer's headers, each on one line; chunks are undone already, so nothing may say that there are some."""
    cleaned = [(_ascii(name).replace(":", ""), _ascii(value)) for name, value in headers]
    return [(name, value) for name, value in cleaned if name and name.lower() != "transfer-encoding"]


def _clean(text: str) -> str:
    """Text that cannot end its line."""
    if text.isprintable():
        return text.strip()
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+", " ", text).strip()


def _ascii(text: str) -> str:
    """Text that cannot end its line, other characters than ASCII percent-encoded, as WARC readers expect of headers."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return quote(_clean(text), safe=string.printable)
