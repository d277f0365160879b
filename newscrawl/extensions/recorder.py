"""RunRecorder: opens what a run writes to before its first request, and closes the books after its last."""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import DontCloseSpider
from scrapy.utils.asyncio import create_looping_call

from newscrawl import __version__
from newscrawl.errors import BusyError, NewscrawlError, StorageError
from newscrawl.extensions.resting import Resting
from newscrawl.extensions.run import Run, TalliedLedger
from newscrawl.outcomes import Evidence, Outcome, Problem, RunResult, decide_outcome, outcome_of_error, result_of
from newscrawl.storage.archive import Archive
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.lock import SourceLock
from newscrawl.storage.timetext import now_utc

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from sqlite_utils import Database
    from twisted.python.failure import Failure as TwistedFailure

logger = logging.getLogger(__name__)

_FLUSH_SECONDS = 5.0
_MINUTE = len("2026-11-20 21:46")
_FLUSH_WAIT = 1.0
"""Seconds for which everything stands still when another program is writing; a batch that is full waits longer."""
_SHUTDOWN = "shutdown"
"""Scrapy's reason for closing after SIGINT or SIGTERM."""


class RunRecorder:
    """One row in `runs` for each crawl: opened, flushed, decided and closed here.

    Whatever keeps a run from being written down (a foreign or read-only database, another run) is raised while Scrapy
    sets itself up, so before any request; so is that the source is to be let alone, which is written down.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._spider: Any = crawler.spider
        self._started = time.monotonic()
        self._crashes = 0
        self._undated = self._is_news = False
        with ExitStack() as resources:
            self._open(crawler.settings, resources)
            self._resources = resources.pop_all()
        self._resting.check()
        self._flushing = create_looping_call(self._flush_if_free)

    def _open(self, settings: "BaseSettings", resources: ExitStack) -> None:
        database = Path(settings["NEWSCRAWL_DB"])
        db = open_database(database)
        resources.callback(db.close)
        resources.enter_context(SourceLock(database, self._spider.name))
        clock = _clock(settings)
        try:
            archive = open_archive(settings)
        except StorageError as error:
            self._refused(db, clock, error)
            raise
        resources.callback(archive.close)
        self._keep_books(db, archive, clock)
        self._run.abandon = self._abandon
        self._resting = Resting(db, self._spider, self._run)
        self._spider.ledger, self._spider.run = self._ledger, self._run

    def _keep_books(self, db: "Database", archive: Archive, clock: Callable[[], datetime]) -> None:
        self._run = Run(self._crawler, archive, clock)
        self._ledger = TalliedLedger(db, self._spider.name, self._run)

    def _refused(self, db: "Database", clock: Callable[[], datetime], error: StorageError) -> None:
        """Writes down a run that ends before its first request: the database can be written to, the archive cannot."""
        outcome = outcome_of_error(error)
        ledger = Ledger(db, self._spider.name, version=__version__, clock=clock)
        ledger.finish(outcome.name, outcome.exit_status, outcome.advice)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "RunRecorder":
        recorder = cls(crawler)
        for name in ("spider_opened", "spider_idle", "spider_closed", "spider_error", "item_error"):
            crawler.signals.connect(getattr(recorder, name), signal=getattr(signals, name))
        return recorder

    def spider_opened(self) -> None:
        self._flushing.start(_FLUSH_SECONDS, now=False)

    def spider_idle(self) -> None:
        """All that was asked for has come to its end: commit it, and go on where a backfill is under way."""
        if self._crashes or self._run.ending:
            self._flush()
            return
        self._spider.settle()
        request = self._spider.next_list() if self._flush(covered=True) else None
        if request is not None:
            self._crawler.engine.crawl(request)
            raise DontCloseSpider

    def spider_error(self, failure: "TwistedFailure") -> None:
        """An exception in a spider's callback."""
        self._note(failure.value)

    def item_error(self, failure: "TwistedFailure") -> None:
        """An exception in a pipeline that the pipeline itself did not turn into a failure."""
        self._note(failure.value)

    def _note(self, error: BaseException | None) -> None:
        if isinstance(error, StorageError):
            self._run.end("storage", str(error))
        else:
            self._crashes += 1

    def _flush_if_free(self) -> None:
        """Now and then. While another program is writing the batch goes on waiting, and the crawl goes on."""
        try:
            self._ledger.flush(wait=_FLUSH_WAIT)
        except BusyError as busy:
            logger.info("%s", busy)
        except Exception as error:
            self._cannot_store(error)

    def _flush(self, *, covered: bool = False) -> bool:
        try:
            self._ledger.flush(covered=covered)
        except Exception as error:
            self._cannot_store(error)
            return False
        return True

    def _cannot_store(self, error: Exception) -> None:
        logger.error("nothing can be stored", exc_info=error)
        self._run.end("storage", _told(error))

    def spider_closed(self, reason: str) -> None:
        """Decide what the run was, write it down, let everything go."""
        if self._flushing.running:
            self._flushing.stop()
        self._close(lambda: self._finish(reason))

    def _abandon(self, outcome: Outcome) -> RunResult:
        return self._close(lambda: self._write_down(outcome))

    def _close(self, finish: Callable[[], Outcome]) -> RunResult:
        with self._resources:
            try:
                outcome = finish()
            except Exception as error:  # the run ends all the same, and its exit status says so
                logger.exception("the run cannot be written down")
                outcome = Outcome("storage", _told(error))
                with suppress(StorageError):  # it may be the archive alone that cannot be written to
                    self._write_down(outcome)
            self._run.result = self._result(outcome)
        return self._run.result

    def _finish(self, reason: str) -> Outcome:
        self._ledger.flush()
        whole = reason == "finished" and not self._crashes and not self._spider.cut_short
        if whole:
            self._spider.tell_unfilled()
        outcome = self._resting.note(self._ledger, decide_outcome(self._evidence(reason)))
        if whole:
            self._cover()
        return self._write_down(outcome)

    def _write_down(self, outcome: Outcome) -> Outcome:
        if self._spider.backfill:
            outcome = replace(outcome, advice="; ".join(filter(None, (outcome.advice, self._spider.backfill.told()))))
        lasting = self._lasting(outcome)
        self._ledger.finish(outcome.name, outcome.exit_status, outcome.advice or None)
        return lasting

    def _lasting(self, outcome: Outcome) -> Outcome:
        """Since when the runs of this source have ended so, where that is no good end and not the first of its kind."""
        if outcome.name in {"ok", "nothing_new", "interrupted"}:
            return outcome
        count, since = self._ledger.lasting(outcome.name)
        lasts = f"{count + 1} runs in a row since {since[:_MINUTE]}" if since else ""
        return replace(outcome, advice="; ".join(filter(None, (outcome.advice.rstrip("."), lasts))))

    def _cover(self) -> None:
        for walk in self._spider.walks:
            if walk.covered:
                self._ledger.lists.cover(walk.channel, *walk.covered)
        self._spider.completed()

    def _evidence(self, reason: str) -> Evidence:
        counts, sign = self._ledger.counts, self._sign()
        moved = self._crawler.stats.get_value("newscrawl/extract/moved", 0) if self._crawler.stats else 0
        return Evidence(
            found=counts.found,
            stored=counts.new + counts.changed + counts.duplicate,
            failed=counts.failed,
            failure_kinds=self._ledger.failure_kinds,
            lists=self._run.problems,
            moved=moved,
            moved_lately=self._ledger.moved_lately() if moved else 0,
            undated=sign if self._undated else "",
            notes=[*([sign] if sign and not self._undated else []), *self._run.notes],
            empty_lists=self._run.empty_lists,
            lists_read=sum(walk.works for walk in self._spider.walks),
            ended=self._run.ended or _ended_by_scrapy(reason),
            asked_for=bool(self._spider.arguments.urls),
            crashes=self._crashes,
        )

    def _sign(self) -> str:
        """What this run's articles lack that the source's usually have; of the past, another layout may be true."""
        counts, arguments, fields = self._ledger.counts, self._spider.arguments, self._ledger.fields
        if arguments.backfills or arguments.urls or not counts.new + counts.changed:
            return ""
        now = self._run.clock()
        lost = fields.missing(now)
        self._undated = any(each.field == "published_at" for each in lost)
        self._is_news = bool(lost) and fields.is_news(now)
        return fields.sign(lost)

    def _result(self, outcome: Outcome) -> RunResult:
        return result_of(
            outcome,
            self._spider.name,
            counts=dict(vars(self._ledger.counts)),
            skipped=dict(self._ledger.skipped_kinds),
            failures=tuple(self._ledger.failures),
            seconds=time.monotonic() - self._started,
            is_news=self._is_news,
        )


