"""What a crawl of the sample site must find: one expected record per story and source, field by field."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from newscrawl.demo.markup import Picture
from newscrawl.demo.pictures import cls_address, eastmoney_address
from newscrawl.demo.rewrites import REWRITES
from newscrawl.demo.shapes import gbk, portal, web_page
from newscrawl.demo.shapes.cls_depth import brief
from newscrawl.demo.shapes.eastmoney_page import summary
from newscrawl.demo.story import Family, Story
from newscrawl.demo.when import moment
from newscrawl.demo.world import World

Site = Literal["cls_telegraph", "cls_depth", "eastmoney", "gbk", "web", "portal", "portal-gbk"]
"""The first three are the crawler's own sources; the others are sites without code, to be set up by an operator. The
portal shows the same stories as web, at addresses of its own."""

FAMILIES_OF: dict[Site, tuple[Family, ...]] = {
    "cls_telegraph": ("flash",),
    "cls_depth": ("article", "shared"),
    "eastmoney": ("em_article", "em_fast", "shared"),
    "gbk": ("gbk",),
    "web": ("web",),
    "portal": ("web",),
    "portal-gbk": ("web",),
}
_PRINTED_CODE = re.compile(r"（(\d{5,6}|[A-Z]+)\.(SH|SZ|BJ|HK|US)）")
_MARKETS = {"1": "SH", "0": "SZ", "116": "HK", "105": "US"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One record as the site's own page tells it. Names as in newscrawl.items.Article."""

    source: Site
    source_id: str
    url: str
    """Canonical public address."""
    kind: Literal["flash", "article"]
    title: str | None
    body: str
    """Visible text, one line per paragraph; a flash keeps its 【title】."""
    published_at: datetime
    """Beijing time, as exact as the page prints it."""
    published_precision: Literal["second", "minute"]
    modified_at: datetime | None
    """Only telegraph rows tell it."""
    image_urls: tuple[str, ...]
    cover_url: str | None
    publisher: str
    author: str | None
    editor: str | None
    summary: str | None
    stocks: frozenset[tuple[str, str]]
    """(code, market) of links, of stock_list and of printed codes."""
    subjects: tuple[str, ...]
    shared: bool
    """True when cls_depth and eastmoney both carry it with the same title and body: one article, two sightings."""


def expected_records(world: World, source: Site) -> Iterator[Expected]:
    """The records of one source, newest first."""
    return (expected(story, source) for story in world.stories(*FAMILIES_OF[source]))


def rewrites(records: Iterable[Expected], seed: int, *, every: int = 1) -> Iterator[tuple[Expected, Expected]]:
    """Every so many of these records, and what another medium made of it some minutes later: one story each.

    The sample site does not serve them.
    """
    for number, record in enumerate(records):
        if number % every:
            continue
        rng = Random(f"{seed} {record.source_id}")
        later = record.published_at + timedelta(minutes=rng.randint(1, 600))
        code = f"9{record.source_id}"
        yield (
            record,
            replace(
                record,
                source="web",
                source_id=code,
                url=f"https://repost.example.com/{code}",
                title=rng.choice([record.title, f"{record.title or ''}：最新消息", None]),
                body=REWRITES[number // every % len(REWRITES)](record.body, rng),
                published_at=later,
                publisher="东澜日报",
                shared=False,
            ),
        )


def expected(story: Story, source: Site) -> Expected:
    """The record that one source makes of a story it carries."""
    in_seconds = source in ("cls_telegraph", "cls_depth", "web")
    on_cls = source in ("cls_telegraph", "cls_depth")
    return Expected(
        source=source,
        source_id=story.code if source == "eastmoney" else story.id,
        url=public_address(story, source),
        kind=story.kind,
        title=story.title or None,
        body=story.text,
        published_at=moment(story.published if in_seconds else story.published // 60 * 60),
        published_precision="second" if in_seconds else "minute",
        modified_at=moment(story.modified) if source == "cls_telegraph" else None,
        image_urls=tuple(_image_address(story, picture, source) for picture in story.pictures),
        cover_url=cls_address(story, story.cover) if source == "cls_depth" and story.cover else None,
        publisher=story.publisher,
        author=story.reporter or None,
        editor=story.editor or None,
        summary=_summary(story, source),
        stocks=_stocks(story, source),
        subjects=tuple(name for _, name in story.subjects) if on_cls else (),
        shared=story.family == "shared",
    )


def public_address(story: Story, source: Site) -> str:
    """The address under which a source's story is stored, whatever base address was asked."""
    if source == "gbk":
        return gbk.gbk_address(story)
    if source == "web":
        return web_page.web_address(story)
    if source in ("portal", "portal-gbk"):
        return portal.portal_address(source, story)
    if source == "eastmoney":
        return f"https://finance.eastmoney.com/a/{story.code}.html"
    return f"https://www.cls.cn/detail/{story.cls_id}"


def _image_address(story: Story, picture: Picture, source: Site) -> str:
    if source == "eastmoney":
        return eastmoney_address(story, picture, full_size=picture.full_size)
    if source == "gbk":
        return gbk.picture_address(story, picture)
    on_cls = source in ("cls_telegraph", "cls_depth")
    return cls_address(story, picture) if on_cls else web_page.picture_address(story, picture)


def _summary(story: Story, source: Site) -> str | None:
    if source == "eastmoney":
        return summary(story)
    return brief(story) or None if source == "cls_depth" else None


def _stocks(story: Story, source: Site) -> frozenset[tuple[str, str]]:
    printed = _PRINTED_CODE.findall(story.title + story.text)
    listed = [(company.code, company.exchange) for company in story.listed if source == "cls_telegraph"]
    linked = [_linked(run.ref) for block in story.blocks for run in block.runs] if source == "eastmoney" else []
    return frozenset([*printed, *listed, *(stock for stock in linked if stock)])


def _linked(ref: str) -> tuple[str, str] | None:
    market, _, code = ref.partition(".")
    if market == "0" and code.startswith("8"):
        return code, "BJ"
    return (code, _MARKETS[market]) if market in _MARKETS else None
