"""Publisher, author and editor, by the forms in which news pages name them around a story. Pure."""

import re
from typing import NamedTuple

from newscrawl.extraction.generic.flat import Flat

_NAME = r"[^\s，,。；;|｜/（）()\[\]【】<>《》]"
_NEXT = r"(?:[ 、,，/]\s?[一-鿿·]{2,4}(?![:：一-鿿])){0,4}"
"""The further names of a list; what ends with a colon is the next label."""
_SOURCE = re.compile(rf"(?:来源于?|来自|转自|出处)\s*[:：]\s*(?!作者|责任|\d)({_NAME}{{2,24}})")
_AUTHOR = re.compile(rf"(?<![文合原])(?:作\s?者|撰文|记\s?者|文)\s*[:：/]\s*(?!来源|编辑|\d)({_NAME}{{2,12}}{_NEXT})")
_EDITOR = re.compile(rf"(?:责任编辑|责编|编\s?辑|编审)\s*[:：]\s*({_NAME}{{2,12}}{_NEXT})")
# 本报记者 王某 李某, XX社11月20日讯（记者 王某）, （本报北京记者王某）
_DATELINE = re.compile(
    r"[\(（]?(?:本报|本社|本网|[一-鿿]{2,6}社)?(?:驻?[一-鿿]{2,3})?(?:实习|见习|特约|首席)?记\s?者"
    r"\s*[:：]?\s*([一-鿿·]{2,4}(?:[ 、,，　][一-鿿·]{2,4}){0,3})(?=[\)）\s　]|$|通讯员|报道|摄|/)"
)
_AGENCY = re.compile(r"^[\s　]*([一-鿿]{2,8}(?:社|网|报))(?:[一-鿿]{2,6})?\s?\d{1,2}月\d{1,2}日(?:[电讯]|消息|报道)")
_STOP = re.compile(r"(?:字号|字体|分享|评论|发表|编辑|责编|作者|我来说|点击|阅读|浏览|时间|日期|\d{4}).*$")


class People(NamedTuple):
    """Who made a story, as far as the page says."""

    publisher: str | None
    author: str | None
    editor: str | None


def find_people(flat: Flat, title_at: int | None, start: int, end: int) -> People:
    """Looked for beside the title, then at the body's two ends, then below it."""
    above = title_at if title_at is not None and start - 60 <= title_at <= start else start - 20
    head = flat.joined(above, start + 1)[-600:] if start else ""
    opening = "\n".join(piece[:80] for piece in flat.pieces[start : start + 3])
    foot = "\n".join(piece[-80:] for piece in flat.pieces[max(end - 1, start) : end + 12])
    return People(
        publisher=_first(_SOURCE, head, opening, foot) or _first(_AGENCY, *flat.pieces[start : start + 2]),
        author=_first(_AUTHOR, head, foot) or _first(_DATELINE, opening, head, foot),
        editor=_first(_EDITOR, foot, head),
    )


def _first(pattern: re.Pattern[str], *texts: str) -> str | None:
    for text in texts:
        for match in pattern.finditer(text):
            name = _STOP.sub("", match[1]).strip(" 　、,，·:：")
            if len(name) >= 2:
                return re.sub(r"[ 　、,，]+", " ", name)
    return None
