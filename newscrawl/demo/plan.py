"""Which story a number is, and when it appears: arithmetic only, so that 100,000 stories cost no memory."""

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from newscrawl.demo.story import Family

SPACING = 100
"""Seconds from one story number to the next; with nine flashes in twenty, some 390 flashes a day. No smaller one."""

_LETTERS: dict[str, Family] = {
    "f": "flash",
    "a": "article",
    "s": "shared",
    "e": "em_article",
    "q": "em_fast",
    "g": "gbk",
    "w": "web",
}
_PATTERN = "fegfwsffafqgafwfaeff"


class Plan(NamedTuple):
    """What is fixed about a story before its text is made."""

    number: int
    family: Family
    ordinal: int
    published: int


def plan(seed: int, number: int, size: int, now: int, spacing: int = SPACING) -> Plan:
    """The plan of story `number`; `size` stories are out at `now` (unix seconds), the last just before it."""
    cycle, slot = divmod(number - 1, len(_PATTERN))
    letter = _PATTERN[slot]
    ordinal = cycle * _PATTERN.count(letter) + _PATTERN[:slot].count(letter)
    slotted = number - 1 if _shares_second(slot, cycle) else number
    age = (size - slotted) * spacing + 20 + crc32(f"{seed}-{slotted}".encode()) % 79
    return Plan(number, _LETTERS[letter], ordinal, now - age)


def plans(seed: int, size: int, now: int, numbers: range, spacing: int = SPACING) -> Iterator[Plan]:
    """The plans of several numbers."""
    return (plan(seed, number, size, now, spacing) for number in numbers)


def _shares_second(slot: int, cycle: int) -> bool:
    # Some flashes come out in the same second as the one before: paging must not lose one of them.
    return cycle % 3 == 1 and _PATTERN[slot] == "f" and slot > 0 and _PATTERN[slot - 1] == "f"
