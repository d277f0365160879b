"""东方财富: its news columns and its 7x24 flashes, then the article pages that both lead to."""

import re
from typing import Any
from urllib.parse import urlencode

from newscrawl.dates import parse_date
from newscrawl.document import refuse_slider
from newscrawl.errors import LayoutError
from newscrawl.items import Page
from newscrawl.json_text import read_json
from newscrawl.spiders.base import NewsSpider
from newscrawl.spiders.paging import Listing, Row, reach, read_rows

COLUMNS = "https://np-listapi.eastmoney.com/comm/web/getNewsByColumns"
FAST = "https://np-weblist.eastmoney.com/comm/web/getFastNewsList"
_CODE = re.compile(r"[0-9]{18}")
_DIGITS = re.compile(r"[0-9]{1,20}")


class EastmoneySpider(NewsSpider):
    name = "eastmoney"
    every = 10 * 60
    hosts = tuple(
        f"{name}.eastmoney.com"
        for name in "finance stock fund hk futures bond forex money global mss np-listapi np-weblist".split()
    )
    # The columns that public readers of the site ask for: the general ones, of which others are parts.
    channels = ("column:350", "column:345", "column:344", "fast")

    def list_url(self, channel: str, cursor: str | None) -> str:
        if channel == "fast":
            asked = {"biz": "web_724", "fastColumn": "102", "sortEnd": cursor or "", "pageSize": "50"}
            return f"{FAST}?{urlencode({'client': 'web', **asked, 'req_trace': 'newscrawl'})}"
        asked = {"biz": "web_news_col", "column": channel.removeprefix("column:"), "order": "1"}
        asked |= {"needInteractData": "0", "page_index": cursor or "1", "page_size": "50"}
        return f"{COLUMNS}?{urlencode({'client': 'web', **asked, 'req_trace': 'newscrawl'})}"

    def read_list(self, page: Page, channel: str) -> Listing:
        data = self._data(page)
        rows, odd = read_rows(data.get("fastNewsList" if channel == "fast" else "list"), self._row)
        cursor = _cursor(data, channel) if rows else None
        return Listing(rows=rows, odd=odd, reaches=reach(rows), cursor=cursor)

    def _data(self, page: Page) -> dict[str, Any]:
        refuse_slider(page.body.decode(errors="replace"))
        answer = read_json(page.body)
        code = answer.get("code") if isinstance(answer, dict) else None
        if str(code) not in {"0", "1"} or not isinstance(answer.get("data"), dict):
            raise LayoutError(f"the list answers code {code!r}: {str(answer)[:80]}")
        data: dict[str, Any] = answer["data"]
        return data

    def _row(self, row: dict[str, Any]) -> Row:
        code = _CODE.fullmatch(str(row["code"]))
        dated = parse_date(str(row.get("showTime")))
        if not code:
            raise ValueError(f"{row['code']!r} is no article number")
        url = f"https://finance.eastmoney.com/a/{code[0]}.html"
        return Row(url=url, at=int(dated.at.timestamp()) if dated else None)


def _cursor(data: dict[str, Any], channel: str) -> str | None:
    """What the next page is asked with; LayoutError where the answer tells it in no form that it ever had."""
    told = data.get("sortEnd" if channel == "fast" else "page_index") or ""
    if told == "":
        return None if channel == "fast" else "2"
    if isinstance(told, bool) or not _DIGITS.fullmatch(str(told)):
        raise LayoutError(f"the list {channel} goes on at {str(told)[:40]!r}")
    return str(told) if channel == "fast" else str(int(told) + 1)
