"""What a list says: its articles and where it goes on."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["page", "rss", "atom", "sitemap", "sitemapindex"]
NAMES: dict[Kind, str] = {
    "page": "list page",
    "rss": "RSS feed",
    "atom": "Atom feed",
    "sitemap": "sitemap",
    "sitemapindex": "index of sitemaps",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article (or one further list) as a list tells it. Moments are unix seconds."""

    url: str
    """Canonical."""
    title: str | None = None
    at: int | None = None
    """When it was published; None where the list does not say."""
    printed: str | None = None
    """The date of publication as the list has it."""
    earliest: int | None = None
    """It was hardly published before this moment: from the day that its address tells."""
    latest: int | None = None
    """It was hardly published after this moment: from that day, or from its last edit."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the articles of a list were told from its other links."""

    shapes: tuple[str, ...] = ()
    """The forms of their paths; empty where all entries are articles."""
    beside: bool = False
    """Whether the list stands where menus and lists of other articles mostly stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One list, read."""

    kind: Kind
    entries: tuple[Entry, ...] = ()
    next: str | None = None
    """The list's next page."""
    lists: tuple[Entry, ...] = ()
    """Further sitemaps that an index names, the latest edited first."""
    form: Form = Form()
    odd: int = 0
    """Entries without an address that can be asked."""
    links: int = field(default=0, compare=False)
    """How many different addresses it names."""
