"""What a crawl is asked to do, read from the text that operators type. Pure; no Scrapy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from newscrawl.config import read_base_url
from newscrawl.errors import UsageError
from newscrawl.items import BEIJING
from newscrawl.urls import absolute

_DAY_SECONDS = 24 * 3600
_DAY_LENGTHS = (8, 10)  # 20261120, 2026-11-20


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlArguments:
    """One crawl of one source. Moments are unix seconds, both ends inside."""

    since: int | None = None
    until: int | None = None
    limit: int | None = None
    """At most so many stories are taken."""
    recheck: timedelta | None = None
    """Known articles younger than this are asked for again."""
    urls: tuple[str, ...] = ()
    """These addresses only."""
    base_url: str | None = None
    retry: bool = False
    """Only what failed before and is due."""
    channels: tuple[str, ...] = ()
    """These lists of the source only."""
    backfill: bool = False
    """Only what is missing between `since` and the newest that is known, or `until`."""
    again: bool = False
    """With `backfill`: ask also for what was beyond the end of the site's own lists."""
    now: bool = False
    """Ask although the source is let alone."""

    @classmethod
    def read(cls, **typed: str) -> "CrawlArguments":
        """As typed: a day or moment in ISO form (Beijing time unless it names a zone), whole numbers, hours, addresses.

        UsageError for anything else, for an argument that there is not, and for a stretch that ends before it begins.
        """
        for name in typed:
            if name not in _READERS:
                raise UsageError(f"there is no argument {name!r}; there are {', '.join(_READERS)}")
        arguments = cls(**{_FIELDS.get(name, name): _READERS[name](name, text) for name, text in typed.items()})
        if arguments.since is not None and arguments.until is not None and arguments.since > arguments.until:
            raise UsageError(f"since {typed['since']} is later than until {typed['until']}")
        if arguments.backfill and arguments.since is None:
            raise UsageError("since: a backfill must be told how far back to go")
        return arguments

    @property
    def backfills(self) -> bool:
        """Whether the past is asked for: how late such stories come says nothing of the source."""
        return self.since is not None or self.until is not None

    def covers(self, moment: int | None) -> bool:
        """Whether a story of this moment is asked for; one without a time is."""
        if moment is None:
            return True
        return (self.since is None or self.since <= moment) and (self.until is None or moment <= self.until)


def _since(name: str, text: str) -> int:
    return _moment(name, text)[0]


def _until(name: str, text: str) -> int:
    return _moment(name, text)[1]


def _moment(name: str, text: str) -> tuple[int, int]:
    """Its first and its last second in unix time: those of the whole day where only a day is given."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{name}: {text!r} is no date such as 2026-11-20 or 2026-11-20T21:46") from error
    first = int((moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp())
    return first, first + (_DAY_SECONDS - 1 if len(text.strip()) in _DAY_LENGTHS else 0)


def _positive(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**9:
        raise UsageError(f"{name}: {text!r} is no whole number from 1 up")
    return int(text)


def _hours(name: str, text: str) -> timedelta:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 24 * 3650:  # also false for nan
        raise UsageError(f"{name}: {text!r} is no number of hours above 0")
    return timedelta(hours=hours)


def _addresses(name: str, text: str) -> tuple[str, ...]:
    """One or several, with spaces between them."""
    urls = [absolute(url) if url.isprintable() else None for url in text.split(" ")]
    for url in urls:
        if url is None or not url.startswith(("http://", "https://")):
            raise UsageError(f"{name}: {text!r} is no http or https address")
    return tuple(url for url in urls if url)


def _base(name: str, text: str) -> str:
    try:
        return read_base_url(text)
    except ValueError as error:
        raise UsageError(f"{name}: {text!r} {error}") from error


def _names(name: str, text: str) -> tuple[str, ...]:
    """One or several, with spaces between them."""
    if not text.split():
        raise UsageError(f"{name}: {text!r} names none")
    return tuple(dict.fromkeys(text.split()))


def _flag(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise UsageError(f"{name}: {text!r} is neither 0 nor 1")
    return text == "1"


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "since": _since,
    "until": _until,
    "limit": _positive,
    "recheck": _hours,
    "url": _addresses,
    "base_url": _base,
    "retry": _flag,
    "channel": _names,
    "backfill": _flag,
    "again": _flag,
    "now": _flag,
}
_FIELDS = {"url": "urls", "channel": "channels"}
