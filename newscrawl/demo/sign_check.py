"""The sign of cls.cn's query, checked as the server does it; apart from the crawler's own function on purpose."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from newscrawl.demo.answers import Request

CURSORS = ("last_time", "page_index", "sortEnd")
"""What the lists' older pages are asked with."""


def expected_sign(parameters: Iterable[tuple[str, str]]) -> str:
    """The sign of all parameters but `sign` itself: sorted by name, joined raw, SHA-1 in hex, MD5 of that in hex."""
    signed = sorted((name, value) for name, value in parameters if name != "sign")
    text = "&".join(f"{name}={value}" for name, value in signed)
    inner = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return hashlib.md5(inner.encode(), usedforsecurity=False).hexdigest()


def sign_matches(parameters: Iterable[tuple[str, str]]) -> bool:
    """Whether the query carries the right sign."""
    given = list(parameters)
    return ("sign", expected_sign(given)) in given


def without_cursor(request: Request) -> Request:
    """The same request for the newest page: for the fault of a list that ignores its cursor."""
    query = [(name, value) for name, value in request.query if name not in (*CURSORS, "sign")]
    signed = (*query, ("sign", expected_sign(query))) if sign_matches(request.query) else tuple(query)
    return replace(request, query=signed)
