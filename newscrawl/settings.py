"""Every Scrapy setting; what newscrawl.toml and the environment say comes in at the end.

Names that begin with NEWSCRAWL_ are ours; `scrapy crawl -s NAME=VALUE` changes any of them.
"""

from typing import Any

from newscrawl import __version__
from newscrawl.config import Config, load_config

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
SPIDER_LOADER_CLASS = "newscrawl.registry.SourceLoader"
COMMANDS_MODULE = "newscrawl.cli.scrapy_commands"

# What becomes of a page (see pipelines/__init__.py).
ITEM_PIPELINES = {
    "pipelines.clean.CleanPipeline": 100,
    "pipelines.extract.ExtractPipeline": 200,
    "pipelines.validate.ValidatePipeline": 300,
    "pipelines.store.StorePipeline": 400,
}
# Stories are asked for in the order of their list, before the next list page.
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
CONCURRENT_ITEMS = 1  # a quarter less CPU than with 100, and rows are stored in the order of their list
WARN_ON_GENERATOR_RETURN_VALUE = False  # for a spider's method it parses the source anew with every answer: 0.3 ms
# All of Scrapy's own that are wanted: what a later Scrapy switches on by default does not come in by itself (the remote
# control of 2.19 runs code, and loading it costs every start a quarter of a second).
EXTENSIONS_BASE = {
    f"scrapy.extensions.{name}": 0
    for name in (
        "corestats.CoreStats",
        "logcount.LogCount",
        "memusage.MemoryUsage",
        "closespider.CloseSpider",
        "feedexport.FeedExporter",
        "logstats.LogStats",
    )
}
EXTENSIONS = {"newscrawl.extensions.recorder.RunRecorder": 0, "newscrawl.progress.ProgressLine": 500}

# What stands between a spider and the network (see middlewares/__init__.py): the whole chain, for the same reason.
# Scrapy's counts of bytes are left out: to write each request out once more for them costs more than robots.txt.
DOWNLOADER_MIDDLEWARES_BASE = {
    "newscrawl.middlewares.addresses.AllowedAddresses": 50,
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "newscrawl.middlewares.retry.PatientRetry": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "newscrawl.middlewares.packing.FewEncodings": 595,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "newscrawl.middlewares.archive.ArchiveMiddleware": 800,
}
# Each of Scrapy's others is one more asynchronous generator around every answer's stories. What they are for is not
# wanted: a longest address above which a request is dropped with a line in the log, counts of depths, referers.
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50}
_HANDLER = "newscrawl.middlewares.handler.BaseUrlHandler"
DOWNLOAD_HANDLERS = {"http": _HANDLER, "https": _HANDLER, "file": None, "data": None, "ftp": None, "s3": None}

# Bounds: no answer is larger or later than this, no page that redirects for ever.
DOWNLOAD_MAXSIZE = 4 * 1024 * 1024
DOWNLOAD_WARNSIZE = 1024 * 1024
DOWNLOAD_TIMEOUT = 30
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_PRIORITY_ADJUST = 10  # at once after its pause, so that a dead site is noticed and not put off
CLOSESPIDER_TIMEOUT = 6 * 3600
MEMUSAGE_LIMIT_MB = 2048

# Nothing is told or opened that need not be.
DOWNLOAD_VERIFY_CERTIFICATES = True
COOKIES_ENABLED = False
REFERER_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {"csv": "newscrawl.feeds.SafeCsvExporter"}
LOG_LEVEL = "INFO"
LOG_COLOR = False

NEWSCRAWL_PROGRESS = False
NEWSCRAWL_NOW = ""
"""A moment in ISO form takes the place of the clock: for a sample database that comes out the same every time."""


def configured(config: Config) -> dict[str, Any]:
    """What newscrawl.toml says, as settings."""
    contact = f" (+{config.contact})" if config.contact else ""
    archive = config.archive
    return {
        "USER_AGENT": config.user_agent or f"newscrawl/{__version__}{contact}",
        "DOWNLOAD_DELAY": config.delay,
        "CONCURRENT_REQUESTS": config.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": config.concurrency,
        "NEWSCRAWL_DB": str(config.database),
        "NEWSCRAWL_ARCHIVE": str(archive.folder) if archive.folder else "",
        "NEWSCRAWL_ARCHIVE_FILE_MB": archive.max_file_mb,
        "NEWSCRAWL_ARCHIVE_TOTAL_MB": archive.max_total_mb,
        "NEWSCRAWL_PROXY": config.proxy,
        "NEWSCRAWL_SOURCES": dict(config.sources),
    }


globals().update(configured(load_config()))
