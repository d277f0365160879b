"""A folder in which one command can be run, and copies of it that are alike: for runs that are killed, or fail."""

import contextlib
import os
import random
import shutil
import sqlite3

from tests.crawl.support import Command

KILLS = int(os.environ.get("NEWSCRAWL_KILLS", "3"))
"""How many places of a run are tried: a crawl has thousands. `make kills` takes 50 of them."""
SEED = int(os.environ.get("NEWSCRAWL_SEED", "1"))
"""What they are drawn from."""
SOURCES = ("cls_telegraph", "cls_depth", "eastmoney", "plain")
CONFIG = """
[sources.cls_depth]
channels = ["1000", "1003"]
[sources.eastmoney]
channels = ["column:350", "fast"]
[sites.plain]
start = "http://gbk.sample-news.example/gbk/"
article = '/gbk/\\d{8}/\\d+\\.shtml'
"""


class Scene:
    """One command, as it can be run in many folders that are alike; `site` answers to all of them."""

    def __init__(self, folder, site=None):
        self.folder, self.site = folder, site
        self.folder.mkdir(parents=True)
        (folder / "sources.toml").write_text(CONFIG)

    @property
    def db(self):
        return self.folder / "news.db"

    def copy(self, folder):
        """The scene as it is now, somewhere else."""
        shutil.copytree(self.folder, folder)
        other = object.__new__(type(self))
        other.folder, other.site = folder, self.site
        return other

    def crawl(self, *sources, command="crawl", plug=None, more=()):
        options = (
            "--base-url",
            self.site.base_url,
            "--delay",
            0,
            "--db",
            self.db,
            "--config",
            self.folder / "sources.toml",
        )
        return Command(self.folder, command, *(sources or SOURCES), *options, "--json", *more, plug=plug)

    def importing(self, plug=None):
        return Command(self.folder, "import", "finews", self.folder / "posts", "--db", self.db, plug=plug)

    def replay(self, plug=None):
        return Command(self.folder, "replay", self.folder / "kept", "--db", self.db, plug=plug)

    def rebuild(self, plug=None):
        return Command(self.folder, "rebuild", "--into", self.folder / "new.db", self.folder / "warc", plug=plug)


def spread(count, size):
    """So many random numbers from 1 to `size`, one from each equal stretch; all of them where there are no more."""
    if count >= size:
        return list(range(1, size + 1))
    places = random.Random(SEED)
    return [places.randint(size * part // count + 1, size * (part + 1) // count) for part in range(count)]


def last_record(database):
    """The id of the journal's last record, as `rebuild --history` takes it."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute("select last from journal").fetchone()[0].rpartition(":")[2]
