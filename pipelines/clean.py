"""Step 100, Page -> Document: decode once, parse once, set embedded data aside, remove noise."""

from newscrawl.document import Document, parse_page
from newscrawl.items import Page
from pipelines.step import Step


def clean(page: Page) -> Document:
    """The page, ready to be read. Raises PageError when nothing can be read from it."""
    return parse_page(page)


class CleanPipeline(Step):
    """`clean` for Scrapy."""

    name = "clean"

    def run(self, item: Page) -> Document:
        """Page in, Document out."""
        return clean(item)
