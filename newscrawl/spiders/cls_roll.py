"""The telegraph's list, whose rows are whole stories (v1/roll/get_roll_list, since 2026-06). Pure; no Scrapy."""

import json
from typing import Any

from newscrawl.errors import EmptyPage
from newscrawl.items import Page
from newscrawl.spiders import cls_api
from newscrawl.spiders.paging import Listing, Row, reach, read_rows


def read_list(page: Page) -> Listing:
    """The rows of one list page. A PageError when it is none."""
    data = cls_api.answer_data(page)
    rows, odd = read_rows(data.get("roll_data") if isinstance(data, dict) else None, _row)
    if not rows:
        raise EmptyPage("a full page was asked for and none came")  # the row asked from is always there
    return Listing(rows=rows, odd=odd, reaches=reach(rows), cursor=cls_api.cursor_after(rows))


def _row(row: dict[str, Any]) -> Row:
    body = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Row(
        url=cls_api.detail_url(cls_api.story_number(row["id"])), at=cls_api.unix_seconds(row.get("ctime")), body=body
    )
