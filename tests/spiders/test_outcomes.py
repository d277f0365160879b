"""How a run ends, from what happened in it."""

import pytest

from newscrawl.breaker import Breaker
from newscrawl.errors import FAILURE_KINDS, LayoutError, LockedError, StorageError, UsageError
from newscrawl.outcomes import (
    EXIT_STATUS,
    TO_DO,
    Evidence,
    Outcome,
    Problem,
    closing_line,
    decide_outcome,
    outcome_of_error,
    result_of,
    status_of_failure,
    what_to_do,
)


def outcome(**evidence):
    return decide_outcome(Evidence(lists_read=1, **evidence)).name


def test_exit_statuses_are_those_of_the_design():
    assert EXIT_STATUS == {
        "ok": 0,
        "nothing_new": 0,
        "partial": 1,
        "usage": 2,
        "running": 3,
        "blocked": 4,
        "layout": 5,
        "empty": 6,
        "network": 7,
        "storage": 8,
        "interrupted": 130,
    }


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"found": 5, "stored": 5}, "ok"),
        ({"found": 5}, "nothing_new"),
        ({}, "nothing_new"),
        ({"found": 5, "stored": 4, "failed": 1, "failure_kinds": {"layout": 1}}, "partial"),
        ({"found": 5, "failed": 5}, "partial"),
        ({"found": 2, "failed": 2, "failure_kinds": {"blocked": 2}}, "partial"),
        ({"found": 3, "failed": 3, "failure_kinds": {"blocked": 3}}, "blocked"),
        ({"found": 9, "stored": 3, "failed": 4, "failure_kinds": {"layout": 3, "network": 1}}, "layout"),
        ({"found": 9, "stored": 5, "failed": 4, "failure_kinds": {"layout": 4}}, "partial"),
        ({"found": 3, "failed": 3, "failure_kinds": {"http": 3}}, "network"),
        ({"found": 3, "failure_kinds": {"gone": 3}}, "nothing_new"),
        ({"found": 5, "failure_kinds": {"gone": 5}}, "layout"),
        ({"found": 6, "stored": 1, "failure_kinds": {"gone": 5}}, "ok"),
        ({"found": 4, "stored": 1, "failure_kinds": {"gone": 3}}, "ok"),
        ({"found": 5, "stored": 5, "crashes": 1}, "partial"),
        ({"found": 5, "stored": 5, "moved": 3}, "layout"),
        ({"found": 9, "stored": 8, "moved": 3}, "ok"),
        ({"found": 2, "stored": 2, "moved": 2, "moved_lately": 2}, "ok"),
        ({"found": 2, "stored": 2, "moved": 1, "moved_lately": 3}, "layout"),
        ({"found": 9, "stored": 9, "moved": 1, "moved_lately": 3}, "ok"),
        ({"found": 2, "stored": 2, "moved": 0, "moved_lately": 3}, "ok"),
        ({"found": 5, "stored": 4, "failed": 1, "moved": 4}, "layout"),
        ({"lists": [Problem("http", "x")], "stored": 5}, "network"),
        ({"lists": [Problem("layout", "x"), Problem("blocked", "y")]}, "layout"),
        ({"lists": [Problem("empty", "x")]}, "empty"),
        ({"lists": [Problem("partial", "x")], "stored": 5}, "partial"),
        ({"lists": [Problem("layout", "x")], "ended": Problem("interrupted", "y")}, "interrupted"),
        ({"ended": Problem("storage", "x"), "stored": 5}, "storage"),
        ({"ended": Problem("blocked", "x"), "stored": 5}, "blocked"),
    ],
)
def test_outcome_of(evidence, expected):
    assert outcome(**evidence) == expected


def test_one_empty_list_of_many_is_told_but_no_fault():
    assert decide_outcome(Evidence(found=3, stored=3, lists_read=2, empty_lists=["1111"])) == Outcome(
        "ok", "nothing in the list 1111"
    )


