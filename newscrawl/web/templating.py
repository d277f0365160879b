"""What our templates use, on Datasette's pages and in reports alike."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from newscrawl.items import BEIJING
from newscrawl.storage.timetext import from_text, length_text, now_utc
from newscrawl.web.body import address_only, differences, marked
from newscrawl.web.panels import stock_href

_TEMPLATES = Path(__file__).parent / "templates"
_WELL = frozenset({"ok", "nothing_new"})
_STYLE = re.compile(r' style="[^"]*"')
"""In stored text quotes are written as references, so that this is in Datasette's own markup only."""
_LABELS = {
    '<select name="_filter_column"': "Column",
    '<select name="_filter_op"': "Comparison",
    '<input type="text" name="_filter_value"': "Value",
    '<select name="_sort"': "Sort by",
    '<textarea id="sql-editor"': "SQL",
}


def furnish(environment: Environment) -> None:
    """Adds our filters."""
    environment.filters |= {
        "address_only": address_only,
        "age": age,
        "brief": brief,
        "differences": differences,
        "is_well": lambda outcome: outcome in _WELL,
        "marked": marked,
        "minute": minute,
        "ours": ours,
        "since": since,
        "stock_href": stock_href,
    }


def rendered(template: str, context: Mapping[str, Any]) -> Markup:
    """A template of ours without Datasette, whose rendering takes twice as long and lets other pages wait."""
    return Markup(_own_environment().get_template(template).render(context))


@cache
def _own_environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    furnish(environment)
    return environment


def ours(html: str) -> Markup:
    """A page of Datasette's, as our policy and screen readers want it: no style in place, a label for each field."""
    text = _STYLE.sub("", str(html)).replace("<h3", "<h2").replace("</h3>", "</h2>")
    for field, label in _LABELS.items():
        text = text.replace(field, f'{field} aria-label="{label}"')
    return Markup(text)


def brief(text: str | None) -> str:
    """A Beijing time without its zone."""
    return (text or "").removesuffix("+08:00")


def minute(row: Any) -> str:
    """When a story was published, as exact as its page tells, to the minute at most."""
    text = str(row["published_at"] or "")
    return text[:10] if row["published_precision"] == "day" else text[:16]


def age(text: str | None) -> str:
    """How long ago a Beijing time was, in its largest unit; empty for None."""
    return since(int(from_text(text).timestamp())) if text else ""


def since(second: int | None) -> str:
    """How long ago a unix second was, in its largest unit; empty for None."""
    if second is None:
        return ""
    return " ".join(length_text(max(int(now_utc().timestamp()) - second, 0)).split()[:2])


def now_text() -> str:
    """This minute in Beijing."""
    return f"{now_utc().astimezone(BEIJING):%Y-%m-%d %H:%M}"
