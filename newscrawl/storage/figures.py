"""The figures and dates of a text, and whether two texts give the same ones, however rounded. Pure."""

import re
from collections.abc import Set
from typing import NamedTuple

_DATE = re.compile(
    r"(?:(?:19|20)\d\d年)?\d{1,2}月(?:\d{1,2}[日号])?|(?:19|20)\d\d(?:年|[-/]\d{1,2}[-/]\d{1,2})|\d{1,2}[日号]|\d{1,2}:\d\d(?::\d\d)?"
)
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
_FIGURE = re.compile(r"(\d+(?:,\d{3})+|\d+)(?:\.(\d+))?\s?([万亿]*)")
_UNITS = {"万": 4, "亿": 8}
_ROUGH = 10
"""A figure of one digit says too little to be another one rounded."""


class Figure(NamedTuple):
    """`digits` times ten to the power of `exponent`: 1.20亿 is (120, 6)."""

    digits: int
    exponent: int


def figures(text: str) -> frozenset[Figure]:
    """Every figure, dates and times of day left out."""
    found = _FIGURE.findall(_DATE.sub(" ", text))
    return frozenset(_figure(*parts) for parts in found)


def dates(text: str) -> frozenset[str]:
    """The days that are named with their month."""
    return frozenset(f"{int(month)}-{int(day)}" for month, day in _DAY.findall(text))


def lacks(some: Set[Figure], others: Set[Figure]) -> bool:
    """Whether any of these figures is not among the others."""
    return any(figure not in others and not any(same(figure, other) for other in others) for figure in some)


def same(one: Figure, other: Figure) -> bool:
    """Whether two figures may be one, told more or less exactly: 1.2亿 and 12,034万, 6.35 and 6.3512."""
    fine, rough = sorted((one, other), key=lambda figure: figure.exponent)
    step = 10 ** (rough.exponent - fine.exponent)
    off = abs(rough.digits * step - fine.digits)
    return off == 0 or (off < step and rough.digits >= _ROUGH)


def _figure(whole: str, decimals: str, units: str) -> Figure:
    exponent = sum(_UNITS[unit] for unit in units) - len(decimals)
    return Figure(int((whole.replace(",", "") + decimals)[:40]), exponent)
