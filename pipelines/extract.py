"""Step 200, Document -> Article: pull out title, date, body, image addresses and what else the page says."""

from newscrawl.document import SLIDER_SHOWN, Document, carries_slider
from newscrawl.errors import BlockedPage, LayoutError, NotNews
from newscrawl.extraction.assemble import assemble
from newscrawl.items import Article
from newscrawl.rules import rule_for
from pipelines.step import Step

_DAY_SECONDS = 24 * 3600


def extract(document: Document) -> Article:
    """The article as the site's rule, the page's embedded data and the generic reader find it.

    Raises PageError or NotNews; BlockedPage for a page without a story that carries a slider in the site's own frame.
    """
    try:
        return assemble(document, rule_for(document))
    except LayoutError as refused:
        if document.is_html and carries_slider(document.text):
            raise BlockedPage(SLIDER_SHOWN) from refused
        raise


def is_within(article: Article, within: tuple[int | None, int | None]) -> bool:
    """Whether an article is of the time that was asked for: one without a date is, one of a day when any of it is."""
    since, until = within
    if article.published_at is None:
        return True
    first = article.published_at.timestamp()
    last = first + (_DAY_SECONDS - 1 if article.published_precision == "day" else 0)
    return (since is None or last >= since) and (until is None or first <= until)


class ExtractPipeline(Step):
    """`extract` for Scrapy; counts the articles whose body the site's rule should have found, and did not."""

    name = "extract"

    def run(self, item: Document) -> Article:
        """Document in, Article out."""
        article = extract(item)
        if not is_within(article, item.page.within):
            raise NotNews("other time")
        if article.provenance.get("body") == "generic" and self.crawler.stats and rule_for(item):
            self.crawler.stats.inc_value("newscrawl/extract/moved")
        return article
