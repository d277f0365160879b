"""Which addresses may be asked: the source's own public hosts, by http or https, and nothing else.

Spiders, links and redirects speak of public addresses only. Where the operator gave a --base-url, `asked_url` is what
is really asked, and that address may be private because he typed it.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request

from newscrawl.middlewares.refusals import Refusal
from newscrawl.urls import is_host

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_PORTS = {"http": 80, "https": 443}


def why_refused(url: str, hosts: tuple[str, ...]) -> str | None:
    """Why an address must not be asked for a source with these public hosts; None when it may be."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "the address cannot be read"
    if parts.scheme not in _PORTS:
        return f"{parts.scheme or 'no scheme'}: only http and https are asked"
    if parts.username is not None or parts.password is not None:
        return "the address carries a user name"
    typed = f"{parts.hostname}:{port}" in hosts
    if not typed and not is_host(parts.hostname or "", hosts):
        return f"{parts.hostname} is no host of this source"
    if not typed and port is not None and port != _PORTS[parts.scheme]:
        return f"port {port} of {parts.hostname} is not the public one"
    return None


def asked_url(url: str, base_url: str | None) -> str:
    """The address that is really asked: `base_url` in place of scheme, host and port."""
    if not base_url:
        return url
    base, parts = urlsplit(base_url), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, parts.path, parts.query, ""))


def public_url(url: str, base_url: str | None, asked: str) -> str:
    """What an absolute address on `base_url` means publicly: the same path on the host that was `asked` for."""
    if not base_url:
        return url
    try:
        base, parts, public = urlsplit(base_url), urlsplit(url), urlsplit(asked)
    except ValueError:
        return url  # what cannot be read is refused where redirects are followed
    if (parts.scheme, parts.netloc) != (base.scheme, base.netloc):
        return url
    return urlunsplit((public.scheme, public.netloc, *parts[2:]))


class AllowedAddresses:
    """Raises Refusal("refused") for an address outside of the source; says where and through what to ask the others."""

    def __init__(self, crawler: "Crawler") -> None:
        spider: Any = crawler.spider
        self._hosts: tuple[str, ...] = spider.hosts
        self._base_url: str | None = spider.base_url
        self._proxy: str | None = crawler.settings.get("NEWSCRAWL_PROXY")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "AllowedAddresses":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        reason = why_refused(request.url, self._hosts)
        if reason:
            raise Refusal("refused", reason)
        if self._base_url:
            # All public hosts are one host here: one queue, one delay; and never through a proxy.
            request.meta["download_slot"] = urlsplit(self._base_url).netloc
            request.meta["proxy"] = None
            return
        # Each host its own queue and delay, also where a redirect led to another one.
        request.meta["download_slot"] = urlsplit(request.url).hostname
        if self._proxy:
            request.meta["proxy"] = self._proxy
