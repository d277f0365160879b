"""The dashboard: each panel is a question, the rows that answer it, and a plot of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from sqlite_utils import Database

from newscrawl.storage.timetext import from_text, length_text, now_utc
from newscrawl.web import plots, queries
from newscrawl.web.plots import Plot
from newscrawl.web.span import Span

Rows = Sequence[Mapping[str, Any]]
DATABASE = "newscrawl"
"""Under this name the database stands in the addresses, whatever its file is called."""


@dataclass(frozen=True, slots=True)
class Question:
    """One panel of the dashboard."""

    name: str
    """Of its query page."""
    title: str
    told: str
    """What it shows, in a sentence."""
    sql: str
    plot: Callable[[Rows, Span], Plot] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A question and its answer."""

    question: Question
    rows: Rows
    plot: Plot | None
    href: str
    """Of the same rows on Datasette's query page."""

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order; none without rows."""
        return list(self.rows[0]) if self.rows else []


def panel(db: Database, question: Question, span: Span) -> Panel:
    """The answer to one question."""
    wanted = {name: value for name, value in span.params.items() if f":{name}" in question.sql}
    rows = list(db.query(question.sql, wanted))
    plot = question.plot(rows, span) if question.plot and rows else None
    query = f"?{urlencode(wanted)}" if wanted else ""
    return Panel(question, rows, plot, f"/{DATABASE}/{question.name}{query}")


def panels(db: Database, span: Span, names: Sequence[str] = ()) -> dict[str, Panel]:
    """The panels of these names, of all of them where none is named, in the order of the dashboard."""
    return {name: panel(db, question, span) for name, question in QUESTIONS.items() if not names or name in names}


def stock_href(row: Mapping[str, Any]) -> str:
    """The page of a security."""
    return f"/stocks/{quote(str(row['code']), safe='')}.{quote(str(row['market']), safe='')}"


def _by_hour(rows: Rows, span: Span) -> Plot:
    return plots.columns(rows, list(span.hours()), at="hour", series="source", value="stories")


def _by_day(rows: Rows, span: Span) -> Plot:
    return plots.columns(rows, Span.month(span.last).dates(), at="day", series="source", value="stories")


def _share_of(name: str) -> Callable[[Rows, Span], Plot]:
    def plot(rows: Rows, span: Span) -> Plot:  # noqa: ARG001
        return plots.bars(
            rows,
            label=lambda row: str(row[name]),
            value="stories",
            told=lambda row: f"{row['stories']:,} · {row['percent']} %",
        )

    return plot


def _first(rows: Rows, span: Span) -> Plot:  # noqa: ARG001
    def told(row: Mapping[str, Any]) -> str:
        ahead = row["minutes_ahead"]
        return f"{row['first']} of {row['first'] + row['later']}" + ("" if ahead is None else f" · {ahead:g} min ahead")

    return plots.bars(rows, label=lambda row: f"{row['publisher']} ({row['source']})", value="first", told=told)


def _stocks(rows: Rows, span: Span) -> Plot:
    def told(row: Mapping[str, Any]) -> str:
        more = row["stories"] / span.days - row["a_day_in_the_week_before"]
        return f"{row['stories']:,} · {more:+.1f} a day"

    return plots.bars(
        rows,
        label=lambda row: f"{row['name'] or ''} {row['code']}.{row['market']}".strip(),
        value="stories",
        told=told,
        href=stock_href,
    )


def _freshness(rows: Rows, span: Span) -> Plot:  # noqa: ARG001
    now = now_utc()
    aged = [
        {**row, "age": max(int((now - from_text(row["newest_story"])).total_seconds()), 0)}
        for row in rows
        if row["newest_story"]
    ]
    return plots.bars(
        aged, label=lambda row: str(row["source"]), value="age", told=lambda row: f"{length_text(row['age'])} old"
    )


def _coverage(rows: Rows, span: Span) -> Plot:
    return plots.strips(
        rows,
        span.since,
        span.until,
        label=lambda row: f"{row['source']} {row['channel']}",
        state="state",
        ticks=["00:00", "12:00", "24:00"] if span.days == 1 else [str(span.first), str(span.last)],
    )


def _failures(rows: Rows, span: Span) -> Plot:  # noqa: ARG001
    return plots.bars(rows, label=lambda row: f"{row['kind']} ({row['source']})", value="pages")


def _runs(rows: Rows, span: Span) -> Plot:  # noqa: ARG001
    return plots.beads(
        rows,
        label="source",
        state=lambda row: "is-well" if row["exit_status"] == 0 else "is-bad" if row["exit_status"] else "is-unknown",
        told=lambda row: f"{row['started_at'][:16]} {row['outcome'] or 'no end'}: {row['new']} new",
    )


_ALL = (
    Question(
        "stories_by_hour",
        "Stories per hour",
        "By the hour of publication; what tells the day only is left out.",
        queries.STORIES_BY_HOUR,
        _by_hour,
    ),
    Question(
        "stories_by_day",
        "Stories per day",
        "The thirty days up to the last one shown.",
        queries.STORIES_BY_DAY,
        _by_day,
    ),
    Question(
        "share_by_source", "By source", "Where stories were first met.", queries.SHARE_BY_SOURCE, _share_of("source")
    ),
    Question(
        "share_by_publisher",
        "By publisher",
        "The medium that the page names; the twenty with most.",
        queries.SHARE_BY_PUBLISHER,
        _share_of("publisher"),
    ),
    Question(
        "who_was_first",
        "Who was first",
        "Of stories that several carried: how often first, and by how many minutes on average.",
        queries.WHO_WAS_FIRST,
        _first,
    ),
    Question(
        "latest_copied",
        "Stories that several carried",
        "Who had each first, and after how many minutes the others came.",
        queries.LATEST_COPIED,
    ),
    Question(
        "most_named_stocks",
        "Most-named stocks",
        "Stories that name a security, beside what it had a day in the week before.",
        queries.MOST_NAMED_STOCKS,
        _stocks,
    ),
    Question("freshness", "Freshness", "The age of each source's newest story, now.", queries.FRESHNESS, _freshness),
    Question(
        "coverage_of_lists",
        "Coverage",
        "Stretches of publication time that are known to be complete, and gaps between them.",
        queries.COVERAGE,
        _coverage,
    ),
    Question(
        "failures_by_kind",
        "Failures",
        "Pages that have not become articles, as they stand now.",
        queries.FAILURES_BY_KIND,
        _failures,
    ),
    Question("last_runs", "Last runs", "The last hundred, the newest at the right.", queries.LAST_RUNS, _runs),
)
QUESTIONS: dict[str, Question] = {question.name: question for question in _ALL}
"""By name, in the order of the dashboard."""
