"""The calendar of the month: what happens when, and how each source's runs must end meanwhile.

Days are counted from 1, hours are Beijing's. Outside of all events a run ends well.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newscrawl.demo import BEIJING

FIRST_DAY = datetime(2026, 11, 1, tzinfo=BEIJING)
DAYS = 30
HOURS = (1, 9, 17)
"""When cron runs, unless NEWSCRAWL_MONTH=dense: then every two hours."""
DENSE_HOURS = tuple(range(1, 24, 2))
SOURCES = ("cls_telegraph", "cls_depth", "eastmoney")
WITH_PAGES = ("cls_depth", "eastmoney")
WELL = frozenset({"ok", "nothing_new"})


def moment(day, hour):
    """The moment of a day of the month."""
    return FIRST_DAY + timedelta(days=day - 1, hours=hour)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that befalls the site, the machine or cron, from one (day, hour) until before another."""

    name: str
    first: tuple[int, float]
    last: tuple[int, float]
    faults: Mapping[str, object] = field(default_factory=dict)
    """What is switched on at the site; "listed" stands for the story that is gone though it is listed."""
    ends: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """How the runs of a source end meanwhile; those not named end well."""
    run: str = "crawl"
    """What cron does meanwhile: a method of driver.Month; "" for nothing."""
    begin: str = ""
    """What happens at its beginning: a method of driver.Month."""
    finish: str = ""
    """The same at its end."""
    seen: str
    """What an operator and an analyst see of it."""

    def holds(self, at):
        return moment(*self.first) <= at < moment(*self.last)


def _all(*outcomes):
    return dict.fromkeys(SOURCES, frozenset(outcomes))


def _pages(*outcomes):
    return dict.fromkeys(WITH_PAGES, frozenset(outcomes))


