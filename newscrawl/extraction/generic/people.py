"""Publisher, author and editor, by the forms in which news pages name them around a story. Pure."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from newscrawl.extraction.generic.flat import Flat

_LABELS = {
    "publisher": ("来源", "来源于", "转自", "出处", "来自"),
    "author": ("作者", "记者", "撰文", "文字", "Author"),
    "editor": ("责任编辑", "责编", "编辑", "编审", "Editor"),
}
_ROLE_OF = {label: role for role, labels in _LABELS.items() for label in labels}
_LABEL = re.compile(rf"(?:{'|'.join(sorted(_ROLE_OF, key=len, reverse=True))})$")
_NAME = re.compile(
    r"[\s　]*([^\s，,。；;|｜/（）()\[\]【】<>《》=\"]{2,24}(?:[ 、,，/　]\s?[一-鿿·]{2,4}(?![一-鿿])){0,4})"
)
"""One line: a name and, in the form of a list, further ones."""
_BYLINE = re.compile(r"(?:^|[\s（(])文[/丨|]\s?(?:本报)?(?:记者)?\s?([一-鿿·]{2,4}(?:[ 、][一-鿿·]{2,4}){0,3})")
# 本报记者 王某 李某, XX社11月20日讯（记者 王某）, （本报北京记者王某）
_DATELINE = re.compile(
    r"记\s?者\s*[:：]?\s*([一-鿿·]{2,4}(?:[ 、,，　][一-鿿·]{2,4}){0,3})(?=[\)）\s　]|$|通讯员|报道|摄|/)"
)
_AGENCY = re.compile(
    r"[\s　]*[（(]?([一-鿿]{2,8}(?:社|网|报))(?:[一-鿿]{2,6})?\s?\d{1,2}月\d{1,2}日(?:[电讯]|消息|报道)"
)
# What follows a name on the same line without a mark between.
_NEXT = re.compile(
    r"(?:字号|字体|分享|评论|发表|责任编辑|编辑|责编|作者|来源|我来说|点击|阅读|浏览|时间|日期|\d{4}).*$"
)


class People(NamedTuple):
    """Who made a story, as far as the page says."""

    publisher: str | None = None
    author: str | None = None
    editor: str | None = None


def find_people(flat: Flat, title_at: int | None, start: int, end: int) -> People:
    """Looked for beside the title, then below the body; reporters and agencies also where it begins."""
    above = title_at if title_at is not None and start - 60 <= title_at <= start else start - 20
    opening = [piece[:80] for piece in flat.pieces[start : start + 3]]
    head = flat.joined(above, start)[-800:]
    foot = "\n".join(piece[-80:] for piece in flat.pieces[max(end - 1, start) : end + 12])
    told = dict(_labelled(foot, across=("editor",)))
    told |= dict(_labelled(head))
    return People(
        publisher=told.get("publisher") or _agency(opening),
        author=told.get("author") or _byline("\n".join([head, *opening])) or _byline(foot),
        editor=told.get("editor"),
    )


def _labelled(text: str, across: Collection[str] = tuple(_LABELS)) -> Iterator[tuple[str, str]]:
    """What stands behind the labels of a text, the last of each first so that dict() keeps the first.

    The roles in `across` may have their name in the next piece: a link, a box of its own.
    """
    parts = text.replace("：", ":").split(":")
    for before, behind in reversed(list(pairwise(parts))):
        label = _LABEL.search("".join(before[-12:].split()))
        role = _ROLE_OF[label[0]] if label else ""
        match = _NAME.match(behind if role in across else behind.split("\n", 1)[0]) if role else None
        if match and (name := _tidy(match[1])):
            yield role, name


def _byline(text: str) -> str | None:
    match = (_DATELINE.search(text) if "者" in text else None) or (_BYLINE.search(text) if "文" in text else None)
    return _tidy(match[1]) if match else None


def _agency(opening: list[str]) -> str | None:
    """The agency of a dateline: XX社11月20日电."""
    match = next((match for piece in opening[:2] if (match := _AGENCY.match(piece))), None)
    return match[1] if match else None


def _tidy(text: str) -> str | None:
    """Names a space apart, without the label that follows them; None when nothing is left."""
    return re.sub(r"[ 　、,，]+", " ", _NEXT.sub("", text)).strip(" ·/") or None
