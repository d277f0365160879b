"""Commands run as processes of their own: real exit statuses, real kills, one reactor each.

They are forked from a server that has the modules loaded already: a crawl costs half a second less.
"""

import contextlib
import json
import multiprocessing
import os
import pty
import resource
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_PRELOADED = [
    "newscrawl.cli.runner",
    "newscrawl.cli.fetch",
    "newscrawl.cli.backfill",
    "newscrawl.cli.gaps",
    "newscrawl.extensions.recorder",
    "newscrawl.progress",
    "newscrawl.settings",
    "newscrawl.middlewares.handler",
    "newscrawl.middlewares.robots",
    "newscrawl.middlewares.retry",
    "newscrawl.middlewares.archive",
    "pipelines.store",
    "scrapy.crawler",
    *(f"scrapy.extensions.{name}" for name in ("corestats", "logcount", "memusage", "closespider", "logstats")),
    *(
        f"scrapy.downloadermiddlewares.{name}"
        for name in ("httpcompression", "httpproxy", "redirect", "stats", "useragent", "defaultheaders")
    ),
    "scrapy.extensions.feedexport",
    "scrapy.core.scheduler",
    "newscrawl.rules.cls",
    "newscrawl.rules.eastmoney",
    "newscrawl.listing.reading",
    "newscrawl.storage.archive_catalogue",
    "pipelines.posts",
]
_PARTS = {
    "images": "position, part.url, alt, caption, width, height",
    "stocks": "code, market, name",
    "tags": "part.kind, name",
}
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(_PRELOADED)


@dataclass
class Ended:
    """What a command left."""

    status: int
    stdout: str
    stderr: str

    @property
    def results(self):
        """The JSON object of each source, by its name."""
        return {each["source"]: each for each in map(json.loads, self.stdout.splitlines())}

    @property
    def outcomes(self):
        return {source: each["outcome"] for source, each in self.results.items()}


class Command:
    """A running `newscrawl …`; its output goes to files in `folder`. `settings` are Scrapy's.

    `plug` is called in its process, before it begins; `now` is what its clock shows then; no file of it grows beyond
    `room` bytes: its disk is full.
    """

    def __init__(self, folder, *arguments, plug=None, now=None, room=None, **settings):
        self._out, self._err = Path(folder) / "stdout", Path(folder) / "stderr"
        moment = now and now.isoformat()
        told = (list(map(str, arguments)), str(self._out), str(self._err), plug, moment, room, settings)
        self.process = _SERVER.Process(target=_run, args=told)
        self.process.start()

    def end(self, timeout=60):
        """Wait for its end."""
        self.process.join(timeout)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
            raise AssertionError(f"did not end in {timeout} s; stderr: {self._err.read_text()}")
        status = self.process.exitcode
        self.process.close()
        return Ended(status, self._out.read_text(), self._err.read_text())


def on_a_terminal(*arguments):
    """What a command writes to stdout, and what a terminal shows of its stderr."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "newscrawl", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave, text=True) as process:
        os.close(slave)
        out = process.stdout.read()
        process.wait(60)
    shown = os.read(master, 100_000).decode()
    os.close(master)
    return out, shown


def _run(arguments, out, err, plug=None, now=None, room=None, settings=None):
    for path, stream in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), stream)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    if now:
        os.environ["NEWSCRAWL_NOW"] = now
    if room:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    from newscrawl import settings as ours
    from newscrawl.cli import main

    vars(ours).update(settings or {})
    if plug:
        plug()
    main(arguments, prog_name="newscrawl")


class Crawls:
    """Crawls of one site into one database."""

    def __init__(self, folder, site):
        self.folder, self.site, self.db = folder, site, folder / "news.db"

    def start(self, *arguments, command="crawl", **settings):
        options = ("--base-url", self.site.base_url, "--delay", 0, "--db", self.db, "--json")
        return Command(self.folder, command, *arguments, *options, **settings)

    def __call__(self, *arguments, **settings):
        return self.start(*arguments, **settings).end()

    def backfill(self, *arguments):
        return self.start(*arguments, command="backfill").end()

    def gaps(self, *arguments):
        """Exit status, and each gap as (channel, first second, last second)."""
        ended = Command(self.folder, "gaps", *arguments, "--db", self.db, "--json").end()
        return ended.status, [
            (gap["channel"], gap["from_ts"], gap["to_ts"]) for gap in json.loads(ended.stdout)["gaps"]
        ]

    def fetch(self, *arguments):
        options = ("--base-url", self.site.base_url, "--db", self.db)
        return Command(self.folder, "fetch", *arguments, *options).end()

    def asked(self, *, since=0):
        """Paths that the site was asked for, without their queries."""
        return [path.partition("?")[0] for _, path in self.site.requests[since:]]

    def query(self, sql, *parameters):
        with contextlib.closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def column(self, sql, *parameters):
        return [row[0] for row in self.query(sql, *parameters)]

    def everything(self):
        """All stories with what belongs to them, without row numbers and times of the clock."""
        return {
            "articles": self.query(
                "select source, source_id, url, kind, title, published_at, body, body_html, summary, publisher, author,"
                " editor, cover_url, image_urls, content_hash, backfilled from articles order by source, source_id"
            ),
            "sightings": self.query(
                "select a.source, a.source_id, s.url, s.source from sightings s"
                " join articles a on a.id = s.article_id order by 1, 2, 3, 4"
            ),
            **{
                table: self.query(
                    f"select a.source, a.source_id, {columns} from {table} part"
                    " join articles a on a.id = part.article_id order by 1, 2, 3, 4"
                )
                for table, columns in _PARTS.items()
            },
            "coverage": self.query("select source, channel, from_ts, to_ts from coverage order by 1, 2, 3"),
            "ends": self.query("select source, channel, ends_ts from lists where ends_ts is not null order by 1, 2"),
        }
