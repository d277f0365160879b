"""The bytes of an archived answer without chunks and content encoding."""

import importlib
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from warcio.bufferedreaders import ChunkedDataReader

MAX_BODY_BYTES = 64 * 1024 * 1024
"""A body that unpacks to more is refused: nothing that news sites send is so long."""
MOST_ENCODINGS = 4
"""Layers of packing: a server and its caches put one or two; a header has room for thousands."""
_PIECE = 64 * 1024


def encodings_of(header: str) -> list[str]:
    """The names in a Content-Encoding header, in the order in which they were applied."""
    return [name for each in header.split(",") if (name := each.strip().lower())]


def decode_body(payload: bytes, transfer_encoding: str, content_encoding: str) -> bytes:
    """The body as a reader needs it. ValueError when it cannot be unpacked, is cut short, or unpacks to too much.

    Unlike Scrapy's own unpacking, which hands on what there is: an archive must never give a shorter body.
    """
    if "chunked" in transfer_encoding.lower():
        payload = _unchunked(payload)
    encodings = encodings_of(content_encoding)
    if len(encodings) > MOST_ENCODINGS:
        raise ValueError(f"the body is packed {len(encodings)} times")
    for encoding in reversed(encodings):
        payload = _decoder(encoding)(payload) if payload else b""
    return payload


def _unchunked(payload: bytes) -> bytes:
    reader = ChunkedDataReader(BytesIO(payload))
    return b"".join(iter(lambda: reader.read(_PIECE), b""))


def _decoder(encoding: str) -> Callable[[bytes], bytes]:
    match encoding:
        case "" | "identity":
            return bytes
        case "gzip" | "x-gzip":
            return _gunzip
        case "deflate":
            return _inflate
        case "br":
            return _unbrotli
        case "zstd":
            return _unzstd
    raise ValueError(f"the content encoding {encoding} is not known")


def _gunzip(payload: bytes) -> bytes:
    """All members of a gzip file; zero bytes after the last are padding."""
    body = b""
    while payload.strip(b"\0"):
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        body += _unpacked(unpacker, payload, zlib.error, MAX_BODY_BYTES - len(body))
        payload = unpacker.unused_data
    return body


def _inflate(payload: bytes) -> bytes:
    """The form with zlib's two bytes of header, as the standard wants it, or the bare one: servers send either."""
    has_header = payload[0] & 0x0F == 8 and int.from_bytes(payload[:2]) % 31 == 0
    window = zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
    return _unpacked(zlib.decompressobj(window), payload, zlib.error, MAX_BODY_BYTES)


def _unzstd(payload: bytes) -> bytes:
    # Scrapy brings this package along where Python itself has no zstd yet.
    zstd = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    return _unpacked(zstd.ZstdDecompressor(), payload, zstd.ZstdError, MAX_BODY_BYTES)


def _unbrotli(payload: bytes) -> bytes:
    brotli = importlib.import_module("brotli")  # comes with Scrapy
    unpacker, body = brotli.Decompressor(), bytearray()
    try:
        piece = unpacker.process(payload, output_buffer_limit=_PIECE)
        while piece:
            body += piece
            _within_limit(body)
            piece = unpacker.process(b"", output_buffer_limit=_PIECE)
    except brotli.error as error:
        raise ValueError(f"the body cannot be unpacked: {error}") from error
    if not unpacker.is_finished():
        raise ValueError("the packed body is cut short")
    return bytes(body)


def _unpacked(unpacker: Any, payload: bytes, failure: type[Exception], limit: int) -> bytes:
    """What the first stream of `payload` holds."""
    try:
        body: bytes = unpacker.decompress(payload, limit + 1)
    except failure as error:
        raise ValueError(f"the body cannot be unpacked: {error}") from error
    _within_limit(body, limit)
    if not unpacker.eof:
        raise ValueError("the packed body is cut short")
    return body


def _within_limit(body: bytes | bytearray, limit: int | None = None) -> None:
    if len(body) > (MAX_BODY_BYTES if limit is None else limit):
        raise ValueError(f"the body unpacks to more than {MAX_BODY_BYTES} bytes")
