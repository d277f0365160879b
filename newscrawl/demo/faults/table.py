"""All faults by name, and the switchboard of a running site."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Event, Lock

from newscrawl.demo.answers import Answer, Request, Route
from newscrawl.demo.faults.charsets import CHARSETS
from newscrawl.demo.faults.kinds import Context, Fault, listing, page
from newscrawl.demo.faults.lists import LISTS
from newscrawl.demo.faults.pages import PAGES
from newscrawl.demo.faults.parts import PARTS
from newscrawl.demo.faults.redirects import REDIRECTS
from newscrawl.demo.faults.robots import ROBOTS
from newscrawl.demo.faults.status import RETRY_AFTER, STATUS
from newscrawl.demo.faults.stories import STORIES
from newscrawl.demo.faults.wire import WIRE, hang
from newscrawl.demo.shapes.parts import part_count
from newscrawl.demo.story import Story

Where = bool | int | str | Iterable[str]
"""True or 1: every page; n: every n-th story of its kind; "lists", "pages", "parts" or "all" answers; or ids.

"parts" are all parts of stories but their first; "#7" is whatever the seventh request asked for, each time."""

_SITE_WIDE = {
    "down": page("every connection is closed at once", lambda _, __: Answer(status=0, cut="close")),
    "outage": page("status 503 to everything after so many requests", lambda _, __: Answer(b"", status=503)),
    "silence": page("no answer to anything after so many requests", hang),
    "list_untagged": listing("lists without an ETag: nobody can ask whether they changed", lambda answer, _: answer),
    "list_edited": listing("a flash is edited each time an older page is asked for", lambda answer, _: answer),
    "list_repeats": listing("lists ignore their cursor: every page is the newest", lambda answer, _: answer),
}
FAULTS: Mapping[str, Fault] = (
    STATUS | WIRE | CHARSETS | PAGES | PARTS | REDIRECTS | LISTS | ROBOTS | STORIES | _SITE_WIDE
)


class Faults:
    """Which faults are on, and what they need to remember. Thread-safe."""

    def __init__(self, closing: Event) -> None:
        self.base_url = ""
        self.too_early = 0
        """Requests for anything that were made before a Retry-After had run out."""
        self._let_alone_until = 0.0
        self._closing = closing
        self._lock = Lock()
        self._on: dict[str, Where] = {}
        self._asked: Counter[str] = Counter()
        self._refused_until: dict[str, float] = {}
        self._targets: list[str] = []
        """What was asked for, path and query, in order."""
        self._kept: dict[str, Answer] = {}

    def set(self, faults: Mapping[str, Where]) -> None:
        """Switch on exactly these. ValueError for a name that is none."""
        unknown = sorted(set(faults) - set(FAULTS))
        if unknown:
            raise ValueError(f"no such fault: {', '.join(unknown)}; known are {', '.join(sorted(FAULTS))}")
        with self._lock:
            self._on = {name: where for name, where in faults.items() if where}
            self._asked.clear()
            self._refused_until.clear()
            self._targets.clear()
            self._let_alone_until = 0.0
            self._kept.clear()

    def forget_cursor(self) -> bool:
        """Whether lists are to be answered as if asked for their newest page."""
        return bool({"list_repeats", "list_endless"} & self._on.keys())

    def edits_between_pages(self) -> bool:
        """Whether a story that was on a newer page is to be edited before an older one is shown."""
        return "list_edited" in self._on

    def keeps_no_tags(self) -> bool:
        """Whether lists are to be sent without an ETag."""
        return "list_untagged" in self._on

    def change_story(self, story: Story) -> Story:
        """The story as the site is to show it."""
        for name, where in self._on.items():
            fault = FAULTS[name]
            too_heavy = fault.heavy and story.kind == "flash" and isinstance(where, int | str)
            if fault.change_story and _chosen(where, story) and not too_heavy:
                story = fault.change_story(story)
        return story

    def change_answer(self, route: Route, request: Request) -> Answer:
        """The answer as it is to be sent."""
        if not self._on:
            return route.answer
        context, answer = self._context(route, request), route.answer
        for name, where in self._on.items():
            change = FAULTS[name].change
            if change and self._applies(name, where, route, request.target):
                answer = change(answer, context)
        if any(header == "Retry-After" for header, _ in answer.headers):
            self._let_alone_until = time.monotonic() + RETRY_AFTER
        return answer

    def _applies(self, name: str, where: Where, route: Route, target: str) -> bool:
        level = FAULTS[name].level
        if name in _SITE_WIDE and level == "page":
            return name == "down" or (isinstance(where, int) and self._asked.total() > where)
        if level == "part":
            return route.story is not None and part_count(route.story) > 1 and _chosen(where, route.story)
        if level != "page":
            return route.role == level
        if isinstance(where, str):
            return self._is_at(where, route, target)
        return route.role == "page" and route.story is not None and _chosen(where, route.story)

    def _is_at(self, where: str, route: Route, target: str) -> bool:
        if where.startswith("#"):
            return [target] == self._targets[int(where[1:]) - 1 : int(where[1:])]
        return where == "all" or (route.part > 1 if where == "parts" else route.role == where[:-1])

    def _context(self, route: Route, request: Request) -> Context:
        key, now = request.path, time.monotonic()
        with self._lock:
            asked, until = self._asked[key], self._refused_until.get(key, 0.0)
            self._asked[key] += 1
            self._targets.append(request.target)
            waited = now >= until
            if not asked or not waited:
                self._refused_until[key] = max(until, now + RETRY_AFTER)
            self.too_early += now < self._let_alone_until
        return Context(request, route.story, self.base_url, asked, waited, self._closing, route.part, self._kept)


def _chosen(where: Where, story: Story) -> bool:
    if isinstance(where, int):
        return story.ordinal % where == 0
    if isinstance(where, str):
        return where in ("pages", "all")
    return bool({story.id, story.code} & set(where))
