"""The portal's lists: pages of links, feeds, sitemaps; and lists made to lead a crawler astray."""

import gzip
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

from newscrawl.demo.answers import Answer, Request, esc
from newscrawl.demo.shapes.portal import GBK, SITE, encoded, frame, path_of, portal_address
from newscrawl.demo.story import BEIJING, WEB_BASE, Story
from newscrawl.demo.when import moment
from newscrawl.demo.world import World

PAGE_SIZE = 20
_SITEMAP_SIZE = 120
_FIRST_DAY = date(1990, 1, 1)


def portal_list(world: World, prefix: str, page: int) -> Answer | None:
    """/portal/list/, /portal/list/index_2.html …: the newest first; None behind the last page."""
    stories = _page_of(world, page)
    if not stories:
        return None
    last = -(-len(world.numbers("web")) // PAGE_SIZE)
    numbers = "".join(
        f"<span>{number}</span>" if number == page else f'<a href="/{prefix}/list/index_{number}.html">{number}</a>'
        for number in range(max(1, page - 3), min(last, page + 3) + 1)
    )
    following = f'<a href="/{prefix}/list/index_{page + 1}.html">下一页</a>' if page < last else ""
    rows = "".join(_row(prefix, story) for story in stories)
    return _as_page(prefix, f'<ul class="items">{rows}</ul><div class="pager">{numbers}{following}</div>')


def endless(world: World, prefix: str, request: Request) -> Answer:
    """/portal/endless/?page=N: behind its last page the last page for ever, under ever new numbers and session ids."""
    page = request.number("page", 1)
    last = -(-len(world.numbers("web")) // PAGE_SIZE)
    rows = "".join(_row(prefix, story) for story in _page_of(world, min(page, last)))
    turn = f'<a class="next" href="/{prefix}/endless/?sid=s{page}x&amp;page={page + 1}">下一页</a>'
    return _as_page(prefix, f'<ul class="items">{rows}</ul><div class="pager">{turn}</div>')


def calendar(world: World, prefix: str, day: str) -> Answer | None:
    """/portal/calendar/2026-11-20.html: the articles of a day, and the way to the day before, back to 1990."""
    try:
        at = date.fromisoformat(day)
    except ValueError:
        return None
    if at < _FIRST_DAY:
        return None
    start = int(datetime(at.year, at.month, at.day, tzinfo=BEIJING).timestamp())
    numbers = world.numbers("web")
    first, last = world.before(numbers, start), world.before(numbers, start + 86_400)
    rows = "".join(_row(prefix, world.shown(number)) for number in numbers[first:last][::-1])
    before = at - timedelta(days=1)
    turn = f'<a href="/{prefix}/calendar/{before}.html">下一页</a>'
    return _as_page(prefix, f'<h2>{at}</h2><ul class="items">{rows}</ul><div class="pager">{turn}</div>')


def triple(world: World, prefix: str) -> Answer:
    """/portal/triple/: every article under three addresses, one of them the mobile page's."""
    rows = ""
    for story in _page_of(world, 1):
        path, title = path_of(prefix, story.number, story.published), esc(story.title)
        others = (f"{path}?utm_source=list&spm=a1.b2", f"http://www.sample-portal.example{path}#top")
        rows += "".join(f'<li><a href="{address}">{title}</a></li>' for address in others)
        rows += f'<li><a href="/{prefix}/m/{WEB_BASE + story.number}.html?from=wap">{title}</a></li>'
    return _as_page(prefix, f'<ul class="items">{rows}</ul>')


def rss(world: World, prefix: str) -> Answer:
    """/portal/rss.xml: every article, newest first; the GBK half declares gb2312, too."""
    items = "".join(
        f"<item><title><![CDATA[{story.title}]]></title><link>{portal_address(prefix, story)}?from=rss</link>"
        f"<pubDate>{format_datetime(story.moment.astimezone(UTC))}</pubDate></item>"
        for story in _all(world)
    )
    return _xml(prefix, f'<rss version="2.0"><channel><title>样例门户</title>{items}</channel></rss>')


def atom(world: World, prefix: str) -> Answer:
    """/portal/atom.xml: the same."""
    entries = "".join(
        f'<entry><title>{esc(story.title)}</title><link href="{portal_address(prefix, story)}"/>'
        f"<id>tag:sample-portal.example,2026:{story.id}</id><published>{story.moment.isoformat()}</published></entry>"
        for story in _all(world)
    )
    return _xml(prefix, f'<feed xmlns="http://www.w3.org/2005/Atom"><title>样例门户</title>{entries}</feed>')


def sitemap_index(world: World, prefix: str) -> Answer:
    """/portal/sitemap.xml names a sitemap of columns and those of articles, packed."""
    count = -(-len(world.numbers("web")) // _SITEMAP_SIZE)
    names = ["sitemap-pages.xml", *(f"sitemap-{part}.xml.gz" for part in range(count))]
    rows = "".join(f"<sitemap><loc>{SITE}/{prefix}/{name}</loc></sitemap>" for name in names)
    return _xml(prefix, f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>')


def sitemap(world: World, prefix: str, part: str) -> Answer:
    """A sitemap of columns ("pages"), or one of articles ("0", "1", …) as a .gz file."""
    if part == "pages":
        paths = [f"/{prefix}/", *(f"/{prefix}/c/{place}/" for place in range(10)), f"/{prefix}/about/us.html"]
        return _urlset(prefix, "".join(f"<url><loc>{SITE}{path}</loc></url>" for path in paths))
    start = int(part) * _SITEMAP_SIZE
    rows = "".join(
        f"<url><loc>{SITE}{path_of(prefix, number, at)}</loc><lastmod>{moment(at).isoformat()}</lastmod></url>"
        for number in world.numbers("web")[start : start + _SITEMAP_SIZE]
        for at in (world.published(number),)
    )
    return Answer(gzip.compress(_urlset(prefix, rows).body, mtime=0), "application/x-gzip")


def _urlset(prefix: str, rows: str) -> Answer:
    return _xml(prefix, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>')


def _all(world: World) -> list[Story]:
    return [world.shown(number) for number in world.numbers("web")[::-1]]


def _page_of(world: World, page: int) -> list[Story]:
    numbers = world.numbers("web")[::-1][(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return [world.shown(number) for number in numbers]


def _row(prefix: str, story: Story) -> str:
    """A picture, the headline, a summary and a third link to the same page; in every fourth with marks of the visit."""
    path = path_of(prefix, story.number, story.published)
    marked = f"{path}?from=list&amp;spm=a1.b2" if story.ordinal % 4 == 1 else path
    return (
        f'<li><a href="{path}"><img src="/img/{story.id}.jpg" alt=""></a>'
        f'<h2><a href="{marked}">{esc(story.title)}</a></h2><p>{esc(story.paragraphs[0][:60])}'
        f'<a href="{path}#more">阅读全文</a></p><span>{story.moment:%m-%d %H:%M}</span></li>'
    )


def _as_page(prefix: str, main: str) -> Answer:
    return encoded(prefix, frame(prefix, "滚动新闻_样例门户", main))


def _xml(prefix: str, text: str) -> Answer:
    label = "gb2312" if prefix == GBK else "UTF-8"
    return encoded(prefix, f'<?xml version="1.0" encoding="{label}"?>\n{text}', "application/xml")
