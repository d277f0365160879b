"""The sample site's pages of sites that no rule knows, read by the generic reader: every one exactly."""

import pytest

from newscrawl.demo.truth import expected
from newscrawl.demo.world import World
from pipelines import read_page
from tests.extraction.plain_pages import NOW, page_of

WORLD = World(seed=7, size=600, now=NOW)
STORIES = [*WORLD.stories("gbk"), *WORLD.stories("web")]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.family}-{story.id}")
def test_a_page_of_an_unknown_site_is_read_exactly(story):
    truth, article = expected(story, story.family), read_page(page_of(story))
    assert article.title == truth.title
    assert article.published_at == truth.published_at
    assert article.published_precision == truth.published_precision
    assert article.body == truth.body
    assert article.image_urls == truth.image_urls
    assert (article.publisher, article.author, article.editor) == (truth.publisher, truth.author, truth.editor or None)
