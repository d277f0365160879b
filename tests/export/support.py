"""A database of articles of our own invention, and what exports of it leave."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.items import BEIJING, Article
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.database import immediate, open_database, open_readonly
from newscrawl.storage.stories import stories

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=BEIJING)


def make_article(number=1, *, days_ago=0, **changes):
    """A flash of cls.cn; every field can be given."""
    fields = {
        "source": "cls_telegraph",
        "url": f"https://www.cls.cn/detail/{2600000 + number}",
        "source_id": str(2600000 + number),
        "kind": "flash",
        "title": f"青禾电池第{number}座工厂投产",
        "published_at": NOON - timedelta(days=days_ago),
        "published_precision": "second",
        "published_raw": "1795182360",
        "body": f"青禾电池今日宣布，第{number}座工厂投产。",
        "body_html": f"<p>青禾电池今日宣布，第{number}座工厂投产。</p>",
        "publisher": "财联社",
        "fetched_at": NOON,
    }
    return Article(**(fields | changes))


def story_of(article, folder):
    """The row of an article as a database gives it."""
    path = Path(folder) / "one.db"
    for rest in folder.glob("one.db*"):
        rest.unlink()
    save(path, article)
    db = open_readonly(path)
    try:
        return next(stories(db))
    finally:
        db.close()


def save(path, *articles, now=NOON):
    """Store them, as a crawl does."""
    db = open_database(path)
    with immediate(db):
        ArticleStore(db).save(articles, now)
    db.close()


@dataclass
class Exports:
    """Exports of one database into one folder."""

    db: Path
    folder: Path
    last: object = field(default=None)

    def save(self, *articles, now=NOON):
        save(self.db, *articles, now=now)

    def __call__(self, *arguments):
        command = ["export", "jekyll", self.folder, "--db", self.db, *arguments]
        self.last = CliRunner().invoke(main, [str(each) for each in command])
        return self.last.exit_code

    @property
    def files(self):
        """Path to bytes and time of change of every file but the manifest and the lock."""
        return {
            path.relative_to(self.folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".newscrawl")
        }

    @property
    def posts(self):
        return [name for name in self.files if name.startswith(("_posts/", "old_post/"))]

    def text(self, name):
        return (self.folder / name).read_text(encoding="utf-8")
