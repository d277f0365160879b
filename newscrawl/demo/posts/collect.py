"""Gathers files and, with them, what an import must make of them."""

from dataclasses import dataclass, field
from datetime import datetime

from newscrawl.demo.pictures import eastmoney_address
from newscrawl.demo.posts.format import Footer, Post, column_address, linked_body, news_address, news_body
from newscrawl.demo.story import BEIJING, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPost:
    """One article of the folder, however many files it has."""

    number: str
    """The 18 digits; for the site's own notice the file's name."""
    title: str
    body: str
    """Visible text, one line per paragraph."""
    published_at: datetime
    publisher: str | None
    image_urls: tuple[str, ...] = ()
    files: tuple[str, ...]
    """Paths below the folder."""


@dataclass(slots=True)
class Collection:
    """Files by path below the folder, and the articles they make."""

    files: dict[str, str] = field(default_factory=dict)
    articles: dict[str, ExpectedPost] = field(default_factory=dict)

    def put(self, story: Story, post: Post, *, name: str = "", folder: str = "_posts") -> None:
        """One file of a story; `name` where it is not YYYY-MM-DD-number."""
        path = f"{folder}/{name or f'{story.moment:%Y-%m-%d}-{story.code}'}.md"
        self.files[path] = post.text()
        known = self.articles.get(story.code)
        self.articles[story.code] = expected_post(story, (*(known.files if known else ()), path))

    def news(self, story: Story, *, body: str = "", folder: str = "_posts", crlf: bool = False) -> None:
        """The NW… file of a story: from the feed's `text`."""
        name = f"{story.moment:%Y-%m-%d}-NW{story.code}"
        post = Post(
            title=story.title,
            date=date_line(story),
            medium=story.publisher,
            body=body or news_body(story),
            address=news_address(story.code),
            crlf=crlf,
        )
        self.put(story, post, name=name, folder=folder)

    def plain(self, story: Story, *, body: str = "", host: str = "finance", folder: str = "_posts") -> None:
        """The file under the bare number: from the feed's `content`."""
        body = body or linked_body(story, digest(story))
        address = column_address(story.code, host=host)
        self.put(
            story,
            Post(title=story.title, date=date_line(story), medium="", body=body, address=address),
            folder=folder,
        )

    def digest_only(
        self, story: Story, footer: Footer, *, blank_first: bool = False, offset: bool = False, folder: str = "old_post"
    ) -> None:
        """A file of 8 December 2021: the digest alone, as plain text."""
        post = Post(
            title=story.title,
            date=date_line(story, offset=offset),
            medium="",
            body=f"\n{story.text}",
            address=column_address(story.code, host="stock", column=1611),
            footer=footer,
            blank_first=blank_first,
        )
        self.put(story, post, folder=folder)


def digest(story: Story) -> str:
    """What stands behind > in the first line."""
    return story.blocks[0].text


def date_line(story: Story, *, offset: bool = True) -> str:
    """2022-05-31 18:03:41 +0800; the oldest posts have no offset."""
    return f"{story.moment:%Y-%m-%d %H:%M:%S}{' +0800' if offset else ''}"


def expected_post(story: Story, files: tuple[str, ...]) -> ExpectedPost:
    """The record of a story's files."""
    digest_only = all("/2021-12-08" in file for file in files)
    images = (eastmoney_address(story, picture, full_size=picture.full_size) for picture in story.pictures)
    return ExpectedPost(
        number=story.code,
        title=story.title,
        body=story.text,
        published_at=story.moment.astimezone(BEIJING),
        publisher=None if digest_only else story.publisher,
        image_urls=tuple(images),
        files=files,
    )
