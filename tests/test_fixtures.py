"""Every folder of tests/fixtures is a page and what must come of it: one test per field, one for a refusal.

What a fixture holds: newscrawl/cli/fixtures.py. NEWSCRAWL_FIXTURES names another folder to test.
"""

import json
import os
from pathlib import Path

import pytest

from newscrawl.cli.fixtures import FIELDS, GENERIC, expectation, page_of
from newscrawl.registry import written

OWN = Path(__file__).parent / "fixtures"
FOLDER = Path(os.environ.get("NEWSCRAWL_FIXTURES") or OWN)
CASES = sorted(path.parent for path in FOLDER.glob("*/*/meta.json"))
READ = [case for case in CASES if (case / "expected.json").exists()]
REFUSED = [case for case in CASES if (case / "refused.json").exists()]


def case_id(case):
    return f"{case.parent.name}/{case.name}"


def load(case, name):
    return json.loads((case / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def records():
    return {case: expectation(page_of(case)) for case in READ}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", READ, ids=case_id)
def test_field(records, case, field):
    assert records[case].article, records[case].values
    assert records[case].values[field] == load(case, "expected.json")[field]


@pytest.mark.parametrize("case", READ, ids=case_id)
def test_no_field_is_left_out_of_the_expectation(case):
    assert sorted(load(case, "expected.json")) == sorted(FIELDS)


@pytest.mark.parametrize("case", REFUSED, ids=case_id)
def test_refused(case):
    found = expectation(page_of(case))
    assert found.article is None
    assert found.values == load(case, "refused.json")


@pytest.mark.skipif(FOLDER != OWN, reason="another folder need not have all")
def test_every_source_has_a_page_that_is_read():
    assert {case.parent.name for case in READ} == {*written(), "finews", GENERIC}


def test_every_folder_is_a_whole_fixture():
    folders = {path for path in FOLDER.glob("*/*") if path.is_dir()}
    assert folders == set(READ) | set(REFUSED)
    assert not set(READ) & set(REFUSED)
