"""财联社电报: the flashes of cls.cn. Each row of the list is a whole story (v1/roll/get_roll_list, since 2026-06)."""

import json
from typing import Any

from newscrawl.config import SourceConfig
from newscrawl.errors import EmptyPage
from newscrawl.items import Page
from newscrawl.spiders import cls_api
from newscrawl.spiders.base import NewsSpider
from newscrawl.spiders.paging import Listing, Row, reach, read_rows


class ClsTelegraphSpider(NewsSpider):
    name = "cls_telegraph"
    hosts = cls_api.HOSTS
    headers = cls_api.HEADERS
    channels = ("roll",)
    sv = cls_api.DEFAULT_SV
    reads_pages = False
    rows_a_page = 50  # more than this and the site answers with none

    def configure(self, config: SourceConfig) -> None:
        super().configure(config)
        self.sv = config.sv or self.sv

    def list_url(self, channel: str, cursor: str | None) -> str:  # noqa: ARG002
        asked = {"refresh_type": 1, "rn": self.rows_a_page, "last_time": cursor or 0}
        return cls_api.signed_url("/v1/roll/get_roll_list", asked, sv=self.sv)

    def cursor_before(self, second: int) -> str:
        return cls_api.cursor_before(second)

    def read_list(self, page: Page, channel: str) -> Listing:  # noqa: ARG002
        data = cls_api.answer_data(page)
        rows, odd = read_rows(data.get("roll_data") if isinstance(data, dict) else None, self._row)
        if not rows:
            raise EmptyPage("a full page was asked for and none came")  # the row asked from is always there
        return Listing(rows=rows, odd=odd, reaches=reach(rows), cursor=cls_api.cursor_after(rows))

    def _row(self, row: dict[str, Any]) -> Row:
        body = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return Row(url=cls_api.detail_url(int(row["id"])), at=cls_api.unix_seconds(row.get("ctime")), body=body)
