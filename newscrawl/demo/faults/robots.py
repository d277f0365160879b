"""Faults of robots.txt."""

from dataclasses import replace

from newscrawl.demo.answers import Answer, html_answer
from newscrawl.demo.faults.kinds import Fault, robots
from newscrawl.demo.faults.wire import WIRE

_TYPE = "text/plain; charset=utf-8"


def _text(help_text: str, text: str, status: int = 200) -> Fault:
    return robots(help_text, lambda _, __: Answer(text.encode(), _TYPE, status))


ROBOTS = {
    "robots_deny": _text("everything disallowed", "User-agent: *\nDisallow: /\n"),
    "robots_500": _text("status 500", "Internal Server Error", 500),
    "robots_404": _text("status 404: everything allowed", "not found", 404),
    "robots_403": _text("status 403", "forbidden", 403),
    "robots_hang": robots("no answer", WIRE["hang"].change or (lambda answer, _: answer)),
    "robots_html": robots(
        "an HTML page", lambda answer, _: replace(html_answer("<h1>首页</h1>"), status=answer.status)
    ),
    "robots_huge": _text("3 MB of rules", "User-agent: *\n" + "Disallow: /none/of/these\n" * 120_000),
}
