"""Saving a batch of articles: each is matched and decided on, then all rows are written, a few statements a table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from newscrawl.items import Article
from newscrawl.storage.decide import Outcome, Stored, decide, is_outdated
from newscrawl.storage.lookup import (
    Key,
    article_columns,
    find_match,
    is_taken,
    keys_of,
    parts_of,
    sighted,
    sightings_of,
    stored_keys,
)
from newscrawl.storage.rows import PARTS, Row, article_row, part_rows, refreshed, revision_row, storable
from newscrawl.storage.timetext import to_text, to_text_or_none


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with all that is written of it. What cannot be written of an article shows when it is prepared."""

    article: Article
    row: Row
    parts: dict[str, list[Row]]
    keys: set[Key]


def prepare(article: Article) -> Prepared:
    """The article as rows. Any error here is about this article alone: no transaction is open yet."""
    row = article_row(article)
    return Prepared(article, row, part_rows(article), keys_of(article, row["content_hash"]))


def save(db: Database, prepared: Sequence[Prepared], now: datetime) -> list[Outcome]:
    """What became of each article, in order. Call it inside a transaction: it opens none."""
    batch = _Batch(db, now, stored_keys(db, set().union(*(each.keys for each in prepared))))
    outcomes = [batch.take(each) for each in prepared]
    batch.write()
    return outcomes


class _Batch:
    """Collects the rows of several articles inside the caller's transaction.

    An article that may meet one collected before (same id, address, text or counterpart) has those written first, so
    that every decision sees what came before it.
    """

    def __init__(self, db: Database, now: datetime, known: set[Key]) -> None:
        self._db = db
        self._now = to_text(now)
        self._inserts: dict[str, list[Row]] = defaultdict(list)
        self._upserts: dict[str, list[Row]] = defaultdict(list)
        self._stale: dict[str, list[int]] = defaultdict(list)
        self._known = known
        """What was in the database before, or was collected: an article without such a key is new."""
        self._unwritten: set[Key] = set()
        self._next_id: int = db.execute("select coalesce(max(id), 0) + 1 from articles").fetchone()[0]

    def take(self, new: Prepared) -> Outcome:
        """Decides on one article and collects its rows."""
        match = self._match(new)
        outcome = decide(new.article, new.row["content_hash"], match)
        if match is None:
            self._add(new)
        else:
            self._meet_again(new, match, outcome)
        self._known |= new.keys
        return outcome

    def write(self) -> None:
        """Writes all collected rows; the next ones begin anew."""
        for table, ids in self._stale.items():
            marks = ", ".join("?" * len(ids))
            self._db.table(table).delete_where(f"article_id in ({marks})", ids)
        for table, rows in self._upserts.items():
            self._db.table(table).upsert_all(_as_lists(rows), pk=_PRIMARY_KEYS[table])
        for table in ("articles", "sightings", *PARTS, "revisions"):  # what others refer to goes first
            if self._inserts[table]:
                self._db.table(table).insert_all(_as_lists(_without_empty(self._inserts[table])))
        for collected in (self._inserts, self._upserts, self._stale, self._unwritten):
            collected.clear()

    def _match(self, new: Prepared) -> Stored | None:
        """The article's counterpart, as it is with everything written that could bear on it."""
        if new.keys & self._unwritten:
            self.write()
        match = self._find(new)
        if match and ("article", str(match.id)) in self._unwritten:
            self.write()
            match = self._find(new)
        self._unwritten |= new.keys
        if match:
            self._unwritten.add(("article", str(match.id)))
        return match

    def _find(self, new: Prepared) -> Stored | None:
        return find_match(self._db, new.article, new.row["content_hash"]) if new.keys & self._known else None

    def _add(self, new: Prepared) -> None:
        article_id, self._next_id = self._next_id, self._next_id + 1
        url = new.row["url"]
        if ("address", url) in self._known and is_taken(self._db, url):
            url = None
        since = dict.fromkeys(("content_since", "first_seen_at", "updated_at"), self._now)
        backfilled = int(new.article.backfilled)
        self._inserts["articles"].append({"id": article_id, **new.row, "url": url, **since, "backfilled": backfilled})
        self._add_parts(article_id, new.parts)
        self._inserts["sightings"] += self._sightings(new.article, article_id, {})

    def _meet_again(self, new: Prepared, match: Stored, outcome: Outcome) -> None:
        earlier = {(row["source"], row["url"]): row for row in sightings_of(self._db, match.id)}
        self._upserts["sightings"] += self._sightings(new.article, match.id, earlier)
        if outcome is Outcome.DUPLICATE or is_outdated(new.article, match):
            return
        old, parts = article_columns(self._db, match.id), parts_of(self._db, match.id)
        changed = outcome is Outcome.CHANGED
        row, new_parts = self._completed(old, new.row, changed), _new_parts(parts, new.parts, changed)
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


def _without_empty(rows: list[Row]) -> list[Row]:
    """New rows without the columns that are NULL in all of them: sqlite-utils looks at every value."""
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in names} for row in rows]


def _as_lists(rows: list[Row]) -> Iterator[Sequence[object]]:
    """Rows of one shape as sqlite-utils takes them fastest: the names, then the values of each row."""
    if rows:
        yield list(rows[0])
        yield from (tuple(row.values()) for row in rows)


def _new_parts(old: dict[str, list[Row]], new: dict[str, list[Row]], changed: bool) -> dict[str, list[Row]]:
    """The parts after an update: images and stocks go with the text, what the newcomer lacks otherwise stays."""
    return {name: new[name] or ([] if changed and name != "tags" else old[name]) for name in PARTS}
