"""A sample site of its own for each test, and crawls of it."""

import pytest

from newscrawl.demo import SampleSite
from tests.crawl.support import Crawls


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch, tmp_path):
    for name in ("NEWSCRAWL_DB", "NEWSCRAWL_CONFIG", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def site():
    with SampleSite() as site:
        yield site


@pytest.fixture
def crawl(tmp_path, site):
    return Crawls(tmp_path, site)
