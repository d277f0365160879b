"""How often: `30s`, `10m`, `2h`, `1d`, and the part of it that is a source's own."""

import re
import zlib

from newscrawl.errors import UsageError

DAY = 24 * 3600
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": DAY}
_FORM = re.compile(r"([1-9]\d{0,3})([smhd])", re.ASCII)


def parse_interval(text: str) -> int:
    """Seconds; UsageError for what is no interval.

    >>> parse_interval("30s"), parse_interval("10m"), parse_interval("1d")
    (30, 600, 86400)
    """
    read = _FORM.fullmatch(text)
    if not read:
        raise UsageError(f"{text!r} is no interval: write 30s, 10m, 2h or 1d")
    return int(read[1]) * _SECONDS[read[2]]


def interval_text(seconds: int) -> str:
    """As it is typed.

    >>> interval_text(90), interval_text(600), interval_text(86400)
    ('90s', '10m', '1d')
    """
    unit = next(unit for unit in reversed(_SECONDS) if seconds % _SECONDS[unit] == 0)
    return f"{seconds // _SECONDS[unit]}{unit}"


def is_regular(seconds: int) -> bool:
    """Whether a calendar can say it: it divides a minute, an hour or the day into equal whole parts."""
    return any(whole % seconds == 0 and seconds % part == 0 for part, whole in ((1, 60), (60, 3600), (3600, DAY)))


def place(source: str, seconds: int) -> int:
    """The second within the interval that is the source's: always the same, and seldom that of another source.

    Whole minutes, since cron knows no smaller ones.
    """
    minutes = seconds // 60
    return zlib.crc32(source.encode()) % minutes * 60 if minutes else 0
