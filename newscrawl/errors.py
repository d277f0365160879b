"""One tree of errors. A PageError is about one page and ends in the failures table; the others end the run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

FAILURE_KINDS = (
    "blocked",  # slider, 403, 418, 429, robots.txt
    "gone",  # 404, 410, an id the site no longer knows
    "layout",  # a required field is not where it always was
    "empty",  # an answer with nothing in it
    "truncated",  # ends before the page's own end
    "encoding",  # bytes that no candidate charset reads
    "too_complex",  # size or shape that no parser is to be given
    "refused",  # an address that must not be asked for
    "http",  # another status than 200
    "network",  # no answer: DNS, refused, time-out, reset, bad framing
    "error",  # a fault of ours, kept so that nothing is lost
)


_LONGEST_REASON = 300


def printable(reason: str) -> str:
    """One line of a reason that quotes what a site sent: it goes into tables, logs and terminals."""
    return "".join(each if each.isprintable() else " " for each in reason[:_LONGEST_REASON])


class NewscrawlError(Exception):
    """Base of all errors raised on purpose."""


class UsageError(NewscrawlError):
    """What was asked for cannot be done as asked; nothing was written. Exit status 2."""


class StorageError(NewscrawlError):
    """The database or the archive cannot be written or read. Exit status 8."""


class BusyError(StorageError):
    """Another program keeps the database locked for writing. Exit status 8."""


class LockedError(NewscrawlError):
    """Another run of the same source on the same database is under way. Exit status 3."""


class RestingError(NewscrawlError):
    """The source is let alone until a moment: its breaker is open. Exit status that of `kind`, blocked or network."""

    def __init__(self, reason: str, *, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind


class PageError(NewscrawlError):
    """A page that cannot become an article. `kind` is one of FAILURE_KINDS."""

    kind: ClassVar[str] = "error"

    def __init__(self, reason: str, *, url: str = "") -> None:
        self.reason = printable(reason)
        super().__init__(self.reason)
        self.url = url


class BlockedPage(PageError):
    """The site asks for a human or refuses: reported, never evaded."""

    kind = "blocked"


class GonePage(PageError):
    """The site says that there is no such page (any more)."""

    kind = "gone"


class LayoutError(PageError):
    """A required field cannot be read."""

    kind = "layout"


class EmptyPage(PageError):
    """Nothing in the answer."""

    kind = "empty"


class TruncatedPage(PageError):
    """The page ends too early."""

    kind = "truncated"


class EncodingError(PageError):
    """No candidate charset reads these bytes strictly."""

    kind = "encoding"


class TooComplexPage(PageError):
    """Larger or stranger than a parser is to be given."""

    kind = "too_complex"


class RefusedAddress(PageError):
    """An address that must not be asked for (scheme, host or port)."""

    kind = "refused"


class NotNews(NewscrawlError):
    """An advertisement or a paid row: counted under `kind`, not stored and not a failure."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@contextmanager
def about_part(number: int) -> Iterator[None]:
    """Says of a PageError which part of a story it is about; 1 is the page itself, and nothing is added.

    A part that is gone is no story that is gone, so that the story is tried again.
    """
    try:
        yield
    except PageError as error:
        if number == 1:
            raise
        kind = LayoutError if isinstance(error, GonePage) else type(error)
        raise kind(part_reason(number, error.reason), url=error.url) from error


def part_reason(number: int, reason: str) -> str:
    """Why a story is not whole: the part that is missing, and why."""
    return f"part {number}: {reason}"
