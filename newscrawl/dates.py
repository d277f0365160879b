"""Date text of Chinese pages -> aware datetime. Pure; a text that cannot be read gives None, never a guess.

Chinese forms are matched first and python-dateutil parses what is left, strictly: with `fuzzy=True` it reads
3分钟前 as the 3rd, 下午3:20 as 03:20 and 昨天 as today.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from dateutil import parser as dateutil_parser

from newscrawl.items import BEIJING, Precision

_YEARS = range(1990, 2100)

_DATE = r"(?P<y>(?:19|20)\d{2})\s*(?:年|[-/.])\s*(?P<m>\d{1,2})\s*(?:月|[-/.])\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"
_SHORT = r"(?<![\d.:-])(?P<m>\d{1,2})(?:月|[-/])(?P<d>\d{1,2})(?![\d-])[日号]?"
_DAY = r"(?P<day>今天|今日|昨天|昨日|前天)"
_HALF = r"(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|[ap]\.?m\.?)?"
_TIME = (
    rf"{_HALF}\s*(?P<H>\d{{1,2}})\s*(?::|时|点)\s*(?P<M>\d{{1,2}})?(?:\s*(?::|分)\s*(?P<S>\d{{1,2}}))?"
    r"(?:\.\d{1,9})?\s*[分秒]?\s*(?P<half2>[ap]\.?m\.?)?(?!\d)"
)
_ZONE = r"(?:\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|UTC|GMT)(?![\d:]))?"
_BETWEEN = r"\s*[T,，]?\s*(?:[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)?\s*[|·]?\s*"
_CLOCK = rf"(?:{_BETWEEN}{_TIME}{_ZONE})?"

_FULL_DATE = re.compile(_DATE + _CLOCK, re.IGNORECASE)
_SHORT_DATE = re.compile(_SHORT + _CLOCK, re.IGNORECASE)
_RELATIVE_DAY = re.compile(_DAY + _CLOCK, re.IGNORECASE)
_AGO = re.compile(r"(?P<n>\d{1,4}|半)\s*(?:个)?\s*(?P<unit>秒钟?|分钟?|小时|天|日)(?:之|以)?前")
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)(?:(?P<H>[0-2]\d)(?P<M>[0-5]\d)(?P<S>[0-5]\d))?(?!\d)"
)
_UNIX = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_UNITS = {"秒": 1, "分": 60, "小": 3600, "天": 86_400, "日": 86_400}
_DAYS_BACK = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
# dateutil would read CST as unknown; on a Chinese page it is China's time.
_NAMED_ZONES = {"CST": BEIJING, "BJT": BEIJING, "HKT": BEIJING, "UTC": UTC, "GMT": UTC}


class Dated(NamedTuple):
    """A moment, and how exactly the page told it."""

    at: datetime
    precision: Precision


def from_unix(value: object) -> Dated | None:
    """Unix seconds, or milliseconds by their length, as number or digits; Beijing zone. None for 0 and nonsense."""
    text = str(value).strip() if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
    if not _UNIX.fullmatch(text):
        return None
    number = float(text)
    seconds = number / 1000 if number >= 1e12 else number
    at = datetime.fromtimestamp(seconds, BEIJING)
    return Dated(at, "second") if at.year in _YEARS else None


def parse_date(text: str, reference: datetime | None = None) -> Dated | None:
    """The first date in a short text such as `2026-09-25 02:34 星期五` or `今天 10:22`.

    No zone in the text means Asia/Shanghai. `reference` (aware: when the page was fetched) resolves what the text
    leaves out: 3分钟前, 昨天 22:10, 06月14日 17:56 (its year is the latest that is not in the future). Without it such
    texts give None. A day without a time is midnight with precision "day".
    """
    text = unicodedata.normalize("NFKC", text).strip()[:200]
    if _UNIX.fullmatch(text):
        return from_unix(text)
    absolute = _from_match(_FULL_DATE.search(text), _full_day) or _from_match(_COMPACT.search(text), _full_day)
    if absolute:
        return absolute
    if reference is not None:
        now = reference.astimezone(BEIJING)
        relative = _ago(text, now) or _from_match(_RELATIVE_DAY.search(text), lambda m: _days_back(m, now))
        if relative or (relative := _from_match(_SHORT_DATE.search(text), lambda m: _latest_day(m, now))):
            return relative
    return _strict(text)


def _from_match(match: re.Match[str] | None, day_of: Callable[[re.Match[str]], date]) -> Dated | None:
    if match is None:
        return None
    found = match.groupdict()
    try:
        day = day_of(match)
        if day.year not in _YEARS:
            return None
        if found.get("H") is None:
            return Dated(datetime.combine(day, time(), BEIJING), "day")
        clock = time(_hour(found), int(found["M"] or 0), int(found["S"] or 0))
        return Dated(datetime.combine(day, clock, _zone(found.get("zone"))), "second" if found["S"] else "minute")
    except ValueError:  # 2026年13月45日, 25:99
        return None


def _full_day(match: re.Match[str]) -> date:
    return date(int(match["y"]), int(match["m"]), int(match["d"]))


def _days_back(match: re.Match[str], now: datetime) -> date:
    return now.date() - timedelta(days=_DAYS_BACK[match["day"]])


def _latest_day(match: re.Match[str], now: datetime) -> date:
    """This year's day, or last year's when this year's is still to come (a page read in January)."""
    month, day = int(match["m"]), int(match["d"])
    tomorrow = now.date() + timedelta(days=1)
    for year in range(now.year, now.year - 9, -1):  # 02-29 may be up to eight years back
        try:
            found = date(year, month, day)
        except ValueError:
            if (month, day) == (2, 29):
                continue
            raise
        if found <= tomorrow:
            return found
    raise ValueError("no such day")


