"""How the commands end that write a run down by themselves, when an error ends them."""

from collections.abc import Iterator
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
