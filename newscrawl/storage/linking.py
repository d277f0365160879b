"""Which articles tell one piece of news: `articles.story_id`, kept in step in the transaction that changes articles.

Of the articles in order of publication, each belongs to the story of the likest of those before it that began a story
within `WITHIN` and is alike itself; where there is none it begins one. So what two articles have in common with a third
never joins them, and the stories follow from the articles that are there, in whatever order they came. What a change
means for later articles is found out by going through these alone, in the same order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from sqlite_utils import Database

from newscrawl.storage.decide import SAME_TEXT_WITHIN
from newscrawl.storage.near import BANDS, Text, keys, likeness, sketch
from newscrawl.storage.rows import as_json

WITHIN = int(SAME_TEXT_WITHIN.total_seconds())
"""Seconds from a story's first article to its last."""
_LATER = {"minute": 59, "day": 86_399}
"""An inexact time is taken for the latest that it may mean: it is never first where another one may be."""
_CHUNK = 500
_WAITING = """
    select q.article_id from story_queue q left join articles a on a.id = q.article_id
    order by a.published_ts, q.article_id
"""
_THESE = "(select value from json_each(?))"
_ARTICLES = f"select id, title, body, published_ts, published_precision from articles where id in {_THESE}"
_STOCKS = f"select article_id, code, market from stocks where article_id in {_THESE}"
_MARKS = f"select at_ts, sketch, article_id, story_id from story_sketches where article_id in {_THESE}"
_NEIGHBOURS = f"""
    select at_ts, sketch, article_id, story_id from story_sketches
    where article_id in (select article_id from story_bands where key in ({", ".join("?" * (3 * BANDS))}))
        and at_ts between ? and ?
"""


class _Mark(NamedTuple):
    """An article as it stands among others; they compare in the order in which stories are made."""

    at: int
    sketch: bytes
    id: int
    story: int | None
    """None while it is not known."""

    @property
    def place(self) -> tuple[int, bytes, int]:
        return self[:3]

    @property
    def is_first(self) -> bool:
        """Whether a story begins with it."""
        return self.story == self.id


def link(db: Database) -> None:
    """Bring the stories in step with the articles. Call it inside a transaction."""
    queue = db.execute(_WAITING)  # once for all: sorting what is left for every chunk would take time by its square
    while waiting := [number for (number,) in queue.fetchmany(_CHUNK)]:
        linker = _Linker(db)
        linker.settle([*linker.enter(waiting), *waiting])
        db.conn.executemany("delete from story_queue where article_id = ?", ((number,) for number in waiting))


def relink(db: Database) -> None:
    """Make all stories anew from the articles. Call it inside a transaction."""
    for table in ("story_queue", "story_bands", "story_sketches"):
        db.execute(f"delete from {table}")
    db.execute("insert into story_queue (article_id) select id from articles")
    link(db)


def faults(db: Database) -> list[str]:
    """What is wrong with the stories, a sentence each; writes nothing."""
    queued = "(select article_id from story_queue)"
    counts = {
        "{} changes of articles that no story was looked for yet": "story_queue",
        "{} articles without a story": f"articles where story_id is null and id not in {queued}",
        "{} articles whose story is not the one that was found": "story_sketches s left join articles a on"
        f" a.id = s.article_id where a.story_id is not s.story_id and s.article_id not in {queued}",
        "{} articles whose bands are not there": "story_sketches"
        " where article_id not in (select article_id from story_bands)",
    }
    found = {sentence: db.execute(f"select count(*) from {rows}").fetchone()[0] for sentence, rows in counts.items()}
    return [sentence.format(f"{number:,}") for sentence, number in found.items() if number]


