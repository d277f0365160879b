"""The table of promises does not rot: every break can still be made, every test is there, docs/promises.md tells them all.

That the tests notice the breaks is tried by `make promises`.
"""

import pytest

from tests.promises.document import told
from tests.promises.promise import ROOT, broken, is_there
from tests.promises.table import PROMISES

EVERY = [promise for promises in PROMISES.values() for promise in promises]


@pytest.mark.parametrize("promise", EVERY, ids=lambda promise: f"{promise.words[:40]} {promise.claim}")
def test_break_can_be_made_and_its_tests_are_there(promise):
    text = (ROOT / promise.file).read_text(encoding="utf-8")
    compile(broken(text, promise), promise.file, "exec")
    assert promise.tests
    assert all(is_there(test) for test in promise.tests)


def test_each_promise_is_told_once():
    assert len({(promise.words, promise.claim) for promise in EVERY}) == len(EVERY) >= 25


def test_document_tells_them_all():
    """`python -m tests.promises.document` writes it."""
    assert (ROOT / "docs" / "promises.md").read_text(encoding="utf-8") == told()
