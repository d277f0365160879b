"""The table of promises does not rot: every break can still be made, every test is there, docs/promises.md tells them all.

That the tests notice the breaks is tried by `make promises`.
"""

import subprocess
import sys

import pytest

from tests.promises.document import told
from tests.promises.promise import ROOT, broken
from tests.promises.table import PROMISES

EVERY = [promise for promises in PROMISES.values() for promise in promises]


@pytest.mark.parametrize("promise", EVERY, ids=lambda promise: f"{promise.words[:40]} {promise.claim}")
def test_break_can_be_made(promise):
    text = (ROOT / promise.file).read_text(encoding="utf-8")
    compile(broken(text, promise), promise.file, "exec")
    assert promise.tests


def test_tests_that_are_named_are_there():
    """Pytest itself finds them, with their parameters."""
    tests = {test for promise in EVERY for test in promise.tests}
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", *sorted(tests)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_each_promise_is_told_once():
    assert len({(promise.words, promise.claim) for promise in EVERY}) == len(EVERY) >= 25


def test_document_tells_them_all():
    """`python -m tests.promises.document` writes it."""
    assert (ROOT / "docs" / "promises.md").read_text(encoding="utf-8") == told()
