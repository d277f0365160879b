"""What the articles of a source usually have, so that a field which goes missing is told from one that never was there.

The record is what was published in the last four weeks, a sample of it where that is much. Where it is enough without
the last week, that is left out: what went missing lately would soon pass for usual.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from newscrawl.items import BEIJING, Article
from newscrawl.storage.rows import as_json
from newscrawl.storage.timetext import in_beijing, to_text

FIELDS = (
    "title", "published_at", "modified_at", "summary", "publisher", "author", "editor", "cover_url", "images", "stocks",
    "tags",
)  # fmt: skip
"""What an article may have or lack; its body it always has."""
WEEKS = timedelta(weeks=4)
USUAL = 0.95
"""A field that so much of the record has is a usual one."""
LEAST_RECORD = 20
"""Fewer articles than this say nothing of what is usual."""
_WEEK = timedelta(weeks=1)
_ENOUGH = 100
"""So many dated articles are a record without those of the last week."""
_SAMPLE = 500
_SHORT = 20
"""One in so many bodies of the record is shorter than what counts as its shortest."""
# +source: without it SQLite takes the index of (source, source_id), and reads every article of the source.
_IDS = """
    select id, published_date from articles where published_date >= :day and +source = :source and id <= :last
    union all
    select id, null from (
        select id from articles where published_date is null and source = :source and id <= :last
        order by id desc limit :sample
    )
"""
_TRAITS = """
    select kind, length(body), provenance, title, published_at, modified_at, summary, publisher, author, editor,
           cover_url, nullif(image_urls, '[]'),
           (select 1 from stocks where article_id = a.id), (select 1 from tags where article_id = a.id)
    from articles a
    where id in (select value from json_each(:ids))
      and (published_date is not null or first_seen_at between :since and :until)
"""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is told of one article."""

    kind: str
    length: int
    """Characters of its body."""
    layers: Mapping[str, str]
    """The fields that it has (and `body`), each with the layer of reading that found it, "" where that is not told."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What articles of one kind have."""

    count: int
    having: Mapping[str, int]
    layers: Mapping[str, Mapping[str, int]]
    lengths: Sequence[int]
    """Of their bodies, the shortest first."""

    def share(self, field: str) -> float:
        """From 0.0 to 1.0: how many have a field."""
        return self.having.get(field, 0) / self.count if self.count else 0.0

    def is_usual(self, field: str) -> bool:
        """Whether nearly all have it."""
        return self.count >= LEAST_RECORD and self.share(field) >= USUAL

    def layer(self, field: str) -> str | None:
        """The layer that nearly always finds it; None where there is none such."""
        found = self.layers.get(field, {})
        layer = max(found, key=lambda each: found[each], default=None)
        return layer if layer is not None and found[layer] >= USUAL * sum(found.values()) else None

    @property
    def shortest(self) -> int:
        """The fifth percentile of the bodies' lengths."""
        return self.lengths[len(self.lengths) // _SHORT] if self.lengths else 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that the articles at hand lack and others usually have."""

    kind: str
    field: str
    lacking: int
    count: int
    usually: int
    """How many in a hundred of the record lack it."""

    def __str__(self) -> str:
        usually = f"{self.usually} in 100" if self.usually else "never"
        return f"{self.field} missing in {self.lacking} of {self.count}, usually {usually}"


def traits_of(article: Article) -> Traits:
    """What is told of an article that was read."""
    has = [name for name in FIELDS if getattr(article, name) not in (None, "", ())]
    return Traits(article.kind, len(article.body), _layers(has, article.provenance))


def usual_of(traits: Iterable[Traits]) -> dict[str, Usual]:
    """What articles have, by their kind."""
    by_kind: dict[str, list[Traits]] = defaultdict(list)
    for each in traits:
        by_kind[each.kind].append(each)
    return {kind: _summed(each) for kind, each in by_kind.items()}


def record_of(db: Database, source: str, now: datetime, last: int | None = None) -> dict[str, Usual]:
    """What the articles of a source had in the last four weeks, by kind; none that was stored after the id `last`."""
    since, until = in_beijing(now - WEEKS), in_beijing(now - _WEEK)
    query = {"day": f"{since:%Y-%m-%d}", "source": source, "last": 2**62 if last is None else last, "sample": _SAMPLE}
    found = db.execute(_IDS, query).fetchall()
    settled = [row for row in found if row[1] is None or row[1] < f"{until:%Y-%m-%d}"]
    if sum(day is not None for _, day in settled) >= _ENOUGH:
        found = settled
    else:
        until = in_beijing(now)
    sample = [id for id, _ in found][:: max(-(-len(found) // _SAMPLE), 1)]
    within = {"ids": as_json(sample), "since": to_text(since), "until": to_text(until)}
    return usual_of(_traits(row) for row in db.execute(_TRAITS, within))


def missing(seen: Mapping[str, Usual], record: Mapping[str, Usual], *, least: int, share: float) -> list[Missing]:
    """The usual fields that more than a share of the articles at hand lack, where there are at least so many. Pure."""
    return [
        Missing(kind, field, each.count - each.having.get(field, 0), each.count, _lacking_in_100(record[kind], field))
        for kind, each in seen.items()
        if each.count >= least and kind in record
        for field in FIELDS
        if record[kind].is_usual(field) and each.share(field) < 1 - share
    ]


def _lacking_in_100(usual: Usual, field: str) -> int:
    return -(-100 * (usual.count - usual.having.get(field, 0)) // usual.count)


def _summed(traits: Sequence[Traits]) -> Usual:
    having: Counter[str] = Counter()
    layers: dict[str, Counter[str]] = defaultdict(Counter)
    for each in traits:
        having.update(each.layers.keys())
        for field, layer in each.layers.items():
            if layer:
                layers[field][layer] += 1
    return Usual(len(traits), having, layers, sorted(each.length for each in traits))


def _traits(row: Sequence[object]) -> Traits:
    kind, length, provenance, *values = row
    has = [name for name, value in zip(FIELDS, values, strict=True) if value is not None]
    return Traits(str(kind), int(str(length)), _layers(has, json.loads(str(provenance))))


def _layers(has: Sequence[str], provenance: Mapping[str, str]) -> dict[str, str]:
    return {field: provenance.get(field, "") for field in ("body", *has)}


def same_hours(db: Database, source: str, first: int, last: int) -> list[int]:
    """How many stories of a source were published in these unix seconds one, two, three and four weeks before.

    Weeks before the source's record began are left out.
    """
    found = db.execute(
        "select published_date from articles where +source = ? and published_date > '' order by 1 limit 1", [source]
    ).fetchone()
    began = found[0] if found else None
    sql = "select count(*) from articles where +source = ? and published_ts between ? and ?"
    weeks = [timedelta(weeks=week).total_seconds() for week in range(1, 5)]
    return [
        db.execute(sql, [source, first - back, last - back]).fetchone()[0]
        for back in map(int, weeks)
        if began is not None and f"{datetime.fromtimestamp(first - back, BEIJING):%Y-%m-%d}" > began
    ]
