"""`scrapy crawl`, in place of Scrapy's own: the same work, with an exit status that tells the truth."""

import argparse
import sys

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError as ScrapyUsageError

from newscrawl.cli.common import one_line
from newscrawl.cli.runner import Job, check_jobs, run_in, worst_status
from newscrawl.cli.stopping import end_like_ctrl_c
from newscrawl.config import Config
from newscrawl.errors import UsageError
from newscrawl.outcomes import EXIT_STATUS, closing_line


class Command(ScrapyCrawl):
    """Exit status as of `newscrawl crawl`; Scrapy's own is 0 whatever became of the crawl."""

    def short_desc(self) -> str:
        return "Crawl one source; the exit status tells how it ended"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise ScrapyUsageError("name one source: scrapy crawl SOURCE")
        end_like_ctrl_c()
        job = Job(args[0], opts.spargs)
        assert self.settings is not None
        try:
            check_jobs([job], Config(sources=self.settings.getdict("NEWSCRAWL_SOURCES")))
        except UsageError as error:
            raise ScrapyUsageError(str(error), print_help=False) from error
        made: list[Crawler] = []

        def prepare(job: Job) -> Crawler:
            made.append(self._create_crawler(job.source))
            return made[-1]

        results = run_in(self.crawler_process, [job], prepare=prepare)  # type: ignore[arg-type]
        for result in results:
            sys.stderr.write(f"{one_line(closing_line(result))}\n")
        self.exitcode = worst_status(results)
        if any(result.counts for result in results) and not all(map(_feeds_are_written, made)):
            sys.stderr.write("newscrawl: the file of -o or -O could not be written\n")
            self.exitcode = max(self.exitcode, EXIT_STATUS["storage"])


def _feeds_are_written(crawler: Crawler) -> bool:
    """Scrapy only logs an export that fails; where one succeeds it counts it."""
    stats = crawler.stats.get_stats() if crawler.stats else {}
    written = sum(count for name, count in stats.items() if name.startswith("feedexport/success_count/"))
    return bool(written >= len(crawler.settings.getdict("FEEDS")))
