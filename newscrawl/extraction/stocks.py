"""Securities that a page itself names: in links, in embedded data, in forms such as （600519.SH）. Pure."""

import re

from newscrawl.extraction.text import line_text
from newscrawl.items import Stock
from newscrawl.tree import Element

# East Money's market numbers, as they stand in quote.eastmoney.com/unify/r/1.600519 and data-code="1,600519".
# 0 holds Shenzhen and Beijing; 90 is a sector, 100 an index: no securities.
_EASTMONEY = {"1": "SH", "0": "SZ", "116": "HK", "105": "US", "106": "US", "107": "US"}
_BEIJING = re.compile(r"(?:4|8|92)\d+")
_UNIFIED = re.compile(r"quote\.eastmoney\.com/unify/r/(\d+)\.([A-Za-z0-9]+)")
_PREFIXED = re.compile(r"(?:quote\.eastmoney\.com/(?:concept/)?|^)(sh|sz|bj|hk|us)[._]?([0-9]{5,6}|[A-Za-z]{1,6})\b")
_DATA_CODE = re.compile(r"(\d+),([A-Za-z0-9]+)")
_IN_TEXT = re.compile(r"[（(]\s*(?:(\d{6})\.(SH|SZ|BJ|SS)|(\d{4,5})\.(HK)|([A-Z]{1,6})\.(US))\s*[）)]", re.IGNORECASE)


def named_stocks(body: Element, text: str) -> tuple[Stock, ...]:
    """The securities that links in `body` and forms in `text` name, each once, in order of appearance."""
    found: dict[tuple[str, str], Stock] = {}
    for element in body.iter("a", "span"):
        stock = _from_element(element)
        if stock:
            _add(found, stock)
    for match in _IN_TEXT.finditer(text):
        mainland, exchange, hong_kong, _, american, _ = match.groups()
        if mainland:
            _add(found, Stock(mainland, exchange.upper().replace("SS", "SH")))
        elif hong_kong:
            _add(found, Stock(hong_kong.zfill(5), "HK"))
        else:
            _add(found, Stock(american.upper(), "US"))
    return tuple(found.values())


def prefixed_stock(code: str, name: str | None) -> Stock | None:
    """cls.cn's own form: sh603986, sz002245, hk00700."""
    match = _PREFIXED.match(code.strip().lower())
    return Stock(match[2].upper(), match[1].upper(), name or None) if match else None


def _add(found: dict[tuple[str, str], Stock], stock: Stock) -> None:
    known = found.get((stock.market, stock.code))
    if known is None or (known.name is None and stock.name):
        found[(stock.market, stock.code)] = stock


def _from_element(element: Element) -> Stock | None:
    # A link around an image is a chart, named by its subject and not by a text.
    href = element.get("href") or ""
    if match := _DATA_CODE.fullmatch(element.get("data-code") or "") or _UNIFIED.search(href):
        return _eastmoney_stock(match[1], match[2], line_text(element) or None)
    if "quote.eastmoney.com/" in href and (match := _PREFIXED.search(href)):
        return Stock(match[2].upper(), match[1].upper(), line_text(element) or None)
    return None


def _eastmoney_stock(number: str, code: str, name: str | None) -> Stock | None:
    market = _EASTMONEY.get(number)
    if market == "SZ" and _BEIJING.fullmatch(code):
        market = "BJ"
    return Stock(code.upper(), market, name) if market else None
