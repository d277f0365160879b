"""The plain site's RSS feed, Atom feed and sitemap."""

from datetime import UTC
from email.utils import format_datetime

from newscrawl.demo.answers import Answer, esc
from newscrawl.demo.shapes.web_page import SITE, path_of, web_address
from newscrawl.demo.story import Story
from newscrawl.demo.when import moment
from newscrawl.demo.world import World

NEWEST = 30
"""Entries of a feed; the sitemap has every page."""


def rss(world: World) -> Answer:
    """/feed.xml: summaries only, one of three in CDATA; dates in UTC."""
    items = "".join(_rss_item(story) for story in _newest(world))
    return _xml(
        '<rss version="2.0"><channel><title>样例新闻</title>'
        f"<link>{SITE}/</link><description>演示站点</description><language>zh-cn</language>{items}</channel></rss>",
        "application/rss+xml; charset=utf-8",
    )


def atom(world: World) -> Answer:
    """/atom.xml: the same stories, dates in Beijing time."""
    entries = "".join(_entry(story) for story in _newest(world))
    return _xml(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>样例新闻</title>'
        f'<id>{SITE}/</id><link rel="self" href="{SITE}/atom.xml"/>{entries}</feed>',
        "application/atom+xml; charset=utf-8",
    )


def sitemap(world: World) -> Answer:
    """/sitemap.xml, oldest first."""
    rows = "".join(_sitemap_row(number, world.published(number)) for number in world.numbers("web"))
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>', "application/xml")


def _sitemap_row(number: int, published: int) -> str:
    """From the number alone: a sitemap of ten thousand pages writes no story."""
    at = moment(published)
    return f"<url><loc>{SITE}{path_of(number, at)}</loc><lastmod>{at.isoformat()}</lastmod></url>"


def _newest(world: World) -> list[Story]:
    return [world.shown(number) for number in world.numbers("web")[::-1][:NEWEST]]


def _rss_item(story: Story) -> str:
    text = story.paragraphs[0][:100]
    summary = f"<![CDATA[<p>{esc(text)}</p>]]>" if story.ordinal % 3 == 0 else esc(text)
    date = format_datetime(story.moment.astimezone(UTC))
    return (
        f"<item><title>{esc(story.title)}</title><link>{web_address(story)}</link>"
        f'<guid isPermaLink="false">{story.id}</guid><pubDate>{date}</pubDate>'
        f"<description>{summary}</description></item>"
    )


def _entry(story: Story) -> str:
    return (
        f'<entry><title>{esc(story.title)}</title><link rel="alternate" href="{web_address(story)}"/>'
        f"<id>{web_address(story)}</id><published>{story.moment.isoformat()}</published>"
        f"<updated>{story.moment.isoformat()}</updated><summary>{esc(story.paragraphs[0][:100])}</summary></entry>"
    )


def _xml(text: str, media_type: str) -> Answer:
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), media_type)
