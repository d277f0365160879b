"""Every answer to the archive, as it came, before anything can refuse it."""

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from newscrawl.errors import StorageError
from newscrawl.middlewares.addresses import asked_url

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class ArchiveMiddleware:
    """Stands below redirects and decompression: 30x answers and errors come by, bodies still compressed.

    The archive of the run is found on the spider (`spider.run.archive`, None when the operator wants none). An archive
    that cannot be written to ends the run.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._spider: Any = crawler.spider

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "ArchiveMiddleware":
        return cls(crawler)

    def process_response(self, request: "Request", response: "Response") -> "Response":
        run = self._spider.run
        fetched_at = run.clock()
        # Decompression removes the header; reading the page needs it.
        request.meta["content_encoding"] = (response.headers.get("Content-Encoding") or b"").decode("latin-1")
        request.meta["fetched_at"] = fetched_at
        if run.archive is not None:
            try:
                self._write(request, response, fetched_at)
            except StorageError as error:
                run.end("storage", str(error))
                raise
        return response

    def _write(self, request: "Request", response: "Response", fetched_at: datetime) -> None:
        self._spider.run.archive.write(**self._record(request, response, fetched_at))

    def _record(self, request: "Request", response: "Response", fetched_at: datetime) -> dict[str, Any]:
        """An answer as Archive.write takes it."""
        asked = asked_url(response.url, self._spider.base_url)
        return {
            "url": response.url,
            "asked": asked if asked != response.url else None,
            "source": self._spider.name,
            "role": request.meta.get("role", "other"),
            "status": response.status,
            "reason": _reason(response.status),
            "headers": _pairs(response),
            "body": response.body,
            "fetched_at": fetched_at,
            "context": self._context(request),
        }

    def _context(self, request: "Request") -> dict[str, str]:
        """What a replay needs to make the same page of the answer."""
        context = dict(request.meta.get("context", {}))
        if request.meta.get("role") == "page" and self._spider.page_source != self._spider.name:
            context["page_source"] = self._spider.page_source
        if request.meta.get("redirect_urls"):
            context["redirected_from"] = " ".join(request.meta["redirect_urls"])
        return context


def _pairs(response: "Response") -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
