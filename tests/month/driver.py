"""Lives the month through: moves the sample site's time on, runs cron's commands at their moments, notes what they left."""

import contextlib
import os
import signal
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from newscrawl.demo import SampleSite
from newscrawl.demo.articles import channels_of, columns_of
from newscrawl.demo.truth import FAMILIES_OF, public_address
from newscrawl.demo.world import FAMILIES
from tests.crawl.support import Command, Crawls
from tests.month.events import EVENTS, SOURCES, event_at, moment, schedule

SPACING = 1200
"""Seconds between two stories: 72 a day, so that a list's first page holds less than two days."""
BEFORE = 200
"""Stories that are out when the month begins."""
PATHS = {
    "cls_telegraph": ("/v1/roll/",),
    "cls_depth": ("/v3/depth/", "/detail/"),
    "eastmoney": ("/comm/web/", "/a/"),
}


@dataclass(kw_only=True)
class Ran:
    """One command, and what stood when it had ended."""

    at: object
    event: object
    """What befell it; None on an ordinary hour."""
    command: str
    status: int
    results: dict
    """By source, as the command printed them."""
    asked: list
    """Paths that the site was asked for."""
    resting: frozenset = frozenset()
    """Sources that were to be let alone when it began."""
    held: dict = field(default_factory=dict)
    """Failures of each source that wait, but for those that are gone."""
    tops: dict = field(default_factory=dict)
    """The last second that each source calls complete."""
    lacking: dict = field(default_factory=dict)
    """Addresses of stories that a source's lists show, and that are not stored."""
    gone_for_now: set = field(default_factory=set)
    """Addresses that the site says are none."""
    untrue: set = field(default_factory=set)
    """Addresses of stories within what is called complete, neither stored nor noted as failures."""

    def asked_of(self, source):
        return [path for path in self.asked if path.startswith(PATHS[source])]


