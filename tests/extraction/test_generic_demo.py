"""The sample site's pages of sites that no rule knows, read by the generic reader: every one exactly."""

from datetime import UTC, datetime

import pytest

from newscrawl.demo.shapes.gbk import gbk_page
from newscrawl.demo.shapes.web_page import web_page
from newscrawl.demo.truth import expected
from newscrawl.demo.world import World
from newscrawl.items import Page
from pipelines import read_page

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORLD = World(seed=7, size=600, now=NOW)
CASES = [("gbk", gbk_page, story) for story in WORLD.stories("gbk")]
CASES += [("web", web_page, story) for story in WORLD.stories("web")]


def case_id(case):
    site, _, story = case
    return f"{site}-{story.id}"


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_a_page_of_an_unknown_site_is_read_exactly(case):
    site, page_of, story = case
    answer, truth = page_of(story), expected(story, site)
    headers = {"content-type": answer.content_type}
    article = read_page(Page(url=truth.url, source="", body=answer.body, headers=headers, fetched_at=NOW))
    assert article.title == truth.title
    assert article.published_at == truth.published_at
    assert article.published_precision == truth.published_precision
    assert article.body == truth.body
    assert article.image_urls == truth.image_urls
    assert (article.publisher, article.author, article.editor) == (truth.publisher, truth.author, truth.editor or None)
