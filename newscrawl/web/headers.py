"""What every answer tells the browser: run nothing, load nothing from elsewhere, tell nobody where one came from.

https://www.w3.org/TR/CSP3/
"""

import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
POLICY = f"{_NOTHING}; img-src 'self'; style-src 'self'"
WITH_PICTURES = f"{_NOTHING}; img-src 'self' https: http:; style-src 'self'"
"""For an article whose pictures were asked for."""
_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
_QUESTIONS = frozenset({"GET", "HEAD"})
_NAME = b"content-security-policy"
_PORT = re.compile(r":\d+$")
_OWN = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[::1\]", re.ASCII)
"""Names that mean this machine, whoever is asked."""


def for_hosts(app: App, names: Collection[str]) -> App:
    """The same application for browsers that were sent to one of these host names, or to an address of this machine.

    A page from elsewhere could else make its own name mean this machine, and read what a browser here may read (DNS
    rebinding).
    """

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        host = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
        name = _PORT.sub("", host).lower()
        if scope["type"] == "http" and not (_OWN.fullmatch(name) or name in names):
            told = b"This host name is not served here: newscrawl serve --allow-host NAME serves it.\n"
            start = {"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]}
            await send(start)
            await send({"type": "http.response.body", "body": told})
            return
        await app(scope, receive, send)

    return guarded


def with_headers(app: App) -> App:
    """The same application for GET and HEAD alone, with our headers on each answer that does not have them."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message.get("headers", ())}
                missing = {_NAME: POLICY.encode(), **_ALWAYS}
                added = [(name, value) for name, value in missing.items() if name not in there]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        if scope["type"] == "http" and scope["method"] not in _QUESTIONS:
            told = [(b"allow", b"GET, HEAD"), (b"content-type", b"text/plain")]
            await send_with_headers({"type": "http.response.start", "status": 405, "headers": told})
            await send_with_headers({"type": "http.response.body", "body": b"Nothing is written here."})
            return
        await app(scope, receive, send_with_headers)

    return wrapped
