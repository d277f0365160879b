"""newscrawl and every known extractor side by side, in one run; then its own speed, memory and robustness.

    NEWSCRAWL_SAMPLES=../shared/corpus python -m tests.benchmarks [--write]    # half an hour; --write: docs/benchmarks.md
    NEWSCRAWL_SAMPLES=../shared/corpus python -m tests.benchmarks --short      # newscrawl against its limits, alone and beside Scrapy

Prints Markdown. `--short` ends with status 1 when a limit is passed or a record is wrong or lost.
"""

import argparse
import logging
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import crawl, crawl_limits, hostile, limits, memory, offline, scale, search, sides, start, stories
from tests.benchmarks.pages import labelled
from tests.benchmarks.tools import tools, version_of
from tests.quality.tables import keep, number, table

_PACKAGES = ("lxml", "trafilatura", "readability-lxml", "newspaper4k", "gne")


def main() -> int:
    """Print the tables; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="newscrawl alone, against its limits")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the others tell much of what they find odd
    if args.short:
        return 0 if _holds() else 1
    parts = []
    for part in _parts():
        print(part, end="\n\n", flush=True)
        parts.append(part)
    if args.write:
        keep("benchmarks.md", "\n\n".join(parts))
    return 0


def _holds() -> bool:
    """Whether all limits hold; each is told."""
    held = True
    for head, check in _CHECKS:
        passed, rows = check()
        print(table(head, rows), end="\n\n", flush=True)
        held = held and passed
    return held


_CHECKS = (
    (limits.HEAD, limits.check),
    (limits.HEAD, scale.check),
    (crawl_limits.HEAD, crawl_limits.check),
    (offline.HEAD, lambda: offline.check(short=True)),
)


def _parts() -> Iterator[str]:
    yield _machine()
    yield "## Whole crawls\n\n" + crawl.found()
    yield "## Memory of long crawls\n\n" + crawl.growth()
    yield "## Starting\n\n" + start.found()
    sets = labelled()
    if not sets:
        yield "NEWSCRAWL_SAMPLES names no labelled pages: only the sample site's were read."
    found, missing = tools()
    yield from sides.compare(sets, found, missing)
    yield "## The site rules\n\n" + sides.rule_pages()
    yield "## Memory over many pages\n\n" + _memory()
    yield "## Search\n\n" + search.found()
    yield "## Stories\n\n" + stories.found()
    yield "## What no page should be\n\n" + _hostile()


def _machine() -> str:
    model = next((row.split(": ")[1] for row in _rows("/proc/cpuinfo") if row.startswith("model name")), "")
    versions = ", ".join(f"{name} {version_of(name) or 'not installed'}" for name in _PACKAGES)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"Made on {datetime.now(UTC):%Y-%m-%d} with {python} on {platform.system()}, {model or platform.machine()}; {versions}."


def _rows(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []


def _memory() -> str:
    found = memory.growth()
    row = [f"{found['pages']:,.0f}", number(found["per_thousand"], "+.2f")]
    row += [number(found[name], ".1f") for name in ("at_first", "at_last")]
    return table(["pages", "MiB per 1,000 pages", "resident after 1,000, MiB", "resident at the end, MiB"], [row])


def _hostile() -> str:
    rows = [
        [each.name, each.result, number(each.seconds, ".2f"), number(each.above, ".0f"), number(each.peak, ".0f")]
        for each in hostile.outcomes()
    ]
    return table(["page", "outcome", "CPU s", "MiB above the interpreter", "MiB in all, at most"], rows)


if __name__ == "__main__":
    sys.exit(main())
