"""How the commands end that write a run down by themselves: by a signal, or by an error that nobody expected."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from newscrawl.errors import NewscrawlError
from newscrawl.outcomes import outcome_of_error
from newscrawl.storage.ledger import Ledger


@contextmanager
def written_down(ledger: Ledger) -> Iterator[None]:
    """An error that ends the block is written down as the end of the run, where that can be, and goes on its way."""
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        outcome = outcome_of_error(error)
        with suppress(NewscrawlError):
            ledger.finish(outcome.name, outcome.exit_status, outcome.advice)
        raise


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
