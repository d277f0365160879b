"""What a handler gets and gives: pure values, so that faults can change them before they are sent."""

import hashlib
import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from newscrawl.demo.story import Story


@dataclass(frozen=True, slots=True)
class Request:
    """One request: the path as asked, the query's pairs decoded, in order."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    target: str = ""
    """Path and query as sent."""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Names in lower case."""

    @classmethod
    def parse(cls, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> "Request":
        """From a request line and its headers."""
        parts = urlsplit(target)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        return cls(parts.path, query, target, method, {k.lower(): v for k, v in (headers or {}).items()})

    def get(self, name: str, default: str = "") -> str:
        """A parameter's first value."""
        return next((value for key, value in self.query if key == name), default)

    def number(self, name: str, default: int) -> int:
        """A parameter as a whole number; the default when it is none."""
        value = self.get(name)
        return int(value) if value.isascii() and value.isdigit() else default


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `send`, where set by a fault, says in what pieces and how far the bytes go out."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    """A Content-Length other than the body's; -1 sends none and closes."""
    more: Iterator[bytes] | None = field(default=None, compare=False)
    """Further pieces after the body (slow, endless); the connection is closed after them."""
    cut: str = ""
    """How the connection ends early: "reset", "close"; "" for an ordinary end."""


def conditional(answer: Answer, request: Request) -> Answer:
    """The answer with an ETag; 304 without a body to who has it already."""
    tag = f'"{hashlib.sha1(answer.body, usedforsecurity=False).hexdigest()[:16]}"'
    headers = (*answer.headers, ("ETag", tag))
    if request.headers.get("if-none-match") == tag:
        return Answer(b"", "", 304, headers)
    return replace(answer, headers=headers)


def html_answer(text: str) -> Answer:
    """A page in UTF-8."""
    return Answer(text.encode())


def json_answer(value: Any) -> Answer:
    """JSON as the sites' servers write it: no spaces, Chinese as it is, `<`, `>` and `&` escaped."""
    return Answer(dump_json(value).encode(), "application/json; charset=utf-8")


def dump_json(value: Any) -> str:
    """The text of `json_answer`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def esc(text: str) -> str:
    """Text for HTML content."""
    return html.escape(text, quote=False)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request leads: its role ("page", "list", "image", "robots", "other") and the story of a page."""

    role: str
    answer: Answer
    story: Story | None = None
    part: int = 1
    """Which part of the story was asked for, whether it has so many or not."""
