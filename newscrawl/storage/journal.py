"""The journal: what became of the archived answers, in the archive itself, so that a database can be made anew.

Each batch that a database commits leaves one record, written before the commit. A record names the one before it, as
commits do in git: of one that was written and then not committed (a kill, a full disk) no later record knows.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from newscrawl.errors import UsageError
from newscrawl.items import Failure
from newscrawl.storage.archive_records import ARCHIVE_VERSION
from newscrawl.storage.batches import Batch
from newscrawl.storage.lists import ListNotes
from newscrawl.storage.lookup import sighted
from newscrawl.storage.prepared import Prepared, Saved
from newscrawl.storage.rows import as_json
from newscrawl.storage.runs import Counts, RunEnd, RunMark, RunState
from newscrawl.storage.sightings import Touch

if TYPE_CHECKING:
    from newscrawl.storage.archive import Archive

ID_PREFIX = "urn:sha256:"
"""What every record's id begins with; the rest is the digest of its payload."""
BEGIN_PREFIX = "urn:newscrawl:begun:"
"""What stands in the place of an earlier id in a database's first record: so it is known when it was not committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article of a batch."""

    number: int
    """Its `id`."""
    at: datetime
    """When the answer came that it was read from."""
    source: str
    urls: tuple[str, ...]
    """The addresses at which it was met, the answer's own first."""
    backfilled: bool
    same: bool
    """True where nothing was new but that it was met again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalBatch:
    """One record of the journal."""

    run: RunMark
    now: datetime
    replayed: bool
    entries: Sequence[Entry]
    failures: Sequence[Failure]
    seen: Sequence[str]
    skipped: Sequence[str]
    lists: ListNotes
    state: RunState


def record_id(payload: bytes) -> str:
    """The id of a record with this payload."""
    return f"{ID_PREFIX}{hashlib.sha256(payload).hexdigest()}"


def begin(db: Database, run: RunMark) -> None:
    """Gives a database that never left a record a name of its own. Call it inside the transaction of its first run."""
    name = f"{BEGIN_PREFIX}{run.started_at.isoformat()}:{run.source}"
    db.execute("insert or ignore into journal (id, last) values (1, ?)", [name])


def enter(
    db: Database,
    archive: "Archive",
    batch: Batch,
    saved: Sequence[Saved],
    run: RunState,
) -> None:
    """Tells the archive of a batch. Call it inside the transaction that commits it. StorageError of the archive."""
    payload = payload_of(batch, saved, run, last_record(db))
    archive.note(payload, id=record_id(payload), source=batch.run.source, at=batch.now)
    set_last_record(db, record_id(payload))


def last_record(db: Database) -> str:
    """The id of the last record that this database left; "" for none."""
    found = db.execute("select last from journal").fetchone()
    return (found[0] if found else None) or ""


def set_last_record(db: Database, id: str) -> None:
    """Notes the id of the last record that this database left. Call it inside a transaction."""
    db.table("journal").upsert({"id": 1, "last": id}, pk="id")


def payload_of(batch: Batch, saved: Sequence[Saved], run: RunState, after: str) -> bytes:
    """A batch as its record holds it; `after` is the id of the record before, "" for the first."""
    source = batch.run.source
    record = {
        "version": ARCHIVE_VERSION,
        "after": after,
        "run": {**asdict(batch.run), "started_at": batch.run.started_at.isoformat()},
        "now": batch.now.isoformat(),
        "replayed": batch.replayed,
        "articles": [
            _entry(prepared, each, source)
            for prepared, each in zip(batch.articles, saved, strict=True)
            if each.touch is not Touch.NOTHING
        ],
        "failures": [asdict(failure) for failure in batch.failures],
        "seen": list(batch.seen),
        "skipped": list(batch.skipped),
        "lists": _lists(batch.lists),
        "counts": asdict(run.counts),
        "skipped_kinds": dict(run.skipped_kinds),
        "end": {**asdict(run.end), "at": run.end.at.isoformat()} if run.end else None,
    }
    return as_json({name: value for name, value in record.items() if value or name in _ALWAYS}).encode()


def link_of(payload: bytes) -> tuple[str, str]:
    """A record's id and that of the record before it. ValueError, UsageError as of batch_of."""
    return record_id(payload), str(_parsed(payload)["after"])


def batch_of(payload: bytes) -> JournalBatch:
    """What a record tells. ValueError when it cannot be read, UsageError for one of a newer newscrawl."""
    record = _parsed(payload)
    try:
        run, end = record["run"], record.get("end")
        return JournalBatch(
            run=RunMark(**run | {"started_at": _moment(run["started_at"])}),
            now=_moment(record["now"]),
            replayed=bool(record.get("replayed")),
            entries=[_read_entry(entry, run["source"]) for entry in record.get("articles", ())],
            failures=[Failure(**failure) for failure in record.get("failures", ())],
            seen=record.get("seen", ()),
            skipped=record.get("skipped", ()),
            lists=_read_lists(record.get("lists", {})),
            state=RunState(
                Counts(**record["counts"]),
                record.get("skipped_kinds", {}),
                RunEnd(**end | {"at": _moment(end["at"])}) if end else None,
            ),
        )
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"the journal's record cannot be read: {error!r}") from error


_ALWAYS = frozenset({"version", "after", "run", "now", "counts"})
_moment = datetime.fromisoformat


def _parsed(payload: bytes) -> dict[str, Any]:
    record = json.loads(payload)
    if not isinstance(record, dict) or "after" not in record:
        raise ValueError("the journal's record is none")
    if record.get("version", 0) > ARCHIVE_VERSION:
        raise UsageError(
            f"the archive was written by a newer newscrawl (archive version {record['version']}; this one knows"
            f" {ARCHIVE_VERSION})"
        )
    return record


def _lists(notes: ListNotes) -> dict[str, Any]:
    read = {channel: at.isoformat() for channel, at in notes.read.items()}
    noted = {"covered": dict(notes.covered), "ends": dict(notes.ends), "floors": dict(notes.floors), "read": read}
    return {name: of_channels for name, of_channels in noted.items() if of_channels}


def _read_lists(noted: Mapping[str, Any]) -> ListNotes:
    return ListNotes(
        covered={
            channel: [(start, stop) for start, stop in stretches]
            for channel, stretches in noted.get("covered", {}).items()
        },
        ends=noted.get("ends", {}),
        floors=noted.get("floors", {}),
        read={channel: _moment(at) for channel, at in noted.get("read", {}).items()},
    )


def _entry(prepared: Prepared, saved: Saved, source: str) -> dict[str, Any]:
    article = prepared.article
    entry = {
        "id": saved.number,
        "at": article.fetched_at.isoformat(),
        "urls": sighted(article),
        "source": article.source if article.source != source else None,
        "backfilled": article.backfilled,
        "same": saved.touch is Touch.TIMES,
    }
    return {name: value for name, value in entry.items() if value}


def _read_entry(entry: Mapping[str, Any], source: str) -> Entry:
    return Entry(
        number=entry["id"],
        at=_moment(entry["at"]),
        source=entry.get("source", source),
        urls=tuple(entry.get("urls", ())),
        backfilled=bool(entry.get("backfilled")),
        same=bool(entry.get("same")),
    )
