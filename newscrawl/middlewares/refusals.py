"""Why a request has no usable answer, as one of errors.FAILURE_KINDS."""

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.errors import StorageError, printable


class CutOff(IgnoreRequest):
    """An answer that the end of the run did not wait for."""


NOT_OF_THE_PAGE = (StorageError, CutOff)
"""What an errback may be handed that says nothing of the page: it is no failure of its, and the next run asks again."""
_GONE = {404, 410}
_BLOCKED = {401, 403, 407, 418, 429, 451}


class Refusal(IgnoreRequest):
    """A request that one of our middlewares did not let through, and why."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


def status_kind(status: int) -> str:
    """The kind of failure that an HTTP status other than 200 is."""
    if status in _GONE:
        return "gone"
    return "blocked" if status in _BLOCKED else "http"


def failure_kind(error: BaseException | None) -> tuple[str, str]:
    """Kind and reason of what Scrapy hands to an errback."""
    match error:
        case Refusal():
            told = error.kind, error.reason
        case HttpError():
            told = status_kind(error.response.status), f"HTTP status {error.response.status}"
        case DownloadCancelledError():
            told = "too_complex", "larger than DOWNLOAD_MAXSIZE"
        case IgnoreRequest() if "DOWNLOAD_MAXSIZE" in str(error):
            told = "too_complex", "larger than DOWNLOAD_MAXSIZE once decompressed"
        case IgnoreRequest():
            told = "http", str(error) or "not asked"
        case ValueError():
            told = "refused", f"leads to an address that cannot be read: {error}"
        case _:
            told = "network", f"{type(error).__name__}: {error}"
    return told[0], printable(told[1])[:200]
