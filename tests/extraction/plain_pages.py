"""Pages of the sample site's plain sites, as a crawl hands them on: all parts of a story in one Page."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin

from newscrawl.demo.shapes.parts import part_count
from newscrawl.demo.shapes.plain import PLAIN_SITES
from newscrawl.demo.truth import expected
from newscrawl.items import Page

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def part_of(story, part, *, source="", **changes):
    site = PLAIN_SITES[story.family]
    answer = site.page_of(story, part, **changes)
    url = urljoin(expected(story, story.family).url, site.path_of(story, part))
    headers = {"content-type": answer.content_type}
    return Page(url=url, source=source, body=answer.body, headers=headers, fetched_at=NOW)


def parts_of(story):
    return [part_of(story, part) for part in range(1, part_count(story) + 1)]


def page_of(story):
    first, *further = parts_of(story)
    return replace(first, parts=tuple(further))
