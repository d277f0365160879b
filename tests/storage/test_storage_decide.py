from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newscrawl.items import Article
from newscrawl.storage.decide import Outcome, Stored, decide, is_same_article, is_same_text
from tests.storage.conftest import make_article

EDITED = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def stored(**changes: Any) -> Stored:
    fields: dict[str, Any] = {
        "id": 7,
        "source": "cls_telegraph",
        "source_id": "1",
        "content_hash": "1:aa",
        "modified_at": None,
        "published_at": datetime(2026, 11, 20, 13, 46, 1, tzinfo=UTC),
        "content_since": datetime(2026, 11, 20, 14, 0, 0, tzinfo=UTC),
    }
    return Stored(**(fields | changes))


@pytest.mark.parametrize(
    ("article", "content_hash", "match", "outcome"),
    [
        (make_article(), "1:aa", None, Outcome.NEW),
        (make_article(), "1:aa", stored(), Outcome.UNCHANGED),
        (make_article(), "1:bb", stored(), Outcome.CHANGED),
        (make_article(), "1:aa", stored(source="cls_depth"), Outcome.DUPLICATE),
        (make_article(), "1:bb", stored(source="cls_depth"), Outcome.DUPLICATE),
        (make_article(modified_at=EDITED), "1:bb", stored(modified_at=EDITED), Outcome.CHANGED),
        (make_article(modified_at=EDITED), "1:bb", stored(), Outcome.CHANGED),
        (make_article(), "1:bb", stored(modified_at=EDITED), Outcome.CHANGED),
        (
            make_article(modified_at=EDITED - timedelta(seconds=1)),
            "1:bb",
            stored(modified_at=EDITED),
            Outcome.UNCHANGED,
        ),
    ],
)
def test_outcomes(article: Article, content_hash: str, match: Stored | None, outcome: Outcome) -> None:
    assert decide(article, content_hash, match) is outcome


@pytest.mark.parametrize(
    ("article", "candidate", "same"),
    [
        (make_article(1), stored(source_id="2"), False),
        (make_article(1), stored(source_id="1"), True),
        (make_article(1), stored(source_id=None), True),
        (make_article(1, source_id=None), stored(source_id="2"), True),
        (make_article(1), stored(source="eastmoney", source_id="2"), True),
    ],
)
def test_two_ids_of_one_source_are_two_articles(article: Article, candidate: Stored, same: bool) -> None:
    assert is_same_article(article, candidate) is same


@pytest.mark.parametrize(("hours", "same"), [(0, True), (48, True), (-48, True), (48.01, False), (-48.01, False)])
def test_one_text_of_two_sources_is_one_article_within_48_hours(hours: float, same: bool) -> None:
    other = stored(source="eastmoney", published_at=make_article().published_at + timedelta(hours=hours))
    assert is_same_text(make_article(), other) is same


def test_one_text_of_unknown_date_is_not_the_same_article() -> None:
    assert not is_same_text(make_article(), stored(source="eastmoney", published_at=None))
    assert not is_same_text(make_article(published_at=None, published_precision=None), stored(source="eastmoney"))


def test_one_text_of_one_source_is_the_same_only_where_nothing_else_tells_articles_apart() -> None:
    nameless = make_article(url="", source_id=None)
    assert is_same_text(nameless, stored(source_id=None))
    assert not is_same_text(nameless, stored())
    assert not is_same_text(make_article(), stored(source_id=None))
