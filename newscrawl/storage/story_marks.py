"""What linking keeps and reads: the tables of sketches, and the texts of articles."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlite_utils import Database

from newscrawl.storage.decide import SAME_TEXT_WITHIN
from newscrawl.storage.near import BANDS, Text, keys
from newscrawl.storage.rows import as_json

WITHIN = int(SAME_TEXT_WITHIN.total_seconds())
"""Seconds from a story's first article to its last."""
_LATER = {"minute": 59, "day": 86_399}
"""An inexact time is taken for the latest that it may mean: it is never first where another one may be."""
_THESE = "(select value from json_each(?))"
_ARTICLES = f"select id, title, body, published_ts, published_precision from articles where id in {_THESE}"
_STOCKS = f"select article_id, code, market from stocks where article_id in {_THESE}"
_MARKS = f"select at_ts, sketch, article_id, story_id from story_sketches where article_id in {_THESE}"
_NEIGHBOURS = f"""
    select at_ts, sketch, article_id, story_id from story_sketches
    where article_id in (select article_id from story_bands where key in ({", ".join("?" * (3 * BANDS))}))
        and at_ts between ? and ?
"""


class Mark(NamedTuple):
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


class Marks:
    """The marks of articles. The stories that are told stand in what it gives, and are written when it is asked to."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._told: dict[int, int] = {}
        """Stories not yet written, by article."""

    def of(self, numbers: Iterable[int]) -> list[Mark]:
        """Those of these articles that have one."""
        return self._read(_MARKS, [_listed(numbers)])

    def near(self, mark: Mark) -> list[Mark]:
        """Those with a band in common, near in time."""
        period = _period(mark.at)
        near = [key for each in (period - 1, period, period + 1) for key in _placed(mark.sketch, each)]
        return self._read(_NEIGHBOURS, [*near, mark.at - WITHIN, mark.at + WITHIN])

    def members(self, mark: Mark) -> list[int]:
        """The other articles of the story that this one began."""
        if not mark.is_first:
            return []
        self.write()
        found = self._db.execute("select id from articles where story_id = ? and id != ?", [mark.id, mark.id])
        return [number for (number,) in found]

    def tell(self, number: int, story: int) -> None:
        """Says to which story an article belongs."""
        self._told[number] = story

    def note(self, drawn: Sequence[tuple[int, int, bytes]]) -> None:
        """Articles, their moments and sketches; the stories are not known yet."""
        self._db.conn.executemany(
            "insert into story_sketches (article_id, at_ts, story_id, sketch) values (?, ?, null, ?)", drawn
        )
        self._db.conn.executemany(
            "insert or ignore into story_bands (key, article_id) values (?, ?)",
            sorted((key, number) for number, at, sketch in drawn for key in _placed(sketch, _period(at))),
        )

    def forget(self, mark: Mark) -> None:
        """An article is no more what it was."""
        self._db.conn.executemany(
            "delete from story_bands where key = ? and article_id = ?",
            ((key, mark.id) for key in _placed(mark.sketch, _period(mark.at))),
        )
        self._db.execute("delete from story_sketches where article_id = ?", [mark.id])

    def write(self) -> None:
        """Writes what was told."""
        told = [(story, number) for number, story in self._told.items()]
        self._db.conn.executemany("update story_sketches set story_id = ? where article_id = ?", told)
        self._db.conn.executemany("update articles set story_id = ?1 where id = ?2 and story_id is not ?1", told)
        self._told.clear()

    def _read(self, sql: str, parameters: Sequence[object]) -> list[Mark]:
        rows: Iterable[Sequence[Any]] = self._db.execute(sql, parameters)
        return [Mark(at, sketch, number, self._told.get(number, story)) for at, sketch, number, story in rows]


def read_texts(db: Database, numbers: Sequence[int]) -> list[tuple[int, Text, int | None]]:
    """Of these articles those that are there: number, text, and the latest second that its time may mean."""
    if not numbers:
        return []
    named: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for number, code, market in db.execute(_STOCKS, [_listed(numbers)]):
        named[number].add((code, market))
    return [
        (
            number,
            Text(title, body, frozenset(named[number])),
            None if second is None else second + _LATER.get(precision, 0),
        )
        for number, title, body, second, precision in db.execute(_ARTICLES, [_listed(numbers)])
    ]


def _period(second: int) -> int:
    """Articles of one story are of one period, or of two that follow each other."""
    return second // WITHIN


def _placed(sketch: bytes, period: int) -> Iterator[int]:
    """A sketch's bands below their period: those of one time stand side by side, however many others there are."""
    return (period << 32 | key & 0xFFFF_FFFF for key in keys(sketch))


def _listed(numbers: Iterable[int]) -> str:
    return as_json(sorted(numbers))
