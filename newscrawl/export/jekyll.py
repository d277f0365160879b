"""The database as a folder of posts that Jekyll builds: the newest days in _posts/, the older ones in old_post/."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.errors import UsageError
from newscrawl.export.atom import atom_feed
from newscrawl.export.folder import File, OwnFiles, Written, own_files
from newscrawl.export.posts import pages, posts_of
from newscrawl.export.theme import theme_files
from newscrawl.items import BEIJING
from newscrawl.storage.stories import newest_day, newest_stories, stories

if TYPE_CHECKING:
    from sqlite_utils import Database

POSTS, ARCHIVE = "_posts", "old_post"
DAYS, TITLE = 3, "财经消息"
_FEED_LENGTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the folder is to hold, and where it will stand."""

    days: int | None = DAYS
    """So many Beijing days stand in _posts/, the last of them that of the newest article; None: all."""
    source: str | None = None
    since: int | None = None
    """Unix seconds: nothing that was published earlier."""
    title: str = TITLE
    home: str = ""
    """The site's address, or its folder on its host (/news), without a slash at its end."""


def export_jekyll(db: "Database", folder: Path, site: Site, now: datetime) -> Written:
    """Make the folder hold these articles as posts, with category pages, an index and a feed.

    What is so already is not touched, nor is any file that is not ours. Articles without a date are counted `undated`
    and left out, for a post stands under its day. UsageError where no article is left and the folder has posts: then
    the wrong database is likelier than an empty site.
    """
    today = now.astimezone(BEIJING).date().isoformat()
    first = _first_day(newest_day(db, source=site.source, until=today), site.days)
    with own_files(folder) as own:
        return _Export(db, own, site, first).write(today)


class _Export:
    """One export: what it gathers on its way through the articles."""

    def __init__(self, db: "Database", own: OwnFiles, site: Site, first_day: str) -> None:
        self._db, self._own, self._site, self._first_day = db, own, site, first_day
        self._categories: dict[str, str] = {}
        self._written = Written()

    def write(self, today: str) -> Written:
        """The whole folder."""
        had_posts = self._own.have(POSTS) or self._own.have(ARCHIVE)
        self._own.put(self._posts(), self._written)
        if had_posts and not self._categories:
            raise UsageError("no article is to be exported, and the folder has posts: it is left as it is")
        self._own.put(self._others(today), self._written)
        self._own.remove_others(self._written)
        for path, (text, rivals) in theme_files(self._site.title, self._site.home).items():
            self._own.start(path, text, rivals)
        return self._written

    def _posts(self) -> Iterator[File]:
        for story in stories(self._db, source=self._site.source, since=self._site.since):
            posts = posts_of(story, self._site.home)
            self._written.counts["undated"] += not posts
            for post in posts:
                self._categories.setdefault(post.category, post.tag)
                self._written.counts["posts"] += 1
                places = (ARCHIVE, POSTS) if post.day < self._first_day else (POSTS, ARCHIVE)
                yield File(f"{places[0]}/{post.name}", post.text, before=f"{places[1]}/{post.name}")

    def _others(self, today: str) -> Iterator[File]:
        yield from (File(path, text) for path, text in pages(self._categories))
        site = self._site
        newest = newest_stories(self._db, _FEED_LENGTH, source=site.source, since=site.since, until=today)
        yield File("feed.xml", atom_feed(newest, title=site.title, home=site.home))


def _first_day(newest: str | None, days: int | None) -> str:
    """The first Beijing day of the window; text compares as days do."""
    if newest is None or days is None:
        return ""
    last = date.fromisoformat(newest)
    return (last - timedelta(days=min(days - 1, last.toordinal() - 1))).isoformat()
