"""Archived answers handed to the store again: what they may change, and whose the change is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from newscrawl.items import Article, Tag
from newscrawl.storage.archive import Archive
from newscrawl.storage.database import open_database
from newscrawl.storage.decide import Outcome
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.prepared import prepare
from newscrawl.storage.saving import save
from newscrawl.storage.sightings import Touch
from newscrawl.storage.transactions import immediate
from tests.storage.conftest import Clock, make_article

NOON = datetime(2026, 11, 20, 4, 0, 0, 250, tzinfo=UTC)
NEW, CHANGED, REREAD, UNCHANGED = Outcome.NEW, Outcome.CHANGED, Outcome.REREAD, Outcome.UNCHANGED


def came(minute: float, body: str, **changes: Any) -> Article:
    """The answer of a minute, as it is read."""
    return make_article(1, body=body, fetched_at=NOON + timedelta(minutes=minute), **changes)


def crawl(db: Database, *articles: Article) -> list[Outcome]:
    """Each stored two seconds after it came."""
    outcomes = []
    for article in articles:
        with immediate(db):
            saved = save(db, [prepare(article)], article.fetched_at + timedelta(seconds=2))
        outcomes += [each.outcome for each in saved]
    return outcomes


def replay(db: Database, *articles: Article, days: int = 30) -> list[Outcome]:
    with immediate(db):
        saved = save(db, [prepare(article) for article in articles], NOON + timedelta(days=days), replayed=True)
    return [each.outcome for each in saved]


def text(db: Database) -> str:
    [body] = [row["body"] for row in db.query("select body from articles")]
    return str(body)


def times(db: Database) -> list[dict[str, Any]]:
    return list(db.query("select first_seen_at, updated_at, content_since from articles"))


def test_the_same_answer_read_differently_is_a_change_of_ours(db: Database) -> None:
    crawl(db, came(0, "甲"))
    before = times(db)
    assert replay(db, came(0, "乙")) == [REREAD]
    assert (text(db), times(db)) == ("乙", before)
    [row] = db.query(
        "select r.reason, r.body, r.valid_from = a.content_since as begins, r.valid_to = a.reread_at as ends from revisions r join articles a on a.id = r.article_id"
    )
    assert row == {"reason": "reader", "body": "甲", "begins": 1, "ends": 1}
    assert [row["body"] for row in db.query("select body from states")] == ["乙"]


def test_what_is_read_beside_the_text_makes_no_revision(db: Database) -> None:
    crawl(db, came(0, "甲"))
    before = times(db)
    assert replay(db, came(0, "甲", editor="李四", tags=(Tag("level", "B"),))) == [REREAD]
    assert times(db) == before
    assert [(row["editor"], row["reread_at"] is None) for row in db.query("select * from articles")] == [
        ("李四", False)
    ]
    assert db.table("revisions").count == 0
    assert db.table("tags").count == 1


def test_an_older_answer_changes_nothing_at_all(db: Database) -> None:
    crawl(db, came(0, "甲"), came(5, "乙"))
    before = "\n".join(db.conn.iterdump())
    assert replay(db, came(0, "丙"), came(4, "丁", editor="李四")) == [UNCHANGED, UNCHANGED]
    assert "\n".join(db.conn.iterdump()) == before


def test_a_newer_answer_that_nobody_stored_is_the_publishers_word(db: Database) -> None:
    crawl(db, came(0, "甲"))
    assert replay(db, came(5, "乙"), came(9, "乙")) == [CHANGED, UNCHANGED]
    assert [row["reason"] for row in db.query("select reason from revisions")] == ["publisher"]
    assert replay(db, came(5, "丙")) == [UNCHANGED], "the answer of minute 9 is known by now"
    assert text(db) == "乙"
    assert [row["last_seen_at"][11:19] for row in db.query("select last_seen_at from sightings")] == ["12:09:00"]


def test_an_old_copy_from_a_cache_does_not_pass_for_the_newest_answer(db: Database) -> None:
    edited, first = NOON - timedelta(hours=1), NOON - timedelta(hours=2)
    crawl(db, came(0, "甲", modified_at=edited), came(5, "旧", modified_at=first))
    assert replay(db, came(5, "旧二", modified_at=first)) == [UNCHANGED]
    assert replay(db, came(0, "乙", modified_at=edited)) == [REREAD]
    assert text(db) == "乙"


def test_another_sources_twin_stays_one(db: Database) -> None:
    twin = came(1, "甲", source="eastmoney", source_id="8", url="https://finance.example.cn/a/8.html")
    assert crawl(db, came(0, "甲"), twin) == [NEW, Outcome.DUPLICATE]
    assert replay(db, twin) == [UNCHANGED]
    other = came(1, "丙", source="eastmoney", source_id="8", url="https://finance.example.cn/a/8.html")
    assert replay(db, other) == [UNCHANGED]
    assert text(db) == "甲"


def test_a_database_of_before_knows_of_no_answer_and_takes_the_first_that_may_be_it(db: Database) -> None:
    crawl(db, came(0, "甲"), came(60, "乙"))
    db.execute("update sightings set read_at = null")
    assert replay(db, came(0, "甲"), came(60, "丙"), came(61, "丙")) == [UNCHANGED, REREAD, UNCHANGED]
    assert text(db) == "丙"
    assert sorted(row["reason"] for row in db.query("select reason from revisions")) == ["publisher", "reader"]


answers = st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=8)


@given(answers, st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_replayed_in_whatever_order_the_newest_answer_stands(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    db = open_database(tmp_path_factory.mktemp("replayed") / "news.db")
    minutes = range(len(texts))
    crawled = sorted(data.draw(st.sets(st.sampled_from(minutes))))
    replayed = data.draw(st.lists(st.sampled_from(minutes), min_size=0 if crawled else 1))
    changed = data.draw(st.booleans())
    crawl(db, *(came(minute, texts[minute]) for minute in crawled))
    for minute in replayed:
        replay(db, came(minute, texts[minute] + "改" * changed))
    newest = max([*crawled, *replayed])
    assert text(db) in {texts[newest], texts[newest] + "改" * (newest in replayed and changed)}
    if newest in replayed:
        assert text(db) == texts[newest] + "改" * changed
    elif crawled and newest == crawled[-1]:
        assert text(db) == texts[newest]
    if not changed:
        assert db.execute("select count(*) from revisions where reason = 'reader'").fetchone() == (0,)
    db.close()


# -- ids that must be what they were ------------------------------------------------------------------------------------


def test_articles_have_the_numbers_that_they_are_told(db: Database, clock: Clock) -> None:
    articles = [make_article(number) for number in (1, 2, 3)]
    told = [prepare(article, number) for article, number in zip(articles, (7, 4, 7), strict=True)]
    with immediate(db):
        saved = save(db, told, clock())
    assert [(each.outcome, each.number) for each in saved] == [(NEW, 7), (NEW, 4), (CHANGED, 7)]
    assert [row["id"] for row in db.query("select id from articles order by id")] == [4, 7]
    with immediate(db):
        [next_one] = save(db, [prepare(make_article(9))], clock())
    assert next_one.number == 8


def test_two_numbers_that_are_one_article_today_become_one(db: Database, clock: Clock) -> None:
    with immediate(db):
        saved = save(db, [prepare(make_article(1), 1), prepare(make_article(1), 2)], clock())
    assert [(each.outcome, each.number, each.touch) for each in saved] == [
        (NEW, 1, Touch.CONTENT),
        (UNCHANGED, 1, Touch.NOTHING),
    ]


# -- an archive that cannot be told -------------------------------------------------------------------------------------


def test_what_cannot_be_told_to_the_archive_is_stored_all_the_same_and_said(
    db: Database, clock: Clock, tmp_path: Path
) -> None:
    archive = Archive(tmp_path / "warc")
    ledger = Ledger(db, "cls_telegraph", version="0", clock=clock, archive=archive)
    ledger.add(make_article(1))
    ledger.flush()
    [path] = (tmp_path / "warc").glob("*.warc.gz")
    path.unlink()
    ledger.add(make_article(2))
    with pytest.raises(Exception, match="was removed while it was in use"):
        ledger.flush()
    ledger.finish("storage", 8)
    assert db.table("articles").count == ledger.counts.new == 2
    assert [row["outcome"] for row in db.query("select outcome from runs")] == ["storage"]
