"""The sample world: all stories from (seed, size, now), in order, with publishing, editing and removing."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from threading import RLock

from newscrawl.demo.author import revise, write
from newscrawl.demo.plan import SPACING, Plan, plans
from newscrawl.demo.plan import plan as make_plan
from newscrawl.demo.story import CLS_BASE, WEB_BASE, Family, Story

FAMILIES: tuple[Family, ...] = ("flash", "article", "shared", "em_article", "em_fast", "gbk", "web")


class World:
    """Thread-safe. Stories are made when asked for; kept are their numbers by family and what was changed."""

    def __init__(self, seed: int, size: int, now: datetime, spacing: int = SPACING) -> None:
        self.seed = seed
        self.size = size
        self._spacing = spacing
        self._now = self._reached = int(now.timestamp())
        self._lock = RLock()
        self._last = 0
        self._numbers: dict[Family, list[int]] = {family: [] for family in FAMILIES}
        self._edits: defaultdict[int, list[int]] = defaultdict(list)
        """When each edited story was edited; unix seconds."""
        self._removed: set[int] = set()
        self.change: Callable[[Story], Story] = lambda story: story
        """What pages and lists show instead of a story: set by faults; the truth stays."""
        self._merged: dict[tuple[Family, ...], list[int]] = {}
        self._chosen: dict[str, list[int]] = {}
        self._write = lru_cache(maxsize=512)(lambda number: write(self.plan(number), seed))
        self._add(size)

    @property
    def now(self) -> int:
        """Unix seconds: the given moment, moved on by what was published since, or the one that was moved to."""
        return max(self._reached, self._now + (self._last - self.size) * self._spacing)

    def move_to(self, moment: int) -> list[Story]:
        """Time goes on to this unix second, and what was due by then is published, oldest first; never backwards."""
        count = 0
        while self.plan(self._last + count + 1).published <= moment:
            count += 1
        self._reached = max(self._reached, moment)
        return self.publish(count)

    def publish(self, count: int) -> list[Story]:
        """New stories on top, oldest first."""
        with self._lock:
            fresh = self._add(count)
        return [self.story(number) for number in fresh]

    def _add(self, count: int) -> range:
        fresh = range(self._last + 1, self._last + count + 1)
        for plan in plans(self.seed, self.size, self._now, fresh, self._spacing):
            self._numbers[plan.family].append(plan.number)
        self._last += count
        self._forget()
        return fresh

    def edit(self, key: str | int) -> Story:
        """The story's text changes and its time of edit moves on. KeyError when there is none."""
        number = self.find(key).number
        with self._lock:
            self._edits[number].append(self.now)
        return self.story(number)

    def remove(self, key: str | int) -> None:
        """The story leaves the lists, and its page is gone. KeyError when there is none."""
        self.withhold(self.find(key).number)

    def withhold(self, number: int) -> None:
        """A story is not shown for now, be it out already or still to come."""
        with self._lock:
            self._removed.add(number)
            self._forget()

    def restore(self, number: int) -> None:
        """A story that was withheld or removed is shown at its place: as one that comes late, under an older time."""
        with self._lock:
            self._removed.discard(number)
            self._forget()

    def story(self, number: int) -> Story:
        """The present version of a story by its number, removed or not."""
        story, edits = self._write(number), self._edits.get(number)
        return revise(story, len(edits), edits[-1]) if edits else story

    def shown(self, number: int) -> Story:
        """The present version of a story as the site shows it."""
        return self.change(self.story(number))

    def find(self, key: str | int) -> Story:
        """A story by the number on any of its sites. KeyError for unknown and removed ones."""
        number = _number(str(key))
        if not 1 <= number <= self._last or number in self._removed:
            raise KeyError(key)
        story = self.story(number)
        if str(key) not in (story.id, story.code):
            raise KeyError(key)
        return story

    def numbers(self, *families: Family) -> Sequence[int]:
        """Story numbers of some families, oldest first, without the removed ones."""
        with self._lock:
            if families not in self._merged:
                lists = [self._numbers[family] for family in families]
                merged = sorted(number for numbers in lists for number in numbers)
                self._merged[families] = [number for number in merged if number not in self._removed]
            return self._merged[families]

    def chosen(self, name: str, families: tuple[Family, ...], keep: Callable[[Plan], bool]) -> Sequence[int]:
        """Those of `numbers` whose plan is to be kept; remembered under `name` until the world changes."""
        with self._lock:
            if name not in self._chosen:
                self._chosen[name] = [number for number in self.numbers(*families) if keep(self.plan(number))]
            return self._chosen[name]

    def stories(self, *families: Family) -> Iterator[Story]:
        """Stories of some families (none named: all), newest first."""
        return (self.story(number) for number in reversed(self.numbers(*(families or FAMILIES))))

    def published(self, number: int) -> int:
        """When a story came out, without writing it; unix seconds."""
        return self.plan(number).published

    def before(self, numbers: Sequence[int], moment: int) -> int:
        """How many of `numbers` (ascending) came out before `moment`."""
        return bisect_left(numbers, moment, key=self.published)

    def _forget(self) -> None:
        self._merged.clear()
        self._chosen.clear()

    def plan(self, number: int) -> Plan:
        """What is fixed about a story, without writing it."""
        return make_plan(self.seed, number, self.size, self._now, self._spacing)


def _number(key: str) -> int:
    """The story number that a site's own number stands for; 0 when it cannot be one."""
    if not (key.isascii() and key.isdigit()):
        return 0
    if len(key) == 18:
        number, rest = divmod(int(key[8:]) - 3_900_000_000, 37)
        return 0 if rest else number
    if int(key) >= CLS_BASE:
        number, rest = divmod(int(key) - CLS_BASE, 2)
        return 0 if rest else number
    return max(int(key) - WEB_BASE, 0)
