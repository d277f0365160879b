"""The database for notebooks: `newscrawl.open()`. Reads only; loads no Scrapy, and pandas or polars only to use it."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

from newscrawl.asked import Moment, read_selection
from newscrawl.config import load_config
from newscrawl.errors import UsageError
from newscrawl.export.columns import COLUMNS, check_columns, record
from newscrawl.items import Article
from newscrawl.storage.database import open_readonly
from newscrawl.storage.selection import Selection, selected, selected_articles
from newscrawl.storage.transactions import reading

_LIBRARIES = ("pandas", "polars")
_MET = """select 1 from articles where source = :name union all select 1 from runs where source = :name
          union all select 1 from sightings where source = :name"""


class News:
    """An open database. Close it, or use it as `with newscrawl.open() as db:`.

    Filters: `source`, `kind` (flash, article), `publisher`, `stock` (600519, 600519.SH), `search` (words, all of them),
    `since`, `until` (of publication, both ends inside) and `as_of`: only what was stored by then, in the wording of
    then. Days and moments are ISO text, dates or datetimes, Beijing's where they name no zone; a day alone is the whole
    of it. UsageError for what means nothing.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = load_config().database if path is None else Path(path)
        self._db = open_readonly(self.path)

    def articles(self, **filters: Moment | None) -> Iterator[Article]:
        """The articles in the order of their numbers, read as they are taken; filters as told for the class.

        `fetched_at` of each is when this wording was first stored.
        """
        return self._guarded(selected_articles(self._db, self._selection(filters)))

    def frame(self, *, library: str | None = None, columns: str | None = None, **filters: Moment | None) -> Any:
        """The same as a DataFrame of pandas, or else polars, or of the one named by `library`: one row an article.

        Columns as `newscrawl export` writes them (`columns`: some, with commas); times are aware, in Asia/Shanghai.
        """
        names = check_columns(columns)
        module = _library(library)
        rows = [record(row, names) for row in self._guarded(selected(self._db, self._selection(filters)))]
        return _pandas(module, rows, names) if module.__name__ == "pandas" else _polars(module, rows, names)

    def sql(self, query: str, **params: object) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries; `:name` in it stands for the parameter of that name."""
        try:
            return list(self._db.query(query, params))
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise UsageError(f"sql: {error}") from error

    def close(self) -> None:
        """Closes the database; what is read lazily from it ends."""
        self._db.close()

    def __enter__(self) -> "News":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _selection(self, filters: dict[str, Any]) -> Selection:
        try:
            selection = read_selection(**filters)
        except TypeError as error:
            known = ", ".join(read_selection.__kwdefaults__ or ())
            raise UsageError(f"there is no such filter among {', '.join(filters)}; there are {known}") from error
        if selection.source is not None and not self._db.execute(_MET, {"name": selection.source}).fetchone():
            known = ", ".join(name for (name,) in self._db.execute("select distinct source from articles order by 1"))
            raise UsageError(f"there is no source {selection.source!r}; the sources are {known}")
        return selection

    def _guarded(self, found: Iterator[Any]) -> Iterator[Any]:
        with reading(self._db):
            yield from found


def _library(name: str | None) -> Any:
    if name is not None and name not in _LIBRARIES:
        raise UsageError(f"library: {name!r} is neither pandas nor polars")
    for each in _LIBRARIES if name is None else (name,):
        try:
            return import_module(each)
        except ImportError:
            continue
    raise UsageError(f"a frame needs {name or 'pandas or polars'}: pip install {name or 'pandas'}")


def _pandas(pandas: Any, rows: list[dict[str, Any]], names: list[str]) -> Any:
    frame = pandas.DataFrame(rows, columns=names)
    for name in names:
        if COLUMNS[name] == "time":
            frame[name] = pandas.to_datetime(frame[name], utc=True).dt.tz_convert("Asia/Shanghai")
        elif COLUMNS[name] == "number":
            frame[name] = frame[name].astype("Int64")
    return frame


def _polars(polars: Any, rows: list[dict[str, Any]], names: list[str]) -> Any:
    types = {
        "text": polars.String,
        "number": polars.Int64,
        "day": polars.Date,
        "flag": polars.Boolean,
        "list": polars.List(polars.String),
        "time": polars.Datetime("us", "UTC"),
    }
    columns = [_series(polars, name, [row[name] for row in rows], types[COLUMNS[name]]) for name in names]
    return polars.DataFrame(columns)


def _series(polars: Any, name: str, values: list[Any], kind: Any) -> Any:
    if COLUMNS[name] != "time":
        return polars.Series(name, values, dtype=kind)
    moments = polars.Series(name, [value and value.astimezone(UTC) for value in values], dtype=kind)
    return moments.dt.convert_time_zone("Asia/Shanghai")
