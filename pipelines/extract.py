"""Step 200, Document -> Article: pull out title, date, body, image addresses and what else the page says."""

from newscrawl.document import Document
from newscrawl.extraction.assemble import assemble
from newscrawl.items import Article
from newscrawl.rules import rule_for
from pipelines.step import Step


def extract(document: Document) -> Article:
    """The article as the site's rule reads it; then the page's embedded data. Raises PageError or NotNews."""
    return assemble(document, rule_for(document))


class ExtractPipeline(Step):
    """`extract` for Scrapy."""

    name = "extract"

    def run(self, item: Document) -> Article:
        """Document in, Article out."""
        return extract(item)
