"""The work that is measured on a database of any size, each told as CPU time for one article, address, word or screen."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import NamedTuple

from sqlite_utils import Database

from newscrawl.items import BEIJING, Article
from newscrawl.storage.articles import ArticleStore
from newscrawl.storage.gaps import list_states
from newscrawl.storage.health import health_of
from newscrawl.storage.ledger import Ledger
from newscrawl.storage.linking import link
from newscrawl.storage.search import Query, search, words_of
from newscrawl.storage.transactions import immediate
from tests.benchmarks.invented.days import LAST, PER_DAY, records
from tests.benchmarks.invented.fill import SEED, Clock

_INSERTED, _AGAIN, _LINKED = 1_000, 300, 500
_LISTS, _A_LIST = 40, 50
_WORDS, _LONGEST = 200, 8
_PAGE = 20


class Sized:
    """An open database, and where the work on it goes on: chances are the same for every size."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.chance = random.Random(5)
        self.searched: list[float] = []
        """Milliseconds of each word, in order."""
        newest = db.execute("select max(published_date) from articles").fetchone()[0]
        self._coming = _articles(date.fromisoformat(newest) + timedelta(days=1))

    def coming(self, number: int) -> list[Article]:
        """The articles that come next."""
        return [next(self._coming) for _ in range(number)]

    def numbers(self, number: int) -> list[int]:
        """Articles at random, each once."""
        most = self.db.execute("select max(id) from articles").fetchone()[0]
        return self.chance.sample(range(1, most + 1), min(number, most))


class Work(NamedTuple):
    """`cost` does it and tells its CPU time in `unit`."""

    unit: str
    cost: Callable[[Sized], float]


def _articles(day: date) -> Iterator[Article]:
    for further in count():
        here = day + timedelta(days=further)
        for record in records(SEED, here, PER_DAY, until=None):
            yield record.article


def _insert(sized: Sized) -> float:
    articles = sized.coming(_INSERTED)
    clock = Clock(articles[0].fetched_at)
    start = time.process_time()
    ledger = Ledger(sized.db, "cls_telegraph", version="0", clock=clock)
    for article in articles:
        clock.now = article.fetched_at
        ledger.add(article)
    ledger.finish("ok", 0)
    return 1e6 * (time.process_time() - start) / len(articles)


def _known(sized: Sized) -> float:
    """Lists of which every second address is stored."""
    sql = "select url from articles where id = ? and source = 'cls_telegraph'"
    stored = [url for number in sized.numbers(_LISTS * _A_LIST) for (url,) in sized.db.execute(sql, [number]) if url]
    lists = [
        [each for url in stored[at : at + _A_LIST // 2] for each in (url, f"{url}/no")]
        for at in range(0, len(stored), _A_LIST // 2)
    ]
    store = ArticleStore(sized.db)
    start = time.process_time()
    for addresses in lists:
        if 2 * len(store.known("cls_telegraph", addresses)) != len(addresses):
            raise AssertionError("an address is lost, or known in vain")
    return 1e6 * (time.process_time() - start) / sum(map(len, lists))


def _again(sized: Sized) -> float:
    """Stored articles that come once more."""
    store = ArticleStore(sized.db)
    sql = "select source, source_id from articles where id = ?"
    found = [sized.db.execute(sql, [number]).fetchone() for number in sized.numbers(_AGAIN)]
    articles = [article for source, source_id in found if (article := store.find(source, source_id))]
    start = time.process_time()
    with immediate(sized.db):
        outcomes = store.save(articles, LAST)
    if set(outcomes) - {"unchanged"} or len(outcomes) < len(found):
        raise AssertionError(f"stored articles are {set(outcomes)}")
    return 1e6 * (time.process_time() - start) / len(articles)


def _link(sized: Sized) -> float:
    with immediate(sized.db):
        sized.db.execute("insert into story_queue select id from articles order by id desc limit ?", [_LINKED])
        start = time.process_time()
        link(sized.db)
        return 1e6 * (time.process_time() - start) / _LINKED


def _search(sized: Sized) -> float:
    times = []
    for word in _words():
        query = Query(words=words_of([word]))
        start = time.process_time()
        search(sized.db, query, limit=_PAGE)
        times.append(1e3 * (time.process_time() - start))
    sized.searched = sorted(times)
    return sized.searched[len(times) // 2]


def _words() -> list[str]:
    """Pieces of one to eight characters, cut at random out of the articles of a day that every size has."""
    chance, words = random.Random(5), []
    articles = [record.article for record in records(SEED, LAST.date(), PER_DAY)]
    while len(words) < _WORDS:
        article = chance.choice(articles)
        text, length = chance.choice((article.title or "", article.body)), chance.randint(1, _LONGEST)
        start = chance.randrange(max(1, len(text) - length))
        word = text[start : start + length]
        if word and not any(character.isspace() or character == '"' for character in word):
            words.append(word)
    return words


def _timed(sql: str) -> Callable[[Sized], float]:
    """A query about one article's story or state, for some articles at random."""

    def cost(sized: Sized) -> float:
        numbers = sized.numbers(_PAGE)
        start = time.process_time()
        for number in numbers:
            sized.db.execute(sql, [number]).fetchall()
        return 1e3 * (time.process_time() - start) / len(numbers)

    return cost


def _screen(show: Callable[[Database], object]) -> Callable[[Sized], float]:
    def cost(sized: Sized) -> float:
        start = time.process_time()
        show(sized.db)
        return 1e3 * (time.process_time() - start)

    return cost


def _health(db: Database) -> object:
    newest = db.execute("select max(published_ts) from articles").fetchone()[0]
    return health_of(db, lambda _: False, datetime.fromtimestamp(newest, BEIJING))


WORK = {
    "insert": Work("µs an article", _insert),
    "look up an address": Work("µs", _known),
    "a stored article again": Work("µs", _again),
    "link": Work("µs an article", _link),
    "the newest 20, median": Work("ms", _search),
    "the newest 20, 95th percentile": Work("ms", lambda sized: sized.searched[round(0.95 * (_WORDS - 1))]),
    "the newest 20, slowest": Work("ms", lambda sized: sized.searched[-1]),
    "status": Work("ms", _screen(_health)),
    "gaps": Work("ms", _screen(list_states)),
    "one story": Work("ms", _timed("select * from stories where story_id = ?")),
    "one article's states": Work("ms", _timed("select * from states where article_id = ?")),
}
"""By name; the percentiles are those of the words searched before."""
