"""The sign of cls.cn's query, checked as the server does it; apart from the crawler's own function on purpose."""

import hashlib
from collections.abc import Iterable


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
