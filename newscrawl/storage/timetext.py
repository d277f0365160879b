"""Times as the database writes them: `2026-11-20 21:46:00+08:00`, all in Beijing's zone, so they sort as text.

The offset is fixed: the zone's only others were the summers of 1986 to 1991.
"""

from datetime import UTC, datetime, timedelta

from newscrawl.items import BEIJING

_UNITS = ((24 * 3600, "d"), (3600, "h"), (60, "min"), (1, "s"))
_ahead = timedelta()


def now_utc() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC) + _ahead


def set_clock(at: datetime | None) -> None:
    """For the rest of this process it is this moment now, and time goes on from there; with None it is what it is."""
    global _ahead  # noqa: PLW0603 - there is one clock
    _ahead = at - datetime.now(UTC) if at else timedelta()


def in_beijing(moment: datetime) -> datetime:
    """The same moment in Beijing's zone; a time without a zone is taken for a Chinese one."""
    return moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment.astimezone(BEIJING)


def to_text(moment: datetime) -> str:
    """`2026-11-20 21:46:00+08:00`; fractions of a second are cut off."""
    return in_beijing(moment).isoformat(sep=" ", timespec="seconds")


def to_exact_text(moment: datetime) -> str:
    """The same with six digits of a second: `2026-11-20 21:46:00.123456+08:00`."""
    return in_beijing(moment).isoformat(sep=" ", timespec="microseconds")


def to_text_or_none(moment: datetime | None) -> str | None:
    """As to_text; None stays None."""
    return None if moment is None else to_text(moment)


def minute_text(second: int) -> str:
    """`2026-11-20 21:46`: a unix second for people, in Beijing's zone, without its seconds."""
    return f"{datetime.fromtimestamp(second, BEIJING):%Y-%m-%d %H:%M}"


def length_text(seconds: int) -> str:
    """A number of seconds for people, in its two largest units.

    >>> length_text(59), length_text(3600), length_text(5870), length_text(3 * 86400 + 4 * 3600)
    ('59 s', '1 h', '1 h 37 min', '3 d 4 h')
    """
    parts: list[str] = []
    for length, unit in _UNITS:
        count, seconds = divmod(seconds, length)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
    return " ".join(part for part in parts[:2] if part) or "0 s"


def from_text(text: str) -> datetime:
    """The moment that to_text or to_exact_text wrote."""
    return datetime.fromisoformat(text)


def from_text_or_none(text: str | None) -> datetime | None:
    """As from_text; None stays None."""
    return None if text is None else from_text(text)
