"""The articles: reading one whole, finding one again, saving many."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from newscrawl.items import Article
from newscrawl.storage.decide import Outcome
from newscrawl.storage.lookup import parts_of, rows, sightings_of
from newscrawl.storage.prepared import prepare
from newscrawl.storage.rows import PARTS, Row, article_from, as_json, storable
from newscrawl.storage.saving import save
from newscrawl.storage.timetext import from_text, to_exact_text, to_text

_KNOWN = """
    select j.value from json_each(:urls) j cross join articles a on a.url = j.value
    where a.source != :source or :after is null or coalesce(a.published_at, a.first_seen_at) <= :after
    union
    select j.value from json_each(:urls) j
    cross join sightings s on s.url = j.value and s.source = :source
    cross join articles a on a.id = s.article_id
    where a.source != :source or :after is null or coalesce(a.published_at, a.first_seen_at) <= :after
"""
# By the index of sources alone, whose rows stand in order of their numbers: another one has all of the source's sorted.
_MOVED_LATELY = """
    select count(*) from (
        select provenance from articles indexed by idx_articles_source where source = ? order by id desc limit 5
    )
    where json_extract(provenance, '$.body') = 'generic'
"""
_SEEN_ADDRESSES = """
    insert into sightings (article_id, source, url, first_seen_at, last_seen_at)
    select a.id, :source, a.url, :now, :now from json_each(:urls) j cross join articles a on a.url = j.value
    where true
    on conflict do update set last_seen_at = max(last_seen_at, excluded.last_seen_at)
"""
_MET = """
    update sightings set last_seen_at = max(last_seen_at, :now), read_at = max(coalesce(read_at, ''), :read_at)
    where article_id = :number and source = :source and url in (select value from json_each(:urls))
"""
_SEEN_SIGHTINGS = """
    update sightings set last_seen_at = max(last_seen_at, :now)
    where source = :source and url in (select value from json_each(:urls))
"""


class ArticleStore:
    """Articles with everything that belongs to them. Reads see what is committed, and the caller's own transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, article_id: int) -> dict[str, Any] | None:
        """One article whole: its columns (`image_urls` as a list, `provenance` as a dictionary) and, each a list of
        dictionaries, `images`, `stocks`, `tags`, `sightings` and `revisions` (oldest first)."""
        found = rows(self._db, "select * from articles where id = ?", article_id)
        if not found:
            return None
        article = found[0]
        article |= {name: json.loads(article[name]) for name in ("image_urls", "provenance")}
        article |= parts_of(self._db, article_id)
        article["sightings"] = [_without_id(row) for row in sightings_of(self._db, article_id)]
        article["revisions"] = self._revisions(article_id)
        return article

    def copies(self, article_id: int) -> list[Row]:
        """The other articles of its story, oldest first: `id`, `published_at`, `source`, `publisher`, `headline`."""
        sql = """select o.id, o.published_at, o.source, o.publisher, o.headline
                 from articles a join articles o on o.story_id = a.story_id and o.id != a.id
                 where a.id = ? order by o.published_ts, o.id"""
        return rows(self._db, sql, article_id)

    def find(self, source: str, source_id: str) -> Article | None:
        """The article of a source by the site's own number."""
        return self._record("select * from articles where source = ? and source_id = ?", source, source_id)

    def find_url(self, url: str) -> Article | None:
        """The article that has, or else was last seen at, an address."""
        sql = """select a.* from articles a left join sightings s on s.article_id = a.id and s.url = ?1
                 where a.url = ?1 or a.id in (select article_id from sightings where url = ?1)
                 order by a.url = ?1 desc, s.last_seen_at desc, a.id limit 1"""
        return self._record(sql, url)

    def save(self, articles: Sequence[Article], now: datetime) -> list[Outcome]:
        """What became of each article, in order. Call it inside a transaction (see transactions.immediate)."""
        return [saved.outcome for saved in save(self._db, [prepare(article) for article in articles], now)]

    def known(self, source: str, urls: Sequence[str], *, recheck_after: datetime | None = None) -> set[str]:
        """Those addresses at which this source has been seen, or at which any source's article stands.

        With `recheck_after`, articles of this source published later (first seen, where the date is unknown) are
        left out, so that they are asked for again.
        """
        after = None if recheck_after is None else to_text(recheck_after)
        query = {"urls": as_json(list(urls)), "source": source, "after": after}
        return {url for (url,) in self._db.execute(_KNOWN, query)}

    def moved_lately(self, source: str) -> int:
        """Of the last few articles of a source, how many bodies the generic reader found."""
        return int(self._db.execute(_MOVED_LATELY, [source]).fetchone()[0])

    def read_at(self, source: str, urls: Sequence[str]) -> dict[str, datetime]:
        """When the newest answer came that was read at each of these addresses, where one was."""
        sql = """select url, max(read_at) from sightings
                 where source = ? and url in (select value from json_each(?)) and read_at is not null group by url"""
        return {url: from_text(text) for url, text in self._db.execute(sql, [source, as_json(list(urls))])}

    def seen(self, source: str, urls: Sequence[str], now: datetime) -> None:
        """Notes that these addresses of stored articles were met again. Call it inside a transaction."""
        note = {"urls": as_json(list(urls)), "source": source, "now": to_text(now)}
        self._db.execute(_SEEN_ADDRESSES, note)
        self._db.execute(_SEEN_SIGHTINGS, note)

    def met(self, number: int, source: str, urls: Sequence[str], read_at: datetime, now: datetime) -> bool:
        """Notes that an unchanged article was met again; False, where it is not known to stand at these addresses.

        `read_at` is when the answer came. Call it inside a transaction.
        """
        note = {"number": number, "source": source, "urls": as_json(list(urls)), "now": to_text(now)}
        updated = self._db.execute(_MET, note | {"read_at": to_exact_text(read_at)}).rowcount
        return bool(urls) and updated == len(urls)

    def _record(self, sql: str, *parameters: object) -> Article | None:
        found = rows(self._db, sql, *map(_as_stored, parameters))
        if not found:
            return None
        row = found[0]
        sightings = sightings_of(self._db, row["id"])
        seen_at = tuple(sighting["url"] for sighting in sightings if sighting["source"] == row["source"])
        return article_from(row, parts_of(self._db, row["id"]), seen_at)

    def _revisions(self, article_id: int) -> list[Row]:
        sql = "select * from revisions where article_id = ? order by valid_from, id"
        return [
            _without_id(row) | {name: json.loads(row[name]) for name in (*PARTS, "provenance")}
            for row in rows(self._db, sql, article_id)
        ]


def _as_stored(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def _without_id(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "article_id"}
