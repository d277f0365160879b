"""Where records begin and end in a WARC file, plain or in gzip members: each whole, or a word on why it is not."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

MAX_RECORD_BYTES = 64 * 1024 * 1024
"""A longer record (foreign archives hold films) is reported, not read."""
MAX_HEADER_BYTES = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b\x08"
WARC_MAGIC = b"WARC/"
_PIECE = 64 * 1024
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,18})[ \t]*\r?$")
"""A longer number is no place in a file."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One record, headers and block, as it stands in the file."""

    offset: int
    """Where it begins, in bytes of the file."""
    raw: bytes = field(repr=False)
    """Unpacked; what there was of it where it is not whole."""
    problem: str = ""
    """Why it is not whole; "" when it is."""
    cut: bool = False
    """True where the file ends within it: the mark of a writer that was killed."""
    end: int | None = None
    """Where the next one begins; None when that cannot be told."""


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Every record of a file, in order.

    Behind a damaged one the next gzip member is looked for; in a plain file nothing behind it can be told apart.
    """
    offset: int | None = 0
    packed = _begins_with(file, 0, GZIP_MAGIC) or not _begins_with(file, 0, WARC_MAGIC)
    while offset is not None:
        frame = _member(file, offset) if packed else _plain(file, offset)
        if frame is None:
            return
        offset = frame.end
        if frame.problem and packed and offset is None:
            offset = _next_member(file, frame.offset + 1)
            frame = Frame(frame.offset, frame.raw, frame.problem, frame.cut and offset is None, offset)
        yield frame


def frame_at(file: BinaryIO, offset: int) -> Frame | None:
    """The record that begins there; None at the end of the file."""
    return _member(file, offset) if _begins_with(file, offset, GZIP_MAGIC) else _plain(file, offset)


def _begins_with(file: BinaryIO, offset: int, magic: bytes) -> bool:
    file.seek(offset)
    return file.read(len(magic)) == magic


def _member(file: BinaryIO, offset: int) -> Frame | None:
    """One gzip member; of one that is too long only so much as may be read."""
    file.seek(offset)
    unpacker, raw, limit = zlib.decompressobj(16 + zlib.MAX_WBITS), bytearray(), MAX_RECORD_BYTES + MAX_HEADER_BYTES
    while not unpacker.eof:
        piece = unpacker.unconsumed_tail or file.read(_PIECE)
        try:
            unpacked = unpacker.decompress(piece, _PIECE)
        except zlib.error as error:
            return Frame(offset, bytes(raw), f"the record is damaged: {error}")
        if not piece and not unpacked and not unpacker.eof:
            return Frame(offset, bytes(raw), "the record ends too early", cut=True) if file.tell() > offset else None
        raw += unpacked[: max(limit - len(raw), 0)]
    end = file.tell() - len(unpacker.unused_data)
    return Frame(offset, bytes(raw), _too_long(raw), end=end)


def _too_long(raw: bytes | bytearray) -> str:
    if len(raw) < MAX_RECORD_BYTES + MAX_HEADER_BYTES:
        return ""
    return f"the record is longer than {MAX_RECORD_BYTES} bytes"


def _next_member(file: BinaryIO, offset: int) -> int | None:
    """Where the next gzip member begins that holds a record; None when there is none."""
    file.seek(offset)
    window = b""
    while piece := file.read(_PIECE):
        window += piece
        start = file.tell() - len(window)
        at = window.find(GZIP_MAGIC)
        while at >= 0:
            if _holds_record(file, start + at):
                return start + at
            at = window.find(GZIP_MAGIC, at + 1)
        file.seek(start + len(window))
        window = window[-len(GZIP_MAGIC) + 1 :]
    return None


def _holds_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        text = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(file.read(_PIECE), len(WARC_MAGIC))
    except zlib.error:
        return False
    return text == WARC_MAGIC


def _plain(file: BinaryIO, offset: int) -> Frame | None:
    file.seek(offset)
    head = _head(file)
    if not head.strip():
        return None
    if not head.startswith(WARC_MAGIC[: len(head)]):
        return Frame(offset, head, "no record begins here")
    if not head.endswith((b"\n\r\n", b"\n\n")):
        return Frame(offset, head, "the record's own headers end too early", cut=len(head) < MAX_HEADER_BYTES)
    length = _LENGTH.search(head)
    if not length:
        return Frame(offset, head, "the record does not tell its length")
    return _block(file, offset, head, int(length[1]))


def _head(file: BinaryIO) -> bytes:
    """The record's own headers with the empty line behind them; empty lines before them belong to no record."""
    head = b""
    while len(head) < MAX_HEADER_BYTES and (line := file.readline(MAX_HEADER_BYTES)):
        if not head and not line.strip():
            continue
        head += line
        if not line.strip():
            break
    return head


def _block(file: BinaryIO, offset: int, head: bytes, length: int) -> Frame:
    end = file.tell() + length
    if length > MAX_RECORD_BYTES:
        return Frame(offset, head, f"the record is longer than {MAX_RECORD_BYTES} bytes", end=end)
    block = file.read(length)
    if len(block) < length:
        return Frame(offset, head + block, f"the record ends {length - len(block)} bytes too early", cut=True)
    return Frame(offset, head + block, end=end)
