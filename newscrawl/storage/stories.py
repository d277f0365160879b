"""Articles as a stream, each with what belongs to it: whoever reads the whole database holds one row at a time."""

import json
from collections.abc import Iterator

from sqlite_utils import Database

from newscrawl.storage.rows import Row

# Image sizes by address; sightings in the order in which they were made.
_STORIES = """
    select a.*,
        (select json_group_array(json_array(kind, name)) from tags where article_id = a.id) as tags,
        (select json_group_array(json_array(code, market, name)) from stocks where article_id = a.id) as stocks,
        (select json_group_array(json_array(url, width, height)) from images where article_id = a.id) as sizes,
        (select json_group_array(url) from (select url from sightings where article_id = a.id and source = a.source
            order by first_seen_at, url)) as seen_at
    from articles a
    where (:source is null or a.source = :source) and (:since is null or a.published_ts >= :since)
"""


def stories(db: Database, *, source: str | None = None, since: int | None = None) -> Iterator[Row]:
    """Every article, in the order of its id, or those of a source and those published at a unix second or later.

    A row is the columns of `articles` and four lists: `tags` of [kind, name], `stocks` of [code, market, name], `sizes`
    of [image's address, width, height], and `seen_at`, the addresses at which its own source met it.
    """
    return _rows(db, f"{_STORIES} order by a.id", {"source": source, "since": since})


def newest_stories(
    db: Database, limit: int, *, source: str | None = None, since: int | None = None, until: str
) -> Iterator[Row]:
    """The newest of these articles, none dated later than the Beijing day `until`; rows as stories() gives them."""
    sql = f"""{_STORIES} and a.published_date <= :until
              order by a.published_ts desc, a.id limit :limit"""
    return _rows(db, sql, {"source": source, "since": since, "until": until, "limit": limit})


def newest_day(db: Database, *, source: str | None = None, until: str) -> str | None:
    """The Beijing day of the newest article that is dated no later than the day `until`; None when there is none."""
    sql = "select max(published_date) from articles where (? is null or source = ?) and published_date <= ?"
    (day,) = db.execute(sql, [source, source, until]).fetchone()
    return None if day is None else str(day)


def _rows(db: Database, sql: str, parameters: dict[str, object]) -> Iterator[Row]:
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    for values in cursor:
        row = dict(zip(names, values, strict=True))
        yield row | {name: json.loads(row[name]) for name in ("tags", "stocks", "sizes", "seen_at")}
