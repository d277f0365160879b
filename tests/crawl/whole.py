"""A whole database, but for what differs from run to run: ids, and times of seeing."""

import contextlib
import sqlite3
from itertools import zip_longest

from sqlite_utils import Database

from newscrawl.storage.search_index import faults

# What tells of the runs themselves; and how SQLite and sqlite-utils keep their own books.
_OF_RUNS = {"runs", "journal"}
# The order of an index's rows within a minute is that of storing; whether it is in step is asked of itself.
_OF_SEARCH = ("articles_fts", "search_rows")
_TIMES = {"valid_from", "valid_to", "content_since"}
_IDS = {"id", "run_id"}
_ARTICLE = {"article_id", "story_id"}


def whole(database):
    """Every row of every table, sorted. Of times of seeing only whether there is one; of ids the article that they mean.

    A table or column that is added to the schema is compared from then on.
    """
    with contextlib.closing(sqlite3.connect(database)) as connection:
        tables = [
            name
            for (name,) in connection.execute("select name from sqlite_master where type = 'table' order by 1")
            if not name.startswith(("_", "sqlite_", *_OF_SEARCH)) and name not in _OF_RUNS
        ]
        articles = {
            number: (source, source_id or url)
            for number, source, source_id, url in connection.execute("select id, source, source_id, url from articles")
        }
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        assert faults(Database(connection)) == []
        return {table: sorted(_rows(connection, table, articles), key=repr) for table in tables}


def differences(one, other):
    """What two whole databases differ in, row by row: what a failing test shows."""
    assert one.keys() == other.keys()
    return [
        (table, {name: (value, there[name]) for name, value in here.items() if value != there[name]})
        if here and there
        else (table, here, there)
        for table in one
        for here, there in zip_longest(*_apart(one[table], other[table]))
    ]


def _apart(one, other):
    return [row for row in one if row not in other], [row for row in other if row not in one]


def _rows(connection, table, articles):
    cursor = connection.execute(f'select * from "{table}"')
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield {name: _told(name, value, articles) for name, value in zip(names, row, strict=True) if name not in _IDS}


def _told(name, value, articles):
    if name in _ARTICLE:
        return articles.get(value)
    if name == "last_article":
        return bool(value)
    is_seen = name.endswith("_at") and name not in {"published_at", "modified_at"}
    return value is not None if is_seen or name in _TIMES else value
