"""What every request to cls.cn's API has in common: parameters, their sign, and what an answer that is none looks like.

Pure; no Scrapy. The parameters and the sign are those of the site's own web pages; there is no key in them.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from newscrawl.dates import from_unix
from newscrawl.document import refuse_slider
from newscrawl.errors import BlockedPage, EmptyPage, LayoutError
from newscrawl.items import Page
from newscrawl.json_text import read_json
from newscrawl.spiders.paging import Row

SITE = "https://www.cls.cn"
HOSTS = ("www.cls.cn", "api3.cls.cn", "m.cls.cn", "cls.cn")
HEADERS = {"Referer": "https://www.cls.cn/telegraph"}
DEFAULT_SV = "8.7.9"
"""Version of the front end named in requests; older ones passed too when it was last looked at (2026-10)."""

_NUMBER = re.compile(r"[0-9]{1,18}")
_TURNED_AWAY = {"50101"}


def sign(query: str) -> str:
    """The sign of `name=value&name=value` exactly as sent, in byte order of the names.

    >>> sign("app=CailianpressWeb&os=web&sv=8.7.9")
    'b02d8f7bc4c45eeb3e86904203597da2'
    """
    return hashlib.md5(hashlib.sha1(query.encode()).hexdigest().encode()).hexdigest()


def signed_url(path: str, parameters: Mapping[str, str | int], *, sv: str = DEFAULT_SV) -> str:
    """The address of one call: common parameters added, ordered by name, signed. Values need no escaping."""
    everything = {"app": "CailianpressWeb", "os": "web", "sv": sv, **parameters}
    query = "&".join(f"{name}={everything[name]}" for name in sorted(everything))
    return f"{SITE}{path}?{query}&sign={sign(query)}"


def detail_url(story: int | str) -> str:
    """The public address of a story; telegraphs and long articles share it."""
    return f"{SITE}/detail/{story}"


def story_number(value: object) -> int:
    """A row's id, as number or text. ValueError for another: true, 1.5 and -5 would be other stories' addresses."""
    digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _NUMBER.fullmatch(digits):
        raise ValueError(f"{digits[:20]!r} is no story's id")
    return int(digits)


def unix_seconds(value: object) -> int | None:
    """A row's ctime, which some answers give as text; None for what is no time."""
    dated = from_unix(value)
    return int(dated.at.timestamp()) if dated else None


def cursor_before(second: int) -> str:
    """`last_time` of a page that begins at this second.

    Whether the site means "before" or "up to" is told differently: one second more loses nothing, repeats are known.
    """
    return str(second + 1)


def cursor_after(rows: Sequence[Row]) -> str | None:
    """`last_time` of the page behind these rows."""
    last = next((row.at for row in reversed(rows) if row.at is not None), None)
    return None if last is None else cursor_before(last)


def answer_data(page: Page) -> Any:
    """The `data` of an API answer.

    The HTTP status says nothing here. BlockedPage for a slider and where the site turns anonymous callers away,
    LayoutError for what is no JSON and for another errno than 0 (it comes as number or text), EmptyPage for no data.
    """
    refuse_slider(page.body.decode(errors="replace"))
    answer = read_json(page.body)
    if not isinstance(answer, dict):
        raise LayoutError("the API's answer is no JSON object", url=page.url)
    errno = str(answer.get("errno", answer.get("error", 0)))
    if errno != "0":
        refusal = BlockedPage if errno in _TURNED_AWAY else LayoutError
        raise refusal(f"the API answers errno {errno}: {str(answer.get('msg', ''))[:80]}", url=page.url)
    if answer.get("data") is None:
        raise EmptyPage("the API's answer has no data", url=page.url)
    return answer["data"]
