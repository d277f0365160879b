"""财联社深度: the long articles of cls.cn, from the lists of all its channels (v3/depth/list)."""

from typing import Any

from newscrawl.config import SourceConfig
from newscrawl.items import Page
from newscrawl.spiders import cls_api
from newscrawl.spiders.base import NewsSpider
from newscrawl.spiders.paging import Listing, Row, reach, read_rows


class ClsDepthSpider(NewsSpider):
    name = "cls_depth"
    every = 10 * 60
    hosts = cls_api.HOSTS
    headers = cls_api.HEADERS
    # 头条 A股 港股 环球 公司 券商 基金ETF 地产 金融 汽车 科创 期货 投教, as the site's own menu had them in 2026-09
    channels = tuple("1000 1003 1135 1007 1005 1118 1110 1006 1032 1119 1111 1124 1176".split())
    sv = cls_api.DEFAULT_SV

    def configure(self, config: SourceConfig) -> None:
        super().configure(config)
        self.sv = config.sv or self.sv

    @property
    def page_source(self) -> str:
        return "" if self.arguments.urls else self.name  # a telegraph has a page under the same address

    def list_url(self, channel: str, cursor: str | None) -> str:
        asked: dict[str, str | int] = {"id": channel, "rn": 20, "last_time": cursor or 0}
        return cls_api.signed_url(f"/v3/depth/list/{channel}", asked, sv=self.sv)

    def cursor_before(self, second: int) -> str:
        return cls_api.cursor_before(second)

    def read_list(self, page: Page, channel: str) -> Listing:  # noqa: ARG002
        """The first rows of a page are the editors' choice, of any age; the last ones tell how far it reaches."""
        rows, odd = read_rows(cls_api.answer_data(page), self._row)
        return Listing(rows=rows, odd=odd, reaches=reach(rows), cursor=cls_api.cursor_after(rows))

    def _row(self, row: dict[str, Any]) -> Row:
        skip = "advert" if row.get("is_ad") else "outside" if row.get("external_link") else None
        return Row(
            url=cls_api.detail_url(cls_api.story_number(row["id"])),
            at=cls_api.unix_seconds(row.get("ctime")),
            skip=skip,
        )
