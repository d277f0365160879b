"""The same faults for lists of links: GBK pages, feeds, the sitemap."""

import re
from dataclasses import replace

from newscrawl.demo.answers import Answer
from newscrawl.demo.faults.kinds import Context

_ENTRY = re.compile(rb"<li><a href=\"/gbk/\d.*?</li>|<item>.*?</item>|<entry>.*?</entry>|<url>.*?</url>", re.DOTALL)
_ADDRESS = re.compile(rb"(?<=<li><a href=\")[^\"]+|(?<=<link>)[^<]+|(?<=href=\")http[^\"]+|(?<=<loc>)[^<]+")
_ODD = (
    b"javascript:void(0)",
    b"mailto:desk@sample-news.example",
    b"file:///etc/hostname",
    b"data:text/html,hello",
    b"http://[::1/x.html",
    b"http://127.0.0.1:9/internal",
    b"ftp://127.0.0.1/pub",
    b"tel:10086",
    b"",
)


def change_html_list(answer: Answer, context: Context, change: str) -> Answer:
    """The list with the named change: empty, dup, odd, endless; unchanged for another name."""
    body = answer.body
    if change == "empty":
        body = _ENTRY.sub(b"", body)
    elif change == "dup":
        body = _ENTRY.sub(lambda match: match[0] * 3, body)
    elif change == "odd":
        odd = iter(_ODD)
        body = _ENTRY.sub(lambda match: _with_address(match[0], next(odd, None)) + match[0], body)
    elif change == "endless":
        body = body.replace(b'<div class="pages">', b'<div class="pages">' + _next_link(context))
    return replace(answer, body=body)


def _with_address(entry: bytes, address: bytes | None) -> bytes:
    return b"" if address is None else _ADDRESS.sub(lambda _: address, entry)


def _next_link(context: Context) -> bytes:
    """A link to the same page under a new session id."""
    session = context.request.number("sid", 0) + 1
    return f'<a class="next" href="{context.request.path}?sid={session}">下一页</a>'.encode()
