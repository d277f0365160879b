"""A process that reads for another one (see cli.readers): its whole life."""

import os
import pickle
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Make = Callable[..., Callable[[T], R]]
"""Gives the function that reads; it is called in the process that is to read, and must not fail."""

READY = b""
"""What a process tells first."""
_HEARD_BY_THE_WRITER = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(tasks: Connection, answers: Connection, make: Make[T, R], arguments: tuple[Any, ...]) -> None:
    """Reads share after share, until there are no more or the process that writes is gone.

    A share at which anything fails goes back unread: it is read where it can be told.
    """
    for number in _HEARD_BY_THE_WRITER:  # Ctrl-C goes to both, and the writer ends this one
        signal.signal(number, signal.SIG_IGN)
    read, outgoing = make(*arguments), SimpleQueue[bytes]()
    outgoing.put(READY)
    threading.Thread(target=_send, args=(answers, outgoing), daemon=True).start()
    while True:
        try:
            share = tasks.recv()
        except EOFError:
            return
        outgoing.put(_packed(read, share))


def unpacked(packed: bytes) -> Any:
    """The results of a share; None where it was not read."""
    return pickle.loads(packed)


def _packed(read: Callable[[T], R], share: list[T]) -> bytes:
    try:
        return pickle.dumps([read(thing) for thing in share], pickle.HIGHEST_PROTOCOL)
    except Exception:
        return pickle.dumps(None)


def _send(answers: Connection, outgoing: "SimpleQueue[bytes]") -> None:
    """In a thread of its own: this process reads on while the other one is busy with writing."""
    while True:
        try:
            answers.send_bytes(outgoing.get())
        except OSError:
            os._exit(1)
