"""Story: one piece of news of the sample world, and the records that the sites make of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from newscrawl.demo.markup import Block, Picture
from newscrawl.demo.texts.names import Company

BEIJING = timezone(timedelta(hours=8), "+08:00")

Family = Literal["flash", "article", "shared", "em_article", "em_fast", "gbk", "web"]
"""flash: cls telegraph; article: cls depth; shared: cls depth and East Money; the rest: one site each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story, made from its number alone: the same seed, size and moment give the same story."""

    number: int
    """1 is the oldest of the first stories; published ones follow."""
    family: Family
    ordinal: int
    """Its place among the stories of its family, from 0."""
    title: str
    """"" for many flashes."""
    blocks: tuple[Block, ...]
    brief: tuple[str, ...] = ()
    """Points of the summary; empty for many."""
    published: int
    """Unix seconds."""
    modified: int
    """Unix seconds; equal to `published` unless the story was edited."""
    publisher: str = "财联社"
    reporter: str = ""
    editor: str = ""
    level: str = "C"
    category: str = ""
    """A value of get_roll_list's `category`, or ""."""
    channels: tuple[int, ...] = ()
    """cls depth channels."""
    columns: tuple[int, ...] = ()
    """East Money columns."""
    subjects: tuple[tuple[int, str], ...] = ()
    listed: tuple[Company, ...] = ()
    """Companies of the row's stock_list."""
    cover: Picture | None = None
    old_layout: bool = False
    """Served in the page layout of before June 2026."""

    @property
    def kind(self) -> Literal["flash", "article"]:
        """flash for telegraph rows, else article."""
        return "flash" if self.family == "flash" else "article"

    @property
    def on_cls(self) -> bool:
        """Has a page on cls.cn."""
        return self.family in ("flash", "article", "shared")

    @property
    def on_eastmoney(self) -> bool:
        """Has a page on eastmoney.com."""
        return self.family in ("em_article", "em_fast", "shared")

    @property
    def cls_id(self) -> int:
        """The number on cls.cn; adverts have the odd numbers between."""
        return cls_id(self.number)

    @property
    def code(self) -> str:
        """East Money's 18 digits."""
        return f"{self.moment:%Y%m%d}{3_900_000_000 + self.number * 37:010d}"

    @property
    def id(self) -> str:
        """The number on the story's (first) site, as the crawler's source_id has it; also for GBK and web pages."""
        if self.on_cls:
            return str(self.cls_id)
        return self.code if self.on_eastmoney else str(WEB_BASE + self.number)

    @property
    def moment(self) -> datetime:
        """Publication, in Beijing time."""
        return datetime.fromtimestamp(self.published, BEIJING)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Visible text, one entry per block that has any."""
        return tuple(block.text for block in self.blocks if block.text)

    @property
    def text(self) -> str:
        """The whole visible text of the body; paragraphs joined by newlines."""
        return "\n".join(self.paragraphs)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The images of the body, in order."""
        return tuple(block.picture for block in self.blocks if block.picture)


CLS_BASE = 2_600_000
WEB_BASE = 700_000


def cls_id(number: int) -> int:
    """The cls.cn id of a story number."""
    return CLS_BASE + 2 * number
