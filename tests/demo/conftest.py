"""A running sample site and its client."""

import pytest
from sample_client import Client

from newscrawl.demo import SampleSite


@pytest.fixture(scope="module")
def site():
    """240 stories, changed by no test."""
    with SampleSite(stories=240) as running:
        yield running


@pytest.fixture
def client(site):
    connected = Client(site)
    yield connected
    connected.close()


@pytest.fixture
def open_site():
    """Starts sites of a test's own; gives (site, client)."""
    opened = []

    def start(**arguments):
        running = SampleSite(**arguments)
        opened.append((running, Client(running)))
        return opened[-1]

    yield start
    for running, connected in opened:
        connected.close()
        running.close()
