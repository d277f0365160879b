"""What is no story is refused with its kind: never a list, a login page or an empty shell as a record. Pure."""

import re

from newscrawl.document import Document
from newscrawl.errors import BlockedPage, EmptyPage, GonePage, LayoutError
from newscrawl.extraction.generic.body import Found
from newscrawl.extraction.generic.flat import Flat
from newscrawl.extraction.text import line_text

MIN_CONFIDENCE = 0.5
"""Below it a body is a guess. Tried: with 0.25 a lone hint is a story; 1 refuses no page of the sets."""
_SHORT = 1_500
"""Characters: a page with more to say is neither a notice nor a gate.

Tried: with 3,000 a story about a page that is gone is refused."""
_GONE = re.compile(
    r"(?:页面|网页|文章|内容|新闻|帖子|信息|地址)\s?(?:已)?(?:不存在|不见了|找不到|无法找到|(?:已经?)?被?删除|已下线|已失效|飞走了|走丢了)"
    r"|(?:没有|未|无法)找到(?:您|你)?(?:要|所)?(?:访问|请求|查找)?的?(?:页面|网页|文章|内容)"
    r"|\b404\b|[Pp]age [Nn]ot [Ff]ound|[Nn]ot [Ff]ound"
)
_GATE = re.compile(
    r"安全验证|人机验证|滑动(?:滑块|验证)|拖动滑块|请完成(?:下列|以下|安全)?验证|访问(?:过于|太)频繁|请输入验证码"
    r"|请(?:先)?登录(?:后|以)|登录后(?:查看|阅读|继续)|[Vv]erify (?:that )?you are (?:a )?human|[Cc]aptcha"
    r"|Just a moment|unusual traffic|Access [Dd]enied"
)


def refuse_what_is_none(document: Document, flat: Flat, found: Found | None) -> None:
    """Raise GonePage, BlockedPage, EmptyPage or LayoutError for a page that shows no story."""
    sure = found is not None and found.confidence >= MIN_CONFIDENCE
    text = "".join(flat.pieces)
    if len(text) < _SHORT and (not sure or len(text) < _SHORT // 5):
        _refuse_notice(document, text)
    if not text.strip():
        raise EmptyPage("the page shows no text")
    if found is None:
        raise LayoutError("no body found")
    if not sure:
        raise LayoutError(f"no body found that is surely one ({found.confidence:.2f} of {MIN_CONFIDENCE})")


def _refuse_notice(document: Document, text: str) -> None:
    """A short page that says why it shows nothing."""
    title = line_text(document.tree.find(".//title")) if document.tree is not None else ""
    if _GONE.search(f"{title} {text}"):
        raise GonePage("the site says that there is no such page")
    if _GATE.search(f"{title} {text}"):
        raise BlockedPage("the site asks for a login or a check in place of the page")
