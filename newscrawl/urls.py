"""Addresses: made absolute, canonical, compared. Pure functions; an odd address gives None, never an exception."""

import re
from functools import lru_cache
from urllib.parse import unquote, unquote_plus, urljoin, urlsplit, urlunsplit

# Parameters that name the visit, not the page. A site whose real key is among them would need its own rule.
_VISIT = re.compile(
    r"(?i)utm_\w+|spm(?:_id_from)?|scm(?:_id)?|from|source_from|from_source|isappinstalled|_t|timestamp"
    r"|sid|sess(?:ion)?_?id|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|zenid"
    r"|share_(?:token|source|medium|plat|tag|session_id|times)|nsukey|wxshare_count|weixin_share_count|vd_source"
    r"|hm(?:sr|pl|cu|kw|ci)|bd_vid|tt_from|fbclid|gclid|yclid|msclkid|mc_[ce]id|_ga|referer|refer"
)
_SESSION = re.compile(r"(?i);jsessionid=[^/?]*|(?<=/)\((?:[a-z]\([^()/]*\))+\)/")
"""Session ids in the path: Java's, and ASP.NET's (S(lit3py55t21z5v55))."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no address holds; tabs and line ends within one are left out, as browsers do."""
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "mil", "net", "org"})
# What urljoin and safe_url_string leave as it is, as most links of most pages: to see that takes a tenth of their time.
_PATH = r"/(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*+/?+)*+"
_HOST = r"(?:[a-z0-9_-]{1,63}\.)++[a-z]{2,63}"
_ROOTED = re.compile(rf"{_PATH}(?:\?[A-Za-z0-9_.~%&=-]+)?")
_WHOLE = re.compile(rf"https?://{_HOST}{_PATH}(?:\?[A-Za-z0-9_.~%&=-]+)?")
_CANONICAL = re.compile(rf"https?://{_HOST}{_PATH}")
_ADDRESS = re.compile(r"[\d.]+|.*:.*|[^.]+")
"""An IP address, or a name without a dot: nothing stands below it."""


def absolute(url: str, base: str = "") -> str | None:
    """The http(s) address that `url` means on a page at `base`; None for anything else.

    javascript:, data:, file:, broken IPv6, control characters and the like give None: one odd link must not lose a
    page. With no base a relative address stays as written.
    """
    url = url.strip()
    if _WHOLE.fullmatch(url):
        return url
    if (origin := _origin(base)) and _ROOTED.fullmatch(url):
        return origin + url
    if not url or _UNSEEN.search(url):
        return None
    try:
        joined = urljoin(base, url)
        parts = urlsplit(joined)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    if parts.scheme in _DEFAULT_PORTS:
        return joined if parts.hostname else None
    return joined if not parts.scheme and not base else None


@lru_cache(maxsize=16)
def _origin(base: str) -> str:
    """Scheme and host of a plain address; "" for any other."""
    return "/".join(base.split("/", 3)[:3]) if _WHOLE.fullmatch(base) else ""


def canonical(url: str) -> str:
    """One spelling for one page, as a request writes it: lower-case scheme and host, no default port, no fragment, no
    visit parameters or session ids, the other parameters in the order of their names, one form of percent escapes.

    >>> canonical("HTTPS://WWW.cls.cn:443/detail/1?utm_source=x&b=2&a=%e4%b8%ad#top")
    'https://www.cls.cn/detail/1?a=%E4%B8%AD&b=2'
    """
    if _CANONICAL.fullmatch(url):
        return url
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        if not parts.hostname:
            return url
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        if port and port != _DEFAULT_PORTS.get(parts.scheme):
            host = f"{host}:{port}"
        path = _ESCAPE.sub(_one_form, _SESSION.sub("", parts.path)) or "/"
        from w3lib.url import safe_url_string  # noqa: PLC0415 - loads urllib.request: a tenth of a command's start

        return safe_url_string(urlunsplit((parts.scheme, host, path, _telling(parts.query), "")))
    except ValueError:
        return url


def _telling(query: str) -> str:
    """The parameters that tell pages apart, as written: decoded and encoded anew, GBK's bytes would be lost."""
    parts = [_ESCAPE.sub(_one_form, part) for part in query.split("&") if part]
    named = [(unquote_plus(part.partition("=")[0]), part) for part in parts]
    return "&".join(part for name, part in sorted(named, key=lambda pair: pair[0]) if not _VISIT.fullmatch(name))


def _one_form(escape: re.Match[str]) -> str:
    character = unquote(escape[0], "latin-1")
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def host_of(url: str) -> str:
    """The host in lower case, without the port; "" when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def belongs_to(host: str, domains: tuple[str, ...]) -> bool:
    """Whether `host` is one of `domains` or below one of them."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def site_of(host: str) -> str:
    """The domain that its owner registered, by a simple rule: two labels, or three under com.cn, co.uk and the like.

    >>> site_of("finance.sina.com.cn"), site_of("www.cls.cn"), site_of("127.0.0.1")
    ('sina.com.cn', 'cls.cn', '127.0.0.1')
    """
    labels = host.split(".")
    if _ADDRESS.fullmatch(host):
        return host
    under_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if under_country else -2 :])


def is_host(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether `host` is one of `hosts`; one that begins with a point stands for a domain and all below it."""
    return any(host == each or (each[:1] == "." and f".{host}".endswith(each)) for each in hosts)


def is_on(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether an address stands on one of `hosts`: at the public port, unless `hosts` names the host with its port."""
    if _WHOLE.fullmatch(url):
        return is_host(url.split("/", 3)[2], hosts)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        return f"{host}:{port}" in hosts
    return is_host(host, hosts)


def hosts_of(urls: tuple[str, ...]) -> tuple[str, ...]:
    """Where a site with these addresses stands: its registered domain and all below; of a port, that host's alone."""
    hosts: dict[str, None] = {}
    for url in urls:
        parts = urlsplit(url)
        host = parts.hostname or ""
        public = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
        name = host if _ADDRESS.fullmatch(host) else f".{site_of(host)}"
        hosts[name if public else f"{host}:{parts.port}"] = None
    return tuple(hosts)
