"""The download handler that asks the operator's --base-url in place of the public host.

It is the last step before the network, so everything above it (archive, robots, redirects, spiders) sees public
addresses only.
"""

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from newscrawl.middlewares.addresses import asked_url, public_url

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class BaseUrlHandler(HTTP11DownloadHandler):
    """HTTP and HTTPS, with scheme, host and port replaced where the spider has a `base_url`."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        spider: Any = crawler.spider
        self._base_url: str | None = getattr(spider, "base_url", None)

    async def download_request(self, request: "Request") -> "Response":
        if not self._base_url:
            return await super().download_request(request)
        asked = request.replace(url=asked_url(request.url, self._base_url))
        answer = (await super().download_request(asked)).replace(url=request.url)
        location = answer.headers.get("Location")
        if location is not None:
            public = public_url(location.decode("latin-1"), self._base_url, request.url)
            answer.headers["Location"] = public.encode("latin-1")
        return answer
