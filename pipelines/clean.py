"""Step 100, Page -> Document: decode once, parse once, set embedded data aside, remove noise."""

from dataclasses import replace

from newscrawl.document import Document, parse_page
from newscrawl.errors import about_part
from newscrawl.items import Page
from pipelines.step import Step


def clean(page: Page) -> Document:
    """The page, ready to be read, and with it each further part. Raises PageError when nothing can be read from one."""
    document = parse_page(page)
    parts: list[Document] = []
    for number, part in enumerate(page.parts, 2):
        with about_part(number):
            parts.append(parse_page(part))
    return replace(document, parts=tuple(parts)) if parts else document


class CleanPipeline(Step):
    """`clean` for Scrapy."""

    name = "clean"

    def run(self, item: Page) -> Document:
        """Page in, Document out."""
        return clean(item)
