"""The bytes of an archived answer without chunks and content encoding."""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from warcio.bufferedreaders import BufferedReader, ChunkedDataReader

MAX_BODY_BYTES = 64 * 1024 * 1024
"""A body that unpacks to more is refused: nothing that news sites send is so long."""
_PIECE = 64 * 1024


def decode_body(payload: bytes, transfer_encoding: str, content_encoding: str) -> bytes:
    """The body as a reader needs it. ValueError when it cannot be unpacked, is cut short, or unpacks to too much."""
    if "chunked" in transfer_encoding.lower():
        payload = _read(ChunkedDataReader(BytesIO(payload)))
    for encoding in reversed([name.strip().lower() for name in content_encoding.split(",")]):
        payload = _decoder(encoding)(payload)
    return payload


def _decoder(encoding: str) -> Callable[[bytes], bytes]:
    match encoding:
        case "" | "identity":
            return bytes
        case "gzip" | "x-gzip":
            return _gunzip
        case "deflate":
            return _inflate
        case "br":
            return lambda payload: _read(BufferedReader(BytesIO(payload), decomp_type="br"))
    raise ValueError(f"the content encoding {encoding} is not known")


def _gunzip(payload: bytes) -> bytes:
    """All members of a gzip file; zero bytes after the last are padding."""
    body = b""
    while payload.strip(b"\0"):
        piece, payload = _unzip(payload, 16 + zlib.MAX_WBITS, MAX_BODY_BYTES - len(body))
        body += piece
    return body


def _inflate(payload: bytes) -> bytes:
    """The bare or (as the standard wants it) the zlib form: servers send either."""
    if not payload:
        return b""
    try:
        return _unzip(payload, zlib.MAX_WBITS, MAX_BODY_BYTES)[0]
    except ValueError:
        return _unzip(payload, -zlib.MAX_WBITS, MAX_BODY_BYTES)[0]


def _unzip(payload: bytes, form: int, limit: int) -> tuple[bytes, bytes]:
    """What the first stream of `payload` holds, and what follows it."""
    unpacker = zlib.decompressobj(form)
    try:
        body = unpacker.decompress(payload, limit + 1)
    except zlib.error as error:
        raise ValueError(f"the body cannot be unpacked: {error}") from error
    if len(body) > limit:
        raise ValueError(f"the body unpacks to more than {MAX_BODY_BYTES} bytes")
    if not unpacker.eof:
        raise ValueError("the packed body is cut short")
    return body, unpacker.unused_data


def _read(reader: Any) -> bytes:
    body = bytearray()
    while piece := reader.read(_PIECE):
        body += piece
        if len(body) > MAX_BODY_BYTES:
            raise ValueError(f"the body unpacks to more than {MAX_BODY_BYTES} bytes")
    return bytes(body)
