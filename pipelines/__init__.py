"""What happens to a page, in order. One file per step: a pure function, and a thin Scrapy class beside it.

| number | step                  | takes    | gives    | may refuse with                                            |
| ------ | --------------------- | -------- | -------- | ---------------------------------------------------------- |
| 100    | clean.clean           | Page     | Document | blocked, empty, encoding, layout (no JSON), too_complex    |
| 200    | extract.extract       | Document | Article  | gone, layout, truncated; adverts and paid rows are skipped |
| 300    | validate.validate     | Article  | Article  | layout                                                     |
| 400    | store.StorePipeline   | Article  | Article  | (writes; a storage error ends the run)                     |

Every refusal becomes a row in `failures` and is counted; none is silent. Nothing here imports Scrapy when loaded.
"""

from datetime import UTC, datetime

from newscrawl.items import Article, Page
from pipelines.clean import clean
from pipelines.extract import extract
from pipelines.validate import validate

__all__ = ["extract_article", "read_page"]


def read_page(page: Page) -> Article:
    """The article of a page: clean, extract, validate. Raises PageError (with its `kind`) or NotNews."""
    document = clean(page)
    return validate(extract(document))


def extract_article(html: str, url: str = "", source: str | None = None) -> Article:
    """The same steps without a crawl: text in, record out.

    `url` may be empty: then `source_id` is None (unless the page tells it) and relative addresses stay as written.
    `source` picks the site's rule; without it the address does. The date keeps the page's own zone. A fragment (no
    <html>, <head> or <title> in it) can hold neither title nor date: they are None instead of a refusal.
    Raises PageError (with its `kind`) or NotNews.
    """
    content_type = "application/json" if html.lstrip().startswith("{") else "text/html; charset=utf-8"
    page = Page(
        url=url,
        source=source or "",
        body=html.encode("utf-8", "replace"),
        headers={"content-type": content_type},
        fetched_at=datetime.now(UTC),
    )
    document = clean(page)
    return validate(extract(document), title_required=not document.is_fragment)
