"""What Datasette is told of the database: what each table and column means, queries to begin with, what to group by."""

import json
from pathlib import Path
from typing import Any

from newscrawl import __version__
from newscrawl.web import queries
from newscrawl.web.panels import DATABASE, QUESTIONS

_DICTIONARY = Path(__file__).with_name("dictionary.json")
"""The tables of data/README.md; `python -m tests.web.dictionary --write` makes it."""
_FACETS = {
    "articles": ["source", "kind", "publisher", "published_date"],
    "failures": ["source", "kind"],
    "runs": ["source", "outcome"],
    "sightings": ["source"],
    "stocks": ["market"],
    "tags": ["kind"],
}
_SORTED = {"articles": "published_ts", "runs": "id", "failures": "last_try_at", "revisions": "id"}
_SIZES = {"articles": 25, "revisions": 10, "states": 10}
_INNER = (
    "articles_fts",
    "search_",
    "story_bands",
    "story_queue",
    "story_sketches",
    "journal",
    "trails",
    "_sqlite_migrations",
)
"""What tables that nobody need look at are called, or begin with."""
_PARTS = ("sightings", "images", "stocks", "tags", "revisions")


def metadata() -> dict[str, Any]:
    """Datasette's metadata; see https://docs.datasette.io/en/stable/metadata.html."""
    return {
        "title": "newscrawl",
        "about": f"newscrawl {__version__}",
        "databases": {
            DATABASE: {
                "title": "Tables and SQL",
                "description": "Every table, view and query of the database. Times are Beijing times (UTC+8).",
                "tables": _tables(),
                "queries": _queries(),
            }
        },
    }


def _tables() -> dict[str, Any]:
    told = json.loads(_DICTIONARY.read_text("utf-8"))
    return {name: {**each, **_shown(name)} for name, each in told.items()}


def _shown(name: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"facets": _FACETS[name]} if name in _FACETS else {}
    if name in _SORTED:
        shown["sort_desc"] = _SORTED[name]
    if name in _SIZES:
        shown["size"] = _SIZES[name]
    if name == "articles":
        shown["label_column"] = "headline"
    if name.startswith(_INNER):
        shown["hidden"] = True
    return shown


def _queries() -> dict[str, Any]:
    search = {
        "sql": queries.SEARCH.strip(),
        "title": "Search",
        "description": "The hundred newest articles that hold a word. The search page knows more.",
    }
    asked = {
        question.name: {"sql": question.sql.strip(), "title": question.title, "description": question.told}
        for question in QUESTIONS.values()
    }
    return {"search": search, **asked}
