"""SampleSite: a small news site on loopback that answers in the shapes of cls.cn, East Money and others."""

from collections.abc import Mapping
from datetime import datetime
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from newscrawl.demo.answers import Answer, Request, conditional
from newscrawl.demo.faults.table import Faults, Where
from newscrawl.demo.plan import SPACING
from newscrawl.demo.routes import find_route
from newscrawl.demo.sign_check import without_cursor
from newscrawl.demo.story import BEIJING, Story
from newscrawl.demo.transport import SampleServer
from newscrawl.demo.when import moment
from newscrawl.demo.world import World

NOW = datetime(2026, 11, 20, 21, 46, tzinfo=BEIJING)
"""The sample world's moment: fixed, so that everything made from it is the same every time."""


class SampleSite:
    """A context manager; port 0 takes a free one. The same seed, size and moment give the same bytes anywhere.

    `spacing` is the number of seconds between two stories, 100 or more: a wide one spans days with few of them.

    with SampleSite(stories=200, faults={"s500": 5}) as site:
        ... crawl with --base-url site.base_url, compare with site.truth
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        stories: int = 60,
        spacing: int = SPACING,
        now: datetime | None = None,
        faults: Mapping[str, Where] | None = None,
        port: int = 0,
    ) -> None:
        self.truth = World(seed, stories, now or NOW, spacing)
        self.requests: list[tuple[str, str]] = []
        """(method, path with query) of every request, in order."""
        self._lock = Lock()
        self._server = SampleServer(port, self._respond)
        self._faults = Faults(self._server.closing)
        self._faults.base_url = self.base_url
        self.truth.change = self._faults.change_story
        self.set_faults(faults or {})
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        """http://127.0.0.1:PORT, for --base-url."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def now(self) -> datetime:
        """The site's moment. Set to a later one, what was due by then is published."""
        return moment(self.truth.now)

    @now.setter
    def now(self, at: datetime) -> None:
        self.truth.move_to(int(at.timestamp()))

    @property
    def too_early(self) -> int:
        """Requests that came before a Retry-After had run out."""
        return self._faults.too_early

    def set_faults(self, faults: Mapping[str, Where]) -> None:
        """Switch on exactly these faults, {} for none: see newscrawl.demo.faults. ValueError for an unknown name."""
        self._faults.set(faults)

    def publish(self, count: int) -> list[Story]:
        """New stories appear on top of the lists; oldest first."""
        return self.truth.publish(count)

    def edit(self, story_id: str | int) -> Story:
        """The text of a story changes and its modified_time moves. KeyError for an unknown id."""
        return self.truth.edit(story_id)

    def remove(self, story_id: str | int) -> None:
        """A story leaves the lists; its page is gone. KeyError for an unknown id."""
        self.truth.remove(story_id)

    def close(self) -> None:
        """Ends at once, hanging answers too. May be called twice."""
        if self._thread.is_alive():
            self._server.close()
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _respond(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append((request.method, request.target))
        if self._faults.edits_between_pages() and request.number("last_time", 0):
            self.truth.edit(next(self.truth.stories("flash")).id)
        route = find_route(self.truth, without_cursor(request) if self._faults.forget_cursor() else request)
        answer = self._faults.change_answer(route, request)
        caches = route.role == "list" and answer.status == 200 and "json" not in answer.content_type
        return conditional(answer, request) if caches and not self._faults.keeps_no_tags() else answer
