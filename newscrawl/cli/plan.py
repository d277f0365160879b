"""What is to be run with nobody there: which sources, how often, and all that a crawl takes from its surroundings."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newscrawl.cli.common import safe
from newscrawl.errors import UsageError

_ENVIRONMENT = (
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONPATH"),
)
"""What a crawl obeys besides NEWSCRAWL_DB and NEWSCRAWL_CONFIG, which are written as options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Crawls of one database. All paths are absolute."""

    program: tuple[str, ...]
    folder: str
    """Where the crawls are started."""
    database: str
    config: str | None
    environment: Mapping[str, str]
    every: Mapping[str, int]
    """Source to seconds."""
    verbose: bool = False

    def command(self, source: str, *options: str) -> list[str]:
        """The crawl of one source, as words."""
        config = ["--config", self.config] if self.config else []
        log = ["-v"] if self.verbose else []
        return [*self.program, "crawl", source, "--db", self.database, *config, *log, *options]

    def check(self) -> None:
        """UsageError for what fits into no line of a file."""
        config = [self.config] if self.config else []
        for text in (*self.program, self.folder, self.database, *config, *self.environment.values()):
            if safe(text) != text or "\n" in text or "\t" in text:
                raise UsageError(f"{text!r} cannot be written into a line: it holds control characters, or is no UTF-8")


def program() -> tuple[str, ...]:
    """The newscrawl that runs now, as words."""
    script = Path(sys.executable).with_name("newscrawl")
    return (str(script),) if os.access(script, os.X_OK) else (sys.executable, "-m", "newscrawl")


def surroundings() -> dict[str, str]:
    """Those variables of the environment that a crawl obeys."""
    found = {name: os.environ[name] for name in _ENVIRONMENT if os.environ.get(name)}
    if "PYTHONPATH" in found:
        found["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, found["PYTHONPATH"].split(os.pathsep)))
    return found
