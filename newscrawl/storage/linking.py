"""Which articles tell one piece of news: `articles.story_id`, kept in step in the transaction that changes articles.

Of the articles in order of publication, each belongs to the story of the likest of those before it that began a story
within `WITHIN` and is alike itself; where there is none it begins one. So what two articles have in common with a third
never joins them, and the stories follow from the articles that are there, in whatever order they came. What a change
means for later articles is found out by going through these alone, in the same order.
"""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from sqlite_utils import Database

from newscrawl.storage.near import Text, likeness, sketch
from newscrawl.storage.story_marks import Mark, Marks, read_texts

_CHUNK = 500
_WAITING = """
    select q.article_id from story_queue q left join articles a on a.id = q.article_id
    order by a.published_ts, q.article_id
"""


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
    """Works on one chunk of articles."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._marks = Marks(db)
        self._texts: dict[int, Text] = {}

    def enter(self, numbers: Sequence[int]) -> list[int]:
        """Notes what these articles are now; tells which others belonged to them."""
        left = []
        for old in self._marks.of(numbers):
            left += self._marks.members(old)
            self._marks.forget(old)
        drawn = []
        for number, text, at in read_texts(self._db, numbers):
            self._texts[number] = text
            bands = sketch(text)
            if at is None or not bands:
                self._marks.tell(number, number)
            else:
                drawn.append((number, at, bands))
        self._marks.note(drawn)
        return left

    def settle(self, numbers: Iterable[int]) -> None:
        """Finds the stories of these articles, and of those that a story's beginning or end concerns."""
        waiting = self._marks.of(set(numbers))
        heapify(waiting)
        known = {mark.id for mark in waiting}
        while waiting:
            for other in self._settle(heappop(waiting), known):
                known.add(other.id)
                heappush(waiting, other)
        self._marks.write()

    def _settle(self, mark: Mark, known: set[int]) -> list[Mark]:
        """Finds one article's story; tells which later ones, of those not known to be looked at, this may move."""
        others = self._marks.near(mark)
        story = self._story(mark, others)
        if story == mark.story:
            return []
        members = self._marks.members(mark)
        self._marks.tell(mark.id, story)
        if story != mark.id:
            return self._marks.of(member for member in members if member not in known)
        return [
            other
            for other in others
            if other.place > mark.place and other.id not in known and self._likeness(mark, other)
        ]

    def _story(self, mark: Mark, others: Iterable[Mark]) -> int:
        """The story that an article belongs to; its own where it begins one."""
        best, story = 0.0, mark.id
        for other in sorted(other for other in others if other.is_first and other.place < mark.place):
            if (alike := self._likeness(mark, other)) > best:
                best, story = alike, other.id
        return story

    def _likeness(self, one: Mark, other: Mark) -> float:
        missing = [mark.id for mark in (one, other) if mark.id not in self._texts]
        self._texts |= {number: text for number, text, _ in read_texts(self._db, missing)}
        first, second = self._texts.get(one.id), self._texts.get(other.id)
        return likeness(first, second) if first and second else 0.0
