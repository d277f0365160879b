"""Stories that go on behind 下一页: which blocks stand on which part."""

from dataclasses import replace

from newscrawl.demo.markup import Block, Run
from newscrawl.demo.story import Story

_PARTS = {2: 2, 4: 3}
"""Of five stories of a plain site one has two parts and one has three."""


def part_count(story: Story) -> int:
    """How many parts a story has: 1 for most, and for all that are not of the plain sites."""
    return _PARTS.get(story.ordinal % 5, 1) if story.family in ("gbk", "web") else 1


def blocks_on(story: Story, part: int) -> tuple[Block, ...]:
    """The blocks of one part, counted from 1. Each begins with a paragraph; now and then in mid-sentence."""
    blocks = list(story.blocks)
    if part_count(story) == 3 and story.ordinal % 2:
        blocks = _cut(blocks)
    starts = [0, *_starts(blocks, part_count(story)), len(blocks)]
    return tuple(blocks[starts[part - 1] : starts[part]])


def _starts(blocks: list[Block], parts: int) -> list[int]:
    told = [place for place, block in enumerate(blocks) if _is_text(block)]
    return [told[len(told) * part // parts] for part in range(1, parts)]


def _is_text(block: Block) -> bool:
    return block.kind == "p" and block.text.endswith(("。", "”"))


def _cut(blocks: list[Block]) -> list[Block]:
    """The paragraph that the second part begins with in two, as sites do that count letters."""
    place = _starts(blocks, 3)[0]
    text = blocks[place].text
    comma = text.find("，", 20)
    if comma < 0 or not text[comma + 1 : comma + 5].isalnum() or any(run.raw for run in blocks[place].runs):
        return blocks
    halves = [replace(blocks[place], runs=(Run(half),)) for half in (text[: comma + 3], text[comma + 3 :])]
    return [*blocks[:place], *halves, *blocks[place + 1 :]]
