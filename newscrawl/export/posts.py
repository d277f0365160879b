"""An article as the seed's posts: file name, front matter, body, source line and links back. Pure.

The seed wrote one article up to twice: from the feed's `text` (NW before the number, the medium's category) and from
its `content` (the collected column emnews, a digest behind >, links to stocks). An article that was imported from both
becomes both again; any other article is one post.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from newscrawl.export.editions import edition, frames
from newscrawl.export.markup import html_text, line, no_liquid, post_body, quoted, scalar
from newscrawl.export.media import pinyin

_COLUMNS = {"emnews": "东财滚动新闻", "sitenews": "站长消息"}
"""Categories that are no media, and their tags."""
_NUMBERED = frozenset({"cls_telegraph", "cls_depth", "eastmoney", "finews"})
"""Sources whose numbers are file names by themselves: the numbers of one are none of another."""
_WITHOUT_MEDIUM = {
    "cls_telegraph": ("cailianshe", "财联社新闻"),
    "cls_depth": ("cailianshe", "财联社新闻"),
    "eastmoney": ("emnews", "东财滚动新闻"),
}
_NUMBER = re.compile(r"\d{17,18}")
_NAME = re.compile(r"[^\W_][\w-]{0,79}")
_CATEGORY = re.compile(r"[^\W_][\w()（）-]{0,79}")
"""What may be part of an address, and so of a path."""
_FEED_TEXT = re.compile(r"infoCode=NW")

_PRINTED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: \+0800)?")


@dataclass(frozen=True, slots=True)
class Post:
    """One file of the site, without its folder."""

    name: str
    day: str
    """The Beijing day of publication."""
    category: str
    tag: str
    text: str


def posts_of(story: Mapping[str, Any], home: str = "") -> list[Post]:
    """The posts of an article (a row of storage.stories); none for one whose date is not known.

    `home` is where the site stands, without a slash at its end: //news.example.org, /folder, or "" for the root.
    """
    if story["published_at"] is None:
        return []
    addresses = story["seen_at"] if story["source"] == "finews" else [story["url"] or ""]
    found: dict[str, Post] = {}
    for address in addresses or [""]:
        post = _post(story, address, home, alone=len(addresses) < 2)
        found.setdefault(post.name, post)
    return list(found.values())


def _post(story: Mapping[str, Any], address: str, home: str, *, alone: bool) -> Post:
    is_text = bool(_FEED_TEXT.search(address))
    category, tag = _category(story, is_text=is_text)
    html = edition(story, is_text=is_text, alone=alone)
    front = (
        f"---\nlayout: post\ntitle: {quoted(story['title'] or story['headline'])}\ndate: {_date(story)}\n"
        f"categories: {scalar(category)}\ntags: {scalar(tag)}\n---\n"
    )
    body = _body(story, html, "" if is_text else _digest(story))
    foot = _foot(address, category, tag, home) if address else "\n"
    return Post(_name(story, address), story["published_date"], category.partition(" ")[0], tag, front + body + foot)


def _name(story: Mapping[str, Any], address: str) -> str:
    """YYYY-MM-DD-number.md; where a site gives no number that is a name, a hash of the address in its place."""
    number = story["source_id"] or ""
    if story["source"] not in _NUMBERED or not _NAME.fullmatch(number):
        key = story["url"] or number or f"{story['source']} {story['id']}"
        number = f"{_slug(story['source'])}-{sha256(key.encode()).hexdigest()[:12]}"
    number = number.removeprefix(f"{story['published_date']}-")
    prefix = "NW" if _FEED_TEXT.search(address) and _NUMBER.fullmatch(number) else ""
    return f"{story['published_date']}-{prefix}{number}.md"


def _slug(source: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", source).strip("-")[:80] or "site"


def _date(story: Mapping[str, Any]) -> str:
    """Beijing time. The oldest posts print no offset: in quotes it is a text, or YAML would take it for UTC."""
    told = story["published_at"][:19]
    printed = story["published_raw"] or ""
    if story["source"] != "finews" or not _PRINTED.fullmatch(printed) or printed[:19] != told:
        printed = f"{told} +0800"
    return printed if printed.endswith("+0800") else quoted(printed)


def _category(story: Mapping[str, Any], *, is_text: bool) -> tuple[str, str]:
    """Category and tag: as the post had them, else by the medium, else by the source."""
    if story["source"] == "finews" and (told := _told_category(story["tags"], is_text=is_text)):
        return told
    medium = story["publisher"] or ""
    if name := pinyin(medium):
        return name, f"{''.join(medium.split())}新闻"
    return _WITHOUT_MEDIUM.get(story["source"], (_slug(story["source"]), story["source"]))


def _told_category(tags: Sequence[Sequence[str]], *, is_text: bool) -> tuple[str, str] | None:
    """Of an imported article: the collected column's, or (from the feed's `text`) the medium's."""
    categories = [name for kind, name in tags if kind == "category" and _CATEGORY.fullmatch(name)]
    words = [name for kind, name in tags if kind == "keyword"]
    columns = [name for name in categories if name in _COLUMNS]
    media = [name for name in categories if name not in _COLUMNS]
    if columns and not (is_text and media):
        return columns[0], _COLUMNS[columns[0]]
    tag = " ".join(word for word in words if word not in _COLUMNS.values())
    return (" ".join(media), tag) if media and tag else None


def _digest(story: Mapping[str, Any]) -> str:
    """The summary, where it says what the body's beginning does not; posts had it in any case."""
    summary = story["summary"] or ""
    return "" if story["source"] != "finews" and summary[:40] in story["body"] else summary


def _body(story: Mapping[str, Any], html: str, digest: str) -> str:
    start = f"> {line(digest)}\n\n" if digest else ""
    medium, editor = story["publisher"], story["editor"]
    end = f'<p class="em_media">（文章来源：{html_text(medium)}）</p>' if medium else ""
    end += f'<p class="em_media">（责任编辑：{html_text(editor)}）</p>' if editor else ""
    return start + post_body(html + end, frames(story, html))


def _foot(address: str, category: str, tag: str, home: str) -> str:
    back = page_of(category)
    links = f"[返回{line(tag)}]({home}/{back})｜[返回首页]({home}/)"
    return f"\n\n<{no_liquid(address)}>\n\n{links}"


def page_of(category: str) -> str:
    """Where the page of a category stands below the site's root."""
    return "emnews/" if category == "emnews" else f"category/{category.partition(' ')[0]}.html"


def pages(found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Path and text of each category's page, from categories and their tags."""
    for category, tag in sorted(found.items()):
        place = "permalink: /emnews/\n" if category == "emnews" else ""
        front = f"---\nlayout: category\ntitle: {quoted(tag)}\ncategory: {scalar(category)}\n{place}---\n"
        yield f"category/{category}.html", front
