"""Runs crawls one after another in one process, and tells what became of each: for every command that fetches."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from newscrawl import registry
from newscrawl.cli.common import check_past
from newscrawl.config import Config
from newscrawl.errors import UsageError
from newscrawl.outcomes import EXIT_STATUS, Outcome, RunResult, outcome_of_error, result_of

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import Settings

    from newscrawl.extensions.run import Run


_LAST_WORDS = 2.0
"""Seconds."""
_OBJECTS = 10_000
"""New objects after which Python looks for garbage; reading a page makes thousands that go by themselves."""
_ASIDE = 50
"""Above Scrapy's "cmdline": the process's own settings are merged into those of a crawler once more."""


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl of one source."""

    source: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    """As typed: since, until, limit, recheck, url, base_url, retry, channel, backfill, again; of a site also start,
    article, next, pages."""
    look_at: tuple[str, ...] = ()
    """Lists of a site that must be seen to be lists before anything is written."""


def check_jobs(jobs: Sequence[Job], config: Config) -> None:
    """UsageError for what cannot be done as asked: called before anything is opened or written."""
    unknown = sorted(config.sources.keys() - registry.sources(config).keys())
    if unknown:
        raise UsageError(f"newscrawl.toml speaks of sources that do not exist: {', '.join(unknown)}")
    for job in jobs:
        spider = registry.spider_of(job.source, job.arguments, config)(**job.arguments)
        registry.check_channels(spider, spider.arguments.channels, config.source(job.source).channels)
        if spider.arguments.backfill:
            check_past(spider.arguments.since)


def run_sources(
    jobs: Sequence[Job],
    *,
    config: Config,
    overrides: Mapping[str, Any],
    tell: Callable[[RunResult], None] | None = None,
    on_item: Callable[[Any], None] | None = None,
) -> list[RunResult]:
    """Crawl one source after another; `tell` hears of each as it ends, `on_item` gets every article.

    `overrides` are Scrapy settings. Once a process: Twisted's reactor cannot be started again.
    """
    check_jobs(jobs, config)
    process = engine(config, overrides)

    def prepare(job: Job) -> "Crawler":
        return process.create_crawler(registry.spider_of(job.source, job.arguments, config))

    return run_in(process, jobs, prepare=prepare, tell=tell, on_item=on_item)


def engine(config: Config, overrides: Mapping[str, Any]) -> "AsyncCrawlerProcess":
    """The process in which crawls run. `overrides` are Scrapy settings."""
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415 - a wrong option is told without loading Scrapy

    return AsyncCrawlerProcess(settings_of(config, overrides))


def settings_of(config: Config, overrides: Mapping[str, Any]) -> "Settings":
    """All settings of a crawl."""
    from scrapy.settings import Settings  # noqa: PLC0415

    from newscrawl.settings import configured  # noqa: PLC0415

    settings = Settings()
    settings.setmodule("newscrawl.settings", priority="project")
    settings.setdict(configured(config), priority="project")
    settings.setdict(dict(overrides), priority="cmdline")
    return settings


def run_in(
    process: "AsyncCrawlerProcess",
    jobs: Sequence[Job],
    *,
    prepare: Callable[[Job], "Crawler"],
    tell: Callable[[RunResult], None] | None = None,
    on_item: Callable[[Any], None] | None = None,
) -> list[RunResult]:
    """The same in a process that is there already. A signal ends the crawl under way and leaves out the rest."""
    results: list[RunResult] = []

    def keep(result: RunResult) -> None:
        results.append(result)
        if tell:
            tell(result)

    async def everything() -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - only after the process has installed it

        for job in jobs:
            if results and not reactor.running:
                break  # a signal came in the pause between two sources
            crawler = prepare(job)
            keep(await _look(process, prepare, job) or await _run_one(process, crawler, job, on_item))
            if results[-1].outcome == "interrupted":
                break
            if job is not jobs[-1]:
                await asyncio.sleep(pause_behind(crawler))

    run_reactor(process, everything())
    if len(results) < len(jobs) and not any(result.outcome == "interrupted" for result in results):
        left = jobs[len(results)].source
        keep(result_of(Outcome("interrupted", "cut off"), left))
    return results


