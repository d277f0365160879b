"""What a crawl is asked to do, read from the text that operators type. Pure; no Scrapy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newscrawl.config import read_base_url
from newscrawl.errors import UsageError
from newscrawl.items import BEIJING
from newscrawl.urls import absolute

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
    url: str | None = None
    """This one address only."""
    base_url: str | None = None
    retry: bool = False
    """Only what failed before and is due."""

    @classmethod
    def read(
        cls,
        *,
        since: str | None = None,
        until: str | None = None,
        limit: str | None = None,
        recheck: str | None = None,
        url: str | None = None,
        base_url: str | None = None,
        retry: str | None = None,
    ) -> "CrawlArguments":
        """As typed: a day or moment in ISO form (Beijing time unless it names a zone), whole numbers, hours, addresses.

        UsageError for anything else, and for a stretch of time that ends before it begins.
        """
        arguments = cls(
            since=_moment("since", since),
            until=_moment("until", until, end=True),
            limit=_positive("limit", limit),
            recheck=_hours("recheck", recheck),
            url=_address(url),
            base_url=_base(base_url),
            retry=bool(retry),
        )
        if arguments.since is not None and arguments.until is not None and arguments.since > arguments.until:
            raise UsageError(f"since {since} is later than until {until}")
        return arguments

    def covers(self, moment: int | None) -> bool:
        """Whether a story of this moment is asked for; one without a time is."""
        if moment is None:
            return True
        return (self.since is None or self.since <= moment) and (self.until is None or moment <= self.until)


def _moment(name: str, text: str | None, *, end: bool = False) -> int | None:
    """Unix seconds. A day alone is the whole day: its first second, or with `end` its last."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{name}: {text!r} is no date such as 2026-11-20 or 2026-11-20T21:46") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
    if end and len(text.strip()) in _DAY_LENGTHS:
        moment += timedelta(days=1, seconds=-1)
    return int(moment.timestamp())


def _positive(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**9:
        raise UsageError(f"{name}: {text!r} is no whole number from 1 up")
    return int(text)


def _hours(name: str, text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 24 * 3650:  # also false for nan
        raise UsageError(f"{name}: {text!r} is no number of hours above 0")
    return timedelta(hours=hours)


def _address(text: str | None) -> str | None:
    if text is None:
        return None
    url = absolute(text) if text.isprintable() and " " not in text.strip() else None
    if url is None or not url.startswith(("http://", "https://")):
        raise UsageError(f"{text!r} is no http or https address")
    return url


def _base(text: str | None) -> str | None:
    try:
        return read_base_url(text) if text is not None else None
    except ValueError as error:
        raise UsageError(f"base-url: {text!r} {error}") from error
