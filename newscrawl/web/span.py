"""The days that a dashboard or a report is about. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from newscrawl.errors import UsageError
from newscrawl.items import BEIJING

MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Span:
    """Beijing days, both ends inside."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int = 1) -> "Span":
        """So many days, the last of them named. UsageError for none, and for more than MOST_DAYS."""
        if not 1 <= days <= MOST_DAYS:
            raise UsageError(f"days: {days} is not from 1 to {MOST_DAYS}")
        try:
            return cls(last - timedelta(days=days - 1), last)
        except OverflowError as error:
            raise UsageError(f"day: {last} is too early") from error

    @classmethod
    def month(cls, last: date) -> "Span":
        """The thirty days that end with this one; fewer where the calendar begins."""
        return cls(date.fromordinal(max(last.toordinal() - 29, 1)), last)

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> int:
        """Its first second, unix time."""
        return _second(self.first)

    @property
    def until(self) -> int:
        """Its last second, unix time."""
        return _second(self.last) + 24 * 3600 - 1

    @property
    def params(self) -> dict[str, str]:
        """What the queries of a dashboard take."""
        return {"first_day": str(self.first), "last_day": str(self.last)}

    def moved(self, steps: int) -> "Span | None":
        """As many days, so many steps later; None where the calendar ends."""
        try:
            return Span.ending(self.last + timedelta(days=steps * self.days), self.days)
        except (OverflowError, UsageError):
            return None

    def dates(self) -> list[str]:
        """Its days, as the database writes them."""
        return [str(self.first + timedelta(days=number)) for number in range(self.days)]

    def hours(self) -> Iterator[str]:
        """Its hours, as the queries write them: `2026-11-20 21:00`."""
        return (f"{day} {hour:02}:00" for day in self.dates() for hour in range(24))

    def __str__(self) -> str:
        return str(self.last) if self.days == 1 else f"{self.first} – {self.last}"


def read_day(text: str) -> date:
    """A day such as 2026-11-20. UsageError for what is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise UsageError(f"day: {text!r} is no day such as 2026-11-20") from error


def _second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=BEIJING).timestamp())
