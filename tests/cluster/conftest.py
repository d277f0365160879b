"""A Redis, a sample site and a cluster of its own for each test."""

import pytest

from newscrawl.demo import SampleSite
from tests.cluster.support import SERVER, Cluster, RedisServer


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch, tmp_path):
    for name in ("NEWSCRAWL_DB", "NEWSCRAWL_CONFIG", "NEWSCRAWL_REDIS", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def redis(tmp_path):
    if SERVER is None:
        pytest.skip("there is no redis-server here")
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture
def site():
    with SampleSite() as site:
        yield site


@pytest.fixture
def cluster(tmp_path, site, redis):
    cluster = Cluster(tmp_path, site, redis)
    yield cluster
    cluster.kill()
