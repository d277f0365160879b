"""`/v1/roll/get_roll_list`: the telegraph, rows that are whole stories."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from newscrawl.demo.answers import Answer, Request, json_answer
from newscrawl.demo.pictures import cls_address
from newscrawl.demo.shapes.cls_html import content_html
from newscrawl.demo.shapes.cls_roll_extra import extra_row
from newscrawl.demo.shapes.cls_row import blank_row
from newscrawl.demo.sign_check import sign_matches
from newscrawl.demo.story import Story
from newscrawl.demo.world import World

MOST_ROWS = 50
WRONG_SIGN = {"errno": "10012", "msg": "签名错误"}


def roll_list(world: World, request: Request) -> Answer:
    """Rows older than `last_time`, newest first; more than 50 asked for gives none, as the real one does."""
    if not sign_matches(request.query):
        return json_answer(WRONG_SIGN)
    wanted = request.number("rn", 20)
    rows = _rows(world, request.number("last_time", 0), request.get("category"), request.get("sv"))
    return json_answer(envelope(list(islice(rows, wanted)) if wanted <= MOST_ROWS else []))


def envelope(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer around the rows."""
    tag = {"id": 0, "title": "", "category": ""}
    data = {"roll_data": rows, "is_vip": 0, "update_num": 0, "banners": None, "dynamic_tag": tag}
    return {"errno": 0, "msg": "", "data": data}


def _rows(world: World, last_time: int, category: str, sv: str) -> Iterator[dict[str, Any]]:
    numbers = world.numbers("flash")
    end = world.before(numbers, last_time) if last_time else len(numbers)
    for number in reversed(numbers[:end]):
        story = world.shown(number)
        if not category or _in_category(story, category):
            yield roll_row(story, sv)
            extra = extra_row(story, sv)
            if extra and not category:
                yield extra


def _in_category(story: Story, category: str) -> bool:
    if category in ("red", "jpush"):
        return story.level in ("A", "B") if category == "red" else story.level == "A"
    return story.category == category or (category == "hk_us" and story.category == "hk")


def roll_row(story: Story, sv: str) -> dict[str, Any]:
    """The row of one flash, its fields in the order of the real body."""
    rng = Random(f"row-{story.number}")
    images = [cls_address(story, picture) for picture in story.pictures]
    row = blank_row(story.cls_id, story.published, sv)
    row["level"] = story.level
    row["reading_num"] = rng.randint(900, 300_000)
    row["content"] = content_html(story)
    row["brief"] = _brief(story)
    row["recommend"] = row["bold"] = int(story.level in ("A", "B"))
    row["jpush"] = int(story.level == "A")
    row["img"] = images[0] if images else ""
    row["user_id"] = rng.randint(50, 400)
    row["title"] = story.title
    row["modified_time"] = story.modified
    row["has_img"] = int(bool(images))
    row["share_num"] = rng.randint(0, 120)
    row["images"] = images
    row["stock_list"] = [
        {"name": company.name, "StockID": company.cls_code, "RiseRange": rng.randint(-900, 900) / 100, "last": 17.2}
        for company in story.listed
    ]
    row["subjects"] = [_subject(story, *subject) for subject in story.subjects]
    row["audio_url"] = [f"https://image.cls.cn/admin/{story.moment:%Y%m%d/%H%M%S}{rng.randrange(10**9)}.mp3"]
    row["author"] = "" if story.publisher == "财联社" else story.publisher
    return row


def _brief(story: Story) -> str:
    text = story.blocks[0].text.replace("\n", "")
    if story.title and story.ordinal % 3 == 0:
        text = text.removeprefix(f"【{story.title}】")
    return text[:300]


def _subject(story: Story, number: int, name: str) -> dict[str, Any]:
    return {
        "article_id": story.cls_id,
        "subject_id": number,
        "subject_name": name,
        "subject_img": "",
        "subject_description": "",
        "category_id": 0,
        "attention_num": number * 3 % 90_000,
        "is_attention": False,
        "is_reporter_subject": False,
        "plate_id": number % 3 * 44,
        "channel": ("cls", "cls,stib", "stib,cls")[number % 3],
    }
