"""Datasette over one database, read-only, with our pages in front."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.database import Database, connections
from datasette.plugins import pm

from newscrawl.storage.database import connect_readonly
from newscrawl.storage.transactions import file_identity
from newscrawl.web import plugin
from newscrawl.web.metadata import metadata
from newscrawl.web.panels import DATABASE

T = TypeVar("T")
_WAIT = 3.0
"""Seconds that a page waits for a writer that locks everybody out."""
HERE = Path(__file__).parent
_SETTINGS = {
    "allow_download": False,  # a copy of a file that is written to is none: see `newscrawl backup`
    "sql_time_limit_ms": 3000,
    "suggest_facets": False,  # those of the metadata are worth showing; looking for others costs each page
    "default_page_size": 50,
    "num_sql_threads": 8,  # one slow question of SQL lets no page wait
    "truncate_cells_html": 200,
    "default_cache_ttl": 0,  # what is shown is what is stored now
}


def make_site(path: Path) -> Datasette:
    """The pages of a database; serve its `app()`. The file is not looked at before the first request."""
    if not pm.has_plugin(plugin.NAME):
        pm.register(plugin, plugin.NAME)
    site = Datasette(
        metadata=metadata(),
        settings=_SETTINGS,
        template_dir=str(HERE / "templates"),
        static_mounts=[("static", str(HERE / "static"))],
    )
    site.remove_database("_memory")
    site.add_database(NewsDatabase(site, path), name=DATABASE)
    return site


class NewsDatabase(Database):  # type: ignore[misc]
    """The database file, opened so that it cannot be written to, and anew when another file has taken its place."""

    def __init__(self, site: Datasette, path: Path) -> None:
        super().__init__(site, str(path), is_mutable=True)
        self._file = path
        self._opened = threading.local()

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection for reading. PermissionError where one for writing is asked for: nothing here writes."""
        if write:
            raise PermissionError("this database is for reading only")
        state = self._state()
        connection = connect_readonly(self._file, wait=_WAIT)
        self._opened.state = state
        self._all_file_connections.append(connection)
        return connection

    async def table_names(self) -> list[str]:
        """Without the search index, whose rows SQLite does not list."""
        return [name for name in await super().table_names() if name != "articles_fts"]

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """What `fn` makes of this thread's connection; `restore` and `rebuild` may have replaced the file since."""
        return await super().execute_fn(lambda connection: fn(self._current(connection)))  # type: ignore[no-any-return]

    def _current(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        if self._opened.state == self._state():
            return connection
        fresh: Any = self.connect()
        self.ds._prepare_connection(fresh, self.name)
        setattr(connections, self.name, fresh)
        self._all_file_connections.remove(connection)
        connection.close()
        return fresh  # type: ignore[no-any-return]

    def _state(self) -> tuple[object, ...]:
        """What changes with the file, and, where SQLite cannot watch it (see connect_readonly), with what is in it."""
        try:
            written = self._file.stat().st_mtime_ns
        except OSError:
            written = None
        return file_identity(self._file), written, self._file.with_name(f"{self._file.name}-wal").exists()
