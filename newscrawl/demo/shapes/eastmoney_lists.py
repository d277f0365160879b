"""East Money's lists: getNewsByColumns by pages, getFastNewsList by cursor."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from newscrawl.demo.answers import Answer, Request, json_answer
from newscrawl.demo.articles import COLUMNS, columns_of
from newscrawl.demo.shapes.eastmoney_page import list_image, summary
from newscrawl.demo.story import Story
from newscrawl.demo.when import in_digits
from newscrawl.demo.world import World

MOST_PAGES, LARGEST_PAGE = 50, 100


def news_by_columns(world: World, request: Request) -> Answer:
    """One page of a column, newest first. Without req_trace the real server refuses."""
    if not request.get("req_trace"):
        return json_answer({"req_trace": "", "code": "-1", "message": "req_trace为空", "data": None})
    page, size = max(request.number("page_index", 1), 1), min(request.number("page_size", 20), LARGEST_PAGE)
    numbers = _column(world, request.number("column", 0))
    end = max(0, len(numbers) - (page - 1) * size)
    stories = map(world.shown, reversed(numbers[max(0, end - size) : end]))
    rows = [_pick(_column_row(story), request.get("fields")) for story in stories]
    data = {"page_index": page, "list": rows, "totle_hits": len(numbers), "page_size": size}
    return json_answer(_envelope(request, data if page <= MOST_PAGES else data | {"list": []}))


def fast_news(world: World, request: Request) -> Answer:
    """Rows older than the cursor `sortEnd` ("" or 0 for the newest)."""
    if not request.get("req_trace"):
        return json_answer({"req_trace": "", "code": "-1", "message": "req_trace为空", "data": None})
    cursor = request.number("sortEnd", 0)
    size = min(request.number("pageSize", 20), LARGEST_PAGE)
    numbers = world.numbers("em_fast", "shared")
    end = world.before(numbers, cursor // 1_000_000 + 1) if cursor else len(numbers)
    stories = (world.shown(number) for number in reversed(numbers[:end]))
    older = list(islice((story for story in stories if not cursor or int(real_sort(story)) < cursor), size))
    reached = real_sort(older[-1]) if older else ""
    data = {"sortEnd": reached, "index": 0, "total": len(numbers), "size": size}
    return json_answer(_envelope(request, data | {"fastNewsList": [_fast_row(story) for story in older]}))


def real_sort(story: Story) -> str:
    """The cursor value of a story: seconds, a zero and the last five digits of its code."""
    return f"{story.published}0{story.code[-5:]}"


def _envelope(request: Request, data: dict[str, Any] | None) -> dict[str, Any]:
    return {"req_trace": request.get("req_trace"), "code": "1", "message": "success", "data": data}


def _column(world: World, column: int) -> Sequence[int]:
    """Numbers of a column's stories, oldest first."""
    if column not in COLUMNS:
        return ()
    return world.chosen(f"column {column}", ("em_article", "shared"), lambda plan: column in columns_of(plan))


def _column_row(story: Story) -> dict[str, Any]:
    return {
        "summary": summary(story),
        "image": list_image(story),
        "code": story.code,
        "np_dst": "CMS",
        "showTime": in_digits(story.published),
        "uniqueUrl": f"http://finance.eastmoney.com/a/{story.code}.html",
        "title": story.title,
        "mediaName": story.publisher,
        "url": f"http://{_host(story)}.eastmoney.com/news/{story.columns[1]},{story.code}.html",
    }


def _host(story: Story) -> str:
    return ("finance", "stock", "finance", "global")[story.ordinal % 4]


def _pick(row: dict[str, Any], fields: str) -> dict[str, Any]:
    wanted = set(fields.split(",")) if fields else set(row)
    return {name: value for name, value in row.items() if name in wanted or name == "np_dst"}


def _fast_row(story: Story) -> dict[str, Any]:
    return {
        "summary": f"【{story.title}】{story.blocks[0].text}",
        "code": story.code,
        "titleColor": 0,
        "realSort": real_sort(story),
        "showTime": in_digits(story.published),
        "title": story.title,
        "share": 0,
        "pinglun_Num": 0,
        "stockList": [run.ref for run in story.blocks[0].runs if run.ref[:1].isdigit()],
        "image": [list_image(story)] if story.cover else [],
    }
