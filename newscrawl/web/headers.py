"""What every answer tells the browser: run nothing, load nothing from elsewhere, tell nobody where one came from.

https://www.w3.org/TR/CSP3/
"""

from collections.abc import Awaitable, Callable
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
_NAME = b"content-security-policy"


def with_headers(app: App) -> App:
    """The same application, with our headers on each answer that does not have them."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message.get("headers", ())}
                missing = {_NAME: POLICY.encode(), **_ALWAYS}
                added = [(name, value) for name, value in missing.items() if name not in there]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped
