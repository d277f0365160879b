"""An Atom feed (RFC 4287) of articles. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EPOCH = "1970-01-01T00:00:00Z"


def atom_feed(stories: Iterable[Mapping[str, Any]], *, title: str, home: str = "") -> str:
    """A feed of these articles (rows of storage.stories), in their order.

    An entry links to the article at its source. It was updated when its text last changed there, or was published; the
    feed, when the newest of its entries was. `home` is the site's address; one without a scheme names no place.
    """
    home = home if home.startswith(("http://", "https://")) else ""
    entries = [(_updated(story), _entry(story)) for story in stories]
    links = f'<link rel="alternate" href={_quoted(f"{home}/")}/>\n' if home else ""
    links += f'<link rel="self" href={_quoted(f"{home}/feed.xml")}/>\n' if home else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<title>{_text(title)}</title>\n<id>{_text(f'{home}/' if home else _urn(title))}</id>\n"
        f"<updated>{max((updated for updated, _ in entries), default=_EPOCH)}</updated>\n{links}"
        f"{''.join(entry for _, entry in entries)}</feed>\n"
    )


def _entry(story: Mapping[str, Any]) -> str:
    url = story["url"] or ""
    number = url or _urn(f"{story['source']} {story['source_id'] or story['body']}")
    author = story["author"] or story["publisher"] or story["source"]
    link = f'<link rel="alternate" href={_quoted(url)}/>\n' if url else ""
    summary = f"<summary>{_text(story['summary'])}</summary>\n" if story["summary"] else ""
    return (
        f"<entry>\n<title>{_text(story['title'] or story['headline'])}</title>\n"
        f"<id>{_text(number)}</id>\n{link}"
        f"<published>{_moment(story['published_at'])}</published>\n<updated>{_updated(story)}</updated>\n"
        f"<author><name>{_text(author)}</name></author>\n{summary}"
        f'<content type="html">{_text(story["body_html"])}</content>\n</entry>\n'
    )


def _updated(story: Mapping[str, Any]) -> str:
    changed = story["content_since"] != story["first_seen_at"]
    return _moment(max(story["content_since"], story["published_at"]) if changed else story["published_at"])


def _moment(text: str) -> str:
    return text.replace(" ", "T")


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'newscrawl {name}')}"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
