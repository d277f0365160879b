"""Whether the crawls are well: what `newscrawl status` tells, for a page."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from datasette.app import Datasette
from sqlite_utils import Database

from newscrawl.concerns import concerns
from newscrawl.storage.health import Health, health_of
from newscrawl.storage.lock import is_running
from newscrawl.storage.timetext import now_utc
from newscrawl.web.panels import DATABASE


@dataclass(frozen=True, slots=True)
class Told:
    """How the sources stand, and what needs a person."""

    health: Health
    concerns: list[str]


def health(datasette: Datasette, db: Database) -> Told:
    """How the sources of the served database stand."""
    path = Path(datasette.get_database(DATABASE).path)
    return health_at(path, db)


def health_at(path: Path, db: Database) -> Told:
    """The same of a database file that is open; its locks tell which crawls are under way."""
    found = health_of(db, partial(is_running, path), now_utc())
    return Told(found, concerns(found))
