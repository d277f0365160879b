"""An archived answer, newscrawl's own or a foreign one, as it came."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from newscrawl.storage.archive_decoding import decode_body
from newscrawl.storage.archive_records import ArchiveProblem, Record, UnreadableError, digest_of

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

    def header(self, name: str) -> str:
        """The first header of this name; "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def log_problem(problem: ArchiveProblem) -> None:
    """Says in the log what could not be read."""
    log.warning("%s at byte %d: %s %s", problem.path, problem.offset, problem.reason, problem.url)


def is_own(record: Record) -> bool:
    """Whether newscrawl wrote it."""
    return bool(record.mark("WARC-Newscrawl-Source"))


def moment_of(record: Record) -> datetime:
    """When the record's answer came. ValueError where it does not tell."""
    return datetime.fromisoformat(record.mark("WARC-Date")).astimezone(UTC)


def context_of(record: Record) -> dict[str, str]:
    """What the record's own context says. ValueError where that cannot be read."""
    context = json.loads(record.mark("WARC-Newscrawl-Context") or "{}")
    if not isinstance(context, dict):
        raise ValueError("the record's context is no JSON object")
    return {str(name): str(value) for name, value in context.items()}


def read_answer(record: Record, original: Record) -> ArchivedAnswer:
    """The answer of a record whose bytes stand in `original` (itself, but for a revisit).

    UnreadableError or ValueError where they are damaged or cannot be unpacked.
    """
    # Foreign digests differ in what they cover.
    if is_own(original) and original.digest != digest_of(original.payload):
        raise UnreadableError("the bytes are not those that were archived")
    answer = record.answer or original.answer
    if not answer:
        raise UnreadableError("it has no HTTP headers")
    status, _, reason = answer.statusline.partition(" ")
    return ArchivedAnswer(
        url=record.url,
        asked=record.mark("WARC-Newscrawl-Asked") or None,
        source=record.mark("WARC-Newscrawl-Source"),
        role=record.mark("WARC-Newscrawl-Role") or "page",
        context=context_of(record),
        status=int(status),
        reason=reason,
        headers=tuple((name, value) for name, value in answer.headers),
        body=_body(original, original.answer or answer),
        fetched_at=moment_of(record),
    )


def _body(original: Record, headers: Any) -> bytes:
    encodings = (headers.get_header("Transfer-Encoding") or "", headers.get_header("Content-Encoding") or "")
    try:
        return decode_body(original.payload, *encodings)
    except ValueError:
        if is_own(original) or not _is_markup(original.payload):
            raise
    return original.payload  # some crawlers unpack the body and leave the header as it was


def _is_markup(payload: bytes) -> bool:
    return payload[:200].lstrip().startswith(b"<")