class Month(Crawls):
    """One database, one site, thirty days. `live` leaves everything in `ran`."""

    def __init__(self, folder, site):
        super().__init__(folder, site)
        self.ran = []
        self.wordings = {}
        """By story number: (since when, story) for each wording that an edited one has had."""
        self.removed = {}
        """By story number: since when it is gone."""
        self.listed_gone = []
        self.reader = None
        self.read = []
        self._addresses, self._switched = {}, {}
        self._chosen, self._held_back = [], []

    def live(self):
        begun, ended = set(), set()
        for at in schedule():
            for event in EVENTS:
                if moment(*event.first) <= at and event.name not in begun:
                    begun.add(event.name)
                    self._go_to(moment(*event.first))
                    self._do(event.begin)
                if moment(*event.last) <= at and event.name not in ended:
                    ended.add(event.name)
                    self._go_to(moment(*event.last))
                    self._do(event.finish)
            self._go_to(at)
            event = event_at(at)
            self._switch(self._faults(event))
            if event is None or event.run:
                getattr(self, event.run if event else "crawl")(at, event)

    def _go_to(self, at):
        self.site.now = at

    def _do(self, name):
        if name:
            getattr(self, name)()

    def _faults(self, event):
        faults = dict(event.faults) if event else {}
        return {
            name: [story.code if name == "s404" else story.id for story in self._chosen] if where == "listed" else where
            for name, where in faults.items()
        }

    def _switch(self, faults):
        """Faults that are on already go on as they are: a list that stands still does not begin to stand anew."""
        if faults != self._switched:
            self.site.set_faults(faults)
        self._switched = faults

    # what happens at the site

    def _newest(self, family, count, skip=0):
        numbers = self.site.truth.numbers(family)
        return [self.site.truth.story(number) for number in numbers[len(numbers) - skip - count : len(numbers) - skip]]

    def _coming(self, family, count):
        """The next stories of a family that will be out: no run has read them."""
        world, first = self.site.truth, max(self.site.truth.numbers(*FAMILIES)) + 1
        numbers = (number for number in range(first, first + 100) if world.plan(number).family == family)
        return [world.story(number) for number in islice(numbers, count)]

    def _edit(self, story):
        wordings = self.wordings.setdefault(story.number, [(0, story)])
        edited = self.site.edit(story.id if story.on_cls else story.code)
        wordings.append((self.site.truth.now, edited))

    def edit_flashes(self):
        for story in self._newest("flash", 4, skip=10):
            self._edit(story)

    def edit_articles(self):
        for family in ("article", "em_article", "shared"):
            for story in self._newest(family, 2, skip=3):
                self._edit(story)

    def remove_read(self):
        for family in ("flash", "article", "em_article"):
            self._remove(self._newest(family, 2, skip=15))

    def choose_listed(self):
        self._chosen = self._coming("article", 2) + self._coming("em_article", 2)
        self.listed_gone = [story.number for story in self._chosen]

    def remove_listed(self):
        self._remove(self._chosen)

    def _remove(self, stories):
        for story in stories:
            self.removed[story.number] = self.site.truth.now
            self.site.remove(story.id)

    def hold_back(self):
        self._held_back = [story for family in ("flash", "article", "em_article") for story in self._coming(family, 1)]
        for story in self._held_back:
            self.site.truth.withhold(story.number)

    def let_out(self):
        for story in self._held_back:
            self.site.truth.restore(story.number)

    # what happens at the database

    def begin_reading(self):
        self.reader = sqlite3.connect(self.db, isolation_level=None)
        self.reader.execute("begin")
        self.read = [self._count()]

    def end_reading(self):
        self.read.append(self._count())
        self.reader.close()

    def _count(self):
        return self.reader.execute("select count(*), sum(length(body)) from articles").fetchone()

    # what cron runs

    def crawl(self, at, event, *arguments, now=None, room=None):
        self._note(at, event, "crawl", lambda: self._start(now or at, *SOURCES, *arguments, room=room).end())

    def recheck(self, at, event):
        self.crawl(at, event, "--recheck", 48)

    def set_back(self, at, event):
        self.crawl(at, event, now=at - timedelta(hours=1))

    def without_room(self, at, event):
        for room in (8_000, 60_000):
            self.crawl(at, event, room=room)

    def overlapped(self, at, event):
        """One command hangs; the next one finds its source held; the first one is killed."""
        held = self._hanging(at, {"hang": "lists"})
        os.kill(held.process.pid, signal.SIGSTOP)  # its patience must not run out meanwhile, however slow the machine
        self._switch({})
        self.crawl(at, event)
        self._kill(held)

    def killed(self, at, event):
        for answered in (1, 4, 9):
            self._note(
                at, event, "killed", lambda answered=answered: self._kill(self._hanging(at, {"silence": answered}))
            )

    def then_backfill(self, at, event):
        self.crawl(at, event)
        for source in SOURCES:
            self._fill(at, event, source)

    def backfill_again(self, at, event):
        self.crawl(at, event)
        for source in SOURCES:
            self._fill(at, event, source, "--again")

    def _fill(self, at, event, source, *arguments):
        since = f"{moment(1, 1):%Y-%m-%d}"
        run = ("--since", since, *arguments)
        self._note(at, event, "backfill", lambda: self._start(at, source, *run, command="backfill").end())

    def rebuild(self, into):
        return Command(self.folder, "rebuild", "--into", into, "--db", self.db).end(300)

    def gaps_at(self, at, *arguments):
        return Command(self.folder, "gaps", *arguments, "--db", self.db, "--json", now=at).end()

    def _start(self, at, *arguments, command="crawl", folder=None, room=None):
        options = ("--base-url", self.site.base_url, "--delay", 0, "--db", self.db, "--json")
        return Command(folder or self.folder, command, *arguments, *options, now=at, room=room)

    def _hanging(self, at, faults):
        """A command that waits for an answer which never comes."""
        self._switch(faults)
        answered = faults.get("silence", 1)
        before, aside = len(self.site.requests), self.folder / "aside"
        aside.mkdir(exist_ok=True)
        command = self._start(at, *SOURCES, folder=aside)
        while len(self.site.requests) - before <= answered:
            command.process.join(0.005)
            assert command.process.is_alive(), "the command ended before it could hang"
        return command

    def _kill(self, command):
        os.kill(command.process.pid, signal.SIGKILL)
        ended = command.end()
        self._switch({})
        return ended

    # what is noted

    def _note(self, at, event, command, run):
        resting, before = self._resting(at), len(self.site.requests)
        ended = run()
        results = ended.results if ended.status >= 0 else {}
        kept = self._kept()
        self.ran.append(
            Ran(
                at=at,
                event=event,
                command=command,
                status=ended.status,
                results=results,
                asked=self.asked(since=before),
                resting=resting,
                held=dict(self.query("select source, count(*) from failures where kind != 'gone' group by source")),
                tops=dict(self.query("select source, max(to_ts) from coverage group by source")),
                lacking={source: self._listed(source) - kept for source in SOURCES},
                gone_for_now=set(self.column("select url from failures where kind = 'gone'")),
                untrue=self.claimed() - kept - self._failing(),
            )
        )

    def _resting(self, at):
        if not self.db.exists() or not self.column("select 1 from sqlite_master where name = 'breakers'"):
            return frozenset()
        now, later = (f"{each:%Y-%m-%d %H:%M:%S}+08:00" for each in (at, at + timedelta(minutes=1)))
        return frozenset(self.column("select source from breakers where opened_at <= ? and ? < until", now, later))

    def _kept(self):
        return set(self.column("select url from sightings")) if self.db.exists() else set()

    def _failing(self):
        return set(self.column("select url from failures"))

    def address(self, number, source):
        """Where a source has a story; remembered, since it never changes."""
        if (number, source) not in self._addresses:
            self._addresses[number, source] = public_address(self.site.truth.story(number), source)
        return self._addresses[number, source]

    def _listed(self, source):
        """Addresses of the stories of a source that its lists show since the record begins."""
        return {self.address(number, source) for number in self.shown(source)}

    def shown(self, source, since=None):
        """Numbers of a source's stories, from the first night of the record on."""
        since = since or int(moment(1, 0).timestamp())
        world = self.site.truth
        return [number for number in world.numbers(*FAMILIES_OF[source]) if world.published(number) >= since]

    def claimed(self):
        """Addresses of the stories of every list within what is called complete."""
        world, numbers = self.site.truth, defaultdict(list)
        found = set()
        for source, channel, first, last in self.query("select source, channel, from_ts, to_ts from coverage"):
            if (source, channel) not in numbers:
                numbers[source, channel] = self._channel(source, channel)
            listed = numbers[source, channel]
            found |= {
                self.address(number, source)
                for number in listed[world.before(listed, first) : world.before(listed, last + 1)]
            }
        return found

    def _channel(self, source, channel):
        world = self.site.truth
        if channel in ("roll", "fast"):
            return world.numbers(*(("flash",) if channel == "roll" else ("em_fast", "shared")))
        kind, _, number = channel.rpartition(":")
        families, lists_of = (("em_article", "shared"), columns_of) if kind else (("article", "shared"), channels_of)
        return [each for each in world.numbers(*families) if int(number) in lists_of(world.plan(each))]


@contextlib.contextmanager
def month_at(folder):
    """The month lived through; its site is still there."""
    with SampleSite(stories=BEFORE, spacing=SPACING, now=moment(1, 0)) as site:
        month = Month(folder, site)
        month.live()
        yield month
