"""What the pages show, from the database alone. Each function makes the few queries of one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from newscrawl.items import BEIJING
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.rows import Row
from newscrawl.storage.timetext import now_utc
from newscrawl.storage.wordings import changes
from newscrawl.web.span import Span

PAGE = 30
"""Stories on a page."""
_LISTED = "id, published_at, published_ts, published_precision, kind, headline, publisher, source"
_NEWEST = f"""
    select {_LISTED} from articles where published_ts is not null {{}}
    order by published_ts desc, id desc limit {PAGE + 1}
"""
_OLDER = "and published_ts <= :second and (published_ts < :second or id < :id)"
# By the index of the code, then each article by its number.
_OF_STOCK = f"""
    select {_LISTED} from stocks s cross join articles a on a.id = s.article_id
    where code = :code and market = :market and published_ts is not null {{}}
    order by published_ts desc, id desc limit {PAGE + 1}
"""
_NEWEST_OF_STOCK = f"""
    select {_LISTED} from articles a where published_ts is not null {{}}
    and exists (select 1 from stocks where article_id = a.id and code = :code and market = :market)
    order by published_ts desc, id desc limit {PAGE + 1}
"""
_OFTEN = 1_000
"""Of a security that so many stories name one soon meets a page of them on the way from the newest story back."""
# Counted by the index of codes alone; the names of a sample, for the rows of a security that is often named are many.
_STOCK = f"""
    select code, market, max(name) as name, (select count(*) from stocks where code = :code) as stories
    from (select * from stocks where code = :code and (:market is null or market = :market) limit {_OFTEN})
    group by 1, 2 order by count(*) desc
"""
_STOCK_DAYS = """
    select published_date as day, count(*) as stories, 'stories' as series
    from articles a where published_date between :first_day and :last_day
    and exists (select 1 from stocks where article_id = a.id and code = :code and market = :market)
    group by 1 order by 1
"""
_STORY = "select * from story_copies where story_id = :id order by place"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: after the story of this second and number."""

    second: int
    id: int

    def __str__(self) -> str:
        return f"{self.second}.{self.id}"

    @classmethod
    def read(cls, text: str | None) -> "Place | None":
        """What str() wrote; None for anything else, which shows the list from its beginning."""
        second, _, number = (text or "").partition(".")
        if not (second.isascii() and number.isascii() and second.isdecimal() and number.isdecimal()):
            return None
        return cls(int(second[:_DIGITS]), int(number[:_DIGITS]))


_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Listed:
    """Some stories of a list, and where it goes on."""

    rows: Sequence[Row]
    after: Place | None


def newest(db: Database, after: Place | None = None) -> Listed:
    """The newest stories, or those after a place; without those that have no date."""
    return _listed(_rows(db, _NEWEST.format(_OLDER if after else ""), _values(after)))


def of_stock(db: Database, stock: Row, after: Place | None = None) -> Listed:
    """The newest stories that name a security, which is a row of stocks_of."""
    sql = _NEWEST_OF_STOCK if stock["stories"] > _OFTEN else _OF_STOCK
    values = {"code": stock["code"], "market": stock["market"]} | _values(after)
    return _listed(_rows(db, sql.format(_OLDER if after else ""), values))


def stocks_of(db: Database, code: str, market: str | None) -> list[Row]:
    """The securities of a code with their names: most often one, none where it is unknown. `stories` name the code."""
    return _rows(db, _STOCK, {"code": code, "market": market})


def stock_days(db: Database, code: str, market: str, span: Span) -> list[Row]:
    """Day and number of the stories that name a security."""
    return _rows(db, _STOCK_DAYS, {"code": code, "market": market} | span.params)


def article(db: Database, article_id: int) -> dict[str, Any] | None:
    """One article whole (see ArticleStore.get), with `copies` of its story and `changes` of its wording."""
    store = ArticleStore(db)
    found = store.get(article_id)
    if found is not None:
        found |= {"copies": store.copies(article_id), "changes": changes(db, article_id)}
    return found


def story(db: Database, story_id: int) -> list[Row]:
    """Who carried a story, the first first; empty where there is none of this number."""
    return _rows(db, _STORY, {"id": story_id})


def newest_day(db: Database) -> date:
    """The day of the newest story that is not dated ahead; today without any."""
    today = now_utc().astimezone(BEIJING).date()
    sql = "select max(published_date) from articles where published_date <= ?"
    [(found,)] = db.execute(sql, [str(today)]).fetchall()
    return date.fromisoformat(found) if found else today


def _rows(db: Database, sql: str, values: Mapping[str, object]) -> list[Row]:
    return list(db.query(sql, dict(values)))


def _values(after: Place | None) -> dict[str, object]:
    return {"second": after.second, "id": after.id} if after else {}


def _listed(found: Sequence[Row]) -> Listed:
    shown = found[:PAGE]
    return Listed(shown, Place(shown[-1]["published_ts"], shown[-1]["id"]) if len(found) > PAGE else None)
