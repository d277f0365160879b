"""What one running crawl shares between its spider, its middlewares and its recorder."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newscrawl import __version__
from newscrawl.breaker import Breaker
from newscrawl.extensions.fields import FieldWatch
from newscrawl.items import Article, Failure
from newscrawl.outcomes import Outcome, Problem, RunResult
from newscrawl.storage.archive import Archive
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.runs import RunMark

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from sqlite_utils import Database

_FAILURES_TOLD = 20


class Run:
    """The state of a crawl that is under way; `spider.run`."""

    abandon: Callable[[Outcome], RunResult]
    """Writes down a run whose spider was never opened, or never closed."""

    def __init__(self, crawler: "Crawler", archive: Archive, clock: Callable[[], datetime]) -> None:
        self.archive = archive
        self.clock = clock
        self.problems: list[Problem] = []
        """One for each list page that could not be read."""
        self.notes: list[str] = []
        """What is worth a word and no fault."""
        self.empty_lists: list[str] = []
        """Channels whose newest page had no story."""
        self.listed_at: dict[str, str] = {}
        """Where a page stands that redirects led to: the address under which it was found. Until it is an article."""
        self.ended: Problem | None = None
        """Why the run ends before its work is done."""
        self.wish: timedelta | None = None
        """How long the site wishes not to be asked."""
        self.result: RunResult | None = None
        """Set when the run is over."""
        self._crawler = crawler
        self._breaker = Breaker()
        self._closing: asyncio.Future[None] | None = None

    @property
    def ending(self) -> bool:
        """True once somebody wanted the run to end before its work is done."""
        return self.ended is not None

    def end(self, kind: str, reason: str) -> None:
        """End the run: what is under way is finished and committed, nothing more is asked for. The first reason counts.

        `kind` is an outcome's name or a failure's kind.
        """
        if self.ended is None:
            self.ended = Problem(kind, reason)
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=kind))

    def leave_alone(self, kind: str, reason: str, wish: timedelta) -> None:
        """End the run: the site wishes not to be asked for so long. `kind` is a failure's."""
        if self.ended is None:
            self.wish = wish
            self.end(kind, reason)

    def note(self, kind: str, reason: str = "") -> None:
        """A list or a page came to its end: "" when it was read, else the kind of its failure."""
        self._breaker.note(kind)
        problem = self._breaker.opened(reason)
        if problem:
            self.end(problem.kind, problem.reason)


class TalliedLedger(Ledger):
    """A ledger that also knows what this run's own failures were, and tells the run of every page's end."""

    def __init__(self, db: "Database", source: str, run: Run, begun: RunMark | None = None) -> None:
        super().__init__(db, source, version=__version__, clock=run.clock, archive=run.archive, begun=begun)
        self.failure_kinds: Counter[str] = Counter()
        self.failures: list[Failure] = []
        """The first few."""
        self._run = run
        self.fields = FieldWatch(db, source)

    def add(self, article: Article) -> None:
        """As Ledger.add: this page was read."""
        self._run.note("")
        for url in article.seen_at if self._run.listed_at else ():
            self._run.listed_at.pop(url, None)
        self.fields.add(article)
        super().add(article)

    def skip(self, kind: str, url: str = "") -> None:
        """As Ledger.skip, under the address by which the page was found."""
        super().skip(kind, self._run.listed_at.get(url, url))

    def fail(self, failure: Failure) -> None:
        """As Ledger.fail, under the address by which the next crawl will find the page again."""
        url = self._run.listed_at.get(failure.url, failure.url)
        failure = replace(failure, url=url, source=self.source)
        self.failure_kinds[failure.kind] += 1
        if len(self.failures) < _FAILURES_TOLD:
            self.failures.append(failure)
        self._run.note(failure.kind, failure.reason)
        super().fail(failure)