EVENTS = (
    Event(
        name="edits that the list tells",
        first=(2, 10),
        last=(2, 18),
        begin="edit_flashes",
        seen="the next run stores the new wording, the old one is a revision",
    ),
    Event(
        name="edits that no list tells",
        first=(3, 10),
        last=(3, 18),
        begin="edit_articles",
        run="recheck",
        seen="`--recheck 48` stores the new wording, the old one is a revision",
    ),
    Event(
        name="stories taken back after they were read",
        first=(4, 0),
        last=(4, 10),
        begin="remove_read",
        run="recheck",
        seen="they stay as they were read",
    ),
    Event(
        name="stories taken back before they were read, while the lists still name them",
        first=(4, 10),
        last=(5, 0),
        begin="choose_listed",
        finish="remove_listed",
        faults={"empty_article": "listed", "s404": "listed"},
        seen="failures of the kind `gone`, believed after ten tries in three days; the runs end well",
    ),
    Event(
        name="stories that come six hours late, under their older time",
        first=(5, 4),
        last=(5, 10),
        begin="hold_back",
        finish="let_out",
        seen="the next run finds them on the lists' first pages",
    ),
    Event(
        name="another layout",
        first=(6, 0),
        last=(7, 0),
        faults={"layout": "pages"},
        ends=_pages("layout", "partial") | {"cls_telegraph": WELL},
        seen="outcome `layout`, of one or two stories only a word in the closing line; the generic reader carries on",
    ),
    Event(
        name="the old layout is back",
        first=(7, 0),
        last=(7, 16),
        run="recheck",
        seen="`--recheck 48` reads by the rule again what the generic reader had read",
    ),
    Event(
        name="the slider in place of everything",
        first=(8, 0),
        last=(10, 0),
        faults={"antibot": "all"},
        ends=_all("blocked"),
        seen="outcome `blocked` and a handful of requests; coverage ends where the slider began",
    ),
    Event(
        name="the slider on every third page",
        first=(11, 0),
        last=(11, 20),
        faults={"antibot": 3},
        ends=_pages("blocked", "partial"),
        seen="outcome `partial` or `blocked`; the pages are failures, and asked for again",
    ),
    Event(
        name="no connection",
        first=(12, 0),
        last=(12, 8),
        faults={"down": 1},
        ends=_all("network", "blocked"),
        seen="outcome `network`",
    ),
    Event(
        name="status 503 on everything",
        first=(12, 8),
        last=(12, 16),
        faults={"s503_html": "all"},
        ends=_all("network", "blocked"),
        seen="outcome `blocked`: robots.txt gives no leave",
    ),
    Event(
        name="status 500 on robots.txt",
        first=(12, 16),
        last=(13, 0),
        faults={"robots_500": 1},
        ends=_all("network", "blocked"),
        seen="outcome `blocked`: robots.txt gives no leave",
    ),
    Event(
        name="lists that stand still",
        first=(14, 0),
        last=(15, 0),
        faults={"list_stale": 1},
        seen="no run can tell it from a quiet day, but coverage does not move on: `gaps` tells the age of the newest",
    ),
    Event(
        name="lists without rows",
        first=(15, 10),
        last=(15, 20),
        faults={"list_empty": 1},
        ends=_all("empty"),
        seen="outcome `empty`",
    ),
    Event(
        name="a page of maintenance in place of the lists",
        first=(16, 0),
        last=(16, 8),
        faults={"list_html": 1},
        ends=_all("layout"),
        seen="outcome `layout`",
    ),
    Event(
        name="a full disk",
        first=(16, 16),
        last=(17, 16),
        run="without_room",
        ends=_all("storage"),
        seen="exit status 8; `runs` cannot always tell; what was not committed is found by the next run",
    ),
    Event(
        name="a run that hangs while the next one comes, and is killed",
        first=(17, 16),
        last=(18, 0),
        run="overlapped",
        ends={"cls_telegraph": frozenset({"running"})},
        seen="outcome `running` for the source that is held; the killed run has no outcome",
    ),
    Event(
        name="kill -9 in the middle of a run",
        first=(18, 8),
        last=(18, 16),
        run="killed",
        ends=_all("killed"),
        seen="the killed run has no outcome; the next one loses nothing",
    ),
    Event(
        name="a page that says there is none in place of every page",
        first=(19, 0),
        last=(19, 8),
        faults={"empty_article": "pages"},
        ends=_pages("ok", "nothing_new", "layout", "partial"),
        seen="failures, on cls.cn of the kind `gone`, which are asked for again: the next run has them all",
    ),
    Event(
        name="a clock that is an hour back",
        first=(19, 8),
        last=(19, 16),
        run="set_back",
        seen="nothing is called complete beyond what the clock says; no story is lost",
    ),
    Event(
        name="two nights and a day without cron",
        first=(20, 2),
        last=(22, 16),
        run="",
        seen="no run; the next one reads page after page back to what is complete",
    ),
    Event(
        name="an analyst who reads for a day in one transaction",
        first=(23, 0),
        last=(24, 0),
        begin="begin_reading",
        finish="end_reading",
        seen="nothing: neither waits for the other, and the analyst sees one state",
    ),
    Event(
        name="three days without cron, after which the lists have forgotten all but their newest page",
        first=(24, 2),
        last=(27, 16),
        run="",
        seen="no run",
    ),
    Event(
        name="lists that have nothing but their newest page",
        first=(27, 16),
        last=(28, 2),
        faults={"list_short": 1},
        run="then_backfill",
        ends={"cls_telegraph": frozenset({"empty", "partial"})} | _pages("ok", "nothing_new", "partial"),
        seen="the run says that its list ends too early; `gaps` tells the stretch, as one out of reach after a backfill",
    ),
    Event(
        name="the lists go back again",
        first=(28, 8),
        last=(28, 16),
        run="backfill_again",
        seen="the next run, or `backfill --again`, fills the stretch; `gaps` ends with 0",
    ),
    Event(
        name="every third page ends too early",
        first=(29, 0),
        last=(29, 16),
        faults={"short_cl": 3},
        ends=_pages("network", "partial"),
        seen="failures of the kind `truncated`, asked for again: no half story is stored",
    ),
)
"""In order of time."""


def schedule():
    """Every moment of the month at which cron runs."""
    hours = DENSE_HOURS if os.environ.get("NEWSCRAWL_MONTH") == "dense" else HOURS
    return [moment(day, hour) for day in range(1, DAYS + 1) for hour in hours]


def event_at(at):
    """What befalls a run of this moment, if anything."""
    return next((event for event in EVENTS if event.holds(at)), None)
