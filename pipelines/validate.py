"""Step 300, Article -> Article: never a wrong record. What is missing is refused; what cannot be is emptied."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newscrawl.errors import LayoutError
from newscrawl.items import Article
from pipelines.step import Step

_AHEAD = timedelta(days=1)
"""Sites' clocks differ, and some stories are dated to the next morning; more than this is no publication date."""
_WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""When this was written: a crawl's clock that is further back is wrong, and says nothing of what lies ahead."""


def validate(article: Article, *, title_required: bool = True) -> Article:
    """The article, sound. Raises LayoutError when body or (but for a flash) title is missing."""
    if not article.body.strip():
        raise LayoutError("no body text", url=article.url)
    if title_required and article.kind != "flash" and not article.title:
        raise LayoutError("no title", url=article.url)
    if article.published_at and _is_ahead(article, article.published_at):
        # The printed date stays in published_raw, so that a wrong reading can be redone.
        return replace(article, published_at=None, published_precision=None)
    return article


def _is_ahead(article: Article, published_at: datetime) -> bool:
    """Whether it is dated too far ahead; pages of other crawlers (without a source) may well be older than this."""
    if article.source and article.fetched_at < _WRITTEN:
        return False
    return published_at - article.fetched_at > _AHEAD


class ValidatePipeline(Step):
    """`validate` for Scrapy; counts the articles without a date."""

    name = "validate"

    def run(self, item: Article) -> Article:
        """Article in, Article out."""
        article = validate(item)
        if article.published_at is None and self.crawler.stats:
            self.crawler.stats.inc_value("newscrawl/validate/no_date")
        return article
