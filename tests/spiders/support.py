"""Answers of a site, made by hand."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

from newscrawl.config import SourceConfig
from newscrawl.items import Page


def answer(body, source="cls_telegraph", url="https://www.cls.cn/v1/roll/get_roll_list"):
    """A list page with this body: text, bytes, or anything that becomes JSON."""
    if not isinstance(body, str | bytes):
        body = json.dumps(body)
    data = body.encode() if isinstance(body, str) else body
    return Page(url=url, source=source, body=data, fetched_at=datetime(2026, 11, 20, tzinfo=UTC))


def spider_of(spider_class, config=None, **arguments):
    """A spider as a crawl has it, without the crawl."""
    spider = spider_class(**arguments)
    spider.configure(config or SourceConfig())
    spider.run = SimpleNamespace(problems=[])
    return spider
