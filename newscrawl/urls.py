"""Addresses: made absolute, canonical, compared. Pure functions; an odd address gives None, never an exception."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that name the visit, not the page. A site whose real key is among them would need its own rule.
_VISIT = re.compile(
    r"(?i)utm_\w+|spm|scm|from|source_from|isappinstalled|sid|sessionid|session_id|phpsessid|jsessionid"
    r"|_t|timestamp|share_token|fbclid|gclid"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def absolute(url: str, base: str = "") -> str | None:
    """The http(s) address that `url` means on a page at `base`; None for anything else.

    javascript:, data:, file:, broken IPv6 and the like give None: one odd link must not lose a page. With no base
    a relative address stays as written.
    """
    if not url.strip():
        return None
    try:
        joined = urljoin(base, url.strip())
        parts = urlsplit(joined)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    if parts.scheme in _DEFAULT_PORTS:
        return joined if parts.hostname else None
    return joined if not parts.scheme and not base else None


def canonical(url: str) -> str:
    """One spelling for one page: lower-case scheme and host, no default port, no fragment, no visit parameters.

    >>> canonical("HTTPS://WWW.cls.cn:443/detail/1?utm_source=x&a=2#top")
    'https://www.cls.cn/detail/1?a=2'
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if not parts.hostname:
        return url
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    kept = [(key, value) for key, value in parse_qsl(parts.query, True) if not _VISIT.fullmatch(key)]
    path = re.sub(r"(?i);jsessionid=[^/?]*", "", parts.path) or "/"
    return urlunsplit((parts.scheme, host, path, urlencode(kept) if kept else "", ""))


def host_of(url: str) -> str:
    """The host in lower case, without the port; "" when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def belongs_to(host: str, domains: tuple[str, ...]) -> bool:
    """Whether `host` is one of `domains` or below one of them."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)
