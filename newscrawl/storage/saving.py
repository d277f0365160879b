"""Saving a batch of articles: each is matched and decided on, then all rows are written, a few statements a table."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from newscrawl.items import Article
from newscrawl.storage.decide import Outcome, Reason, Stored, decide, is_older, is_outdated, reason_of
from newscrawl.storage.linking import link
from newscrawl.storage.lookup import (
    Key,
    article_columns,
    find_match,
    find_number,
    is_taken,
    parts_of,
    sightings_of,
    stored_keys,
)
from newscrawl.storage.prepared import Prepared, Saved
from newscrawl.storage.rows import PARTS, Row, refreshed, revision_row
from newscrawl.storage.search_index import feed
from newscrawl.storage.sightings import Sightings, Touch, before, sighting_rows, touch_of, unread
from newscrawl.storage.timetext import to_text


def save(db: Database, prepared: Sequence[Prepared], now: datetime, *, replayed: bool = False) -> list[Saved]:
    """What became of each article, in order. Call it inside a transaction: it opens none.

    `replayed` tells that they come from an archive: an answer older than the newest that is known changes nothing, and
    a difference read from that newest answer itself is ours, not the publisher's.
    """
    batch = _Batch(db, now, stored_keys(db, set().union(*(each.keys for each in prepared))), replayed)
    saved = [batch.take(each) for each in prepared]
    batch.write()
    feed(db)
    link(db)
    return saved


class _Batch:
    """Collects the rows of several articles inside the caller's transaction.

    An article that may meet one collected before (same id, address, text or counterpart) has those written first, so
    that every decision sees what came before it.
    """

    def __init__(self, db: Database, now: datetime, known: set[Key], replayed: bool) -> None:
        self._db = db
        self._replayed = replayed
        self._now = to_text(now)
        self._inserts: dict[str, list[Row]] = defaultdict(list)
        self._upserts: dict[str, list[Row]] = defaultdict(list)
        self._stale: dict[str, list[int]] = defaultdict(list)
        self._known = known
        """What was in the database before, or was collected: an article without such a key is new."""
        self._unwritten: set[Key] = set()
        self._next_id: int = db.execute("select coalesce(max(id), 0) + 1 from articles").fetchone()[0]

    def take(self, new: Prepared) -> Saved:
        """Decides on one article and collects its rows."""
        match = self._match(new)
        saved = self._add(new) if match is None else self._meet_again(new, match)
        self._known |= new.keys
        return saved

    def write(self) -> None:
        """Writes all collected rows; the next ones begin anew."""
        for table, ids in self._stale.items():
            marks = ", ".join("?" * len(ids))
            self._db.table(table).delete_where(f"article_id in ({marks})", ids)
        for table, rows in self._upserts.items():
            _write(self._db, table, rows, replace=_PRIMARY_KEYS[table])
        for table in ("articles", "sightings", *PARTS, "revisions"):  # what others refer to goes first
            _write(self._db, table, self._inserts[table])
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
        if new.number is not None:
            return find_number(self._db, new.article, new.number)
        return find_match(self._db, new.article, new.row["content_hash"]) if new.keys & self._known else None

    def _add(self, new: Prepared) -> Saved:
        article_id = self._next_id if new.number is None else new.number
        self._next_id = max(self._next_id, article_id + 1)
        url = new.row["url"]
        if ("address", url) in self._known and is_taken(self._db, url):
            url = None
        since = dict.fromkeys(("content_since", "first_seen_at", "updated_at"), self._now)
        rest = {"story_id": article_id, "backfilled": int(new.article.backfilled), "reread_at": None}
        self._inserts["articles"].append({"id": article_id, **new.row, "url": url, **since, **rest})
        self._add_parts(article_id, new.parts)
        self._inserts["sightings"] += self._sightings(new.article, article_id, {})
        return Saved(Outcome.NEW, article_id, Touch.CONTENT)

    def _meet_again(self, new: Prepared, match: Stored) -> Saved:
        outcome = decide(new.article, new.row["content_hash"], match)
        if self._replayed and outcome is not Outcome.DUPLICATE and is_older(new.article, match):
            return Saved(Outcome.UNCHANGED, match.id, Touch.NOTHING)
        outdated = is_outdated(new.article, match)
        touch = self._sight(new.article, match, outdated)
        if self._replayed and outcome is Outcome.DUPLICATE and touch is Touch.NOTHING:
            outcome = Outcome.UNCHANGED  # it was one before, too
        if match.source != new.article.source or outdated:
            return Saved(outcome, match.id, touch)
        reason = reason_of(new.article, match) if self._replayed else Reason.PUBLISHER
        if not self._refresh(new, match, outcome is Outcome.CHANGED, reason):
            return Saved(outcome, match.id, touch)
        return Saved(Outcome.REREAD if reason is Reason.READER else outcome, match.id, Touch.CONTENT)

    def _refresh(self, new: Prepared, match: Stored, changed: bool, reason: Reason) -> bool:
        """Brings the article up to date; tells whether there was anything to bring."""
        old, parts = article_columns(self._db, match.id), parts_of(self._db, match.id)
        row, new_parts = self._completed(old, new.row, changed), _new_parts(parts, new.parts, changed)
        if row == old and new_parts == parts:
            return False
        if changed:
            self._inserts["revisions"].append(revision_row(old, parts, self._now, reason))
        if reason is Reason.READER:
            row["reread_at"] = self._now
        else:
            row |= {"updated_at": self._now, "content_since": self._now if changed else row["content_since"]}
        self._upserts["articles"].append(row)
        if new_parts != parts:
            self._replace_parts(match.id, new_parts)
        return True

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

    def _sight(self, article: Article, match: Stored, outdated: bool) -> Touch:
        """Notes that a stored article was met again; tells how much of that is news."""
        earlier = {(row["source"], row["url"]): row for row in sightings_of(self._db, match.id)}
        sightings = self._sightings(article, match.id, earlier)
        if outdated:
            sightings = unread(sightings, earlier)
        self._upserts["sightings"] += [row for row in sightings if row != before(earlier, row)]
        return max((touch_of(before(earlier, row), row) for row in sightings), default=Touch.NOTHING)

    def _sightings(self, article: Article, article_id: int, earlier: Sightings) -> list[Row]:
        met = to_text(article.fetched_at) if self._replayed else self._now
        return sighting_rows(article, article_id, earlier, met)


_PRIMARY_KEYS = {"articles": ("id",), "sightings": ("article_id", "source", "url")}


def _write(db: Database, table: str, rows: Sequence[Row], *, replace: Sequence[str] = ()) -> None:
    """Inserts rows of one shape, those with a key in `replace` that is there in its place.

    One prepared statement: sqlite-utils would look at every value, which costs more than SQLite does.
    """
    if not rows:
        return
    names = list(rows[0])
    sql = f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"
    if replace:
        news = ", ".join(f"{name} = excluded.{name}" for name in names if name not in replace)
        sql += f" on conflict ({', '.join(replace)}) do update set {news}"
    db.conn.executemany(sql, [tuple(row.values()) for row in rows])


def _new_parts(old: dict[str, list[Row]], new: dict[str, list[Row]], changed: bool) -> dict[str, list[Row]]:
    """The parts after an update: images and stocks go with the text, what the newcomer lacks otherwise stays."""
    return {name: new[name] or ([] if changed and name != "tags" else old[name]) for name in PARTS}
