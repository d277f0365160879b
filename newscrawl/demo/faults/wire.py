"""Faults of the connection: what is sent, how fast, and where it ends."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from threading import Event

from newscrawl.demo.answers import Answer
from newscrawl.demo.faults.kinds import Context, page

BOMB_BYTES = 64 * 1024 * 1024
ENDLESS_BYTES = 64 * 1024 * 1024
PIECE_SECONDS = 0.25
_NOTHING = Answer(status=0)


def _half(answer: Answer) -> bytes:
    return answer.body[: len(answer.body) // 2]


def _wait(closing: Event) -> Iterator[bytes]:
    closing.wait()
    return
    yield b""


def hang(_: Answer, context: Context) -> Answer:
    """An answer that never comes."""
    return replace(_NOTHING, more=_wait(context.closing), cut="close")


def _stall(answer: Answer, context: Context) -> Answer:
    return replace(answer, body=_half(answer), length=len(answer.body), more=_wait(context.closing), cut="close")


def _slow(answer: Answer, context: Context) -> Answer:
    return replace(answer, body=b"", length=len(answer.body), more=_dribble(answer.body, context.closing))


def _dribble(body: bytes, closing: Event) -> Iterator[bytes]:
    step = len(body) // 40 + 1
    for start in range(0, len(body), step):
        if closing.wait(PIECE_SECONDS):
            return
        yield body[start : start + step]


def _endless(answer: Answer, _: Context) -> Answer:
    block = "<p>没有尽头的一段话。</p>".encode() * 2000
    return replace(answer, length=-1, more=(block for _ in range(ENDLESS_BYTES // len(block))), cut="close")


def _reset(answer: Answer, _: Context) -> Answer:
    return replace(answer, body=_half(answer), length=len(answer.body), cut="reset")


def _truncated(answer: Answer, _: Context) -> Answer:
    return replace(answer, body=_half(answer), length=len(answer.body), cut="close")


def _short(answer: Answer, _: Context) -> Answer:
    return replace(answer, body=_half(answer), cut="close")


def _unframed(answer: Answer, _: Context) -> Answer:
    return replace(answer, body=_half(answer), length=-1, cut="close")


def _chunked(answer: Answer, tail: bytes) -> Answer:
    half = _half(answer)
    body = f"{len(half):x}\r\n".encode() + half + b"\r\n" + tail
    headers = (*answer.headers, ("Transfer-Encoding", "chunked"))
    return replace(answer, body=body, headers=headers, length=-1, cut="close")


def _encoded(answer: Answer, name: str, body: bytes) -> Answer:
    return replace(answer, body=body, headers=(*answer.headers, ("Content-Encoding", name)))


def _cut_gzip(answer: Answer, _: Context) -> Answer:
    packed = gzip.compress(answer.body, mtime=0)
    return _encoded(answer, "gzip", packed[: len(packed) * 2 // 3])


def _broken_gzip(answer: Answer, _: Context) -> Answer:
    packed = bytearray(gzip.compress(answer.body, mtime=0))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    return _encoded(answer, "gzip", bytes(packed))


@cache
def _bomb(wrapping: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wrapping)
    block = bytes(1024 * 1024)
    return b"".join(packer.compress(block) for _ in range(BOMB_BYTES // len(block))) + packer.flush()


WIRE = {
    "hang": page("no answer at all until the site closes", hang),
    "stall": page("half of the page, then nothing more", _stall),
    "slow_body": page("the page in forty pieces, a quarter of a second apart", _slow),
    "endless_body": page("a page that goes on for 64 MB", _endless),
    "close_before_headers": page("the connection ends with no answer", lambda _, __: replace(_NOTHING, cut="close")),
    "reset": page("the connection is reset in mid-page", _reset),
    "truncated_cl": page("half of the page under the length of the whole", _truncated),
    "truncated_chunked": page("chunks that end without the last one", lambda answer, _: _chunked(answer, b"")),
    "bad_chunk": page("a chunk whose size is no number", lambda answer, _: _chunked(answer, b"zz\r\n")),
    "short_cl": page("half of the page, and a Content-Length that agrees", _short),
    "no_cl_close": page("half of the page with no Content-Length, then the end", _unframed),
    "garbage_status": page(
        "a status line that is none", lambda _, __: replace(_NOTHING, body=b"HELLO\r\n\r\n", cut="close")
    ),
    "gzip": page("the page in gzip: no fault", lambda a, _: _encoded(a, "gzip", gzip.compress(a.body, mtime=0))),
    "truncated_gzip": page("gzip that ends after two thirds", _cut_gzip),
    "bad_gzip": page("gzip with forty broken bytes", _broken_gzip),
    "not_gzip": page("Content-Encoding gzip on plain bytes", lambda answer, _: _encoded(answer, "gzip", answer.body)),
    "gzip_bomb": page("64 MB of zeros in gzip", lambda answer, _: _encoded(answer, "gzip", _bomb(31))),
    "deflate_bomb": page("64 MB of zeros in deflate", lambda answer, _: _encoded(answer, "deflate", _bomb(15))),
    "unknown_encoding": page(
        "a Content-Encoding that nobody knows", lambda a, _: _encoded(a, "x-unheard-of", zlib.compress(a.body))
    ),
}
