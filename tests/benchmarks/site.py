"""The sample site in a process of its own, so that what serving costs is no crawler's; its pages as heavy as real ones.

    python -m tests.benchmarks.site STORIES WEIGHT

prints its address and serves until its standard input is closed.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from newscrawl.demo import SampleSite
from newscrawl.demo.answers import Answer, Request
from newscrawl.demo.truth import Expected, expected_records

LIST = "https://www.sample-portal.example/portal/list/"
WEIGHT = 40_000
"""Bytes of a page; as the sample site makes them they have 5,500."""
_OF_TEN = 10
"""Of so many stories of the sample world one stands on the portal."""
_SCRIPT_SHARE = 0.4
_ITEM = (
    '<li class="channel-item channel-item-{0} lazyload" data-spm-anchor-id="a1.b2.c3.i{0}" data-track="click_{0}">'
    '<a class="channel-link" href="/portal/c/{0}/" target="_blank" rel="noopener" data-position="right" title="频道 {0}">'
    '<img class="channel-icon" src="/static/icons/channel-{0}@2x.png" width="16" height="16" alt="">频道 {0}</a></li>'
)
_SCRIPT = 'window.dataLayer.push({{"event":"impression","slot":{0},"campaign":"c{0}","position":"right"}});\n'


@contextmanager
def serving(pages: int, weight: int = WEIGHT) -> Iterator[str]:
    """The base address of a site whose list holds so many stories; each page is padded to `weight` bytes."""
    command = [sys.executable, "-m", "tests.benchmarks.site", str(pages * _OF_TEN), str(weight)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        yield server.stdout.readline().strip()
        server.stdin.close()


def truth(pages: int) -> list[Expected]:
    """The records of the stories that the list of a site served so holds, the newest first."""
    with SampleSite(stories=pages * _OF_TEN) as site:
        return list(expected_records(site.truth, "portal"))


def padded(page: bytes, weight: int) -> bytes:
    """A page with more around its article: two fifths script, the rest lists of links, as real pages have them.

    Of 183 labelled pages the median one has 40 % script and style, and between six and seven elements a kilobyte.
    """
    missing = weight - len(page)
    if missing <= 0 or b"</body>" not in page:
        return page
    script = _filled(_SCRIPT, int(missing * _SCRIPT_SHARE))
    items = _filled(_ITEM, missing - len(script))
    return page.replace(b"</body>", b"<ul>" + items + b"</ul><script>" + script + b"</script></body>", 1)


def _filled(pattern: str, length: int) -> bytes:
    one = pattern.format(100).encode()
    return b"".join(pattern.format(100 + number).encode() for number in range(length // len(one)))


def _serve(stories: int, weight: int) -> None:
    with SampleSite(stories=stories) as site:
        plain = site._server.respond

        def heavier(request: Request) -> Answer:
            answer = plain(request)
            is_page = answer.status == 200 and answer.content_type.startswith("text/html")
            return replace(answer, body=padded(answer.body, weight)) if is_page else answer

        site._server.respond = heavier
        print(site.base_url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]))
