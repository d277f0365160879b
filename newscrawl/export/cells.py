"""Values as cells of a table that a spreadsheet opens: text stays text. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula, in full width too (OWASP, "CSV injection")."""
LONGEST_CELL = 32_767
"""Characters that Excel keeps in a cell; of more, it moves the rest into rows of its own."""


def cell(value: object) -> object:
    """A value as one cell: numbers as they are, nothing as an empty text, lists and records as JSON, dates in ISO form.

    A text that a spreadsheet would run gets an apostrophe in front; a longer one than a cell holds is cut.
    """
    if value is None or isinstance(value, bool | int | float):
        return "" if value is None else value
    return inert(_text(value))


def inert(text: str) -> str:
    """A text that no spreadsheet runs, and whole in one cell."""
    text = text.replace("\0", "")
    begins = text.lstrip(" \u3000\xa0\ufeff")
    quoted = f"'{text}" if begins.startswith(_FORMULA) else text
    return quoted if len(quoted) <= LONGEST_CELL else f"{quoted[: LONGEST_CELL - 1]}…"


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return json.dumps(_plain(value), ensure_ascii=False) if value or value == 0 else ""


def _plain(value: Any) -> Any:
    """Values that JSON knows; what a record lacks is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(told) for name, told in asdict(value).items() if told is not None}
    if isinstance(value, Mapping):
        return {str(name): _plain(told) for name, told in value.items() if told is not None}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
