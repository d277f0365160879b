"""Which articles tell one piece of news: `articles.story_id`, kept in step in the transaction that changes articles.

Of the articles in order of publication, each belongs to the story of the likest of those before it that began a story
within `WITHIN` and is alike itself; where there is none it begins one. So what two articles have in common with a third
never joins them, and the stories follow from the articles that are there, in whatever order they came. What a change
means for later articles is found out by going through these alone, in the same order.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from sqlite_utils import Database

from newscrawl.storage.decide import SAME_TEXT_WITHIN
from newscrawl.storage.near import BANDS, Text, keys, likeness, sketch

WITHIN = int(SAME_TEXT_WITHIN.total_seconds())
"""Seconds from a story's first article to its last."""
_LATER = {"minute": 59, "day": 86_399}
"""An inexact time is taken for the latest that it may mean: it is never first where another one may be."""
_CHUNK = 500
_WAITING = """
    select q.article_id from story_queue q left join articles a on a.id = q.article_id
    order by a.published_ts, q.article_id limit ?
"""
_ARTICLE = "select title, body, published_ts, published_precision from articles where id = ?"
_MARK = "select at_ts, sketch, article_id, story_id from story_sketches where article_id = ?"
_NEIGHBOURS = f"""
    select distinct s.at_ts, s.sketch, s.article_id, s.story_id
    from story_bands b join story_sketches s on s.article_id = b.article_id
    where b.key in ({", ".join("?" * BANDS)}) and b.at_ts between ? and ?
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
    while waiting := [number for (number,) in db.execute(_WAITING, [_CHUNK])]:
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
    def __init__(self, db: Database) -> None:
        self._db = db
        self._texts: dict[int, Text] = {}

    def enter(self, numbers: Iterable[int]) -> Iterator[int]:
        """Notes what these articles are now; tells which others belonged to them."""
        for number in numbers:
            if old := self._mark(number):
                yield from self._members(old)
                self._db.conn.executemany(
                    "delete from story_bands where key = ? and at_ts = ? and article_id = ?",
                    ((key, old.at, number) for key in keys(old.sketch)),
                )
                self._db.execute("delete from story_sketches where article_id = ?", [number])
            self._enter(number)

    def _enter(self, number: int) -> None:
        text = self._text(number)
        if text is None:
            return
        second, precision = self._db.execute(_ARTICLE, [number]).fetchone()[2:]
        drawn = sketch(text)
        if second is None or not drawn:
            self._tell(number, number)
            return
        at = second + _LATER.get(precision, 0)
        self._db.execute(
            "insert into story_sketches (article_id, at_ts, story_id, sketch) values (?, ?, null, ?)",
            [number, at, drawn],
        )
        self._db.conn.executemany(
            "insert or ignore into story_bands (key, at_ts, article_id) values (?, ?, ?)",
            ((key, at, number) for key in keys(drawn)),
        )

    def settle(self, numbers: Sequence[int]) -> None:
        """Finds the stories of these articles, and of those that a story's beginning or end concerns."""
        waiting = [mark.place for number in set(numbers) if (mark := self._mark(number))]
        heapify(waiting)
        known = {place[2] for place in waiting}
        while waiting:
            number = heappop(waiting)[2]
            for other in self._settle(number, known):
                known.add(other.id)
                heappush(waiting, other.place)

    def _settle(self, number: int, known: set[int]) -> list[_Mark]:
        """Finds one article's story; tells which later ones, of those not known to be looked at, this may move."""
        mark = self._mark(number)
        assert mark is not None
        story = self._story(mark)
        if story == mark.story:
            return []
        members = self._members(mark) if mark.is_first else []
        self._db.execute("update story_sketches set story_id = ? where article_id = ?", [story, number])
        self._tell(number, story)
        if story != number:
            return [other for member in members if member not in known and (other := self._mark(member))]
        return [
            other
            for other in self._neighbours(mark, mark.at, mark.at + WITHIN)
            if other.place > mark.place and other.id not in known and self._likeness(mark, other)
        ]

    def _story(self, mark: _Mark) -> int:
        """The story that an article belongs to; its own where it begins one."""
        before = [
            other
            for other in self._neighbours(mark, mark.at - WITHIN, mark.at)
            if other.is_first and other.place < mark.place
        ]
        best, story = 0.0, mark.id
        for other in sorted(before):
            if (alike := self._likeness(mark, other)) > best:
                best, story = alike, other.id
        return story

    def _neighbours(self, mark: _Mark, since: int, until: int) -> Iterator[_Mark]:
        found = self._db.execute(_NEIGHBOURS, [*keys(mark.sketch), since, until]).fetchall()
        return map(_Mark._make, found)

    def _members(self, mark: _Mark) -> list[int]:
        """The other articles of the story that this one began."""
        if not mark.is_first:
            return []
        found = self._db.execute("select id from articles where story_id = ? and id != ?", [mark.id, mark.id])
        return [number for (number,) in found]

    def _mark(self, number: int) -> _Mark | None:
        row = self._db.execute(_MARK, [number]).fetchone()
        return _Mark(*row) if row else None

    def _likeness(self, one: _Mark, other: _Mark) -> float:
        first, second = self._text(one.id), self._text(other.id)
        return likeness(first, second) if first and second else 0.0

    def _text(self, number: int) -> Text | None:
        if number not in self._texts:
            row = self._db.execute(_ARTICLE, [number]).fetchone()
            if row is None:
                return None
            stocks = self._db.execute("select code, market from stocks where article_id = ?", [number])
            self._texts[number] = Text(row[0], row[1], frozenset(stocks.fetchall()))
        return self._texts[number]

    def _tell(self, number: int, story: int) -> None:
        self._db.execute("update articles set story_id = ? where id = ? and story_id is not ?", [story, number, story])
