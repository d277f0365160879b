"""Signals: each ends a command as Ctrl-C does; long ones finish what they have in hand first."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from newscrawl.outcomes import Problem

STOPPED = Problem("interrupted", "stopped by a signal", "once more takes the rest")


def end_like_ctrl_c() -> None:
    """SIGTERM, and SIGHUP when a terminal is closed, do from now on what Ctrl-C does. What nohup ignores stays so."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hung_up)


def _hung_up(number: int, frame: object) -> None:  # noqa: ARG001
    """Whoever handles SIGTERM by now (Scrapy, while it crawls) handles this, too."""
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """SIGINT and SIGTERM end the block at its next look, not in the midst of writing; a second one ends it at once."""
    stopped = False

    def stop(number: int, frame: object) -> None:  # noqa: ARG001
        nonlocal stopped
        stopped = True
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
