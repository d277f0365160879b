"""Which handler a path leads to. The paths of the real hosts do not collide, so one server answers for all."""

import re
from collections.abc import Callable, Mapping

from newscrawl.demo.answers import Answer, Request, Route, html_answer
from newscrawl.demo.pictures import picture_bytes
from newscrawl.demo.shapes import feeds, gbk, portal, portal_lists
from newscrawl.demo.shapes.cls_depth import depth_list
from newscrawl.demo.shapes.cls_detail import detail_page, missing_page
from newscrawl.demo.shapes.cls_roll import roll_list
from newscrawl.demo.shapes.eastmoney_lists import fast_news, news_by_columns
from newscrawl.demo.shapes.eastmoney_page import article_page
from newscrawl.demo.shapes.parts import part_count
from newscrawl.demo.shapes.plain import PLAIN_SITES
from newscrawl.demo.story import Story
from newscrawl.demo.world import World

Handler = Callable[[World, Request, str], Route]

ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search\nCrawl-delay: 1\n"


def find_route(world: World, request: Request) -> Route:
    """The answer to a request, with what faults need to know about it."""
    for pattern, handler in ROUTES:
        if match := pattern.fullmatch(request.path):
            return handler(world, request, match[match.lastindex] if match.lastindex else "")
    return Route("other", not_found())


def not_found() -> Answer:
    """The 404 page."""
    text = "<!DOCTYPE html><html><head><title>404</title></head><body><h1>页面不存在</h1></body></html>"
    return Answer(text.encode(), status=404)


def _roll(world: World, request: Request, _: str) -> Route:
    return Route("list", roll_list(world, request))


def _depth(world: World, request: Request, channel: str) -> Route:
    return Route("list", depth_list(world, request, channel))


def _columns(world: World, request: Request, _: str) -> Route:
    return Route("list", news_by_columns(world, request))


def _fast(world: World, request: Request, _: str) -> Route:
    return Route("list", fast_news(world, request))


def _detail(world: World, _: Request, number: str) -> Route:
    story = _find(world, number)
    if story is None or not story.on_cls:
        return Route("page", missing_page(number))
    return Route("page", detail_page(world.change(story)), story)


def _eastmoney(world: World, _: Request, code: str) -> Route:
    story = _find(world, code)
    if story is None or not story.on_eastmoney:
        return Route("page", not_found())
    return Route("page", article_page(world.change(story)), story)


def _gbk_list(world: World, _: Request, page: str) -> Route:
    return Route("list", gbk.gbk_list(world, int(page or 1)) or not_found())


def _gbk_page(world: World, request: Request, number: str) -> Route:
    name = request.path.rpartition("/")[2].partition(".")[0]
    return _plain_page(world, request, number, name.partition("_")[2])


def _web_page(world: World, request: Request, number: str) -> Route:
    return _plain_page(world, request, number, request.get("page"))


def _plain_page(world: World, request: Request, number: str, asked: str) -> Route:
    """One part of a plain site's story; the part that was asked for is known to faults even where there is none."""
    story, part = _find(world, number), int(asked) if asked.isascii() and asked.isdigit() else 1
    site = PLAIN_SITES.get(story.family) if story else None
    if story is None or site is None or site.path_of(story, part).partition("?")[0] != request.path:
        return Route("page", not_found())
    if not 1 <= part <= part_count(story):
        return Route("page", not_found(), story, part)
    return Route("page", site.page_of(world.change(story), part), story, part)


def _feed(world: World, request: Request, _: str) -> Route:
    make = {"/feed.xml": feeds.rss, "/atom.xml": feeds.atom, "/sitemap.xml": feeds.sitemap}[request.path]
    return Route("list", make(world))


def _portal(world: World, request: Request, rest: str) -> Route:
    """The portal: `rest` is the path behind /portal/ or /portal-gbk/."""
    prefix = request.path.split("/")[1]
    if match := re.fullmatch(r"(?:m|\d{4}/\d\d/\d\d)/(\d{6,9})\.html", rest):
        return _portal_page(world, request, prefix, match[1])
    answer: Answer | None = None
    if match := re.fullmatch(r"list/(?:index(?:_([1-9]\d{0,5}))?\.html)?", rest):
        answer = portal_lists.portal_list(world, prefix, int(match[1] or 1))
    elif match := re.fullmatch(r"calendar/([\d-]{10})\.html", rest):
        answer = portal_lists.calendar(world, prefix, match[1])
    elif match := re.fullmatch(r"sitemap-(pages|\d{1,3})\.xml(?:\.gz)?", rest):
        answer = portal_lists.sitemap(world, prefix, match[1])
    elif rest == "endless/":
        answer = portal_lists.endless(world, prefix, request)
    elif make := _PORTAL_LISTS.get(rest):
        answer = make(world, prefix)
    return Route("list", answer) if answer else Route("page", not_found())


_PORTAL_LISTS: Mapping[str, Callable[[World, str], Answer]] = {
    "triple/": portal_lists.triple,
    "rss.xml": portal_lists.rss,
    "atom.xml": portal_lists.atom,
    "sitemap.xml": portal_lists.sitemap_index,
}


def _portal_page(world: World, request: Request, prefix: str, number: str) -> Route:
    story, mobile = _find(world, number), "/m/" in request.path
    if story is None or story.family != "web":
        return Route("page", not_found())
    if not mobile and portal.path_of(prefix, story.number, story.published) != request.path:
        return Route("page", not_found())
    return Route("page", portal.portal_page(prefix, world.change(story), mobile=mobile), story)


def _image(_: World, request: Request, __: str) -> Route:
    media_type, data = picture_bytes(request.path)
    return Route("image", Answer(data, media_type))


def _robots(_: World, __: Request, ___: str) -> Route:
    return Route("robots", Answer(ROBOTS.encode(), "text/plain; charset=utf-8"))


def _home(_: World, __: Request, ___: str) -> Route:
    return Route("other", html_answer("<!DOCTYPE html><html><body><h1>newscrawl sample site</h1></body></html>"))


def _find(world: World, key: str) -> Story | None:
    try:
        return world.find(key)
    except KeyError:
        return None


ROUTES: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (re.compile(r"/v1/roll/get_roll_list"), _roll),
    (re.compile(r"/v3/depth/list/(\d+)"), _depth),
    (re.compile(r"/detail/(\d+)"), _detail),
    (re.compile(r"/comm/web/getNewsByColumns"), _columns),
    (re.compile(r"/comm/web/getFastNewsList"), _fast),
    (re.compile(r"/a/(\d{18})\.html|/news/\d+,(\d{18})\.html"), _eastmoney),
    (re.compile(r"/gbk/(?:index(?:_([1-9]\d{0,5}))?\.html)?"), _gbk_list),
    (re.compile(r"/gbk/\d{8}/(\d{6,9})(?:_\d{1,4})?\.shtml"), _gbk_page),
    (re.compile(r"/(?:feed|atom|sitemap)\.xml"), _feed),
    (re.compile(r"/articles/[\d-]{10}/(\d{6,9})\.html"), _web_page),
    (re.compile(r"/portal(?:-gbk)?/(.*)"), _portal),
    (re.compile(r"/(?:images|download|img)/\S+\.(?:png|jpe?g)", re.IGNORECASE), _image),
    (re.compile(r"/robots\.txt"), _robots),
    (re.compile(r"/"), _home),
)
