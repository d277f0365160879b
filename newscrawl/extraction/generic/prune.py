"""What stands inside a container and is no part of the article: signature lines, related links, comments. Pure."""

import re

from lxml.html import HtmlElement

from newscrawl.extraction.generic.blocks import Line, Node, Outline

_ASIDE_NAME = re.compile(
    r"comment|sidebar|related|recommend|share|footer|breadcrumb|copyright|disclaimer|social|newsletter|promo|subscribe"
    r"|(?<![a-z])(?:nav|menu|foot|side|hot|rank|tags?|ad|ads|advert\w*|reply|pinglun|tuijian|xiangguan)(?![a-z])", re.I
)
_ASIDE_TAGS = frozenset({"nav", "aside", "footer", "form"})
_SIGNATURE = re.compile(
    r"[\[【(（]?\s*(?:责任编辑|责编|编辑|来源|原标题|文章来源|信息来源|版权|声明|免责声明|分享到|分享|相关阅读|延伸阅读|关键词|标签|打印|上一篇|下一篇)\s*[:：].{0,40}"
)


def is_aside(node: Node) -> bool:
    """Whether an element's tag or name says that it stands beside the article."""
    if node.tag in _ASIDE_TAGS:
        return True
    get = node.element.get
    names = f"{get('class') or ''} {get('id') or ''}"
    return len(names) > 1 and _ASIDE_NAME.search(names) is not None


def droppable(best: Node, page: Outline, scores: dict[Node, float]) -> list[HtmlElement | tuple[HtmlElement, bool]]:
    """Elements, and single texts (element, is_tail), to leave out of the container."""
    dropped: set[Node] = set()
    drops: list[HtmlElement | tuple[HtmlElement, bool]] = []
    inside: set[Node] = {best}
    for node in page.nodes.values():
        if node.parent not in inside:
            continue
        if is_aside(node) or (node.block is node and scores[node] < -20):
            drops.append(node.element)
        else:
            inside.add(node)
    for line in page.lines:
        if line.block in inside and _is_signature(line):
            drops.extend(line.pieces)
    return drops


def _is_signature(line: Line) -> bool:
    return _SIGNATURE.fullmatch(line.text) is not None
