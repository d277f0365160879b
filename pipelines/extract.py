"""Step 200, Document -> Article: pull out title, date, body, image addresses and what else the page says."""

from newscrawl.document import Document
from newscrawl.extraction.assemble import assemble
from newscrawl.items import Article
from newscrawl.rules import rule_for
from pipelines.step import Step


def extract(document: Document) -> Article:
    """The article as the site's rule, the page's embedded data and the generic reader find it.

    Raises PageError or NotNews.
    """
    return assemble(document, rule_for(document))


class ExtractPipeline(Step):
    """`extract` for Scrapy; counts the articles whose body the site's rule should have found, and did not."""

    name = "extract"

    def run(self, item: Document) -> Article:
        """Document in, Article out."""
        article = extract(item)
        if article.provenance.get("body") == "generic" and rule_for(item) and self.crawler.stats:
            self.crawler.stats.inc_value("newscrawl/extract/moved")
        return article
