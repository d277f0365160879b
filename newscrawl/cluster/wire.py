"""How requests, answers and articles are written down for the way through Redis: JSON, and bytes as they are.

No pickle: whoever can write into the Redis would run code on every machine that reads it.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from newscrawl.errors import UsageError
from newscrawl.items import Article, Image, Stock, Tag

_MOST_BYTES = 128 * 1024 * 1024
"""A story of 50 parts, and twice as much."""


class Serializer:
    """scrapy-redis's serializer: a request's dict as JSON, bytes marked. A walk over a list is told by its number."""

    def __init__(self, walks: Sequence[Any] = ()) -> None:
        self.walks = walks

    def dumps(self, record: Mapping[str, Any]) -> bytes:
        """As JSON."""
        return json.dumps(self._plain(record)).encode()

    def loads(self, text: bytes) -> Any:
        """The record again. A walk's number stays a number where there are no walks: with a worker."""
        return json.loads(text, object_hook=self._marked)

    def _plain(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return {"bytes": value.decode("latin-1")}
        if isinstance(value, Mapping):
            if all(isinstance(name, str) for name in value):
                return {name: self._plain(each) for name, each in value.items()}
            return {"pairs": [[self._plain(name), self._plain(each)] for name, each in value.items()]}
        if isinstance(value, list | tuple):
            return [self._plain(each) for each in value]
        number = next((i for i, walk in enumerate(self.walks) if walk is value), None)
        return value if number is None else {"walk": number}

    def _marked(self, told: dict[str, Any]) -> Any:
        match told:
            case {"bytes": str(text), **rest} if not rest:
                return text.encode("latin-1")
            case {"pairs": list(pairs), **rest} if not rest:
                return dict(pairs)
            case {"walk": int(number), **rest} if not rest and self.walks:
                return self.walks[number]
        return told


@dataclass(slots=True)
class Unit:
    """All that came of one task, in the order in which it came."""

    answers: list[dict[str, Any]] = field(default_factory=list)
    """For the archive, each as Archive.write takes it."""
    events: list[list[Any]] = field(default_factory=list)
    """What the collector's books are to be told: [name, …], see books.Books."""
    request: bytes = b""
    """Of a list: the request, for the collector reads what it holds."""
    answer: dict[str, Any] | None = None
    """Of a list: url, status, headers, body, meta; None where there was none (see `events`)."""


def pack(unit: Unit) -> bytes:
    """A unit for the stream."""
    bodies: list[bytes] = []

    def apart(value: object) -> Any:
        if isinstance(value, bytes):
            if value not in bodies:
                bodies.append(value)
            return {"body": bodies.index(value)}
        if isinstance(value, datetime):
            return {"moment": value.isoformat()}
        raise TypeError(f"{type(value).__name__} is not sent")

    told = json.dumps(asdict(unit), default=apart).encode()
    head = json.dumps([len(told), *map(len, bodies)]).encode()
    return zlib.compress(b"\n".join((head, b"".join((told, *bodies)))), 1)


def unpack(sent: bytes) -> Unit:
    """A unit of the stream. UsageError for what is none."""
    try:
        head, _, rest = zlib.decompressobj().decompress(sent, _MOST_BYTES).partition(b"\n")
        parts, at = [], 0
        for length in json.loads(head):
            parts.append(rest[at : at + length])
            at += length
        told, *bodies = parts

        def together(value: dict[str, Any]) -> Any:
            match value:
                case {"body": int(number), **others} if not others:
                    return bodies[number]
                case {"moment": str(text), **others} if not others:
                    return datetime.fromisoformat(text)
            return value

        return Unit(**json.loads(told, object_hook=together))
    except (zlib.error, ValueError, LookupError, TypeError, RecursionError) as error:
        raise UsageError(f"the stream holds what no worker of this version wrote: {error}") from error


def article_record(article: Article) -> dict[str, Any]:
    """An article for the stream."""
    record = asdict(article)
    del record["image_urls"]
    return record


def article_of(record: Mapping[str, Any]) -> Article:
    """The article again."""
    parts = {
        "images": tuple(Image(**image) for image in record["images"]),
        "stocks": tuple(Stock(**stock) for stock in record["stocks"]),
        "tags": tuple(Tag(**tag) for tag in record["tags"]),
        "seen_at": tuple(record["seen_at"]),
    }
    return Article(**{**record, **parts})
