"""Addresses of a story's images on each site, and tiny image files to answer with."""

import struct
import zlib
from functools import cache
from random import Random

from newscrawl.demo.markup import Picture
from newscrawl.demo.story import Story

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"
_JPEG_1X1 = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300"
    + "01" * 64
    + "ffc0000b080001000101011100ffc40014000100000000000000000000000000000009ffc40014100100000000000000"
    "000000000000000000ffda0008010100003f0054dfffd9"
)


def cls_address(story: Story, picture: Picture) -> str:
    """https://image.cls.cn/images/20261120/369AyYD8SW_1649x1106.png"""
    rng = Random(f"cls-{story.number}-{picture.number}")
    name = "".join(rng.choices(_LETTERS, k=10))
    ending = "jpeg" if picture.jpeg else "png"
    return f"https://image.cls.cn/images/{story.moment:%Y%m%d}/{name}_{picture.width}x{picture.height}.{ending}"


def eastmoney_address(story: Story, picture: Picture, *, full_size: bool = False) -> str:
    """https://dfscdn.dfcfw.com/download/D24662880987147834905_w832h618.jpg, or its original ending _o.jpg."""
    digits = 24_000_000_000_000_000_000 + Random(f"em-{story.number}-{picture.number}").randrange(2 * 10**18)
    size = f"w{picture.width}h{picture.height}{'_o' if full_size else ''}"
    return f"https://dfscdn.dfcfw.com/download/D{digits}_{size}.jpg"


@cache
def picture_bytes(path: str) -> tuple[str, bytes]:
    """Media type and bytes for an image path: a valid file of one pixel."""
    if path.lower().endswith((".jpg", ".jpeg")):
        return "image/jpeg", _JPEG_1X1
    return "image/png", _png(path)


def _png(path: str) -> bytes:
    grey = zlib.crc32(path.encode()) & 0xFF
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes([0, grey]))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
