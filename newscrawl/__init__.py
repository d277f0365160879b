"""Crawls Cailianshe-style news sources into one deduplicated SQLite database."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.notebook import News

__version__ = "0.1.0"


def open(path: "str | Path | None" = None) -> "News":
    """The database for a notebook (see notebook.News); by default that of newscrawl.toml, else data/newscrawl.db.

    UsageError when there is none, or it is not ours, or of another version.
    """
    from newscrawl.notebook import News  # noqa: PLC0415 - importing newscrawl stays cheap

    return News(path)
