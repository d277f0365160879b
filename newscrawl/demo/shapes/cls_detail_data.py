"""articleDetail: the object that a cls.cn detail page carries, in either layout."""

import json
from typing import Any

from newscrawl.demo.pictures import cls_address
from newscrawl.demo.shapes.cls_depth import brief
from newscrawl.demo.shapes.cls_html import content_html
from newscrawl.demo.story import Story


def article_detail(story: Story) -> dict[str, Any]:
    """The object, its fields in the order of the saved pages."""
    return {
        "id": story.cls_id,
        "column": {"columnID": -1, "columnName": "电报" if story.kind == "flash" else "文章"},
        "isFree": True,
        "title": story.title,
        "brief": brief(story),
        "content": content_html(story),
        "ctime": story.published,
        "readingNum": story.number * 97 % 250_000,
        "images": _cover(story),
        "author": {"name": byline(story)},
        "status": 1,
        "visibleTags": [{"id": 8, "name": "原创", "visible": True, "color": "#DE0723"}] if story.reporter else [],
        "notes": json.dumps(_notes(story), ensure_ascii=False, separators=(",", ":")),
        "subject": [{"id": number, "name": name, "attentionNum": number * 3} for number, name in story.subjects],
        "level": story.level,
        "secReviewer": story.editor,
        "associatedFastFact": {},
        "assocArticleUrl": "",
        "assocVideoTitle": "",
        "assocVideoUrl": "",
        "gray_share": 0,
    }


def byline(story: Story) -> str:
    """财联社 周砚秋, or the medium alone; "" for a flash of the house."""
    if story.kind == "flash":
        return "" if story.publisher == "财联社" else story.publisher
    return f"{story.publisher} {story.reporter}".strip()


def _cover(story: Story) -> list[str]:
    if story.kind == "flash":
        return [cls_address(story, picture) for picture in story.pictures]
    return [cls_address(story, story.cover)] if story.cover else []


def _notes(story: Story) -> dict[str, Any]:
    empty = {"articleUrl": "", "articleUrlShowInApp": False, "videoId": 0, "videoUrl": "", "videoTitle": ""}
    return empty | {"reviewer": story.editor, "etf_fund": []}
