"""What a fault is: a small function with a name, on one of five levels."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Literal

from newscrawl.demo.answers import Answer, Request
from newscrawl.demo.story import Story

Level = Literal["page", "part", "list", "robots", "story"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a fault may know of the request."""

    request: Request
    story: Story | None
    base_url: str
    asked: int
    """How often this path was asked for before."""
    waited: bool
    """False while a Retry-After given for this path has not run out."""
    closing: Event
    """Set when the site ends; whatever waits, waits on it."""
    part: int = 1
    """Which part of the story was asked for."""
    kept: dict[str, Answer] = field(default_factory=dict)
    """What a fault keeps from one request to the next; empty when faults are set."""


Change = Callable[[Answer, Context], Answer]
StoryChange = Callable[[Story], Story]


@dataclass(frozen=True, slots=True)
class Fault:
    """`help` is one line; a story fault changes what every shape shows of a story, telegraph rows too."""

    level: Level
    help: str
    change: Change | None = None
    change_story: StoryChange | None = None
    heavy: bool = False
    """So large that a list whose rows are whole stories would burst: flashes have it only when named by their ids."""


def page(text: str, change: Change) -> Fault:
    """A fault of page answers; may be switched to lists or to everything."""
    return Fault("page", text, change)


def listing(text: str, change: Change) -> Fault:
    """A fault of list answers."""
    return Fault("list", text, change)


def robots(text: str, change: Change) -> Fault:
    """A fault of robots.txt."""
    return Fault("robots", text, change)


def story(text: str, change: StoryChange, *, heavy: bool = False) -> Fault:
    """A fault of a story's content."""
    return Fault("story", text, change_story=change, heavy=heavy)
