"""A folder of Jekyll posts as pages: which files are one article, and which of their texts is the article's.

The seed's script wrote one article up to three times: from the feed's `text` and from its `content` under two names,
and anew when the feed sent it again. All carry one number. No file tells when it was written, so the fuller text
wins, whatever the order in which the files are read; stocks and tags that any of them names are kept.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePath

from newscrawl.errors import UsageError
from newscrawl.extraction.text import clean_line
from newscrawl.items import Article, Page
from newscrawl.rules.eastmoney import identify
from newscrawl.rules.finews import split_footer
from newscrawl.urls import absolute

# 2022-03-29-NW….md; a post whose date was unknown has nothing before the first hyphen. A README is no post.
_POST_NAME = re.compile(r"(?:\d{4}-\d\d-\d\d)?-.+\.(?:md|markdown)")
_SOURCE = "finews"
_NOWHERE = "http://finews.invalid/"
# What a fuller text may lack and a lesser one of the same article tells.
_FILLED = ("title", "published_at", "published_precision", "published_raw", "summary", "publisher", "author", "editor")


def find_posts(folder: Path) -> list[list[Path]]:
    """The posts below `folder`, those of one article together, in the order of their names; no links out of it.

    Raises UsageError when the folder is none or holds no post.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    groups: dict[str, list[Path]] = defaultdict(list)
    inside = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if _POST_NAME.fullmatch(path.name) and path.is_file() and path.resolve().is_relative_to(inside):
            number, _ = identify(path.stem)
            groups[number or path.stem].append(path)
    if not groups:
        raise UsageError(f"{folder} holds no posts (YYYY-MM-DD-name.md)")
    return [groups[key] for key in sorted(groups)]


def read_post(path: Path, now: datetime) -> Page:
    """A post as a page: its address is the source line's, which may be empty; its file name may hold the number."""
    return post_page(path.name, path.read_bytes(), now)


def post_page(name: str, body: bytes, now: datetime) -> Page:
    """The same from the file's name and its bytes."""
    address, _ = split_footer(body.decode("utf-8", "replace"))
    return Page(
        url=address if absolute(address, _NOWHERE) == address else "",
        source=_SOURCE,
        body=body,
        headers={"content-type": "text/markdown; charset=utf-8", "x-file-name": clean_line(PurePath(name).stem)},
        fetched_at=now,
        backfilled=True,  # years may lie between a post and its import
    )


def merge(editions: Sequence[Article], known: Article | None = None) -> list[Article]:
    """The states to store, oldest first: the last is the article, those before it stood at its own address.

    `known` is what the database holds of it. Copies at other addresses are no former states: they become sightings
    of the article, and what only they tell is taken over. Each state has the time of the edition that it is; where
    the text is `known`, that of the first edition.
    """
    ranked = sorted([*([known] if known else []), *editions], key=_fullness)
    best = ranked[-1]
    newer = ranked[ranked.index(known) + 1 :] if known else ranked
    former = [edition for edition in newer[:-1] if _is_former(edition, best)]
    seen_at = tuple(dict.fromkeys(address for edition in editions for address in edition.seen_at))
    fetched_at = (editions[0] if best is known else best).fetched_at
    return [*former, replace(_join(best, ranked), seen_at=seen_at, fetched_at=fetched_at)]


def _is_former(edition: Article, best: Article) -> bool:
    """Whether `edition` stood at the address of `best` with another visible text."""
    same_address = bool(set(edition.seen_at) & set(best.seen_at))
    return same_address and _letters(edition) != _letters(best)


def _letters(article: Article) -> str:
    return "".join(f"{article.title or ''}{article.body}".split())


def _fullness(article: Article) -> tuple[int, bool, bool, int, tuple[str, ...]]:
    letters = sum(not character.isspace() for character in article.body)
    has_date = article.published_precision not in {None, "day"}
    return letters, article.title is not None, has_date, len(article.stocks), article.seen_at


def _join(best: Article, others: Iterable[Article]) -> Article:
    """`best`, with what it lacks taken from the others."""
    found: dict[str, object] = {}
    for other in others:
        for name in _FILLED:
            if getattr(best, name) is None and getattr(other, name) is not None:
                found[name] = getattr(other, name)
    stocks = {(stock.market, stock.code): stock for other in others for stock in other.stocks}
    tags = {tag for other in others for tag in other.tags}
    return replace(best, **found, stocks=tuple(sorted(stocks.values())), tags=tuple(sorted(tags)))  # type: ignore[arg-type]
