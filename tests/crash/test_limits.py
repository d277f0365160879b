"""A machine that gives too little: files, memory. A clear end or all right; nothing lost either way."""

import resource
from pathlib import Path

import pytest

from newscrawl.demo import SampleSite
from tests.crash.support import integrity
from tests.crawl import support
from tests.crawl.support import Command, Crawls


@pytest.fixture(scope="module")
def site():
    with SampleSite(stories=40) as site:
        yield site


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, site):
    crawl = Crawls(tmp_path_factory.mktemp("undisturbed"), site)
    assert crawl("eastmoney").status == 0
    return crawl.everything()


def _run_within(kind, most, arguments, out, err):
    """In the child: the command under a limit of this process; of memory, beyond what it has."""
    if kind == resource.RLIMIT_AS:
        most += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(kind, (most, most))
    support._run(arguments, out, err)


class Within(Command):
    """A command under a limit."""

    def __init__(self, folder, kind, most, *arguments):
        self._out, self._err = folder / "stdout", folder / "stderr"
        told = (kind, most, list(map(str, arguments)), str(self._out), str(self._err))
        self.process = support._SERVER.Process(target=_run_within, args=told)
        self.process.start()


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_AS, 3 << 20),
    ],
)
def test_a_crawl_with_too_little_ends_and_the_next_one_is_complete(crawl, site, undisturbed, kind, most):
    options = ("--base-url", site.base_url, "--delay", 0, "--db", crawl.db, "--json")
    ended = Within(crawl.folder, kind, most, "crawl", "eastmoney", *options).end()
    if ended.status == 0:
        assert ended.outcomes == {"eastmoney": "ok"}
    else:
        assert ended.stdout or ended.stderr, "it says why"
    assert crawl("eastmoney").status == 0
    assert crawl.everything() == undisturbed
    assert integrity(crawl.db) == "ok"
