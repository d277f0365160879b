"""`newscrawl show`: one article, whole."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from newscrawl.asked import read_moment
from newscrawl.cli.common import database_for_reading, db_option, json_option, one_line, print_json, safe
from newscrawl.errors import UsageError
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.decide import Reason
from newscrawl.storage.wordings import changes, state_at

_FIELDS = (
    ("publisher", "publisher"),
    ("author", "author"),
    ("editor", "editor"),
    ("address", "url"),
    ("source", "source"),
    ("source's id", "source_id"),
    ("kind", "kind"),
    ("edited", "modified_at"),
    ("cover", "cover_url"),
    ("first seen", "first_seen_at"),
    ("updated", "updated_at"),
    ("read again", "reread_at"),
)

_COLOURS = {"-": "red", "+": "green"}
_AROUND = 30
"""Characters of unchanged text shown on each side of a change."""


@click.command()
@click.argument("article_id", metavar="ID", type=click.IntRange(min=1, max=2**63 - 1))
@click.option(
    "--as-of", metavar="MOMENT", help="As it stood then: 2026-11-20T21:46, or the end of a day (Beijing time)."
)
@click.option("--diff", "changed", is_flag=True, help="What the publisher changed in title and body, and when.")
@db_option
@json_option
def show(article_id: int, as_of: str | None, changed: bool, db: Path, as_json: bool) -> None:
    """Print one article whole: its text, where and when it was seen, what it names, copies of it, its former states.

    ID is the number in the column `id` of the table `articles`. Times are Beijing times.

    \b
    newscrawl show 1
    newscrawl show 1 --json
    newscrawl show 1 --as-of 2026-11-20T21:46
    newscrawl show 1 --diff
    """
    if changed and as_of is not None:
        raise UsageError("--diff and --as-of cannot be given together")
    moment = None if as_of is None else read_moment("as_of", as_of)
    with database_for_reading(db) as database:
        store = ArticleStore(database)
        article = store.get(article_id)
        if article is None:
            raise UsageError(f"there is no article {article_id} in {db}")
        if moment is not None:
            article = _known(state_at(database, article_id, moment), article, moment)
        else:
            article["copies"] = store.copies(article_id)
        differences = changes(database, article_id) if changed else []
    if as_json:
        print_json(differences if changed else article)
    else:
        click.echo(changes_text(differences) if changed else article_text(article))


def _known(state: dict[str, Any] | None, article: dict[str, Any], moment: str) -> dict[str, Any]:
    if state is None:
        first = _brief(article["first_seen_at"])
        raise UsageError(f"article {article['id']} was not known at {_brief(moment)}; it was first seen at {first}")
    return state


def changes_text(differences: Sequence[dict[str, Any]]) -> str:
    """What changed, as a person reads it: [-what went-] and {+what came+}, in colours on a terminal."""
    if not differences:
        return "its wording has not changed since it was first stored"
    parts = []
    for each in differences:
        parts.append(f"{_brief(each['at'])}")
        parts += [f"  {_marked(each[name])}" for name in ("title", "body") if _changed(each[name])]
    return "\n".join(parts)


def _changed(pieces: Sequence[tuple[str, str]]) -> bool:
    return any(kind != "=" for kind, _ in pieces)


def _marked(pieces: Sequence[tuple[str, str]]) -> str:
    """Text that stayed is shown around what changed only."""
    told = []
    for number, (kind, raw) in enumerate(pieces):
        text = one_line(raw)
        if kind == "=":
            told.append(_shortened(text, begins=number > 0, ends=number < len(pieces) - 1))
        else:
            told.append(click.style(f"[-{text}-]" if kind == "-" else f"{{+{text}+}}", fg=_COLOURS[kind]))
    return "".join(told)


def _shortened(text: str, *, begins: bool, ends: bool) -> str:
    """The beginning and the end of a text that stands behind (`begins`) and before (`ends`) a change."""
    if len(text) <= _AROUND * (begins + ends):
        return text
    return (text[:_AROUND] if begins else "") + "…" + (text[-_AROUND:] if ends else "")


def article_text(article: dict[str, Any]) -> str:
    """The article as a person reads it in a terminal."""
    parts = [_head(article), safe(article["body"])]
    if article["summary"]:
        parts.insert(1, f"Summary: {one_line(article['summary'])}")
    for name, told in (("images", _image), ("stocks", _stock), ("tags", _tag)):
        parts += _section(name.capitalize(), article[name], told)
    parts += _section("Seen at", article["sightings"], _sighting)
    parts += _section("Copies of the story", article.get("copies", ()), _copy)
    parts += _section("Former states", article["revisions"], _revision)
    return "\n\n".join(parts)


def _head(article: dict[str, Any]) -> str:
    title = one_line(article["title"] or article["headline"])
    fields = [("published", _published(article)), *((label, article[name]) for label, name in _FIELDS)]
    width = max(len(label) for label, _ in fields) + 2
    return "\n".join([title, "", *(f"{label + ':':<{width}}{_brief(value)}" for label, value in fields if value)])


def _published(article: dict[str, Any]) -> str:
    if article["published_at"] is None:
        printed = article["published_raw"]
        return f"unknown (printed: {printed})" if printed else "unknown"
    if article["published_precision"] == "day":
        return f"{article['published_date']} (the day only)"
    return _brief(article["published_at"]) + " Beijing time"


def _section(label: str, rows: Iterable[dict[str, Any]], told: Callable[[dict[str, Any]], str]) -> Iterator[str]:
    lines = [f"  {told(row)}" for row in rows]
    if lines:
        yield "\n".join([f"{label}:", *lines])


def _image(image: dict[str, Any]) -> str:
    size = f"{image['width']}x{image['height']}" if image["width"] and image["height"] else ""
    return _joined(f"{image['position']}.", image["url"], size, image["caption"] or image["alt"])


def _stock(stock: dict[str, Any]) -> str:
    return _joined(f"{stock['code']}.{stock['market']}", stock["name"])


def _tag(tag: dict[str, Any]) -> str:
    return _joined(f"{tag['kind']}:", tag["name"])


def _sighting(sighting: dict[str, Any]) -> str:
    first, last = _brief(sighting["first_seen_at"]), _brief(sighting["last_seen_at"])
    return _joined(sighting["url"], f"({sighting['source']}", f"{first} to {last})")


def _copy(copy: dict[str, Any]) -> str:
    return _joined(
        f"{copy['id']}.", _brief(copy["published_at"]), copy["publisher"], f"({copy['source']}):", copy["headline"]
    )


def _revision(revision: dict[str, Any]) -> str:
    span = f"{_brief(revision['valid_from'])} to {_brief(revision['valid_to'])}"
    whose = " (as we read it then)" if revision["reason"] == Reason.READER else ""
    return _joined(f"{span}{whose}:", revision["title"], revision["body"])


def _brief(value: str) -> str:
    """One line; a time without its zone, which is Beijing's everywhere."""
    return one_line(value).removesuffix("+08:00")


def _joined(*texts: str | None) -> str:
    return " ".join(one_line(text) for text in texts if text)
