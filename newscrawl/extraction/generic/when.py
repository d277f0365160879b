"""The date: as printed between title and body, else as the page tells machines, else where else it is printed. Pure.

A date inside the story is the story's, and a date in a list is a neighbour's: neither is taken.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from newscrawl.dates import Dated, parse_date
from newscrawl.document import Document
from newscrawl.extraction import embedded
from newscrawl.extraction.generic.flat import Flat
from newscrawl.items import BEIJING
from newscrawl.tree import text_in

_CLOCK = (
    r"(?:[\sT,，|]{0,3}(?:[(（]?(?:星期|周)[一二三四五六日天][)）]?)?\s?(?:凌晨|上午|中午|下午|晚上|晚间)?"
    r"\s?\d{1,2}\s?[:：时点]\s?\d{1,2}(?:\s?[:：分]\s?\d{1,2}秒?)?(?:\s?[AP]M)?)?"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_FULL = re.compile(
    r"(?<![\d.])(?:(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d{3}|[-/.]\d)"
    r"|\d{1,2}/\d{1,2}/(?:19|20)\d\d(?!\d)"
    rf"|\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH},?\s(?:19|20)\d\d)" + _CLOCK
)
_SHORT = re.compile(r"(?<![\d.:/-])(\d{1,2})[-/月](\d{1,2})日?\s?(\d{1,2}:\d\d)(?!\d)")
_AGO = re.compile(r"(?:\d{1,2}|半)\s?(?:分钟|小时|天)前|(?:今天|昨天|前天)\s?\d{1,2}:\d\d")
_PUBLISHED = re.compile(r"(?:发布|发表|时间|日期|刊发|本[贴帖]由|Published|Posted)\D{0,12}$", re.IGNORECASE)
_UPDATED = re.compile(r"(?:更新|修改|Updated)\D{0,8}$", re.IGNORECASE)
_NEVER = re.compile(r"(?:今天是|今日是|现在是|北京时间|截至|截止|成立于|有效期|施行|注册|访问)\D{0,8}$")
"""Words before a date that is none of publication: today's above all."""
_SENTENCE = re.compile(r"[，。！？；]")
_LINE = 90
"""A longer piece is a paragraph: its dates are the story's.

Tried: 60 loses dates that stand in long lines of labels (4 of cwced and gne), 150 takes one out of a lead."""


class When(NamedTuple):
    """A date and the text that told it."""

    dated: Dated
    raw: str


def find_date(document: Document, flat: Flat, title_at: int | None, start: int, end: int) -> When | None:
    """The story's date, by the surest place that tells one. `start` and `end` are the body's pieces."""
    near = _between(flat, title_at, start)
    printed = _best(near)
    if printed and printed.dated.precision != "day":
        return printed
    machine = list(_machine_dates(document))
    if printed:
        return _finer(printed, machine)
    short = _SHORT.search(near)
    if short and (told := _completed(short, machine)):
        return told
    if machine:
        return machine[0]
    return _around(flat, title_at, start, end) or _without_year(near, document.page.fetched_at)


def _between(flat: Flat, title_at: int | None, start: int) -> str:
    """From the title to the body's first lines, which may be the line of date and source."""
    # Behind the title's own piece: a day in a title is the story's.
    above = title_at + 1 if title_at is not None and start - 60 <= title_at <= start + 3 else start - 25
    return _lines(flat, above, start) + " " + _lines(flat, max(start, above), max(start, above) + 3, _SENTENCE)


def _around(flat: Flat, title_at: int | None, start: int, end: int) -> When | None:
    """Above the title; then, with a word for publication, in the short lines of the body and below."""
    if title_at is not None and (above := _best(_lines(flat, title_at - 6, title_at))):
        return above
    below = _lines(flat, start, end + 12, _SENTENCE)
    found = next((match for match in _FULL.finditer(below) if _is_signed(match, below)), None)
    return _best(found[0]) if found else None


def _is_signed(match: re.Match[str], text: str) -> bool:
    """发布日期：…, as below posts and notices."""
    return bool(_PUBLISHED.search(text[max(match.start() - 24, 0) : match.start()]))


def _lines(flat: Flat, start: int, end: int, without: re.Pattern[str] | None = None) -> str:
    """The short pieces of a stretch as one line, white space folded (runs of it cost the patterns dear)."""
    pieces = (piece for piece in flat.pieces[max(start, 0) : max(end, 0)] if len(piece) <= _LINE)
    return " ".join(" ".join(piece for piece in pieces if not (without and without.search(piece))).split())


def _best(text: str) -> When | None:
    """The date with a word for publication before it, else the first with a time, else the first."""
    ranked: list[tuple[int, int, When]] = []
    for number, match in enumerate(_FULL.finditer(text)):
        before = text[max(match.start() - 24, 0) : match.start()]
        if not _NEVER.search(before) and (dated := parse_date(match[0])):
            ranked.append((_rank(before, dated), -number, When(dated, match[0].strip())))
    return max(ranked, key=lambda each: each[:2])[2] if ranked else None


def _rank(before: str, dated: Dated) -> int:
    return 4 * bool(_PUBLISHED.search(before)) - 8 * bool(_UPDATED.search(before)) + 2 * (dated.precision != "day")


def _machine_dates(document: Document) -> Iterator[When]:
    """JSON-LD and meta, then <time>."""
    for raw, dated in embedded.dates(document):
        yield When(dated, raw)
    if document.tree is not None and "<time" in document.text:
        for element in islice(document.tree.iter("time"), 1):
            raw = element.get("datetime") or text_in(element)
            if told := parse_date(raw):
                yield When(told, raw)


def _finer(printed: When, machine: list[When]) -> When:
    """The printed day; with its time where machines are told one of the same day."""
    return next((told for told in machine if _is_finer_day(printed.dated, told.dated)), printed)


def _is_finer_day(printed: Dated, told: Dated) -> bool:
    at = told.at.astimezone(BEIJING)
    return told.precision != "day" and at.date() == printed.at.date() and (at.hour, at.minute) != (0, 0)


def _completed(short: re.Match[str], machine: list[When]) -> When | None:
    """A printed 10-08 12:00 whose year a machine date of the same day tells."""
    for told in machine:
        at = told.dated.at.astimezone(BEIJING)
        if (at.month, at.day) == (int(short[1]), int(short[2])):
            return told if f"{at:%H:%M}" == short[3].zfill(5) else parse_completed(at.year, short)
    return None


def parse_completed(year: int, short: re.Match[str]) -> When | None:
    """The printed day and time of a known year."""
    dated = parse_date(f"{year}-{short[1]}-{short[2]} {short[3]}")
    return When(dated, short[0]) if dated else None


def _without_year(text: str, now: datetime) -> When | None:
    """3小时前, 昨天 22:10, 06-14 17:56 beside the title: told by the time of the fetch."""
    match = _SHORT.search(text) or _AGO.search(text)
    dated = parse_date(match[0], now) if match else None
    return When(dated, match[0]) if match and dated else None
