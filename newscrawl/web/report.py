"""The dashboard of some days as one HTML file that loads nothing."""

from pathlib import Path

from markupsafe import Markup
from sqlite_utils import Database

from newscrawl import __version__
from newscrawl.web import reading
from newscrawl.web.health import health_at
from newscrawl.web.panels import panels
from newscrawl.web.span import Span, read_day
from newscrawl.web.templating import now_text, rendered

_STYLESHEET = Path(__file__).parent / "static" / "newscrawl.css"
_STORIES = """
    select published_at, published_precision, headline, url, publisher, source from articles
    where published_date between :first_day and :last_day order by published_ts desc, id desc limit 50
"""


def span_of(db: Database, day: str | None, days: int) -> Span:
    """So many days up to a day as typed, or to that of the newest story. UsageError."""
    return Span.ending(read_day(day) if day else reading.newest_day(db), days)


def report_html(db: Database, path: Path, span: Span) -> str:
    """The whole file. `path` is that of the database: beside it the locks of running crawls stand."""
    context = {
        "span": span,
        "panels": panels(db, span),
        "health": health_at(path, db),
        "stories": list(db.query(_STORIES, span.params)),
        "stylesheet": Markup(_STYLESHEET.read_text("utf-8")),
        "made_at": now_text(),
        "version": __version__,
    }
    return rendered("report.html", context)
