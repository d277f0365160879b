"""Faults of the pagers of stories that have several parts."""

import re

from newscrawl.demo.answers import Answer
from newscrawl.demo.faults.charsets import text_of
from newscrawl.demo.faults.kinds import Change, Context, Fault
from newscrawl.demo.faults.pages import rewrite
from newscrawl.demo.markup import Block, paragraph
from newscrawl.demo.shapes.parts import blocks_on, part_count
from newscrawl.demo.shapes.plain import PLAIN_SITES
from newscrawl.demo.story import Story

_PAGER = re.compile(r'<div class="fenye">.*?</div>|<nav class="pagination">.*?</nav>|<link rel="next"[^>]*>')


def _part(help_text: str, change: Change) -> Fault:
    return Fault("part", help_text, change)


def _lost(answer: Answer, context: Context) -> Answer:
    if context.part == 1:
        return answer
    return rewrite(answer, _PAGER.sub("", text_of(answer)))


def _loops(answer: Answer, context: Context) -> Answer:
    """下一页 on the last part leads to the first one again."""
    story = context.story
    if story is None or context.part != part_count(story):
        return answer
    link = f'<a href="{PLAIN_SITES[story.family].path_of(story)}">下一页</a>'
    text = text_of(answer).replace("<span>下一页</span>", link)
    return rewrite(answer, text.replace("</ul></nav><p", f"<li>{link}</li></ul></nav><p"))


def _repeats(answer: Answer, context: Context) -> Answer:
    story = context.story
    if story is None or context.part < part_count(story):
        return answer
    return _page(story, context.part, blocks_on(story, part_count(story)))


def _endless(answer: Answer, context: Context) -> Answer:
    story = context.story
    if story is None or context.part < part_count(story):
        return answer
    told = f"这是第{context.part}页才有的一段，编号{context.part * 7919}，后面还有更多内容，请继续往下阅读。"
    added = paragraph(told)
    return _page(story, context.part, (added, added) if context.part > part_count(story) else ())


def _page(story: Story, part: int, blocks: tuple[Block, ...]) -> Answer:
    """A part whose pager says that one more follows."""
    return PLAIN_SITES[story.family].page_of(story, part, blocks, parts=part + 1)


PARTS = {
    "pager_lost": _part("no part of a story but its first has a pager", _lost),
    "pager_loops": _part("the last part of a story leads on to its first", _loops),
    "pager_repeats": _part("behind its last part a story goes on with the same text for ever", _repeats),
    "pager_endless": _part("behind its last part a story goes on with other text for ever", _endless),
}
