"""Times as the database writes them: `2026-11-20 21:46:00+08:00`, all in Beijing's zone, so they sort as text.

The offset is fixed: the zone's only others were the summers of 1986 to 1991.
"""

from datetime import UTC, datetime

from newscrawl.items import BEIJING


def now_utc() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC)


def in_beijing(moment: datetime) -> datetime:
    """The same moment in Beijing's zone; a time without a zone is taken for a Chinese one."""
    return moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment.astimezone(BEIJING)


def to_text(moment: datetime) -> str:
    """`2026-11-20 21:46:00+08:00`; fractions of a second are cut off."""
    return in_beijing(moment).isoformat(sep=" ", timespec="seconds")


def to_text_or_none(moment: datetime | None) -> str | None:
    """As to_text; None stays None."""
    return None if moment is None else to_text(moment)


def from_text(text: str) -> datetime:
    """The moment that to_text wrote."""
    return datetime.fromisoformat(text)


def from_text_or_none(text: str | None) -> datetime | None:
    """As from_text; None stays None."""
    return None if text is None else from_text(text)
