"""What a worker's spider, middlewares and pipelines tell, written down for the collector."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request

from newscrawl.cluster.slots import Slots
from newscrawl.cluster.wire import Unit, article_record
from newscrawl.items import Article, Failure
from newscrawl.middlewares.archive import ArchiveMiddleware
from newscrawl.outcomes import Problem
from newscrawl.storage.timetext import now_utc

if TYPE_CHECKING:
    from scrapy.http import Response

UNIT = "newscrawl_unit"
"""Where a request's meta has the unit of its task."""


class WorkerRun:
    """`spider.run` with a worker: what it decides is told to the collector."""

    archive = True
    """There is one: what SentArchive writes."""
    slots: Slots

    def __init__(self) -> None:
        self.listed_at: dict[str, str] = {}
        self.ended: Problem | None = None
        self.loose = Unit()
        """What belongs to no task: robots.txt, and why the run ends."""

    def clock(self) -> datetime:
        return now_utc()

    @property
    def ending(self) -> bool:
        return self.ended is not None

    def stop(self) -> None:
        """The collector ends the run."""
        self.ended = self.ended or Problem("partial", "the collector ended the run")

    def end(self, kind: str, reason: str) -> None:
        """As extensions.run.Run."""
        if self.ended is None:
            self.ended = Problem(kind, reason)
            self.loose.events.append(["end", kind, reason])

    def leave_alone(self, kind: str, reason: str, wish: timedelta) -> None:
        """As extensions.run.Run."""
        if self.ended is None:
            self.ended = Problem(kind, reason)
            self.loose.events.append(["leave_alone", kind, reason, wish.total_seconds()])


class Notes:
    """`spider.ledger` with a worker: writes down what is told to it, for the collector's own (see books)."""

    def __init__(self, run: WorkerRun) -> None:
        self._run = run
        self.unit = Unit()

    def fetched(self) -> None:
        self.unit.events.append(["fetched"])

    def add(self, article: Article) -> None:
        self.unit.events.append(["add", article_record(article)])

    def skip(self, kind: str, url: str = "") -> None:
        self.unit.events.append(["skip", kind, self._run.listed_at.get(url, url)])

    def fail(self, failure: Failure) -> None:
        url = self._run.listed_at.get(failure.url, failure.url)
        self.unit.events.append(["fail", url, failure.kind, failure.reason])


class SentArchive(ArchiveMiddleware):
    """Every answer goes with its task's unit, so that the collector archives it before it hears what became of it."""

    def _write(self, request: Request, response: "Response", fetched_at: datetime) -> None:
        unit: Unit = request.meta.get(UNIT) or self._spider.run.loose
        unit.answers.append(self._record(request, response, fetched_at))
