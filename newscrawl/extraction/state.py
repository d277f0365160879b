"""The story in a page's own data (`__NEXT_DATA__`, `window.__INITIAL_STATE__`): sites that draw their pages by script.

Nobody has described that data. So the story is known by its form: an object that tells a title, a time of publication
and, in a field of an article's name, more text than any list of stories holds. Pure.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from newscrawl.dates import Dated, parse_date
from newscrawl.document import Document
from newscrawl.extraction.draft import Draft
from newscrawl.extraction.text import clean_line, visible_text
from newscrawl.tree import parse_fragment, plain_tree

_TITLES = ("title", "headline", "articleTitle", "newsTitle")
_BODIES = ("content", "body", "articleBody", "articleContent", "contentHtml", "html", "text", "detail")
_TIMES = (
    "publishTime", "publish_time", "publishedAt", "published_at", "pubTime", "pubDate", "pub_date", "publishDate",
    "datePublished", "displayTime", "display_time", "releaseTime", "showTime", "ctime", "createTime", "created_at",
)  # fmt: skip
"""The surest first: a story may be written hours before it is published."""
_SOURCES = ("source", "sourceName", "source_name", "mediaName", "media", "origin")
_AUTHORS = ("author", "authorName", "author_name", "reporter")
_MOST = 20_000
"""Values looked at: 1 MB of data has about as many."""
_LONGEST_NAME = 24
"""Characters; what is longer is a sentence."""
_LEAST = 80
"""Characters of a story: a list's rows hold less of each."""


def read(document: Document) -> Iterator[Draft]:
    """The story with its body; nothing where the data holds none, or several that could be it."""
    story = _story(document.data)
    content = next((text for name in _BODIES if (text := _text(story, name))), "")
    body = (parse_fragment(content) if "<" in content else plain_tree(content)) if content else None
    if body is None or len(visible_text(body)) < _LEAST:
        return
    raw, dated = next(_dates(story, document), (None, None))
    yield Draft(
        origin="embedded",
        kind="article",
        title=next((clean_line(text) for name in _TITLES if (text := _text(story, name))), None),
        published=dated,
        published_raw=raw,
        body=body,
        publisher=_first_name(story, _SOURCES),
        author=_first_name(story, _AUTHORS),
    )


def _story(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The only object that has a story's form; {} for none, and for several: a list of them is no page of one."""
    found: list[Mapping[str, Any]] = []
    waiting: deque[Any] = deque([data])
    for _ in range(_MOST):
        if not waiting:
            break
        value = waiting.popleft()
        if isinstance(value, Mapping):
            if _has_form(value):
                found.append(value)
                continue
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    contents = {_text(story, name) for story in found for name in _BODIES} - {""}
    return found[0] if len(contents) == 1 else {}


def _has_form(value: Mapping[str, Any]) -> bool:
    return (
        any(_text(value, name) for name in _TITLES)
        and any(value.get(name) for name in _TIMES)
        and any(len(_text(value, name)) >= _LEAST for name in _BODIES)
    )


def _dates(story: Mapping[str, Any], document: Document) -> Iterator[tuple[str, Dated]]:
    for name in _TIMES:
        told = story.get(name)
        readable = isinstance(told, str | int | float) and not isinstance(told, bool)
        if readable and (dated := parse_date(str(told), document.page.fetched_at)):
            yield str(told), dated


def _first_name(story: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """A name, or that of an object that stands for it."""
    for name in names:
        value = story.get(name)
        text = _text(value, "name") if isinstance(value, Mapping) else _text(story, name)
        if text and len(text) <= _LONGEST_NAME:
            return clean_line(text) or None
    return None


def _text(value: Mapping[str, Any], name: str) -> str:
    text = value.get(name)
    return text.strip() if isinstance(text, str) else ""
