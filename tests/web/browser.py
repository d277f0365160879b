"""A real Chromium for tests, and pages that remember what went wrong on them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=en-US",
]  # fmt: skip


@dataclass
class Watched:
    """A page, and what it did that no page of ours does."""

    page: object
    hosts: set = field(default_factory=set)
    complaints: list = field(default_factory=list)

    def note_failure(self, request):
        """What was not loaded, but for what the page was left before it came."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"not loaded: {request.url} {request.failure}")


@contextmanager
def chromium() -> Iterator[object]:
    """A headless Chromium; the test is skipped, with the reason, where there is none."""
    if not CHROMIUM:
        pytest.skip("no Chromium here: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def watched(browser, **options) -> Iterator[Watched]:
    """A page in a context of its own: `options` as of Playwright's new_context."""
    context = browser.new_context(timezone_id="America/New_York", **options)
    found = Watched(context.new_page())
    found.page.on("request", lambda request: found.hosts.add(urlsplit(request.url).netloc))
    found.page.on("console", lambda message: found.complaints.append(f"{message.type}: {message.text}"))
    found.page.on("pageerror", lambda error: found.complaints.append(f"error: {error}"))
    found.page.on("dialog", lambda dialog: (found.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    found.page.on("requestfailed", found.note_failure)
    yield found
    context.close()
