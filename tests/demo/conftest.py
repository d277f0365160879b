"""A running sample site and its client."""

import pytest
from sample_client import Client

from newscrawl.demo import SampleSite
from newscrawl.demo.shapes.gbk import gbk_path


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


@pytest.fixture
def faulty(open_site):
    """A site with every page under the faults given; gives (client, story of cls, its path)."""

    def start(*names, where=1, family="article"):
        site, client = open_site(stories=60)
        site.set_faults(dict.fromkeys(names, where))
        story = next(site.truth.stories(family))
        path = {"gbk": gbk_path(story), "article": f"/detail/{story.id}"}.get(family, f"/a/{story.code}.html")
        return client, story, path

    return start
