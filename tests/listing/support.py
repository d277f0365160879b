"""Answers made by hand, and what is read of them."""

from datetime import UTC, datetime

from newscrawl.items import Page
from newscrawl.listing.reading import Wanted, read

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
SITE = "https://www.a.example"
HOSTS = (".a.example",)


def page(body, url=f"{SITE}/list/", content_type="text/html; charset=utf-8"):
    """An answer: text is sent in UTF-8."""
    data = body.encode() if isinstance(body, str) else body
    return Page(url=url, source="a", body=data, headers={"content-type": content_type}, fetched_at=NOW)


def found(body, url=f"{SITE}/list/", *, wanted=None, **more):
    return read(page(body, url), wanted or Wanted(hosts=HOSTS), **more)


def links(*pairs):
    """A list of links: address and text."""
    return "".join(f'<li><a href="{address}">{text}</a></li>' for address, text in pairs)


def news(count, form="/2026/11/20/{}.html", start=1001):
    """So many links to articles."""
    return links(*((form.format(start + n), f"第{n}条新闻：某地公布了一项数据") for n in range(count)))


def paths(found):
    return [entry.url.removeprefix(SITE) for entry in found.entries]
