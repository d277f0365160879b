"""The stories behind the posts: made like the site's East Money articles, at moments of 2021 and 2022."""

from dataclasses import replace
from datetime import datetime
from random import Random

from newscrawl.demo.articles import make_article
from newscrawl.demo.markup import Block, paragraph
from newscrawl.demo.plan import Plan
from newscrawl.demo.story import BEIJING, Story


class PostStories:
    """Gives one new story after another, deterministic from the seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._count = 0

    def at(self, when: str, *, title: str = "", medium: str = "", pictures: int = 0) -> Story:
        """A story published at `when` (2022-05-31 18:03:41), with so many images."""
        self._count += 1
        number = 3_000 + self._count
        published = int(datetime.fromisoformat(when).replace(tzinfo=BEIJING).timestamp())
        rng = Random(f"{self._seed}-post-{self._count}")
        story = make_article(Plan(number, "em_article", 4 * self._count + pictures, published), rng)
        return replace(story, title=title or story.title, publisher=medium or story.publisher, reporter="")

    def flash(self, when: str, *, title: str = "", medium: str = "") -> Story:
        """A story of one paragraph."""
        story = self.at(when, title=title, medium=medium)
        return replace(story, blocks=story.blocks[:1])


def add(story: Story, *templates: str | Block) -> Story:
    """The story with paragraphs added at its end."""
    blocks = tuple(paragraph(block) if isinstance(block, str) else block for block in templates)
    return replace(story, blocks=(*story.blocks, *blocks))
