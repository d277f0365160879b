"""The records that cross borders: Page (fetched) and Article (read). Pure; no Scrapy, no storage."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Literal

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone of Chinese pages that name none, and of every text time in the database."""

ArticleKind = Literal["flash", "article"]
Precision = Literal["second", "minute", "day"]
TagKind = Literal["subject", "column", "level", "category", "keyword"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was fetched: nothing interpreted. A listing whose rows are whole stories gives one page per row."""

    url: str
    """The public address (never the one that --base-url put in its place); "" when it has none."""
    source: str
    """The source's name; "" when the caller does not know it (then rules are chosen by the address)."""
    body: bytes = field(repr=False)
    """The bytes as they came, after content decoding (gzip, br), before character decoding."""
    fetched_at: datetime
    """When the answer came, with its zone."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Response headers that reading needs, names in lower case: `content-type`, `content-length`."""
    aliases: tuple[str, ...] = ()
    """Other public addresses at which this same page was met (redirects, copies in a folder of posts)."""
    told: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the feed that led here says of it: `title`, `published` as printed. For what the page itself leaves out."""
    within: tuple[int | None, int | None] = (None, None)
    """An article published before the first or after the last of these unix seconds is not wanted."""
    backfilled: bool = False
    """True when a backfill asked for it: latency statistics leave such rows out."""
    parts: "tuple[Page, ...]" = field(default=(), repr=False)
    """The further pages of a story that goes on behind 下一页, in order: the second part and those after it."""


@dataclass(frozen=True, slots=True)
class Image:
    """One image of an article's body, in reading order."""

    url: str
    """Absolute http(s) address, the full-size one where the page gives it."""
    _: KW_ONLY
    alt: str | None = None
    caption: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Stock:
    """One security that the page itself names: Stock("600519", "SH", "贵州茅台")."""

    code: str
    market: str
    """SH, SZ, BJ, HK or US."""
    name: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """One subject, column, level or category that the page carries."""

    kind: TagKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The record: one story as one page tells it. Complete or not made at all (see pipelines.validate)."""

    source: str
    url: str
    """Canonical public address; "" when the page has none."""
    source_id: str | None
    """The site's own number, where it has one."""
    kind: ArticleKind
    title: str | None
    """Required but for flashes, many of which have none."""
    published_at: datetime | None
    """With its zone; None when the page tells no date that can be read. Never the time of the crawl."""
    published_precision: Precision | None
    published_raw: str | None
    """The date as printed, or the number as embedded."""
    body: str = field(repr=False)
    """Visible text; the page's paragraphs, one per line."""
    body_html: str = field(repr=False)
    """The same as sanitised HTML."""
    fetched_at: datetime
    summary: str | None = field(default=None, repr=False)
    publisher: str | None = None
    """The medium: 财联社, 央视新闻."""
    author: str | None = None
    """The reporter or reporters."""
    editor: str | None = None
    """责编, 责任编辑."""
    modified_at: datetime | None = None
    """The site's own word on its last edit."""
    cover_url: str | None = None
    images: tuple[Image, ...] = field(default=(), repr=False)
    stocks: tuple[Stock, ...] = field(default=(), repr=False)
    tags: tuple[Tag, ...] = field(default=(), repr=False)
    seen_at: tuple[str, ...] = field(default=(), repr=False)
    """The public addresses at which it was met: the page's, its redirects', its copies'. Each becomes a sighting;
    none given means `url` itself."""
    provenance: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Field name to where it came from: rule, embedded, generic, feed, address."""
    backfilled: bool = False
    image_urls: tuple[str, ...] = field(init=False, repr=False)
    """The addresses of `images`, in order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "image_urls", tuple(image.url for image in self.images))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A page that did not become an article."""

    url: str
    source: str
    kind: str
    """One of errors.FAILURE_KINDS."""
    reason: str