def test_all_lists_empty_is_an_outcome_of_its_own():
    assert decide_outcome(Evidence(empty_lists=["roll"])).name == "empty"


def test_advice_says_what_the_lists_trouble_was():
    ended = decide_outcome(Evidence(lists=[Problem("http", "list roll: HTTP status 500")]))
    assert ended == Outcome("network", "list roll: HTTP status 500")
    assert ended.exit_status == 7


@pytest.mark.parametrize("kind", FAILURE_KINDS)
def test_every_kind_of_failure_has_an_exit_status_of_its_own_that_is_no_success(kind):
    assert status_of_failure(kind) > 0
    assert decide_outcome(Evidence(lists=[Problem(kind, "x")])).exit_status > 0


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (UsageError("x"), "usage"),
        (LockedError("x"), "running"),
        (StorageError("x"), "storage"),
        (LayoutError("x"), "partial"),
        (ZeroDivisionError("x"), "partial"),
    ],
)
def test_outcome_of_an_error(error, expected):
    assert outcome_of_error(error).name == expected


def breaker_after(*kinds):
    breaker = Breaker()
    for kind in kinds:
        breaker.note(kind)
    return breaker.opened("HTTP status 403")


def test_breaker_opens_at_the_fifth_block_in_a_row():
    assert breaker_after(*["blocked"] * 4) is None
    assert breaker_after(*["blocked"] * 5) == Problem("blocked", "5 requests in a row were refused: HTTP status 403")


def test_breaker_opens_at_the_fifth_network_failure_in_a_row_server_errors_included():
    assert breaker_after("network", "http", "network", "http", "network").kind == "network"


@pytest.mark.parametrize("between", ["", "gone", "layout", "network"])
def test_breaker_starts_anew_after_anything_else(between):
    assert breaker_after(*["blocked"] * 4, between, *["blocked"] * 4) is None


def test_articles_read_without_the_rule_are_worth_a_word():
    told = decide_outcome(Evidence(lists_read=1, found=9, stored=8, moved=1))
    assert (told.name, told.advice) == (
        "ok",
        "1 articles were read without the site's rule, which did not find their bodies",
    )


def test_what_was_left_out_is_told_beside_what_failed():
    evidence = Evidence(found=9, stored=8, failed=1, failure_kinds={"http": 1}, notes=["list x: goes on"])
    assert decide_outcome(evidence).advice == "1 page is not stored; list x: goes on"


GOOD = {"ok", "nothing_new"}


@pytest.mark.parametrize("name", EXIT_STATUS)
def test_every_outcome_ends_in_one_line_that_says_what_to_do(name):
    told = closing_line(result_of(Outcome(name, "what happened"), "eastmoney", counts={"found": 1, "new": 0}))
    assert told.startswith(f"eastmoney: {name} (found 1, new 0) - what happened")
    assert "\n" not in told
    assert "{" not in told
    to_do = what_to_do(Outcome(name), "eastmoney")
    assert bool(to_do) == (name not in GOOD | {"usage"}), "the sentence of a usage error says itself what to write"
    assert told.endswith(f"; {to_do}" if to_do else "what happened")


def test_outcomes_and_what_to_do_are_about_the_same():
    assert TO_DO.keys() == EXIT_STATUS.keys()


def test_what_to_do_names_the_source():
    assert what_to_do(Outcome("layout"), "cls_depth").startswith("`newscrawl check cls_depth` shows which fields")


def test_a_problem_that_knows_better_says_what_to_do():
    ended = decide_outcome(Evidence(lists=[Problem("partial", "list roll: a gap", "fill {source}")]))
    assert what_to_do(ended, "cls_depth") == "fill cls_depth"


def test_a_fault_of_ours_is_not_called_the_sites():
    assert "newscrawl's own" in what_to_do(outcome_of_error(ZeroDivisionError("x")), "eastmoney")
    assert "newscrawl's own" in what_to_do(decide_outcome(Evidence(crashes=1)), "eastmoney")
