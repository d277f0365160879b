"""Document -> Article: the layers asked in order, their finds joined, the body turned into its text forms. Pure."""

from collections.abc import Mapping

from newscrawl.dates import parse_date
from newscrawl.document import Document
from newscrawl.errors import LayoutError, PageError, about_part
from newscrawl.extraction import embedded, generic, state
from newscrawl.extraction.address import own_address
from newscrawl.extraction.draft import Draft, combine, fill
from newscrawl.extraction.images import body_images
from newscrawl.extraction.markup import body_markup
from newscrawl.extraction.parts import join_parts
from newscrawl.extraction.rule import Rule
from newscrawl.extraction.stocks import named_stocks
from newscrawl.extraction.text import clean_line, visible_text
from newscrawl.extraction.whole import check_whole
from newscrawl.items import Article, Stock
from newscrawl.tree import remove_hidden
from newscrawl.urls import absolute


def assemble(document: Document, rule: Rule | None) -> Article:
    """The article of a page. Raises LayoutError, GonePage, TruncatedPage (each with its kind) or NotNews."""
    for number, part in enumerate((document, *document.parts), 1):
        with about_part(number):
            check_whole(part, rule)
    source_id, url = rule.identify(document) if rule else (None, own_address(document))
    draft = join_parts(document, rule, _read(document, rule))
    if draft.body is None:
        raise LayoutError("no body found")
    remove_hidden(draft.body)
    base = document.page.url
    body = visible_text(draft.body)
    stocks = _join_stocks(draft.stocks, named_stocks(draft.body, body))
    images = {image.url: image for image in (*body_images(draft.body, base), *draft.images)}
    page = document.page
    return Article(
        source=page.source or (rule.source_of(draft.kind or "article") if rule else ""),
        url=url,
        source_id=source_id,
        kind=draft.kind or "article",
        title=clean_line(draft.title or "") or None,
        published_at=draft.published.at if draft.published else None,
        published_precision=draft.published.precision if draft.published else None,
        published_raw=draft.published_raw,
        body=body,
        body_html=body_markup(draft.body, base),
        fetched_at=page.fetched_at,
        summary=draft.summary,
        publisher=clean_line(draft.publisher or "") or None,
        author=clean_line(draft.author or "") or None,
        editor=clean_line(draft.editor or "") or None,
        modified_at=draft.modified_at,
        cover_url=absolute(draft.cover_url or "", base),
        images=tuple(images.values()),
        stocks=stocks,
        tags=tuple(dict.fromkeys(draft.tags)),
        seen_at=tuple(dict.fromkeys(address for address in (page.url, *page.aliases) if address)),
        provenance=draft.provenance,
        backfilled=page.backfilled,
    )


def _read(document: Document, rule: Rule | None) -> Draft:
    """Field by field: the rule, the page's words for machines, the page as a reader sees it, the feed, the address."""
    draft = combine(rule.read(document)) if rule else Draft(origin="")
    if document.is_html and not draft.is_complete:
        draft = _read_beyond(document, draft)
    if document.page.told:
        draft = combine([_told(document.page.told)], draft)
    return combine(rule.last_resort(document), draft) if rule else draft


def _read_beyond(document: Document, draft: Draft) -> Draft:
    """What the rule did not find.

    Where there is no body either, the generic reader comes first: it weighs the words for machines against what the
    page shows (og:title is often cut, or the site's), and they then add what it does not look for.
    """
    if (body := draft.body) is not None:
        draft = combine([embedded.read(document)], draft)
        # A flash without a title has none: the page's <title> is the beginning of its text.
        return draft if draft.kind == "flash" else combine(generic.read_beside(document, body), draft)
    draft = fill(_read_generic(document, draft), embedded.read(document))
    return combine(state.read(document), draft)


def _read_generic(document: Document, draft: Draft) -> Draft:
    """Of a page that shows no story, what it would draw by script."""
    try:
        return combine(generic.read(document), draft)
    except PageError:
        told = next(state.read(document), None)
        if told is None:
            raise
        return fill(draft, told)


def _told(told: Mapping[str, str]) -> Draft:
    """What the feed that led to the page says of it."""
    printed = told.get("published")
    return Draft(
        origin="feed",
        title=told.get("title") or None,
        published=parse_date(printed) if printed else None,
        published_raw=printed,
    )


def _join_stocks(given: tuple[Stock, ...], found: tuple[Stock, ...]) -> tuple[Stock, ...]:
    joined = {(stock.market, stock.code): stock for stock in (*found, *given)}
    return tuple(joined.values())
