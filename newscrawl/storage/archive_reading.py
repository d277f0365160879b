"""Reading an archive, newscrawl's own or a foreign one, from its first answer to its last."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.errors import UsageError
from newscrawl.storage.archive_decoding import decode_body
from newscrawl.storage.archive_records import (
    ArchiveProblem,
    Place,
    Record,
    UnreadableError,
    digest_of,
    record_at,
    records_of,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedAnswer:
    """One answer as it was archived."""

    url: str
    """The public address."""
    asked: str | None
    """The address that was really asked, where --base-url stood in."""
    source: str
    """The source's name; "" in a foreign archive."""
    role: str
    """listing, page, robots or other; page in a foreign archive."""
    context: Mapping[str, str]
    """What the spider needs to go on with the answer."""
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    """As they came: those about encoding and length are of the body before it was unpacked."""
    body: bytes = field(repr=False)
    """Without content encoding and chunks."""
    fetched_at: datetime


def log_problem(problem: ArchiveProblem) -> None:
    """Says in the log what could not be read."""
    log.warning("%s at byte %d: %s %s", problem.path, problem.offset, problem.reason, problem.url)


def read_archive(
    paths: Iterable[Path], *, on_problem: Callable[[ArchiveProblem], None] = log_problem
) -> Iterator[ArchivedAnswer]:
    """Every answer in these WARC files (a folder stands for those in it), in order.

    A revisit gets the bytes of the record that it points at, wherever in these files that stands; one that points at a
    later record comes at the end. What cannot be read goes to `on_problem`: one record or, where a record is cut short,
    the rest of its file. UsageError for a path where nothing is.
    """
    files = _files(paths)
    payloads: dict[str, Place] = {}
    early: list[Record] = []
    for path in files:
        for record in records_of(path, on_problem):
            if record.kind == "revisit" and record.digest not in payloads:
                early.append(record)
                continue
            if record.kind == "response" and _is_sound(record):
                payloads[digest_of(record.payload)] = record.place
            yield from _answer(record, payloads, on_problem)
    for record in early:
        yield from _answer(record, payloads, on_problem)


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(file for file in path.iterdir() if file.name.endswith((".warc", ".warc.gz")))
        elif path.exists():
            files.append(path)
        else:
            raise UsageError(f"there is no archive at {path}")
    return files


def _answer(
    record: Record, payloads: Mapping[str, Place], on_problem: Callable[[ArchiveProblem], None]
) -> Iterator[ArchivedAnswer]:
    """The record's answer, or nothing and a word to `on_problem`."""
    try:
        yield _read(record, _original(record, payloads))
    except (UnreadableError, ValueError) as error:
        on_problem(ArchiveProblem(record.place.path, record.place.offset, str(error), record.url))


def _original(record: Record, payloads: Mapping[str, Place]) -> Record:
    """The record that holds the bytes: a revisit's is elsewhere."""
    if record.kind == "response":
        if not _is_sound(record):
            raise UnreadableError("the bytes are not those that were archived")
        return record
    if record.digest not in payloads:
        raise UnreadableError("the record that it points at is not in these files")
    return record_at(payloads[record.digest])


def _is_sound(record: Record) -> bool:
    """Whether the bytes of a record of ours are those of its digest; foreign digests differ in what they cover."""
    return not record.mark("WARC-Newscrawl-Source") or record.digest == digest_of(record.payload)


def _read(record: Record, original: Record) -> ArchivedAnswer:
    answer = record.answer or original.answer
    if answer is None:
        raise UnreadableError("it has no HTTP headers")
    status, _, reason = answer.statusline.partition(" ")
    encodings = (original.answer or answer).get_header
    return ArchivedAnswer(
        url=record.url,
        asked=record.mark("WARC-Newscrawl-Asked") or None,
        source=record.mark("WARC-Newscrawl-Source"),
        role=record.mark("WARC-Newscrawl-Role") or "page",
        context=json.loads(record.mark("WARC-Newscrawl-Context") or "{}"),
        status=int(status),
        reason=reason,
        headers=tuple((name, value) for name, value in answer.headers),
        body=decode_body(original.payload, encodings("Transfer-Encoding") or "", encodings("Content-Encoding") or ""),
        fetched_at=datetime.fromisoformat(record.mark("WARC-Date")).astimezone(UTC),
    )
