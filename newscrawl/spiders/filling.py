"""How a spider fills what is missing: one list page after another, each when all before it has been settled."""

from typing import TYPE_CHECKING

from newscrawl.outcomes import FILL, Problem
from newscrawl.spiders.backfill import Backfill, Known, plan
from newscrawl.spiders.paging import Walk
from newscrawl.spiders.stories import StorySpider
from newscrawl.storage.timetext import minute_text

if TYPE_CHECKING:
    from scrapy import Request


class FillingSpider(StorySpider):
    """The backfill of a source. What one list page is, NewsSpider says."""

    most_list_pages = 1000
    """So many pages of one list are read at most; of a backfill so many for each day."""

    to_fill = FILL
    """What to do about a gap (Problem.to_do)."""

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name, **arguments)
        self.walks: list[Walk] = []
        self.backfill: Backfill | None = None

    def cursor_before(self, second: int) -> str | None:  # noqa: ARG002
        """The cursor of a page that begins at this unix second; None where a list can only be read from its top."""
        return None

    def list_request(self, walk: Walk, cursor: str | None) -> "Request":
        """The request of one page of a list."""
        raise NotImplementedError

    def now(self) -> int:
        """Unix seconds."""
        return int(self.run.clock().timestamp())

    def jump(self, walk: Walk, second: int | None) -> str | None:
        """The cursor of a page that begins at this second; None where the list must be read from its top."""
        cursor = None if second is None else self.cursor_before(second)
        walk.jumped = None if cursor is None else second
        return cursor

    def begin_backfill(self) -> None:
        """Find out what is missing; nothing is asked for yet."""
        assert self.arguments.since is not None
        lists, again = self.ledger.lists, self.arguments.again
        known = {
            channel: Known(complete=lists.complete(channel), ends_at=None if again else lists.end(channel))
            for channel in self.channels
        }
        self.backfill = plan(
            known, self.arguments.since, self.arguments.until, now=self.now(), most_pages_a_day=self.most_list_pages
        )
        for channel, each in known.items():
            if each.ends_at is not None and each.ends_at > self.arguments.since:
                self.run.notes.append(f"list {channel}: had nothing before {minute_text(each.ends_at)} when last asked")
        self.walks += self.backfill.walks.values()
        for walk in self.walks:
            self.backfill.wait(walk, self.jump(walk, walk.until))

    def settle(self) -> None:
        """All that was asked for has come to its end: what a backfill completed by it is handed to the ledger."""
        if self.backfill is None:
            return
        for channel, stretch in self.backfill.settle():
            self.ledger.lists.cover(channel, *stretch)
        for walk in self.walks:
            if walk.ends_at is not None:
                self.ledger.lists.ends_at(walk.channel, walk.ends_at)

    def tell_unfilled(self) -> None:
        """A list that was read to its end all the same, and did not show all that is missing, is a fault."""
        told = self.run.problems or not any(walk.works for walk in self.walks)
        if self.backfill and self.backfill.left() and not told:
            self.run.problems.append(
                Problem(
                    "partial",
                    "the lists do not show all that is missing",
                    "`newscrawl gaps {source}` tells what is left",
                )
            )

    def next_list(self) -> "Request | None":
        """The next list page of a backfill, when all before it has been settled; None when there is none."""
        turn = self.backfill.next_page() if self.backfill else None
        return self.list_request(*turn) if turn else None
