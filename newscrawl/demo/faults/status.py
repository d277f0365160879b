"""Faults that are told by the status code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from newscrawl.demo.answers import Answer
from newscrawl.demo.faults.kinds import Context, Fault, page

RETRY_AFTER = 1
"""Seconds."""
LONG_RETRY_AFTER = 3600
_SOON, _LATER = (("Retry-After", str(seconds)) for seconds in (RETRY_AFTER, LONG_RETRY_AFTER))
_ERROR = (
    "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1>"
    "<p>服务暂时不可用，请稍后再试。本页由网关生成，内容较长以便与正文混淆：行情服务、资讯服务与账户服务均在恢复之中。</p>"
    "</body></html>"
)


def _status(code: int) -> Fault:
    return page(f"status {code}", lambda _, __: _error(code))


def _error(code: int, *headers: tuple[str, str]) -> Answer:
    return Answer(_ERROR.format(code).encode(), status=code, headers=headers)


def _once(answer: Answer, context: Context) -> Answer:
    return answer if context.asked else _error(500)


def _retry_seconds(answer: Answer, context: Context) -> Answer:
    if context.asked and context.waited:
        return answer
    return _error(429, ("Retry-After", str(RETRY_AFTER)))


def _retry_date(answer: Answer, context: Context) -> Answer:
    if context.asked and context.waited:
        return answer
    until = datetime.now(UTC) + timedelta(seconds=RETRY_AFTER + 1)
    return _error(429, ("Retry-After", format_datetime(until, usegmt=True)))


def _retry_long_date(_: Answer, __: Context) -> Answer:
    until = datetime.now(UTC) + timedelta(seconds=LONG_RETRY_AFTER)
    return _error(429, ("Retry-After", format_datetime(until, usegmt=True)))


def _with_article(answer: Answer, _: Context) -> Answer:
    return replace(answer, status=404)


STATUS = {
    "s500": page("status 500 every time", lambda _, __: Answer(b"Internal Server Error", "text/plain", 500)),
    "s502": _status(502),
    "s503_html": page("status 503 with an HTML page", lambda _, __: _error(503)),
    "s500_once": page("status 500 to the first request of a path, then the page", _once),
    "s429_retry_after": page("status 429 with Retry-After in seconds until that time is over", _retry_seconds),
    "s429_retry_after_date": page("status 429 with Retry-After as a date until that time is over", _retry_date),
    "s503_retry_long": page("status 503 with a Retry-After of an hour", lambda _, __: _error(503, _LATER)),
    "s429_retry_long_date": page("status 429 with a Retry-After in an hour, as a date", _retry_long_date),
    "s403_retry_long": page("status 403 with a Retry-After of an hour", lambda _, __: _error(403, _LATER)),
    "s429_always": page("status 429 with a Retry-After of a second, every time", lambda _, __: _error(429, _SOON)),
    "s403": _status(403),
    "s404": _status(404),
    "s404_with_article": page("status 404 on a page that holds the article", _with_article),
    "s410": _status(410),
    "s418": page("status 418, the page of a cloud firewall", lambda _, __: _error(418, ("Server", "CloudWAF"))),
}
