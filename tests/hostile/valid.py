"""What must hold of everything that is read, whatever it was read from."""

import re
from dataclasses import fields
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from newscrawl.items import Article

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_YEARS = range(1990, 2101)


def texts_of(value):
    """Every text in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from texts_of(pair)
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from texts_of(each)
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))


def check_text(text):
    text.encode()
    assert not CONTROL.search(text), repr(text[:200])


def check_address(url):
    parts = urlsplit(url)
    _ = parts.port
    assert parts.scheme in {"http", "https"}, url
    assert parts.hostname, url


def check_article(article: Article):
    """A record that may be stored."""
    for text in texts_of(article):
        check_text(text)
    assert article.body.strip()
    assert article.kind in {"flash", "article"}
    assert article.title or article.kind == "flash" or article.title is None
    for line in (article.title, article.publisher, article.author, article.editor):
        assert line is None or (line.strip() and "\n" not in line), repr(line)
    for moment in (article.published_at, article.modified_at):
        assert moment is None or (isinstance(moment, datetime) and moment.tzinfo and moment.year in _YEARS)
    if article.published_at:
        assert article.published_at - article.fetched_at <= timedelta(days=1)
    assert (article.published_at is None) == (article.published_precision is None)
    for url in (*article.image_urls, article.cover_url, article.url):
        if url:
            check_address(url)


def check_refusal(error):
    """A reason that may stand in a table, a log and a terminal."""
    check_text(error.reason)
    assert error.reason
    assert len(error.reason) <= 300
    assert "\n" not in error.reason


def check_rows(listing):
    """Rows of a list that may be asked for."""
    for row in listing.rows:
        check_text(row.url)
        check_address(row.url)
        assert row.at is None or 0 < row.at < 2**33
    assert listing.cursor is None or (listing.cursor.isascii() and listing.cursor.isprintable())
