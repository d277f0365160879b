"""Saving a batch of articles: each is matched and decided on, then all rows are written, a few statements a table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlite_utils import Database

from newscrawl.items import Article
from newscrawl.storage.decide import Outcome, Stored, decide, is_outdated
from newscrawl.storage.lookup import addresses, article_columns, find_match, is_taken, parts_of, sighted, sightings_of
from newscrawl.storage.rows import PARTS, Row, article_row, part_rows, refreshed, revision_row, storable
from newscrawl.storage.timetext import to_text, to_text_or_none

_Key = tuple[str, object]


class Batch:
    """Collects the rows of several articles inside the caller's transaction.

    An article that may meet one collected before (same id, address, text or counterpart) has those written first, so
    that every decision sees what came before it.
    """

    def __init__(self, db: Database, now: datetime) -> None:
        self._db = db
        self._now = to_text(now)
        self._inserts: dict[str, list[Row]] = defaultdict(list)
        self._upserts: dict[str, list[Row]] = defaultdict(list)
        self._stale: dict[str, list[int]] = defaultdict(list)
        self._touched: set[_Key] = set()
        self._next_id: int = db.execute("select coalesce(max(id), 0) + 1 from articles").fetchone()[0]

    def take(self, article: Article) -> Outcome:
        """Decides on one article and collects its rows."""
        new = article_row(article)
        self._settle(_keys(article, new["content_hash"]))
        match = find_match(self._db, article, new["content_hash"])
        outcome = decide(article, new["content_hash"], match)
        if match is None:
            self._add(article, new)
        else:
            self._settle([("article", match.id)])
            self._meet_again(article, new, match, outcome)
        return outcome

    def write(self) -> None:
        """Writes all collected rows; the next ones begin anew."""
        for table, ids in self._stale.items():
            marks = ", ".join("?" * len(ids))
            self._db.table(table).delete_where(f"article_id in ({marks})", ids)
        for table in ("articles", "sightings"):
            self._db.table(table).upsert_all(_as_lists(self._upserts[table]), pk=_PRIMARY_KEYS[table])
        for table in ("articles", "sightings", *PARTS, "revisions"):
            self._db.table(table).insert_all(_as_lists(self._inserts[table]))
        for collected in (self._inserts, self._upserts, self._stale, self._touched):
            collected.clear()

    def _settle(self, keys: Iterable[_Key]) -> None:
        keys = set(keys)
        if keys & self._touched:
            self.write()
        self._touched |= keys

    def _add(self, article: Article, new: Row) -> None:
        article_id, self._next_id = self._next_id, self._next_id + 1
        if new["url"] and is_taken(self._db, new["url"]):
            new["url"] = None
        since = dict.fromkeys(("content_since", "first_seen_at", "updated_at"), self._now)
        self._inserts["articles"].append(
            {"id": article_id, **new, **since, "story_id": None, "backfilled": int(article.backfilled)}
        )
        self._add_parts(article_id, part_rows(article))
        self._inserts["sightings"] += self._sightings(article, article_id, {})

    def _meet_again(self, article: Article, new: Row, match: Stored, outcome: Outcome) -> None:
        earlier = {(row["source"], row["url"]): row for row in sightings_of(self._db, match.id)}
        self._upserts["sightings"] += self._sightings(article, match.id, earlier)
        if outcome is Outcome.DUPLICATE or is_outdated(article, match):
            return
        old, parts = article_columns(self._db, match.id), parts_of(self._db, match.id)
        changed = outcome is Outcome.CHANGED
        row, new_parts = self._completed(old, new, changed), _new_parts(parts, part_rows(article), changed)
        if row == old and new_parts == parts:
            return
        if changed:
            self._inserts["revisions"].append(revision_row(old, parts, self._now))
            row["content_since"] = self._now
        self._upserts["articles"].append(row | {"updated_at": self._now})
        if new_parts != parts:
            self._replace_parts(match.id, new_parts)

    def _completed(self, old: Row, new: Row, changed: bool) -> Row:
        """The old row brought up to date; an id or address that it lacked is filled in."""
        row = refreshed(old, new, text_changed=changed)
        row["source_id"] = old["source_id"] or new["source_id"]
        if old["url"] is None and new["url"] and not is_taken(self._db, new["url"]):
            row["url"] = new["url"]
        return row

    def _replace_parts(self, article_id: int, parts: dict[str, list[Row]]) -> None:
        for table in PARTS:
            self._stale[table].append(article_id)
        self._add_parts(article_id, parts)

    def _add_parts(self, article_id: int, parts: dict[str, list[Row]]) -> None:
        for table, part in parts.items():
            self._inserts[table] += [{"article_id": article_id, **row} for row in part]

    def _sightings(self, article: Article, article_id: int, earlier: dict[tuple[str, str], Row]) -> list[Row]:
        """The article's addresses as rows; what an earlier sighting said stays where nothing new is said."""
        publisher, published_at = storable(article.publisher), to_text_or_none(article.published_at)
        sightings = []
        for url in sighted(article):
            before = earlier.get((article.source, url), {})
            sightings.append(
                {
                    "article_id": article_id,
                    "source": article.source,
                    "url": url,
                    "publisher": publisher or before.get("publisher"),
                    "published_at": published_at or before.get("published_at"),
                    "first_seen_at": before.get("first_seen_at", self._now),
                    "last_seen_at": max(before.get("last_seen_at", ""), self._now),
                }
            )
        return sightings


_PRIMARY_KEYS: dict[str, str | tuple[str, ...]] = {
    "articles": "id",
    "sightings": ("article_id", "source", "url"),
}


def _keys(article: Article, content_hash: str) -> list[_Key]:
    """What another article of the batch could be matched by."""
    keys: list[_Key] = [("address", url) for url in addresses(article)]
    keys += [("text", content_hash), ("id", (article.source, article.source_id or content_hash))]
    return keys


def _as_lists(rows: list[Row]) -> Iterator[Sequence[object]]:
    """Rows of one shape as sqlite-utils takes them fastest: the names, then the values of each row."""
    if rows:
        yield list(rows[0])
        yield from (tuple(row.values()) for row in rows)


def _new_parts(old: dict[str, list[Row]], new: dict[str, list[Row]], changed: bool) -> dict[str, list[Row]]:
    """The parts after an update: images and stocks go with the text, what the newcomer lacks otherwise stays."""
    return {name: new[name] or ([] if changed and name != "tags" else old[name]) for name in PARTS}
