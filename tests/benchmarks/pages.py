"""The pages that are read: the labelled sets where this machine has them, and the project's own."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.decode import decode
from newscrawl.demo.answers import Answer
from newscrawl.demo.shapes.cls_detail import detail_page
from newscrawl.demo.shapes.eastmoney_page import article_page
from newscrawl.demo.shapes.gbk import gbk_page
from newscrawl.demo.shapes.parts import part_count
from newscrawl.demo.shapes.web_page import web_page
from newscrawl.demo.story import Story
from newscrawl.demo.truth import Site, expected_records
from newscrawl.demo.world import World
from tests.quality.floors import folder
from tests.quality.score import Sample, samples

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_FIXTURES = Path(__file__).parents[1] / "fixtures"
_PAGE_OF: dict[Site, Callable[[Story], Answer]] = {
    "cls_telegraph": detail_page,
    "cls_depth": detail_page,
    "eastmoney": article_page,
    "gbk": gbk_page,
    "web": web_page,
}


def labelled() -> dict[str, list[Sample]]:
    """The labelled sets by name; {} where NEWSCRAWL_SAMPLES names none."""
    root = folder()
    return {path.name: list(samples(path)) for path in sorted(root.iterdir()) if path.is_dir()} if root else {}


def own(*sites: Site) -> list[Sample]:
    """Pages of the sample site with what must be read from them."""
    world = World(seed=7, size=300, now=_NOW)
    return [sample for site in sites for sample in _of_site(world, site)]


def fixtures(*sources: str) -> list[Sample]:
    """The HTML pages of tests/fixtures that are read, with what must be read from them."""
    found = []
    for path in sorted(path for source in sources for path in _FIXTURES.glob(f"{source}/*/page.html")):
        expectation = path.with_name("expected.json")
        if expectation.exists():
            meta, told = (
                json.loads(path.with_name("meta.json").read_text("utf-8")),
                json.loads(expectation.read_text("utf-8")),
            )
            html = decode(path.read_bytes(), meta["headers"]["content-type"])
            images = [[image["url"]] for image in told["images"]]
            key = f"{path.parent.parent.name}/{path.parent.name}"
            found.append(Sample(key, meta["url"], html, told["title"], told["published_at"], told["body"], images))
    return found


def saved() -> list[Sample]:
    """Article pages of cls.cn as others saved them; what must be read from them, tests/samples says."""
    root = folder()
    paths = sorted(root.parent.glob("cls/*/cls_article_detail*.html")) if root else []
    return [Sample(path.stem, "", path.read_text("utf-8"), None, None, "", []) for path in paths]


def _of_site(world: World, site: Site) -> Iterator[Sample]:
    """The stories that stand on one page: to join those that go on takes a crawl."""
    for truth in expected_records(world, site):
        story = world.find(truth.source_id)
        if part_count(story) > 1:
            continue
        answer = _PAGE_OF[site](story)
        html = decode(answer.body, answer.content_type)
        images = [[url] for url in truth.image_urls]
        key = f"{site}/{truth.source_id}"
        yield Sample(key, truth.url, html, truth.title, truth.published_at.isoformat(), truth.body, images)
