"""A database on disk, a clock that stands still until it is moved, and articles of our own invention."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from newscrawl.items import Article
from newscrawl.storage.database import open_database
from newscrawl.storage.ledger import Ledger

MakeArticle = Callable[..., Article]
OpenLedger = Callable[..., Ledger]


@dataclass
class Clock:
    """Call it for the time; it stands still until moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 20, 14, 0, 0, tzinfo=UTC))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    database = open_database(path)
    yield database
    database.close()


@pytest.fixture
def open_ledger(db: Database, clock: Clock) -> OpenLedger:
    def opened(source: str = "cls_telegraph", *, batch: int = 100) -> Ledger:
        return Ledger(db, source, version="0.1.0", clock=clock, batch=batch)

    return opened


@pytest.fixture
def ledger(open_ledger: OpenLedger) -> Ledger:
    return open_ledger()


@pytest.fixture
def make() -> MakeArticle:
    return make_article


def make_article(number: int = 1, aliases: tuple[str, ...] = (), **changes: object) -> Article:
    """An article of cls_telegraph, seen at its own address and at `aliases`; every field can be given."""
    fields: dict[str, object] = {
        "source": "cls_telegraph",
        "url": f"https://www.cls.cn/detail/{number}",
        "source_id": str(number),
        "kind": "article",
        "title": f"青禾电池第{number}座工厂投产",
        "published_at": datetime(2026, 11, 20, 13, 46, 0, tzinfo=UTC) + timedelta(seconds=number),
        "published_precision": "second",
        "published_raw": "1795182360",
        "body": f"青禾电池今日宣布，第{number}座工厂投产。\n年产能为三吉瓦时。",
        "body_html": f"<p>青禾电池今日宣布，第{number}座工厂投产。</p><p>年产能为三吉瓦时。</p>",
        "fetched_at": datetime(2026, 11, 20, 14, 0, 0, tzinfo=UTC),
    }
    fields |= changes
    return Article(**({"seen_at": (fields["url"], *aliases)} | fields))  # type: ignore[arg-type]
