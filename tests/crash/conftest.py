"""The sample site and crawls of it, as in tests/crawl."""

from tests.crawl.conftest import _no_settings_of_this_machine, crawl, site

__all__ = ["_no_settings_of_this_machine", "crawl", "site"]
