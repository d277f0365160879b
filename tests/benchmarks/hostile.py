"""What no page should be: how long reading it takes, how much memory, and what comes of it. Each in its own process.

Linux only, as `memory`.
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from newscrawl.errors import NotNews, PageError
from newscrawl.items import Page
from newscrawl.shape import MAX_CHARACTERS, MAX_TAGS
from pipelines import read_page
from tests.benchmarks.apart import Ended, apart
from tests.benchmarks.resident import status

_PATIENCE = 120
_SENTENCE = "青禾电池今日宣布，新工厂投产。"
_STORY = "<p>青禾电池今日宣布，新工厂已经投产，产能提高一倍，订单排到明年，市场反应平静。</p>" * 3
_HEAD = "<html><head><title>青禾电池新厂投产_澄州财经网</title></head><body><h1>青禾电池新厂投产</h1><p>2026-11-20 19:55</p>"


class Outcome(NamedTuple):
    """What came of a page: a record, a refusal's kind or an error; CPU seconds, MiB above the interpreter, and in all."""

    name: str
    result: str
    seconds: float
    above: float
    peak: float


def pages() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each."""
    noise = random.Random(7)
    yield "an ordinary story", _around("")
    yield "random bytes, 100 KB", noise.randbytes(100_000)
    yield "a PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise.randbytes(200_000)
    yield "a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Length 200000 >>\nstream\n" + noise.randbytes(200_000)
    yield "10 MB of text", _around("<p>" + _SENTENCE * 230_000 + "</p>")
    yield "500,000 tags", _around("<p>青</p>" * 250_000)
    yield "1,000,000 unclosed tags", _around("<div>" * 1_000_000)
    yield "1,000,000 unclosed `<b>`", _around("<b>" * 1_000_000)
    yield (
        "100,000 attributes on one element",
        _around("<p " + " ".join(f"a{n}='{n}'" for n in range(100_000)) + ">青</p>"),
    )
    yield "90,000 `<img>`", _around("".join(f"<img src='/p/{n}.jpg'>" for n in range(90_000)))
    yield "98,000 `<br>`", _around("<br>" * 98_000)
    yield "98,000 `<br>` between texts", _around("青禾电池投产。<br>" * 98_000)
    yield "90,000 `<p>`", _around("<p>青禾电池今日投产，市场平静。" * 90_000)
    yield "90,000 nested `<b>`", _around("<b>青，" * 90_000)
    yield "90,000 nested `<span>`", _around("<span>青，" * 90_000)
    yield "an unclosed comment", _around("<!-- " + _STORY * 100)
    yield "NULs", _around("青禾电\0池" * 20_000)
    yield "lone surrogates", _around("青\ud800禾\udfff电池" * 20_000)
    yield "90,000 character references", _around("<p>" + "&#x9752;&#0;&#xD800;&#27;" * 22_500 + "</p>")


def largest() -> Iterator[tuple[str, bytes]]:
    """The largest that are let in (newscrawl.shape), of each kind."""
    text, tags = MAX_CHARACTERS - 1_000, MAX_TAGS - 100
    yield f"{text:,} characters of text", _around("<p>" + _SENTENCE * (text // len(_SENTENCE)))
    for one in ("<br>", f"{_SENTENCE}<br>", "<p>", f"<p>{_SENTENCE}", "<img src='/p/1.jpg'>", "<td>青，", "<li>青，"):
        yield f"{tags:,} of `{one}`", _around(one * tags)
    for one in ("<a href='/1'>青禾电池</a>", "<h2>青禾电池</h2>", "<div title='a'></div>", "<b>青</b>，", "<!-- -->"):
        number = tags // one.count("<")
        yield f"{number:,} of `{one}`", _around(one * number)
    deep = "<div>" * 200 + "青，" + "</div>" * 200
    yield f"200 nested `<div>`, {tags // 400:,} times", _around(deep * (tags // 400))


def _around(odd: str) -> bytes:
    return f"{_HEAD}{_STORY}{odd}</body></html>".encode("utf-8", "surrogatepass")


def outcomes() -> Iterator[Outcome]:
    """Each page read."""
    for name, body in chain(pages(), largest()):
        yield read_apart(name, body)


def read_apart(name: str, body: bytes) -> Outcome:
    """One page read."""
    try:
        return Outcome(name, **apart(_read, body, seconds=_PATIENCE))
    except Ended as error:
        return Outcome(name, f"**{str(error)[:80]}**", 0.0, 0.0, 0.0)


def _read(body: bytes) -> dict[str, object]:
    """Memory above what the interpreter with newscrawl imported has; the page's own bytes count."""
    before = status("VmRSS") - len(body) / 1024 / 1024
    page = Page(
        url="https://news.example/a/1.html",
        source="",
        body=body,
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=datetime.now(UTC),
    )
    start = time.process_time()
    try:
        result = f"record, {len(read_page(page).body):,} characters"
    except (PageError, NotNews) as refusal:
        result = refusal.kind
    peak = status("VmHWM")
    return {"result": result, "seconds": time.process_time() - start, "above": peak - before, "peak": peak}