def _ended_by_scrapy(reason: str) -> Problem | None:
    """Why Scrapy closed the spider, when that was not for want of work."""
    if reason == "finished":
        return None
    if reason == _SHUTDOWN:
        return Problem("interrupted", "stopped by a signal")
    return Problem("partial", f"ended before its work was done: {reason}", "the next run goes on from here")


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, NewscrawlError) else f"{type(error).__name__}: {error}"


def open_archive(settings: "BaseSettings") -> Archive:
    """The archive that the settings name, `warc/` beside the database by default."""
    folder = settings["NEWSCRAWL_ARCHIVE"]
    return Archive(
        Path(folder) if folder else Path(settings["NEWSCRAWL_DB"]).parent / "warc",
        max_file_bytes=settings.getint("NEWSCRAWL_ARCHIVE_FILE_MB") * 1024 * 1024,
        max_total_bytes=settings.getint("NEWSCRAWL_ARCHIVE_TOTAL_MB") * 1024 * 1024,
        software=f"newscrawl/{__version__}",
    )


def _clock(settings: "BaseSettings") -> Callable[[], datetime]:
    """The time of day, or the one moment that a reproducible sample is made at."""
    if not settings["NEWSCRAWL_NOW"]:
        return now_utc
    moment = datetime.fromisoformat(settings["NEWSCRAWL_NOW"])
    return lambda: moment
