"""财联社电报: the flashes of cls.cn. Each row of the list is a whole story (v1/roll/get_roll_list)."""

from newscrawl.config import SourceConfig
from newscrawl.items import Page
from newscrawl.spiders import cls_api, cls_roll
from newscrawl.spiders.base import NewsSpider
from newscrawl.spiders.paging import Listing


class ClsTelegraphSpider(NewsSpider):
    name = "cls_telegraph"
    every = 60
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
        return cls_roll.read_list(page)
