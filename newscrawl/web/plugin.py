"""What Datasette calls: our addresses, our headers, links in its tables, Chinese search in its SQL."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from pluggy import HookimplMarker

from newscrawl.storage.search_text import needed
from newscrawl.web import headers, views
from newscrawl.web.panels import DATABASE, stock_href
from newscrawl.web.templating import furnish

NAME = "newscrawl"
hookimpl = HookimplMarker("datasette")
_LONGEST = 32 * 1024 * 1024
"""Bytes of a value that SQL may make: the time limit does not see how long `zeroblob(900000000)` takes to show."""
_NUMBERS = {"article_id": "articles", "story_id": "stories"}


@hookimpl
def register_routes() -> Sequence[tuple[str, Callable[..., Any]]]:
    """Our addresses come before Datasette's own."""
    return views.ROUTES


@hookimpl
def asgi_wrapper() -> Callable[[Any], Any]:
    """Every answer carries our headers."""
    return headers.with_headers


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """What our templates use."""
    furnish(env)


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """`newscrawl_match(word)`: what the search index is to be asked for to find a word; and no value of a gigabyte."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    conn.create_function("newscrawl_match", 1, _match, deterministic=True)


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """Numbers of articles and stories, and codes of securities, lead to their pages."""
    if database != DATABASE or value is None:
        return None
    page = "articles" if column == "id" and table == "articles" else _NUMBERS.get(column)
    if page and isinstance(value, int):
        return Markup('<a href="/{}/{}">{}</a>').format(page, value, value)
    if column == "code" and "market" in row.keys():  # noqa: SIM118 - a sqlite3.Row
        return Markup('<a href="{}">{}</a>').format(stock_href(row), value)
    return None


def _match(word: str | None) -> str:
    return " AND ".join(f'"{token}"' for token in needed(str(word or ""))) or '""'
