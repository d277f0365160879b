"""How long pages take: `newscrawl serve` in a process of its own, asked over HTTP, on databases of several sizes.

    python -m tests.benchmarks.web FILE.db [FILE.db ...]

Search asks for words cut at random out of the titles, each once, so that none is answered from a page just read.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from newscrawl.storage.database import open_readonly
from tests.quality.tables import table
from tests.web.conftest import serving

ROUNDS = 30
_WORDS = 100
_STOCK = "select code || '.' || market from stocks group by code, market order by count(*) desc limit 1"
HEAD = ["page", "articles", "ms: median", "95th percentile", "slowest", "KB"]


def found(paths: list[Path]) -> str:
    """A table: pages by databases."""
    return table(HEAD, [row for path in paths for row in measured(path)])


def measured(path: Path, now: str | None = None) -> Iterator[list[str]]:
    """A row for each kind of page. Any answer but 200 is an error: a page that fails fast wins nothing."""
    with closing(open_readonly(path)) as db:
        count = db.execute("select count(*) from articles").fetchone()[0]
        newest = now or db.execute("select max(published_at) from articles").fetchone()[0]
        words = _words(db.execute("select title from articles where title is not null limit 20000").fetchall())
        [(stock,)] = db.execute(_STOCK).fetchall()
        kinds: dict[str, Callable[[int], str]] = {
            "first screen": lambda round: "/",
            "search": lambda round: f"/search?q={quote(words[round])}",
            "dashboard, a day": lambda round: "/dashboard",
            "dashboard, a week": lambda round: "/dashboard?days=7",
            "article": _articles(count),
            "most-named stock": lambda round: f"/stocks/{stock}",
        }
    for address in serving(path, now=newest):
        with closing(HTTPConnection(urlsplit(address).netloc)) as connection:
            for name, page in kinds.items():
                rounds = _WORDS if name == "search" else ROUNDS
                _ask(connection, page(0))  # the first fills templates and caches
                answers = [_ask(connection, page(round)) for round in range(rounds)]
                yield [name, f"{count:,}", *_times([took for took, _ in answers]), f"{answers[-1][1] / 1000:,.0f}"]


def _ask(connection: HTTPConnection, address: str) -> tuple[float, int]:
    """Milliseconds until the whole answer was there, and its bytes."""
    begun = time.perf_counter()
    connection.request("GET", address)
    answer = connection.getresponse()
    size = len(answer.read())
    took = 1000 * (time.perf_counter() - begun)
    if answer.status != 200:
        raise AssertionError(f"{address} answered {answer.status}")
    return took, size


def _times(took: list[float]) -> list[str]:
    took = sorted(took)
    return [f"{took[min(int(share * len(took)), len(took) - 1)]:.1f}" for share in (0.5, 0.95, 1.0)]


def _articles(count: int) -> Callable[[int], str]:
    chosen = random.Random(5).choices(range(1, count + 1), k=ROUNDS)
    return lambda round: f"/articles/{chosen[round]}"


def _words(titles: list[tuple[str]]) -> list[str]:
    chance = random.Random(5)
    found = []
    for (title,) in chance.sample(titles, _WORDS):
        length = min(chance.choice((2, 2, 3, 4)), len(title))
        start = chance.randrange(len(title) - length + 1)
        found.append("".join(title[start : start + length].split()) or title)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE.db")
    print(found(parser.parse_args().paths))
