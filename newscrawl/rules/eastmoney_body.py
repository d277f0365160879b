"""East Money's body markup, as it stands in `#ContentBody` and in the posts made from its feeds.

Charts, adverts, the source line and the editor's line go; every word of the story stays whole.
"""

import re
from typing import NamedTuple

from newscrawl.extraction.text import clean_line, line_text
from newscrawl.tree import Element, drop

# R图 601088_0 (intraday) and K图 000957_0 (candles): live charts, no content. The comments around them,
# EM_StockImg_Start and _End, are not always paired, so the images themselves are known.
_CHART_ALT = re.compile(r"[KR]图\s")
_CHART_HOST = re.compile(r"//webquote(?:kline)?pic\.eastmoney\.com/")
_ADVERT_HOST = "//acttg.eastmoney.com/"
_SOURCE = re.compile(r"[（(]\s*文章来源\s*[:：]\s*(.*?)\s*[）)]")
_EDITOR = re.compile(r"[（(]?\s*责任编辑\s*[:：]\s*([^）)]{1,30}?)\s*[）)]?")
_PROMOTION = re.compile(r"\s*(?:主力资金加仓名单实时更新，APP内免费看>*|手机上阅读文章|打开微信，扫一扫.*)\s*")
_PARTS_OF_PAGE = frozenset("abstract b-review em_media_ad zw_ad adimg newsZan OriginAd stock-search".split())
"""Names of classes."""


class Cleaned(NamedTuple):
    """What stood in the body beside the story."""

    publisher: str | None
    editor: str | None


def clean_body(body: Element) -> Cleaned:
    """Take out of `body` what is not the story, and tell what the lines taken out said."""
    for element in [each for each in body.iter() if _PARTS_OF_PAGE.intersection(each.get("class", "").split())]:
        _drop(element)
    _drop_charts_and_adverts(body)
    publisher = editor = None
    for line in _lines(body):
        text = line_text(line)
        if match := _SOURCE.fullmatch(text):
            publisher = match[1] or None
        elif match := _EDITOR.fullmatch(text):
            editor = match[1] or None
        elif not _PROMOTION.fullmatch(text):
            continue
        _drop(line)
    return Cleaned(publisher, editor)


def _lines(body: Element) -> list[Element]:
    """Paragraphs and the like that hold no other block."""
    blocks = ("p", "div", "center", "span", "a")
    return [e for e in body.iter(*blocks) if e is not body and (e.tag == "p" or e.getparent() is body or _is_leaf(e))]


def _is_leaf(element: Element) -> bool:
    return element.tag in {"div", "center"} and not any(True for _ in element.iterdescendants("p", "div", "table"))


def _drop_charts_and_adverts(body: Element) -> None:
    for element in [*body.iter("img", "a")]:
        if not _is_chart(element) and not _is_advert(element):
            continue
        holder = element
        while (parent := holder.getparent()) is not None and parent is not body and _holds_only(parent, holder):
            holder = parent
        _drop(holder)


def _is_chart(element: Element) -> bool:
    return bool(_CHART_ALT.match(element.get("alt") or "") or _CHART_HOST.search(element.get("src") or ""))


def _is_advert(element: Element) -> bool:
    return _ADVERT_HOST in (element.get("href") or "") or "em_handle_adv" in (element.get("class") or "")


def _holds_only(parent: Element, child: Element) -> bool:
    around = (parent.text or "") + (child.tail or "")
    return len(parent) == 1 and not clean_line(around)


def _drop(element: Element) -> None:
    if element.getparent() is not None:
        drop(element)
