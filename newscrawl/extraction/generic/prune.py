"""What stands inside a container and is no part of the article: link lists, signature lines, what follows it. Pure."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from newscrawl.extraction.generic.blocks import Line, Node, Outline
from newscrawl.extraction.generic.names import is_aside, is_caption
from newscrawl.tree import Element

Drop: TypeAlias = tuple[Element, str]
"""What of an element goes: all of it ("element"), the text in it ("text") or behind it ("tail"), all of it after its
images were moved before it ("caption"), the images behind it ("behind")."""

LINK_LIST = 10.0
"""Han characters in links from which a block of mostly links is a list of links.

Tried: 5 loses 1 on short pages of cwced, 20 loses 0.8 of cx163, 40 nearly all precision of its images."""
LONG = 200.0
"""Han characters of a line that is no signature; a disclaimer may have as many.

Tried: 50 loses 0.1 of gne; no bound loses nothing, and reading takes 7 % longer."""
TAIL_SHARE = 0.5
"""The share of the sentences that must stand before a line that ends the article.

Tried: 0 loses 4 points of cwced and gne, 0.9 loses 0.6 of gne; 0.25 and 0.75 lose nothing."""
HEAD_SENTENCE = 15.0
"""Han characters of a line with punctuation from which it belongs to the article, so that its head is over.

Tried: 7 loses 1.5 on short pages of gne, 0 also 2.4 on those of cwced; up to 60 nothing is lost."""
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_PARAGRAPHS = _HEADINGS | {"p", "pre", "blockquote"}
"""A paragraph that is one link is often the editor's own reference: only lists and boxes are lists of links."""
_LABELS = (
    "责任编辑|责编|编辑|审核|校对|来源|原标题|文章来源|信息来源|稿源|作者|本文来源|本文作者|版权|版权声明|声明|免责声明|特别声明|分享到|分享|分享至|标签|关键词|关键字"
    "|上一篇|下一篇|上一页|下一页|打印|发布时间|时间|更新时间|点击|阅读|浏览|字号|当前位置|您所在的位置|您的位置|位置"
)
_SIGNATURE = re.compile(rf"[\[【(（]?\s*(?:{_LABELS})\s*[:：].{{0,60}}")
_DATELINE = re.compile(r"[^，。]{0,20}(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}[^，。]{0,50}")
_END = re.compile(
    r"[\[【(（]?(?:(?:责任编辑|责编|免责声明|版权声明|特别声明|相关阅读|相关新闻|相关文章|相关报道|相关链接|延伸阅读|推荐阅读|热门推荐|精彩推荐|网友评论|最新评论|全部评论"
    r"|发表评论|更多精彩)\s*(?:[:：\]】)）].{0,200})?"
    r"|(?:Related (?:articles|stories|posts|content|news|topics)|Recommended(?: for you)?|Read next"
    r"|More from [\w .]{,30}|\d* ?Comments|Leave a (?:comment|reply)|Share this(?: article| story| post)?"
    r"|Explore further|About the author)\s*:?)",
    re.IGNORECASE,
)


def inside(best: Node, page: Outline) -> tuple[set[Node], list[Drop]]:
    """The nodes of the container that may hold the article, and the elements in it that do not."""
    kept = {best}
    drops: list[Drop] = [(each, "element") for each in page.skipped]
    for node in page.nodes:
        if node.parent in kept:
            if is_caption(node.element):
                drops.append((node.element, "caption"))
            elif _is_foreign(node):
                drops.append((node.element, "element"))
            else:
                kept.add(node)
    return kept, drops


def _is_foreign(node: Node) -> bool:
    if node.aside or _is_link_list(node):
        return True
    return node.score <= 0 and is_aside(node.element)


def _is_link_list(node: Node) -> bool:
    if node.links <= LINK_LIST or node.links <= node.weight:
        return False
    return node.element.tag not in _PARAGRAPHS and node.element.find("p") is None


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines of a container: those of the article, those that are not, and the first one behind the article."""

    body: list[Line]
    rest: list[Line]
    behind: Line | None


def split(lines: list[Line]) -> Parts:
    """Tell the article's lines from those before, in and behind it."""
    start, end = _start(lines), _end(lines)
    body: list[Line] = []
    rest = lines[:start]
    for line in lines[start:end]:
        (rest if _is(_SIGNATURE, line) else body).append(line)
    return Parts(body, rest + lines[end:], lines[end] if end < len(lines) else None)


def _is(form: re.Pattern[str], line: Line) -> bool:
    return line.weight + line.links < LONG and form.fullmatch(line.text) is not None


def _start(lines: list[Line]) -> int:
    """Behind the <h1> and the line of date and source, where these stand in the container."""
    start = 0
    for number, line in enumerate(lines):
        tag = line.block.element.tag
        if tag == "h1" or _is(_DATELINE, line):
            start = number + 1
        elif line.stops and line.weight > HEAD_SENTENCE and tag not in _HEADINGS:
            break
    return start


def _end(lines: list[Line]) -> int:
    """At the first line that only ever follows an article, once most of the sentences stand before it."""
    total = sum(line.weight for line in lines if line.stops)
    seen = 0.0
    for number, line in enumerate(lines):
        if seen >= TAIL_SHARE * total and seen and _is(_END, line):
            return number
        if line.stops:
            seen += line.weight
    return len(lines)
