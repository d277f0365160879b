"""`/v3/depth/list/{channel}`: long articles of one channel; `rn` is ignored."""

from typing import Any

from newscrawl.demo.answers import Answer, Request, json_answer
from newscrawl.demo.articles import CHANNELS, channels_of
from newscrawl.demo.pictures import cls_address
from newscrawl.demo.shapes.cls_roll import WRONG_SIGN
from newscrawl.demo.shapes.cls_row import blank_advert
from newscrawl.demo.sign_check import sign_matches
from newscrawl.demo.story import Story
from newscrawl.demo.world import World

EDITORIAL, BY_TIME, LATER = 42, 13, 30
"""Rows of page 1 in editorial order, rows of page 1 by time, rows of any later page."""


def depth_list(world: World, request: Request, channel: str) -> Answer:
    """Page 1 is editorial rows, then the newest others by time; later pages go by time and overlap with page 1."""
    if not sign_matches(request.query):
        return json_answer(WRONG_SIGN)
    known = channel.isascii() and channel.isdigit() and int(channel) in CHANNELS
    stories = _channel(world, int(channel), request.number("last_time", 0)) if known else []
    rows = _later(stories) if request.number("last_time", 0) else _first(stories)
    return json_answer({"errno": 0, "msg": "", "data": rows})


def _channel(world: World, channel: int, last_time: int) -> list[Story]:
    """Enough of the channel's stories for a page, newest first; all older than `last_time` when that is set."""
    numbers = world.chosen(f"channel {channel}", ("article", "shared"), lambda plan: channel in channels_of(plan))
    end = world.before(numbers, last_time) if last_time else len(numbers)
    most = LATER if last_time else EDITORIAL + BY_TIME + LATER
    return [world.shown(number) for number in reversed(numbers[max(0, end - most) : end])]


def _first(stories: list[Story]) -> list[dict[str, Any]]:
    pool = stories[: EDITORIAL + LATER]
    chosen = [story for place, story in enumerate(pool) if place % 5 not in (1, 4)][:EDITORIAL]
    editorial = sorted(chosen, key=lambda story: story.number * 7 % 11, reverse=True)
    rest = [story for story in stories if story not in chosen][:BY_TIME]
    rows = [_row(story, 1) for story in editorial]
    if rows:
        rows[1:1] = [_advert(editorial[0])]
        rows[3:3] = [_outside(editorial[0])]
    return rows + [_row(story, 0) for story in rest]


def _later(stories: list[Story]) -> list[dict[str, Any]]:
    return [_row(story, 0) for story in stories[:LATER]]


def _row(story: Story, ex_type: int) -> dict[str, Any]:
    tag = {"id": 8, "articleID": story.cls_id, "name": "原创", "color": "#DE0723", "visible": 1, "categoryId": 15}
    return {
        "id": story.cls_id,
        "ctime": story.published,
        "title": story.title,
        "brief": brief(story),
        "image": cls_address(story, story.cover) if story.cover else "",
        "level": "" if ex_type else story.level,
        "article_tag": [tag] if story.reporter else None,
        "source": story.reporter or story.publisher,
        "reading_num": story.number * 97 % 250_000,
        "external_link": "",
        "is_ad": 0,
        "audio_url": "",
        "ad": blank_advert(),
        "ex_type": ex_type,
        "c_type": 0,
        "SortScore": 0,
        "subjectStib": {"id": 0, "name": "", "img": "", "is_reporter_subject": False},
    }


def brief(story: Story) -> str:
    """The points as the site numbers them: ①…；\\n②…。"""
    points = [f"{mark}{point}" for mark, point in zip("①②③", story.brief, strict=False)]
    return "；\n".join(points) + "。" if points else ""


def _advert(near: Story) -> dict[str, Any]:
    advert = {"id": 900, "title": "推广", "img": "https://image.cls.cn/images/advert.png", "adTag": "广告"}
    changed = {"id": near.cls_id + 1, "title": "东澜投教训练营火热招募", "is_ad": 1, "article_tag": None, "brief": ""}
    return _row(near, 1) | changed | {"ad": blank_advert() | advert}


def _outside(near: Story) -> dict[str, Any]:
    link = f"https://activity.sample-news.example/topic/{near.number}"
    changed = {"id": near.cls_id - 1, "title": "专题：年度产业峰会直播", "external_link": link, "brief": ""}
    return _row(near, 1) | changed
