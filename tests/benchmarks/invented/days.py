"""The records of one day of a few sources: the same seed and day give the same records."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape
from itertools import accumulate
from random import Random
from typing import Literal

from newscrawl.demo.rewrites import REWRITES
from newscrawl.items import BEIJING, Article, ArticleKind, Image, Stock, Tag
from tests.benchmarks.invented import lexicon
from tests.benchmarks.invented.texts import Told, Writer

PER_DAY = 400
LAST = datetime(2026, 11, 27, 21, tzinfo=BEIJING)
"""Nothing is published later."""
REPOSTS, COPIES, EDITS, FAILURES = 0.08, 0.03, 0.006, 0.004
"""Of the articles: rewritten ones of another source, the same text at another source, later edited, never had."""
_HOURS = tuple(accumulate((2, 1, 1, 1, 1, 2, 5, 10, 14, 14, 13, 12, 9, 10, 11, 12, 11, 9, 8, 7, 7, 7, 5, 3)))
_NEVER = datetime(2200, 1, 1, tzinfo=BEIJING)


@dataclass(frozen=True)
class Source:
    """`share` of all articles, `flashes` of its own."""

    name: str
    channel: str
    share: float
    flashes: float
    address: str


SOURCES = (
    Source("cls_telegraph", "roll", 0.52, 1.0, "https://www.cls.cn/detail/{}"),
    Source("eastmoney", "column:350", 0.27, 0.55, "https://finance.eastmoney.com/a/{}.html"),
    Source("cls_depth", "1000", 0.08, 0.0, "https://www.cls.cn/detail/{}"),
    Source("stcn", "list", 0.07, 0.2, "https://www.stcn.com/article/detail/{}.html"),
    Source("10jqka", "list", 0.06, 0.1, "https://news.10jqka.com.cn/today/c{}.shtml"),
)
_SHARES = tuple(accumulate(source.share for source in SOURCES))

Role = Literal["first", "repost", "copy", "edit"]


@dataclass(frozen=True)
class Record:
    """One article as a source tells it. A copy and an edit make no article of their own."""

    role: Role
    article: Article

    @property
    def is_article(self) -> bool:
        return self.role in ("first", "repost")


def days(articles: int) -> list[tuple[date, int]]:
    """The days of so many articles and how many each has, the oldest first; the newest are the same for any number."""
    found: list[tuple[date, int]] = []
    day = LAST.date()
    while articles > 0:
        here = min(PER_DAY if day.weekday() < 5 else PER_DAY * 3 // 4, articles)
        found.append((day, here))
        articles, day = articles - here, day - timedelta(days=1)
    return found[::-1]


def records(seed: int, day: date, articles: int, until: datetime | None = LAST) -> list[Record]:
    """What a day's articles are with their copies and edits, as they are fetched."""
    rng = Random(f"{seed} {day}")
    made = _Day(rng, day)
    found: list[Record] = []
    for second in sorted(_second(rng, day, until) for _ in range(articles)):
        found += made.at(second)
    known = (record for record in found if record.is_article or not until or record.article.fetched_at < until)
    return sorted(known, key=lambda record: record.article.fetched_at)


def _second(rng: Random, day: date, until: datetime | None) -> int:
    start = int(datetime(day.year, day.month, day.day, tzinfo=BEIJING).timestamp())
    while True:
        hour = bisect_right(_HOURS, rng.randrange(_HOURS[-1]))
        if (second := start + hour * 3600 + rng.randrange(3600)) < (until or _NEVER).timestamp():
            return second


