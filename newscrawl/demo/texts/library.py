"""The texts, taken apart once: flashes by category, article themes by section."""

from functools import cache
from typing import NamedTuple

from newscrawl.demo.texts import themes_industry, themes_market
from newscrawl.demo.texts.flashes import FLASHES


class Flash(NamedTuple):
    """`category` is a value of get_roll_list's parameter, or ""."""

    category: str
    title: str
    text: str


class Theme(NamedTuple):
    """Sentences of one kind of long article; each entry is a template."""

    things: tuple[str, ...]
    titles: tuple[str, ...]
    brief: tuple[str, ...]
    lead: tuple[str, ...]
    headings: tuple[str, ...]
    body: tuple[str, ...]


@cache
def flashes() -> tuple[Flash, ...]:
    """All flash templates, in the order of the file."""
    found = []
    for block in FLASHES.strip("\n").split("\n\n"):
        head, text = block.split("\n", 1)
        category, title = head.split(" | ")
        found.append(Flash(category.strip(), title, text))
    return tuple(found)


@cache
def themes() -> tuple[Theme, ...]:
    """All article themes."""
    industry = (themes_industry.CHIPS, themes_industry.CARS, themes_industry.ENERGY)
    market = (themes_market.MACRO, themes_market.CONSUMER, themes_market.PROPERTY, themes_market.FUNDS)
    return tuple(_theme(text) for text in industry + market)


def _theme(text: str) -> Theme:
    sections: dict[str, tuple[str, ...]] = {}
    for part in text.strip().split("# ")[1:]:
        name, lines = part.split("\n", 1)
        sections[name] = tuple(line for line in lines.splitlines() if line)
    return Theme(**sections)
