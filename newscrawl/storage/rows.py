"""Articles as rows and rows as articles. Pure: what a column holds is decided here and nowhere else."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from newscrawl.items import Article, Image, Stock, Tag
from newscrawl.storage.decide import Reason
from newscrawl.storage.hashing import content_hash
from newscrawl.storage.timetext import from_text, from_text_or_none, in_beijing, to_text_or_none

Row = dict[str, Any]

DATE_COLUMNS = ("published_at", "published_date", "published_ts", "published_precision", "published_raw")
TEXT_COLUMNS = ("kind", "title", "body", "content_hash")
PARTS = ("images", "stocks", "tags")
STATE_COLUMNS = (
    "kind", "title", "published_at", "published_precision", "published_raw", "modified_at", "body", "body_html",
    "summary", "publisher", "author", "editor", "cover_url", "provenance", "content_hash",
)  # fmt: skip
"""The columns that a revision keeps, beside its parts."""
_PRECISIONS = (None, "day", "minute", "second")
_INT64 = 2**63
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def article_row(article: Article) -> Row:
    """The columns of `articles` that come from the article itself; what it lacks is NULL."""
    row: Row = {
        "source": article.source,
        "source_id": article.source_id,
        "url": article.url,
        "kind": article.kind,
        "title": article.title,
        "body": article.body,
        "body_html": article.body_html,
        "summary": article.summary,
        "publisher": article.publisher,
        "author": article.author,
        "editor": article.editor,
        "cover_url": article.cover_url,
    }
    row = {name: storable(value) or None for name, value in row.items()}
    row |= date_columns(article)
    row["body"], row["body_html"] = row["body"] or "", row["body_html"] or ""
    row["modified_at"] = to_text_or_none(article.modified_at)
    row["provenance"] = as_json(dict(article.provenance))
    row["image_urls"] = as_json([storable(image.url) for image in article.images])
    row["content_hash"] = content_hash(row["title"], row["body"])
    return row


def date_columns(article: Article) -> Row:
    """The five columns about publication: China's text, day and unix seconds, how exact, and as printed."""
    raw = storable(article.published_raw)
    if article.published_at is None:
        return dict.fromkeys(DATE_COLUMNS) | {"published_raw": raw}
    moment = in_beijing(article.published_at)
    text = to_text_or_none(moment) or ""
    return {
        "published_at": text,
        "published_date": text[:10],
        "published_ts": int(moment.timestamp() // 1),
        "published_precision": article.published_precision,
        "published_raw": raw,
    }


def part_rows(article: Article) -> dict[str, list[Row]]:
    """The rows of images, stocks and tags, in order, without `article_id`; doubles are told once."""
    images = [
        {
            "position": position,
            "url": storable(image.url),
            "alt": storable(image.alt),
            "caption": storable(image.caption),
            "width": storable_int(image.width),
            "height": storable_int(image.height),
        }
        for position, image in enumerate(article.images, 1)
    ]
    stocks = {(stock.code, stock.market): stock for stock in sorted(article.stocks, key=_named_last)}
    tags = sorted(set(article.tags))
    return {
        "images": images,
        "stocks": [
            {"code": storable(code), "market": storable(market), "name": storable(stocks[code, market].name)}
            for code, market in sorted(stocks)
        ],
        "tags": [{"kind": tag.kind, "name": storable(tag.name)} for tag in tags],
    }


def refreshed(old: Row, new: Row, *, text_changed: bool) -> Row:
    """The old row brought up to date from the new one: what the newcomer lacks keeps its old value.

    The address and the id stay as they were first stored. A date told less exactly than before is no news. With
    `text_changed` the text and what belongs to it (title, body, body_html, image_urls) is taken over as it is.
    """
    merged = dict(old)
    for name, value in new.items():
        if name not in {"source", "source_id", "url", *DATE_COLUMNS} and not is_lacking(value):
            merged[name] = value
    if text_changed:
        merged |= {name: new[name] for name in ("title", "body", "body_html", "image_urls", "content_hash")}
    if _exactness(new) >= _exactness(old) and new["published_at"] is not None:
        merged |= {name: new[name] for name in DATE_COLUMNS}
    return merged


def is_lacking(value: object) -> bool:
    """Whether a column's value says nothing: NULL, no text, an empty JSON list or object."""
    return value in (None, "", "[]", "{}")


def revision_row(row: Row, parts: Mapping[str, Sequence[Row]], valid_to: str, reason: Reason) -> Row:
    """The state of an article, whole, as the row of `revisions` that ends at `valid_to` for a reason.

    The publisher's states begin where their text was first stored; a reading of ours where it was first read so.
    """
    begins = row["content_since"]
    if reason is Reason.READER and row["reread_at"]:
        begins = max(begins, row["reread_at"])
    return {
        "article_id": row["id"],
        "reason": reason.value,
        **{name: row[name] for name in STATE_COLUMNS},
        **{name: as_json(list(parts[name])) for name in PARTS},
        "valid_from": begins,
        "valid_to": valid_to,
    }


def article_from(row: Row, parts: Mapping[str, Sequence[Row]], seen_at: Sequence[str]) -> Article:
    """The record that a row and its parts hold; `fetched_at` is when the row was last changed."""
    return Article(
        source=row["source"],
        url=row["url"] or "",
        source_id=row["source_id"],
        kind=row["kind"],
        title=row["title"],
        published_at=from_text_or_none(row["published_at"]),
        published_precision=row["published_precision"],
        published_raw=row["published_raw"],
        body=row["body"],
        body_html=row["body_html"],
        fetched_at=from_text(row["updated_at"]),
        summary=row["summary"],
        publisher=row["publisher"],
        author=row["author"],
        editor=row["editor"],
        modified_at=from_text_or_none(row["modified_at"]),
        cover_url=row["cover_url"],
        images=tuple(_image(image) for image in parts["images"]),
        stocks=tuple(Stock(part["code"], part["market"], part["name"]) for part in parts["stocks"]),
        tags=tuple(Tag(part["kind"], part["name"]) for part in parts["tags"]),
        seen_at=tuple(seen_at),
        provenance=json.loads(row["provenance"]),
        backfilled=bool(row["backfilled"]),
    )


def as_json(value: object) -> str:
    """Compact JSON with Chinese left readable."""
    return _ENCODER.encode(value)


def storable(text: str | None) -> str | None:
    """Text that SQLite can keep and every tool can read back: no NUL, no half of a surrogate pair."""
    if text is None:
        return None
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def storable_int(number: int | None) -> int | None:
    """A number that fits an INTEGER column; None for one that cannot be a size on a screen anyway."""
    return number if number is not None and -_INT64 <= number < _INT64 else None


def _exactness(row: Row) -> int:
    return _PRECISIONS.index(row["published_precision"])


def _named_last(stock: Stock) -> bool:
    return stock.name is not None


def _image(part: Row) -> Image:
    return Image(part["url"], alt=part["alt"], caption=part["caption"], width=part["width"], height=part["height"])