class _Day:
    def __init__(self, rng: Random, day: date) -> None:
        self._rng, self._writer = rng, Writer(rng)
        self._dateline = f"财联社{day.month}月{day.day}日电，"
        self._id = (day.toordinal() - 736_000) * 4_000
        self._earlier: list[Article] = []

    def at(self, second: int) -> Iterator[Record]:
        chance = self._rng.random()
        if chance < REPOSTS and self._earlier:
            yield Record("repost", self._repost(self._rng.choice(self._earlier[-60:]), second))
            return
        source = self._source()
        is_flash = self._rng.random() < source.flashes
        told = self._writer.flash(self._dateline) if is_flash else self._writer.article()
        article = self._article(source, "flash" if is_flash else "article", told, second)
        self._earlier.append(article)
        yield Record("first", article)
        if chance > 1 - COPIES:
            yield Record("copy", self._copy(article))
        if self._rng.random() < EDITS:
            yield Record("edit", self._edit(article))

    def _source(self) -> Source:
        chance = self._rng.random() * _SHARES[-1]
        return SOURCES[next(place for place, share in enumerate(_SHARES) if chance < share)]

    def _article(self, source: Source, kind: ArticleKind, told: Told, second: int) -> Article:
        source_id, url = self._identity(source)
        rng, own = self._rng, source.name.startswith("cls")
        moment = datetime.fromtimestamp(second, BEIJING)
        return Article(
            source=source.name,
            source_id=source_id,
            url=url,
            kind=kind,
            title=told.title,
            published_at=moment if own else moment.replace(second=0),
            published_precision="second" if own else "minute",
            published_raw=str(second) if own else f"{moment:%Y年%m月%d日 %H:%M}",
            body=told.body,
            body_html=_html(told.paragraphs),
            fetched_at=moment + timedelta(seconds=rng.randint(20, 1_200), microseconds=rng.randrange(1_000_000)),
            summary=told.paragraphs[0][:120] if kind == "article" and rng.random() < 0.5 else None,
            publisher="财联社" if own and rng.random() < 0.9 else rng.choice(lexicon.MEDIA),
            author=rng.choice(lexicon.PEOPLE) if kind == "article" else None,
            editor=rng.choice(lexicon.PEOPLE) if rng.random() < 0.2 else None,
            modified_at=moment if own and kind == "flash" else None,
            images=self._images(url) if kind == "article" else (),
            stocks=tuple(Stock(*stock) for stock in told.stocks),
            tags=self._tags(own),
            provenance={"title": "rule", "published_at": "rule", "body": "rule"},
        )

    def _identity(self, source: Source) -> tuple[str, str]:
        self._id += self._rng.randint(1, 3)
        source_id = f"2026{self._id:014d}" if source.name == "eastmoney" else str(self._id)
        return source_id, source.address.format(source_id)

    def _images(self, url: str) -> tuple[Image, ...]:
        number = self._rng.choice((0, 0, 1, 1, 2, 4))
        return tuple(Image(f"{url}/{place}.jpg", alt=None, width=800, height=450) for place in range(number))

    def _tags(self, own: bool) -> tuple[Tag, ...]:
        subjects = self._rng.sample(lexicon.SUBJECTS, self._rng.randint(0, 3))
        level = (Tag("level", self._rng.choice("AABBCCCCCC")),) if own else ()
        return (*(Tag("subject", name) for name in subjects), *level)

    def _repost(self, first: Article, second: int) -> Article:
        """What another source makes of an article of the last hours."""
        rng = self._rng
        source = rng.choice([each for each in SOURCES[1:] if each.name != first.source])
        text = rng.choice(REWRITES)(first.body, rng)
        told = Told(first.title or text[:20], tuple(text.split("\n")), tuple(map(_stock, first.stocks)))
        return self._article(source, first.kind, told, second)

    def _copy(self, article: Article) -> Article:
        """The same text at another source."""
        source = self._rng.choice([each for each in SOURCES if each.name != article.source])
        source_id, url = self._identity(source)
        later = article.fetched_at + timedelta(minutes=self._rng.randint(1, 90))
        return replace(article, source=source.name, source_id=source_id, url=url, fetched_at=later)

    def _edit(self, article: Article) -> Article:
        """The same article with a sentence more, half an hour later."""
        added = self._writer.sentence(1)
        later = timedelta(minutes=30)
        return replace(
            article,
            body=f"{article.body}\n{added}",
            body_html=article.body_html + _html((added,)),
            fetched_at=article.fetched_at + later,
            modified_at=article.modified_at and article.modified_at + later,
        )


def _stock(stock: Stock) -> tuple[str, str, str]:
    return stock.code, stock.market, stock.name or ""


def _html(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