def _hour(found: dict[str, str | None]) -> int:
    hour = int(found["H"] or 0)
    half = (found.get("half") or found.get("half2") or "").lower().replace(".", "")
    if half in {"下午", "傍晚", "晚上", "晚间", "pm"} and hour < 12:
        return hour + 12
    if half == "中午" and hour < 11:
        return hour + 12
    if half in {"凌晨", "am"} and hour == 12:
        return 0
    return hour


def _zone(text: str | None) -> timezone:
    if not text:
        return BEIJING
    digits = re.sub(r"[^\d+-]", "", text)
    if not digits:
        return UTC  # Z, UTC, GMT
    sign = -1 if digits[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5])))


def _ago(text: str, now: datetime) -> Dated | None:
    if text.startswith("刚刚"):
        return Dated(now.replace(second=0, microsecond=0), "minute")
    match = _AGO.search(text)
    if not match:
        return None
    count = 0.5 if match["n"] == "半" else int(match["n"])
    at = now - timedelta(seconds=count * _UNITS[match["unit"][0]])
    if match["unit"] in {"天", "日"}:
        return Dated(datetime.combine(at.date(), time(), BEIJING), "day")
    return Dated(at.replace(second=0, microsecond=0), "minute")


def _strict(text: str) -> Dated | None:
    """What dateutil reads without fuzziness and without filling a missing part from today."""
    readings = []
    for default in (datetime(2000, 1, 1), datetime(2001, 2, 2, 1, 1)):  # noqa: DTZ001 - only compared
        try:
            readings.append(dateutil_parser.parse(text, default=default, tzinfos=_named_zone))
        except (ValueError, OverflowError, TypeError, AttributeError):
            return None
    first, second = readings
    if first.date() != second.date() or first.year not in _YEARS:
        return None
    exact = first.time() == second.time()
    at = (first if exact else datetime.combine(first.date(), time())).replace(tzinfo=first.tzinfo or BEIJING)
    if not exact:
        return Dated(at, "day")
    return Dated(at, "second" if re.search(r"\d:\d\d:\d\d", text) else "minute")


def _named_zone(name: str | None, offset: int | None) -> tzinfo | None:
    """dateutil's zone; a name that could be several (EST, IST) or this machine's own is none that a page tells."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name and name not in _NAMED_ZONES:
        raise ValueError(f"no zone is surely {name}")
    return _NAMED_ZONES[name] if name else None
