"""Our addresses, and what each of them answers."""

import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import NotFound, Request, Response
from sqlite_utils import Database

from newscrawl.asked import read_stock
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.web import headers, reading
from newscrawl.web.body import shown_or_text
from newscrawl.web.health import health
from newscrawl.web.panels import DATABASE, panels
from newscrawl.web.plots import columns
from newscrawl.web.reading import Place
from newscrawl.web.searching import Asked
from newscrawl.web.span import Span, read_day
from newscrawl.web.templating import rendered

T = TypeVar("T")
View = Callable[[Datasette, Request], Awaitable[Response]]
_FRONT = ("most_named_stocks", "latest_copied")
_MOST = 2**63 - 1


async def front(datasette: Datasette, request: Request) -> Response:
    """What is new, what moved, who was first, and whether the crawls are well."""
    after = Place.read(request.args.get("after"))

    def read(db: Database) -> dict[str, Any]:
        found = {"listed": reading.newest(db, after)}
        if after:
            return found
        span = Span.ending(reading.newest_day(db))
        return found | {"span": span, "panels": panels(db, span, _FRONT), "health": health(datasette, db)}

    return await _page(datasette, request, "front.html", {"after": after, **await _read(datasette, read)})


async def search(datasette: Datasette, request: Request) -> Response:
    """A form, and the stories that hold its words."""
    asked = Asked.read({name: request.args.get(name) for name in request.args})
    try:
        found = await _read(datasette, asked.answer)
    except UsageError as error:
        return await _page(datasette, request, "search.html", {"asked": asked, "error": str(error)}, status=400)
    return await _page(datasette, request, "search.html", {"asked": asked, **found})


async def article(datasette: Datasette, request: Request) -> Response:
    """One article whole; its pictures where `pictures=1` asks for them."""
    number = _number(request)
    pictures = request.args.get("pictures") == "1"

    def read(db: Database) -> dict[str, Any]:
        found = reading.article(db, number)
        if found is None:
            raise NotFound(f"There is no article {number}.")
        return {"article": found, "body": shown_or_text(found["body_html"], found["body"], pictures)}

    context = {"pictures": pictures, **await _read(datasette, read)}
    policy = headers.WITH_PICTURES if pictures else headers.POLICY
    return await _page(datasette, request, "article.html", context, policy=policy)


async def story(datasette: Datasette, request: Request) -> Response:
    """Who carried a story, the first first."""
    number = _number(request)
    copies = await _read(datasette, lambda db: reading.story(db, number))
    if not copies:
        raise NotFound(f"There is no story {number}.")
    return await _page(datasette, request, "story.html", {"story_id": number, "copies": copies})


async def stock(datasette: Datasette, request: Request) -> Response:
    """The stories that name a security, and how many a day."""
    try:
        code, market = read_stock(request.url_vars["code"])
    except UsageError as error:
        raise NotFound(str(error)) from error
    after = Place.read(request.args.get("after"))

    def read(db: Database) -> dict[str, Any]:
        named = reading.stocks_of(db, code, market)
        if not named:
            raise NotFound(f"No story names {code}{f'.{market}' if market else ''}.")
        span = Span.month(reading.newest_day(db))
        days = reading.stock_days(db, code, named[0]["market"], span)
        plot = columns(days, span.dates(), at="day", series="series", value="stories")
        return {"named": named, "listed": reading.of_stock(db, named[0], after), "plot": plot, "days": days}

    return await _page(datasette, request, "stock.html", {"after": after, **await _read(datasette, read)})


async def dashboard(datasette: Datasette, request: Request) -> Response:
    """All panels for a day, or for several."""

    def read(db: Database) -> dict[str, Any]:
        span = _span(request.args, db)
        context = {"span": span, "panels": panels(db, span), "health": health(datasette, db), "linked": True}
        return {"span": span, "shown": rendered("_panels.html", context)}

    return await _page(datasette, request, "dashboard.html", await _read(datasette, read))


async def nothing() -> Response:
    """Datasette's pages for those who develop it: they have styles in place, and write cookies."""
    raise NotFound("There is no such page.")


def _span(arguments: Mapping[str, str], db: Database) -> Span:
    days = arguments.get("days") or "1"
    if not re.fullmatch(r"\d{1,4}", days, re.ASCII):
        raise UsageError(f"days: {days!r} is no number")
    day = arguments.get("day")
    return Span.ending(read_day(day) if day else reading.newest_day(db), int(days))


def _number(request: Request) -> int:
    number = int(request.url_vars["id"])
    if number > _MOST:
        raise NotFound("There is no such number.")
    return number


async def _read(datasette: Datasette, read: Callable[[Database], T]) -> T:
    """What `read` finds, all of it as the database stood at one moment, and in bounded time."""

    def inside(connection: Any) -> T:
        with sqlite_timelimit(connection, datasette.sql_time_limit_ms):
            made, connection.row_factory = connection.row_factory, None  # rows of ours are plain tuples
            connection.execute("begin")
            try:
                return read(Database(connection))
            finally:
                connection.rollback()
                connection.row_factory = made

    return await datasette.get_database(DATABASE).execute_fn(inside)  # type: ignore[no-any-return]


async def _page(
    datasette: Datasette,
    request: Request,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    policy: str = headers.POLICY,
) -> Response:
    def with_arguments(**changed: object) -> str:
        """This address with other arguments; None leaves one out."""
        kept = {name: request.args.get(name) for name in request.args} | changed
        return f"{request.path}?{urlencode({name: value for name, value in kept.items() if value not in (None, '')})}"

    html = await datasette.render_template(template, {"with_arguments": with_arguments, **context}, request=request)
    return Response.html(html, status=status, headers={"content-security-policy": policy})


def _answering(view: View) -> View:
    """The same view; what cannot be shown is a page with one sentence."""

    @wraps(view)
    async def answer(datasette: Datasette, request: Request) -> Response:
        try:
            return await view(datasette, request)
        except (NewscrawlError, sqlite3.Error) as error:
            context = {"title": "This cannot be shown", "error": _sentence(error)}
            status = 400 if isinstance(error, UsageError) else 503
        except (ValueError, KeyError, TypeError, OverflowError) as odd:
            told = f"The database holds what newscrawl did not write: {type(odd).__name__}: {odd}"
            context, status = {"title": "This cannot be shown", "error": told}, 503
        return await _page(datasette, request, "error.html", context, status=status)

    return answer


def _sentence(error: Exception) -> str:
    return "It took too long: ask for less." if str(error) == "interrupted" else str(error)


ROUTES = [
    (pattern, _answering(view))
    for pattern, view in (
        (r"/$", front),
        (r"/search$", search),
        (r"/dashboard$", dashboard),
        (r"/articles/(?P<id>[0-9]{1,19})$", article),
        (r"/stories/(?P<id>[0-9]{1,19})$", story),
        (r"/stocks/(?P<code>[0-9A-Za-z.]{1,12})$", stock),
    )
] + [(r"/-/(?:allow-debug|auth-token|logout|messages|patterns|permissions)$", nothing)]
