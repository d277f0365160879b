"""`python -m tests.promises [WORD]`: breaks every promise (with WORD in its words, claim or file), one after another.

For each a copy of the checkout is broken and its tests are run there: all of them must fail. Before that they must pass as
they are. The exit status is 0 if so. Some ten minutes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.promises.promise import ROOT, Promise, broken
from tests.promises.table import PROMISES

COPIED = ("newscrawl", "pipelines", "tests", "data", "docs", "pyproject.toml", "scrapy.cfg", "README.md", "Makefile")
FAILED = 1
"""Pytest's exit status when tests ran, and some failed."""


def copy_checkout(folder: Path) -> Path:
    """What tests need of the checkout, somewhere else."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "newscrawl.db*"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def run_tests(checkout: Path, tests: Sequence[str]) -> int:
    """Pytest's exit status; what the tests start themselves runs the same checkout."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1", "NEWSCRAWL_KILLS": "12"}
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, check=False).returncode


def is_noticed(checkout: Path, promise: Promise) -> list[str]:
    """The tests that do not notice that a promise is broken."""
    file = checkout / promise.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(broken(whole, promise), encoding="utf-8")
    try:
        return [test for test in promise.tests if run_tests(checkout, [test]) != FAILED]
    finally:
        file.write_text(whole, encoding="utf-8")


def main(word: str = "") -> int:
    """The process's exit status."""
    chosen = [
        promise
        for promises in PROMISES.values()
        for promise in promises
        if word in f"{promise.words} {promise.claim} {promise.file}"
    ]
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        checkout = copy_checkout(Path(folder))
        tests = list(dict.fromkeys(test for promise in chosen for test in promise.tests))
        if run_tests(checkout, tests):
            print("these tests do not pass as they are:", *tests, sep="\n  ")
            return 1
        print(f"{len(chosen)} promises; their {len(tests)} tests pass while nothing is broken", flush=True)
        unnoticed = 0
        for promise in chosen:
            silent = is_noticed(checkout, promise)
            unnoticed += bool(silent)
            told = f"NOT NOTICED by {', '.join(silent)}" if silent else "noticed"
            print(f"{told}: {promise.words} ({promise.claim})", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} broken promises were noticed")
    return bool(unnoticed)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
