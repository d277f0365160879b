"""A resolver of names written by hand: every name leads to this machine."""

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import succeed


class Inward(CachingThreadedResolver):
    """As a site's owner may set up his names."""

    def getHostByName(self, name, timeout=()):  # noqa: N802
        return succeed("127.0.0.1")
