"""What commands and notebooks ask of the database, read from text, dates and times. No Scrapy."""

import re
from datetime import date, datetime

from newscrawl.errors import UsageError
from newscrawl.items import BEIJING
from newscrawl.spiders.arguments import CrawlArguments
from newscrawl.storage.search import words_of
from newscrawl.storage.selection import Selection
from newscrawl.storage.timetext import to_text

Moment = str | date | datetime
"""ISO text, a day or a time; without a zone it is Beijing's."""
KINDS = ("flash", "article")
_STOCK = re.compile(r"(\d{4,6}|[A-Z]{1,6})(?:\.(SH|SZ|BJ|HK|US))?", re.IGNORECASE | re.ASCII)


def read_selection(
    *,
    source: str | None = None,
    kind: str | None = None,
    publisher: str | None = None,
    stock: str | None = None,
    search: str | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    as_of: Moment | None = None,
) -> Selection:
    """What these words mean. A day alone is the whole of it: `until` and `as_of` mean its last second.

    UsageError for what means nothing, and for a stretch that ends before it begins.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(f"kind: {kind!r} is neither flash nor article")
    typed = {name: _text(value) for name, value in (("since", since), ("until", until)) if value is not None}
    dates = CrawlArguments.read(**typed)
    return Selection(
        source=source,
        kind=kind,
        publisher=publisher,
        stock=None if stock is None else read_stock(stock),
        words=() if search is None else tuple(words_of([search])),
        since=dates.since,
        until=dates.until,
        as_of=None if as_of is None else read_moment("as_of", as_of),
    )


def read_moment(name: str, value: Moment) -> str:
    """A moment as the database writes it; of a day its last second. UsageError naming `name` for what is none."""
    try:
        second = CrawlArguments.read(until=_text(value)).until or 0
        return to_text(datetime.fromtimestamp(second, BEIJING))
    except (UsageError, ValueError, OverflowError) as error:
        raise UsageError(f"{name}: {value!r} is no date such as 2026-11-20 or 2026-11-20T21:46") from error


def read_stock(text: str) -> tuple[str, str | None]:
    """Code and market of a security; None for a market that is not told. UsageError for what is no code."""
    match = _STOCK.fullmatch(text.strip())
    if not match:
        raise UsageError(f"stock: {text!r} is no code such as 600519, 600519.SH, 00700.HK or AAPL.US")
    return match[1].upper(), match[2].upper() if match[2] else None


def _text(value: Moment) -> str:
    return value if isinstance(value, str) else value.isoformat()
