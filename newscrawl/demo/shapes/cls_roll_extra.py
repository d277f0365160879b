"""Telegraph rows that are no news: adverts and rows of paid columns, in each form they take."""

from typing import Any

from newscrawl.demo.shapes.cls_row import blank_row
from newscrawl.demo.story import Story
from newscrawl.demo.when import moment

ADVERT_EVERY, PAID_EVERY = 25, 11
PAID_TYPES = (20015, 20026, 20021, 20022, 20087)


def is_extra(ordinal: int) -> str:
    """What follows the flash of this ordinal: "advert", "paid" or ""."""
    if ordinal % ADVERT_EVERY == 10:
        return "advert"
    return "paid" if ordinal % PAID_EVERY == 5 else ""


def extra_row(story: Story, sv: str) -> dict[str, Any] | None:
    """The advert or paid row below a flash, if there is one. Its id is the flash's plus 1."""
    kind = is_extra(story.ordinal)
    if not kind:
        return None
    row = blank_row(story.cls_id + 1, story.published, sv)
    return _advert(row, story.ordinal) if kind == "advert" else _paid(row, story.ordinal)


def _advert(row: dict[str, Any], ordinal: int) -> dict[str, Any]:
    text = f"【推广】东澜投教训练营第{ordinal + 1}期招募中，点击了解课程安排。"
    advert = {"id": 800 + ordinal, "title": text, "url": "https://ad.sample-news.example/camp", "adTag": "广告"}
    return row | {
        "content": text,
        "brief": text,
        "title": "",
        "is_ad": int(ordinal % 2 == 0),
        "is_fad": int(ordinal % 2),
        "ad": row["ad"] | advert,
    }


def _paid(row: dict[str, Any], ordinal: int) -> dict[str, Any]:
    text = f"【盘中线索】{moment(row['ctime']):%H:%M} 第{ordinal}号研究笔记：该方向订单出现边际变化，付费后查看全文。"
    paid: dict[str, Any] = {"content": text, "brief": text, "title": f"第{ordinal}号研究笔记"}
    form = ordinal // PAID_EVERY % 3
    if form == 0:
        paid["type"] = PAID_TYPES[ordinal % len(PAID_TYPES)]
    elif form == 1:
        paid["share_img"] = "https://img.cls.cn/share/vip.png"
    else:
        paid["author_extends"] = "sz309207@@弘砚传媒##sz003931@@启衡精工"
    return row | paid
