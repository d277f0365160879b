"""What a source's articles usually have, and what some of them lack."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.items import Article
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.usual import missing, record_of, same_hours, traits_of, usual_of

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def article(number, **changes):
    story = Article(
        source="example",
        url=f"https://www.example.com/{number}",
        source_id=str(number),
        kind="article",
        title="青禾电池投产",
        published_at=NOW - timedelta(hours=number),
        published_precision="second",
        published_raw=None,
        body=f"正文{number}" * 20,
        body_html="<p>正文</p>",
        fetched_at=NOW,
        publisher="财联社",
        provenance={"title": "rule", "publisher": "rule", "body": "rule"},
    )
    return replace(story, **changes)


@pytest.fixture
def db(tmp_path):
    database = open_database(tmp_path / "news.db")
    yield database
    database.close()


def store(db, *articles, at=NOW):
    ledger = Ledger(db, "example", version="0", clock=lambda: at)
    for each in articles:
        ledger.add(each)
    ledger.finish("ok", 0)


def test_record_tells_shares_layers_and_lengths_of_the_last_four_weeks(db):
    store(db, *(article(number, author="林一" if number % 4 == 0 else None) for number in range(40)))
    store(db, article(900, publisher=None), article(901, kind="flash", source="other"))
    usual = record_of(db, "example", NOW)["article"]
    assert usual.count == 40, "what was published five weeks ago is no part of it"
    assert (usual.share("publisher"), usual.share("author"), usual.share("images")) == (1.0, 0.25, 0.0)
    assert (usual.layer("publisher"), usual.layer("author")) == ("rule", None)
    assert usual.shortest == 60
    assert record_of(db, "other", NOW).keys() == set()


def test_undated_articles_count_when_they_were_met_within_the_time(db):
    undated = {"published_at": None, "published_precision": None}
    store(db, *(article(number, **undated) for number in range(5)), at=NOW - timedelta(weeks=5))
    store(db, *(article(number, **undated) for number in range(5, 8)), article(9))
    usual = record_of(db, "example", NOW)["article"]
    assert (usual.count, usual.share("published_at")) == (4, 0.25)


def test_what_came_after_an_id_is_left_out(db):
    store(db, *(article(number) for number in range(30)))
    store(db, *(article(number, publisher=None) for number in range(30, 60)))
    assert record_of(db, "example", NOW, last=30)["article"].share("publisher") == 1.0
    assert record_of(db, "example", NOW)["article"].share("publisher") == 0.5


def lacking(count, of, record=40, lack_in_record=0):
    usual = usual_of(traits_of(article(n, publisher=None if n < lack_in_record else "财联社")) for n in range(record))
    seen = usual_of(traits_of(article(n, publisher=None if n < count else "财联社")) for n in range(of))
    return [str(each) for each in missing(seen, usual, least=5, share=0.5)]


def test_a_field_is_missing_when_more_than_half_lack_it_that_nearly_all_had():
    assert lacking(8, 10) == ["publisher missing in 8 of 10, usually never"]
    assert lacking(8, 10, record=100, lack_in_record=1) == ["publisher missing in 8 of 10, usually 1 in 100"]
    assert lacking(5, 10) == [], "half is not more than half"
    assert lacking(4, 4) == [], "too few to tell"
    assert lacking(8, 10, record=19) == [], "too little of a record"
    assert lacking(8, 10, lack_in_record=3) == [], "it was missing before, too"


def test_same_hours_of_the_weeks_before(db):
    week = 7 * 24
    store(db, *(article(hours) for hours in (1, 2, week + 1, week + 2, week + 3, 2 * week + 1, 3 * week + 90)))
    now = int(NOW.timestamp())
    assert same_hours(db, "example", now - 4 * 3600, now) == [3, 1, 0]
    assert same_hours(db, "none", now - 4 * 3600, now) == []


def test_the_last_week_is_left_out_where_there_is_enough_without_it(db):
    store(db, *(article(200 + number) for number in range(100)), at=NOW - timedelta(days=8))
    store(db, *(article(number, publisher=None) for number in range(60)))
    undated = {"published_at": None, "published_precision": None}
    store(db, *(article(number, **undated) for number in range(60, 100)))
    usual = record_of(db, "example", NOW)["article"]
    assert (usual.count, usual.share("publisher"), usual.share("published_at")) == (100, 1.0, 1.0)
