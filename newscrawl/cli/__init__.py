"""The commands. `main` loads the module of a command only when that command runs: reading must not import Scrapy."""

import click

from newscrawl import __version__
from newscrawl.cli.common import LazyGroup
from newscrawl.cli.stopping import end_like_ctrl_c
from newscrawl.config import told_now
from newscrawl.storage.timetext import set_clock

COMMANDS = {
    "crawl": ("newscrawl.cli.crawl:crawl", "Crawl sources and store what is new."),
    "watch": ("newscrawl.cli.watch:watch", "Crawl again and again, in one long-lived process."),
    "worker": ("newscrawl.cli.worker:worker", "Fetch and read for a collector, with other workers."),
    "collect": ("newscrawl.cli.collect:collect", "Store what several workers fetch."),
    "schedule": ("newscrawl.cli.schedule:schedule", "Let cron or systemd run the crawls."),
    "backfill": ("newscrawl.cli.backfill:backfill", "Fill what is missing of a source."),
    "gaps": ("newscrawl.cli.gaps:gaps", "Tell what is missing, and how old the newest is."),
    "status": ("newscrawl.cli.status:status", "Tell whether all is well, and what to look at."),
    "check": ("newscrawl.cli.check:check", "Show whether sources are read as usual."),
    "fetch": ("newscrawl.cli.fetch:fetch", "Fetch one address and print its record."),
    "preview": ("newscrawl.cli.preview:preview", "Show what would be read at an address."),
    "export": ("newscrawl.cli.export:export", "Write the articles in another form."),
    "import": ("newscrawl.cli.import_:import_", "Store a folder of posts."),
    "replay": ("newscrawl.cli.replay:replay", "Read again what was fetched."),
    "rebuild": ("newscrawl.cli.rebuild:rebuild", "Make the database anew from the archive."),
    "backup": ("newscrawl.cli.backup:backup", "Copy the database whole, while crawls go on."),
    "restore": ("newscrawl.cli.restore:restore", "Put a backup in the place of the database."),
    "sources": ("newscrawl.cli.sources:sources", "List the sources that can be crawled."),
    "runs": ("newscrawl.cli.runs:runs", "Show the last runs and how they ended."),
    "failures": ("newscrawl.cli.failures:failures", "List pages that did not become articles."),
    "search": ("newscrawl.cli.search:search_", "Find articles by what their texts hold."),
    "serve": ("newscrawl.cli.serve:serve", "Show the archive in the browser."),
    "report": ("newscrawl.cli.report:report", "Write the dashboard of a day or week as one file."),
    "show": ("newscrawl.cli.show:show", "Print one article whole."),
    "reindex": ("newscrawl.cli.reindex:reindex", "Check the search index, or make it anew."),
    "newfixture": ("newscrawl.cli.newfixture:newfixture", "Write a page as a test case."),
    "demo": ("newscrawl.cli.demo:demo", "Crawl the bundled sample site twice."),
    "sample-site": ("newscrawl.cli.sample_site:sample_site", "Serve the sample site on this machine."),
}
"""Name to where the command stands (module:object) and what `newscrawl --help` says of it, in the order shown there."""


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="newscrawl")
def main() -> None:
    """Crawls Cailianshe and the sites that carry its stories into one SQLite database.

    \b
    newscrawl crawl cls_telegraph      what is new since the last run
    newscrawl status                   whether all is well
    newscrawl show 1                   one article, whole

    The database is --db, else NEWSCRAWL_DB, else `database` in newscrawl.toml, else data/newscrawl.db.

    \b
    Exit status: 0 all well, 1 something found was not stored, 2 the command cannot be done as given,
    3 another run is under way, 4 blocked by the site, 5 the site's layout changed, 6 the site listed
    nothing, 7 network, 8 database or archive, 130 interrupted.
    """
    end_like_ctrl_c()
    set_clock(told_now())
