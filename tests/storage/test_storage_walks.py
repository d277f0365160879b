"""How far lists without times were read, and by what their servers tell whether they have changed."""

import pytest

from newscrawl.items import Failure
from newscrawl.storage.timetext import to_text
from newscrawl.storage.walks import Seen, Validators, Walked, channels_of, unread
from tests.storage.conftest import make_article

LIST = "https://www.a.example/list/"
URL = "https://www.cls.cn/detail/1"


def ended(ledger, clock, lists=None, reading="r"):
    ledger.with_end(lambda: ledger.walks.end(LIST, reading, lists or {}, clock()))
    ledger.finish("ok", 0)


def test_nothing_is_settled_before_a_walk_was_complete(ledger, clock):
    ledger.add(make_article(1))
    ledger.flush()
    ledger.walks.begin(LIST, "r")
    walked = ledger.walks.walked(LIST, "r")
    assert walked == Walked(under_way=True)
    assert not walked.settles(ledger.walks.first_seen([URL])[URL])


def test_complete_walk_settles_what_was_stored_by_then_and_nothing_later(open_ledger, clock):
    first = open_ledger()
    first.walks.begin(LIST, "r")
    first.add(make_article(1))
    ended(first, clock)
    second = open_ledger()
    second.walks.begin(LIST, "r")
    second.add(make_article(2))  # in the very second
    second.flush()
    walked = second.walks.walked(LIST, "r")
    seen = second.walks.first_seen([URL, URL.replace("/1", "/2"), "https://www.cls.cn/detail/3"])
    assert walked.under_way
    assert [walked.settles(seen.get(url)) for url in (URL, URL.replace("/1", "/2"), "x")] == [False, False, False]
    clock.move(seconds=1)
    ended(second, clock)
    walked = second.walks.walked(LIST, "r")
    assert (walked.under_way, walked.last_article) == (False, 2)
    assert all(walked.settles(each) for each in seen.values())


@pytest.mark.parametrize(
    ("at", "article", "under_way", "settled"),
    [
        ("2026-11-20 21:00:00+08:00", 5, False, True),
        ("2026-11-20 22:00:00+08:00", 5, False, True),
        ("2026-11-20 22:00:00+08:00", 5, True, False),
        ("2026-11-20 21:59:59+08:00", 5, True, True),
        ("2026-11-20 21:00:00+08:00", 6, False, False),
        ("2026-11-20 22:00:01+08:00", 5, False, False),
        ("2026-11-20 21:00:00+08:00", 0, False, True),
    ],
)
def test_what_settles_a_story(at, article, under_way, settled):
    walked = Walked("2026-11-20 22:00:00+08:00", 5, under_way)
    assert walked.settles(Seen(at, article)) is settled


def test_page_that_failed_counts_as_found(ledger, clock):
    ledger.fail(Failure(url=URL, source="cls_telegraph", kind="http", reason="500"))
    ended(ledger, clock)
    seen = ledger.walks.first_seen([URL])
    assert seen == {URL: Seen(to_text(clock()), 0)}
    assert ledger.walks.walked(LIST, "r").settles(seen[URL])


def test_run_that_was_cut_short_ends_no_walk(ledger, clock):
    ledger.walks.begin(LIST, "r")
    ledger.with_end(lambda: ledger.walks.end(LIST, "r", {}, clock()))
    ledger.finish("interrupted", 130)
    assert ledger.walks.walked(LIST, "r") == Walked(under_way=True)


def test_another_way_of_reading_begins_anew(ledger, clock, db):
    ended(ledger, clock)
    assert ledger.walks.walked(LIST, "other") == Walked()
    assert unread(db, "cls_telegraph", [LIST, "b"], "r") == ["b"]
    assert unread(db, "cls_telegraph", [LIST], "other") == [LIST]
    ledger.walks.begin(LIST, "other")
    assert ledger.walks.walked(LIST, "other") == Walked(under_way=True)
    assert ledger.walks.walked(LIST, "r") == Walked()
    assert channels_of(db, "cls_telegraph") == [LIST]
    assert channels_of(db, "another") == []


def test_validators_stand_from_a_complete_walk_to_the_next_that_begins(ledger, clock):
    told = Validators('"abc"', None, to_text(clock()))
    ended(ledger, clock, {LIST: told, LIST + "2": Validators(None, None, to_text(clock()))})
    assert ledger.walks.validators(LIST, clock()) == {LIST: told}
    assert told.headers == {"If-None-Match": '"abc"'}
    ledger.walks.begin(LIST, "r")
    assert ledger.walks.validators(LIST, clock()) == {}


def test_list_is_not_taken_at_its_word_for_longer_than_a_day(ledger, clock):
    told = Validators(None, "Fri, 20 Nov 2026 13:46:00 GMT", to_text(clock()))
    ended(ledger, clock, {LIST: told})
    assert ledger.walks.validators(LIST, clock.move(hours=24)) == {LIST: told}
    assert ledger.walks.validators(LIST, clock.move(seconds=1)) == {}
