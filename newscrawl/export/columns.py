"""The columns of a table of articles, whatever file it goes to: their names, kinds and values. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from newscrawl.errors import UsageError

COLUMNS = {
    "id": "number",
    "source": "text",
    "source_id": "text",
    "kind": "text",
    "published_at": "time",
    "published_date": "day",
    "published_precision": "text",
    "publisher": "text",
    "headline": "text",
    "title": "text",
    "summary": "text",
    "body": "text",
    "body_html": "text",
    "author": "text",
    "editor": "text",
    "url": "text",
    "cover_url": "text",
    "images": "list",
    "stocks": "list",
    "tags": "list",
    "modified_at": "time",
    "backfilled": "flag",
    "first_seen_at": "time",
    "valid_from": "time",
}
"""Name to kind. Names mean what they mean in the view `states`, `id` is the article's number; of `images` the
addresses, of `stocks` such as 600519.SH, of `tags` the names."""
_LEFT_OUT = ("body_html",)


def check_columns(text: str | None) -> list[str]:
    """The columns named, with commas between them; all but body_html when none are. UsageError for another name."""
    if text is None:
        return [name for name in COLUMNS if name not in _LEFT_OUT]
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in COLUMNS:
            raise UsageError(f"columns: there is no column {name!r}; there are {', '.join(COLUMNS)}")
    return list(dict.fromkeys(names))


def record(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """These columns of a row of selection.selected: numbers, text, aware times, days, booleans, lists of text."""
    return {name: _VALUES[COLUMNS[name]](_told(row, name)) for name in names}


def _told(row: Mapping[str, Any], name: str) -> Any:
    if name == "id":
        return row["article_id"]
    if name == "images":
        return [image["url"] for image in row["images"]]
    if name == "stocks":
        return [f"{stock['code']}.{stock['market']}" for stock in row["stocks"]]
    if name == "tags":
        return list(dict.fromkeys(tag["name"] for tag in row["tags"]))
    return row[name]


def _same(value: Any) -> Any:
    return value


_VALUES: dict[str, Callable[[Any], Any]] = {
    "number": _same,
    "text": _same,
    "list": _same,
    "flag": bool,
    "day": lambda text: text and date.fromisoformat(text),
    "time": lambda text: text and datetime.fromisoformat(text),
}
