"""What a crawl's books know beside the database, written down so that another process can go on with it.

A pickle that only the listed types come out of: a database that somebody else hands over runs nothing.
"""

import pickle
from io import BytesIO
from typing import Any

from newscrawl.errors import UsageError

_SPIDER = ("walks", "site_walks", "_met", "_taken", "cut_short", "_told", "_timeless")
_RUN = ("problems", "notes", "empty_lists", "listed_at", "ended", "wish", "_breaker")
_LEDGER = ("failure_kinds", "failures")
_FIELDS = ("_traits", "_last")
_ALLOWED = {
    "builtins": {"set", "frozenset"},
    "collections": {"Counter", "defaultdict", "deque"},
    "datetime": {"datetime", "timedelta", "timezone"},
    "newscrawl.breaker": {"Breaker"},
    "newscrawl.items": {"Failure"},
    "newscrawl.listing.found": {"Form"},
    "newscrawl.outcomes": {"Problem"},
    "newscrawl.spiders.paging": {"Recent", "Walk"},
    "newscrawl.spiders.site_walk": {"SiteWalk"},
    "newscrawl.storage.usual": {"Traits"},
    "newscrawl.storage.walks": {"Validators", "Walked"},
}


def lists_of(spider: Any) -> bytes:
    """What the books know of the lists: large, and changed only where one was read."""
    return pickle.dumps(_told(spider, _SPIDER), protocol=5)


def state_of(run: Any, ledger: Any, **more: Any) -> bytes:
    """What they know beside that; `more` is handed back by take_up."""
    told = (_told(run, _RUN), _told(ledger, _LEDGER), _told(ledger.fields, _FIELDS))
    return pickle.dumps((*told, more), protocol=5)


def take_up(state: bytes, lists: bytes, spider: Any, run: Any, ledger: Any) -> dict[str, Any]:
    """Puts both into fresh books; what was written down as `more`. UsageError for what is neither."""
    try:
        vars(spider).update(_Unpickler(BytesIO(lists)).load())
        *told, more = _Unpickler(BytesIO(state)).load()
        for owner, values in zip((run, ledger, ledger.fields), told, strict=True):
            vars(owner).update(values)
    except (pickle.UnpicklingError, ValueError, TypeError, AttributeError, EOFError, LookupError) as error:
        raise UsageError(f"the database's note of a crawl under way cannot be read: {error}") from error
    found: dict[str, Any] = more
    return found


def _told(owner: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: vars(owner)[name] for name in names if name in vars(owner)}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name not in _ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} does not belong there")
        return super().find_class(module, name)