class _Linker:
    """Works on one chunk of articles. The stories that it has found are written at the end, and before they matter."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._texts: dict[int, Text] = {}
        self._found: dict[int, int] = {}
        """Stories not yet written, by article."""

    def enter(self, numbers: Sequence[int]) -> list[int]:
        """Notes what these articles are now; tells which others belonged to them."""
        left = []
        for old in self._marks(numbers):
            left += self._members(old)
            self._db.conn.executemany(
                "delete from story_bands where key = ? and article_id = ?",
                ((key, old.id) for key in _placed(old.sketch, _period(old.at))),
            )
            self._db.execute("delete from story_sketches where article_id = ?", [old.id])
        drawn = [(number, at, sketch(self._texts[number])) for number, at in self._read(numbers)]
        self._found |= {number: number for number, at, bands in drawn if at is None or not bands}
        self._note([(number, at, bands) for number, at, bands in drawn if at is not None and bands])
        return left

    def _note(self, drawn: Sequence[tuple[int, int, bytes]]) -> None:
        self._db.conn.executemany(
            "insert into story_sketches (article_id, at_ts, story_id, sketch) values (?, ?, null, ?)", drawn
        )
        self._db.conn.executemany(
            "insert or ignore into story_bands (key, article_id) values (?, ?)",
            sorted((key, number) for number, at, bands in drawn for key in _placed(bands, _period(at))),
        )

    def settle(self, numbers: Sequence[int]) -> None:
        """Finds the stories of these articles, and of those that a story's beginning or end concerns."""
        waiting = self._marks(numbers)
        heapify(waiting)
        known = {mark.id for mark in waiting}
        while waiting:
            for other in self._settle(heappop(waiting), known):
                known.add(other.id)
                heappush(waiting, other)
        self._write()

    def _settle(self, mark: _Mark, known: set[int]) -> list[_Mark]:
        """Finds one article's story; tells which later ones, of those not known to be looked at, this may move."""
        others = self._neighbours(mark)
        story = self._story(mark, others)
        if story == mark.story:
            return []
        members = self._members(mark)
        self._found[mark.id] = story
        if story != mark.id:
            return self._marks([number for number in members if number not in known])
        return [
            other
            for other in others
            if other.place > mark.place and other.id not in known and self._likeness(mark, other)
        ]

    def _story(self, mark: _Mark, others: Iterable[_Mark]) -> int:
        """The story that an article belongs to; its own where it begins one."""
        best, story = 0.0, mark.id
        for other in sorted(other for other in others if other.is_first and other.place < mark.place):
            if (alike := self._likeness(mark, other)) > best:
                best, story = alike, other.id
        return story

    def _neighbours(self, mark: _Mark) -> list[_Mark]:
        """The others with a band in common, near in time."""
        period = _period(mark.at)
        near = [key for each in (period - 1, period, period + 1) for key in _placed(mark.sketch, each)]
        return self._as_marks(self._db.execute(_NEIGHBOURS, [*near, mark.at - WITHIN, mark.at + WITHIN]))

    def _members(self, mark: _Mark) -> list[int]:
        """The other articles of the story that this one began."""
        if not mark.is_first:
            return []
        self._write()
        found = self._db.execute("select id from articles where story_id = ? and id != ?", [mark.id, mark.id])
        return [number for (number,) in found]

    def _marks(self, numbers: Iterable[int]) -> list[_Mark]:
        return self._as_marks(self._db.execute(_MARKS, [_listed(numbers)]))

    def _as_marks(self, rows: Iterable[Sequence[Any]]) -> list[_Mark]:
        return [_Mark(at, bands, number, self._found.get(number, story)) for at, bands, number, story in rows]

    def _likeness(self, one: _Mark, other: _Mark) -> float:
        self._read([each.id for each in (one, other) if each.id not in self._texts])
        first, second = self._texts.get(one.id), self._texts.get(other.id)
        return likeness(first, second) if first and second else 0.0

    def _read(self, numbers: Sequence[int]) -> list[tuple[int, int | None]]:
        """Reads the texts of articles; the number of each that is there, and its second."""
        if not numbers:
            return []
        named: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for number, *stock in self._db.execute(_STOCKS, [_listed(numbers)]):
            named[number].add((stock[0], stock[1]))
        places = []
        for number, title, body, second, precision in self._db.execute(_ARTICLES, [_listed(numbers)]):
            self._texts[number] = Text(title, body, frozenset(named[number]))
            places.append((number, None if second is None else second + _LATER.get(precision, 0)))
        return places

    def _write(self) -> None:
        """Writes the stories found."""
        found = [(story, number) for number, story in self._found.items()]
        self._db.conn.executemany("update story_sketches set story_id = ? where article_id = ?", found)
        self._db.conn.executemany("update articles set story_id = ?1 where id = ?2 and story_id is not ?1", found)
        self._found.clear()


def _period(second: int) -> int:
    """Articles of one story are of one period or of two that follow each other."""
    return second // WITHIN


def _placed(sketch: bytes, period: int) -> Iterator[int]:
    """The bands of a sketch with their period before them: those of one time stand side by side, however many there
    are of others."""
    return (period << 32 | key & 0xFFFF_FFFF for key in keys(sketch))


def _listed(numbers: Iterable[int]) -> str:
    return as_json(sorted(numbers))
