"""Times as the database writes them: `2026-11-20 21:46:00+08:00`, all in China's zone, so they sort as text."""

from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: the zone's only other offsets were the summers of 1986 to 1991, and rows must sort as text."""


def now_utc() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC)


def in_china(moment: datetime) -> datetime:
    """The same moment in China's zone; a time without a zone is taken for a Chinese one."""
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)


def to_text(moment: datetime) -> str:
    """`2026-11-20 21:46:00+08:00`; fractions of a second are cut off."""
    return in_china(moment).isoformat(sep=" ", timespec="seconds")


def to_text_or_none(moment: datetime | None) -> str | None:
    """As to_text; None stays None."""
    return None if moment is None else to_text(moment)


def from_text(text: str) -> datetime:
    """The moment that to_text wrote."""
    return datetime.fromisoformat(text)


def from_text_or_none(text: str | None) -> datetime | None:
    """As from_text; None stays None."""
    return None if text is None else from_text(text)
