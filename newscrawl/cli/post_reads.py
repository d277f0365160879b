"""What is read of the posts of one article, in whichever process: for `newscrawl import`."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newscrawl.cli.story_reads import NoArticle
from newscrawl.errors import PageError
from newscrawl.items import Article, Page


@dataclass(frozen=True, slots=True)
class PostPlace:
    """A file, and when it counts as fetched."""

    path: Path
    at: datetime


@dataclass(frozen=True, slots=True)
class PostRead:
    """What was read of one post."""

    path: Path
    page: Page
    result: Article | NoArticle


def read_posts(places: Sequence[PostPlace]) -> list[PostRead]:
    """The posts of one article, in order. OSError for a file that cannot be read."""
    return [_read(place) for place in places]


def post_reader() -> Callable[[Sequence[PostPlace]], list[PostRead]]:
    """The same for a process of its own."""
    return read_posts


def _read(place: PostPlace) -> PostRead:
    from pipelines import read_page  # noqa: PLC0415 - `newscrawl --help` need not load the parsers
    from pipelines.posts import read_post  # noqa: PLC0415

    page = read_post(place.path, place.at)
    try:
        return PostRead(place.path, page, read_page(page))
    except PageError as error:
        return PostRead(place.path, page, NoArticle(error.kind, error.reason, is_fault=True))


def identity_of(posts: Iterable[tuple[str, bytes]]) -> str:
    """Words that tell the posts of one article from any others, by the names of their files and their bytes."""
    return json.dumps([[name, hashlib.sha256(body).hexdigest()] for name, body in posts])
