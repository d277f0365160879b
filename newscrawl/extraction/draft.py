"""Draft: what one layer (a site's rule, the page's embedded data) found, before the layers become one Article."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from newscrawl.dates import Dated
from newscrawl.items import ArticleKind, Image, Stock, Tag
from newscrawl.tree import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Fields as found by one layer; what it did not find is None or empty."""

    origin: str
    """Where this layer reads: rule, embedded, generic, address."""
    kind: ArticleKind | None = None
    title: str | None = None
    published: Dated | None = None
    published_raw: str | None = None
    body: Element | None = None
    summary: str | None = None
    publisher: str | None = None
    author: str | None = None
    editor: str | None = None
    modified_at: datetime | None = None
    cover_url: str | None = None
    images: tuple[Image, ...] = ()
    """Images given apart from the body, shown behind it."""
    stocks: tuple[Stock, ...] = ()
    tags: tuple[Tag, ...] = ()
    provenance: dict[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether no further layer is needed: title, date and body are there."""
        return self.body is not None and self.title is not None and self.published is not None


_JOINED = [f.name for f in fields(Draft) if f.name not in {"origin", "provenance", "published_raw"}]


_FIELDS = {"published": "published_at"}
"""Names of the record, where a draft's differ."""


def combine(layers: Iterable[Draft], begun: Draft | None = None) -> Draft:
    """Field by field the first layer that has it; later layers are not asked once the draft is complete.

    `begun` holds what earlier layers found.
    """
    result = begun or Draft(origin="")
    if result.is_complete:
        return result
    for layer in layers:
        result = fill(result, layer)
        if result.is_complete:
            break
    return result


def fill(draft: Draft, layer: Draft) -> Draft:
    """`draft`, with what it lacks taken from one further layer."""
    found: dict[str, Any] = {}
    for name in _JOINED:
        value = getattr(layer, name)
        if getattr(draft, name) in (None, ()) and value not in (None, (), ""):
            found[name] = value
    if "published" in found or (draft.published_raw is None and layer.published_raw):
        found["published_raw"] = layer.published_raw
    origins = {_FIELDS.get(name, name): layer.origin for name in found if name not in {"kind", "published_raw"}}
    return replace(draft, **found, provenance=draft.provenance | origins)
