"""Writes the story of a plan, and its later versions."""

from dataclasses import replace
from random import Random

from newscrawl.demo.articles import make_article
from newscrawl.demo.flashes import make_flash
from newscrawl.demo.markup import Run
from newscrawl.demo.plan import Plan
from newscrawl.demo.story import Story


def write(plan: Plan, seed: int) -> Story:
    """The first version of a story."""
    rng = Random(f"{seed}-{plan.number}")
    return make_flash(plan, rng) if plan.family == "flash" else make_article(plan, rng)


def revise(story: Story, version: int, now: int) -> Story:
    """Version 1, 2, … of a story: a sentence added to its first paragraph, and a later time of edit."""
    addition = Run(f"（第{version}次更新：相关数据已调整为{version + story.number % 90}.{version}%。）")
    first = story.blocks[0]
    blocks = (replace(first, runs=(*first.runs, addition)), *story.blocks[1:])
    return replace(story, blocks=blocks, modified=max(now, story.modified) + 60 * version)
