"""Every folder of tests/fixtures is a page and what must come of it: one test per field, one for a refusal.

A fixture holds `page.*` (the bytes as they came), `meta.json` (address, headers, time of the fetch) and either
`expected.json` (the record) or `refused.json` (`kind` and `reason` of the error, or `not_news`).
"""

import json
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path

import pytest

from newscrawl.errors import NotNews, PageError
from newscrawl.items import Article, Page
from newscrawl.registry import sources
from pipelines import read_page

FOLDER = Path(__file__).parent / "fixtures"
CASES = sorted(path.parent for path in FOLDER.glob("*/*/meta.json"))
READ = [case for case in CASES if (case / "expected.json").exists()]
REFUSED = [case for case in CASES if (case / "refused.json").exists()]
# When a page was fetched, and to what end, is no part of what it says.
FIELDS = sorted({field.name for field in fields(Article)} - {"fetched_at", "backfilled"})


def case_id(case):
    return f"{case.parent.name}/{case.name}"


def load(case, name):
    return json.loads((case / name).read_text(encoding="utf-8"))


def page_of(case):
    meta = load(case, "meta.json")
    (body,) = case.glob("page.*")
    return Page(
        url=meta["url"],
        source=case.parent.name,
        body=body.read_bytes(),
        headers=meta["headers"],
        fetched_at=datetime.fromisoformat(meta["fetched_at"]),
    )


def plain(value):
    """A field as JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.fixture(scope="module")
def records():
    return {case: asdict(read_page(page_of(case))) for case in READ}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", READ, ids=case_id)
def test_field(records, case, field):
    assert plain(records[case][field]) == load(case, "expected.json")[field]


@pytest.mark.parametrize("case", READ, ids=case_id)
def test_no_field_is_left_out_of_the_expectation(case):
    assert sorted(load(case, "expected.json")) == FIELDS


@pytest.mark.parametrize("case", REFUSED, ids=case_id)
def test_refused(case):
    expected = load(case, "refused.json")
    with pytest.raises((PageError, NotNews)) as refusal:
        read_page(page_of(case))
    if "not_news" in expected:
        assert (type(refusal.value), refusal.value.kind) == (NotNews, expected["not_news"])
    else:
        assert {"kind": refusal.value.kind, "reason": refusal.value.reason} == expected


def test_every_source_has_a_page_that_is_read():
    assert {case.parent.name for case in READ} == {*sources(), "finews"}


def test_every_folder_is_a_whole_fixture():
    folders = {path for path in FOLDER.glob("*/*") if path.is_dir()}
    assert folders == set(READ) | set(REFUSED)
    assert not set(READ) & set(REFUSED)
