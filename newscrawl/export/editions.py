"""East Money's markup, as the seed's posts have it: its two editions of one body, its framed images. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from newscrawl.export.markup import html_text

_STOCK_LINK = re.compile(r'<a href="https?://(?:quote|data)\.eastmoney\.com/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_MARKETS = {"SH": "1", "SZ": "0", "BJ": "0", "HK": "116", "US": "105"}
"""East Money's numbers."""
_SHOWN_WIDTH = re.compile(r'\ssrc="([^"]*)"[^>]*?\swidth="(\d{1,5})"(?![^>]*\sheight=)')
_IMAGE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')
_FRAME = ' style="border:#d1d1d1 1px solid;padding:3px;margin:5px 0;"'


def edition(story: Mapping[str, Any], *, is_text: bool, alone: bool) -> str:
    """The body as one feed gave it: without links to stocks in `text`, with all stocks marked in `content`."""
    html: str = story["body_html"]
    if story["source"] != "finews" or (is_text and alone):
        return html
    if is_text:
        return _STOCK_LINK.sub(r"\1", html)
    for code, market, name in story["stocks"]:
        if name and market in _MARKETS and f'.{code}"' not in html:
            mark = f'<span class="em_stock_key_common" data-code="{_MARKETS[market]},{code}">{html_text(name)}</span>'
            html = _mark(html, html_text(name), mark)
    return html


def _mark(html: str, name: str, mark: str) -> str:
    """The first place where the name stands in the text, outside of links, marked."""
    for found in re.finditer(rf"<a\b.*?</a>|<[^>]*>|&\w+;|({re.escape(name)})", html, re.DOTALL):
        if found[1]:
            return html[: found.start()] + mark + html[found.end() :]
    return html


def frames(story: Mapping[str, Any], html: str) -> dict[str, str]:
    """What East Money's images carry behind their other attributes: the height that goes with the width shown, a frame.

    >>> frames({"source": "finews", "sizes": [["u", 832, 618]]}, '<img src="u" alt="image" width="580">')["u"][:15]
    ' emheight="431"'
    """
    if story["source"] not in {"finews", "eastmoney"}:
        return {}
    shown = {url: int(width) for url, width in _SHOWN_WIDTH.findall(html)}
    sizes = {url.replace("&", "&amp;"): (width, height) for url, width, height in story["sizes"]}
    return {url: _height(shown.get(url), *sizes.get(url, (None, None))) + _FRAME for url in _IMAGE.findall(html)}


def _height(shown: int | None, width: int | None, height: int | None) -> str:
    return f' emheight="{round(shown * height / width)}"' if shown and width and height else ""