def pause_behind(crawler: "Crawler") -> float:
    """Seconds to let go by before the next crawl, which may ask the same host: the longest that this one waited."""
    waits = [crawler.settings.getfloat("DOWNLOAD_DELAY")]
    with suppress(RuntimeError):  # a crawl that could not begin has no engine
        downloader: Any = crawler.engine.downloader
        waits += [told.get("delay") or 0.0 for told in downloader.per_slot_settings.values()]
    return max(waits)


async def _run_one(
    process: "AsyncCrawlerProcess", crawler: "Crawler", job: Job, on_item: Callable[[Any], None] | None
) -> RunResult:
    from scrapy import signals  # noqa: PLC0415

    def pass_on(item: Any) -> None:
        if on_item:
            on_item(item)

    crawler.signals.connect(pass_on, signal=signals.item_scraped)
    outcome = Outcome("interrupted", "cut off by a second signal")
    try:
        await process.crawl(crawler, **job.arguments)
    except Exception as error:
        outcome = outcome_of_error(error)
    run: Run | None = getattr(crawler.spider, "run", None)
    if run is None:
        return result_of(outcome, job.source)
    return run.result or run.abandon(outcome)


async def _look(process: "AsyncCrawlerProcess", prepare: Callable[[Job], "Crawler"], job: Job) -> RunResult | None:
    """Why a site cannot be crawled as asked; None when it can, or when it cannot be had: the crawl will tell that."""
    from newscrawl.listing.complaints import complaint  # noqa: PLC0415

    for url in job.look_at:
        pages: list[Any] = []
        crawler = prepare(job)
        with aside() as settings:
            crawler.settings.setdict(settings, priority=_ASIDE)
            result = await _run_one(process, crawler, Job(job.source, looking(url, job.arguments)), pages.append)
        await asyncio.sleep(crawler.settings.getfloat("DOWNLOAD_DELAY"))  # the crawl will ask the same host
        if result.outcome == "interrupted":
            return result
        spider: Any = crawler.spider
        for told in (complaint(page, spider.wanted) for page in pages):
            if told:
                return result_of(Outcome("usage", told), job.source)
    return None


def looking(url: str, arguments: Mapping[str, str]) -> dict[str, str]:
    """The arguments of a crawl that fetches one address of a site and takes nothing."""
    kept = ("start", "article", "next", "base_url")
    return {"url": url, **{name: text for name, text in arguments.items() if name in kept}}


@contextmanager
def aside() -> Iterator[dict[str, Any]]:
    """Settings of a crawl whose pages are only handed to `on_item`: its database and archive are gone afterwards."""
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        database = str(Path(folder) / "aside.db")
        yield {"NEWSCRAWL_DB": database, "NEWSCRAWL_ARCHIVE": "", "NEWSCRAWL_PROGRESS": False, "ITEM_PIPELINES": {}}


def run_reactor(process: "AsyncCrawlerProcess", work: Coroutine[Any, Any, None]) -> None:
    """Run the reactor until the work is done or a signal has ended it."""
    from twisted.internet import reactor  # noqa: PLC0415 - only after the process has installed it
    from twisted.internet.error import ReactorNotRunning  # noqa: PLC0415

    def stop(_: object) -> None:
        with suppress(ReactorNotRunning):
            reactor.stop()  # type: ignore[misc]

    loop = asyncio.get_event_loop()
    task = loop.create_task(work)
    # What is loaded stays: it need not be looked through again and again for garbage, of which a crawl makes little.
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    task.add_done_callback(stop)
    process.start(stop_after_crawl=False)
    if not task.done():  # a signal stopped the reactor first: let the crawl that it ended tell its result
        with suppress(asyncio.CancelledError, TimeoutError):
            loop.run_until_complete(asyncio.wait_for(task, timeout=_LAST_WORDS))
    if not task.cancelled():  # it is after a second signal
        task.result()


def worst_status(results: Sequence[RunResult]) -> int:
    """The exit status of a command: the highest of its runs."""
    return max((result.exit_status for result in results), default=EXIT_STATUS["ok"])
