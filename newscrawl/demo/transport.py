"""The server's side of HTTP/1.1: one thread a connection, keep-alive, answers sent in one piece unless a fault says
otherwise, everything ended at once when the site closes."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from newscrawl.demo.answers import Answer, Request

Respond = Callable[[Request], Answer]


class SampleServer(ThreadingHTTPServer):
    """Serves `respond` on 127.0.0.1. `closing` is set when it ends: whatever waits, waits on it."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, port: int, respond: Respond) -> None:
        self.respond = respond
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no error of ours."""

    def close(self) -> None:
        """Ends the loop, wakes all handlers and waits for them."""
        self.closing.set()
        self.shutdown()
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: SampleServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the site keeps its own list of requests."""

    def _answer(self, *, with_body: bool) -> None:
        answer = self.server.respond(Request.parse(self.path, self.command, dict(self.headers)))
        ends = bool(answer.cut or answer.more) or answer.length is not None
        self.close_connection = self.close_connection or ends
        with suppress(OSError):
            self.wfile.write(_head(answer, closes=self.close_connection) + (answer.body if with_body else b""))
            self._send_more(answer, with_body=with_body)

    def _send_more(self, answer: Answer, *, with_body: bool) -> None:
        for piece in (answer.more or ()) if with_body else ():
            if self.server.closing.is_set():
                break
            self.wfile.write(piece)
        if answer.cut == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


def _head(answer: Answer, *, closes: bool) -> bytes:
    if answer.status == 0:  # a fault that sends no head at all
        return b""
    length = len(answer.body) if answer.length is None else answer.length
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", "Server: newscrawl-sample"]
    if answer.content_type:
        lines.append(f"Content-Type: {answer.content_type}")
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += [f"Content-Length: {length}"] * (length >= 0) + ["Connection: close"] * closes
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
