"""What a site's rule is. The rules stand in newscrawl/rules, above the reading tools that they use."""

from collections.abc import Iterator
from typing import ClassVar, Protocol

from newscrawl.document import Document
from newscrawl.extraction.draft import Draft
from newscrawl.items import ArticleKind


class Rule(Protocol):
    """How one site's pages are read; one rule may serve several sources."""

    sources: ClassVar[tuple[str, ...]]
    """The sources whose pages it reads."""
    domains: ClassVar[tuple[str, ...]]
    """Where such pages stand; for a page whose source is not known."""
    ends_with_html: ClassVar[bool]
    """Whether a whole page of this site always ends with </html>."""

    def recognises(self, document: Document) -> bool:
        """Whether this page is of this site, by its form; asked only when neither source nor address tells."""

    def source_of(self, kind: ArticleKind) -> str:
        """The source to name for a page whose source is not known."""

    def identify(self, document: Document) -> tuple[str | None, str]:
        """The site's own number (None when it has none) and the canonical public address ("" likewise)."""

    def read(self, document: Document) -> Iterator[Draft]:
        """The layers to read, best first. Raises PageError or NotNews."""

    def last_resort(self, document: Document) -> Iterator[Draft]:
        """What the address tells, asked when nothing on the page told it."""
