"""How near what was found on a page is to the truth.

Bodies by shared shingles of four tokens, one token per Han character: the measure of the published article extraction
benchmarks, with Chinese characters as tokens of their own, since a run of `\\w` would make a whole clause one token.
Titles are right or wrong by their letters and digits, dates by the day and the minute, images by their addresses.
"""

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from newscrawl.dates import Dated, parse_date
from newscrawl.items import BEIJING

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(f"[{_HAN}]|[^\\W{_HAN}]+")
_HAN_TOKEN = re.compile(f"[{_HAN}]")
SHINGLE = 4
SHORT = 300
"""Tokens of a true body up to which a Chinese page is a short one."""


class Reading(NamedTuple):
    """What an extractor made of a page; a datetime at midnight tells a day."""

    title: str | None = None
    date: datetime | str | None = None
    body: str = ""
    images: Sequence[str] = ()


Extract = Callable[[str, str], Reading]
"""(html, url) -> Reading."""


@dataclass(slots=True)
class Sample:
    """One labelled page. `images`: of each true image the addresses of which any is right; None is not labelled."""

    key: str
    url: str
    html: str
    title: str | None
    date: str | None
    body: str
    images: list[list[str]] | None


@dataclass(slots=True)
class Score:
    """What a set of pages came to; `pages` are (F1, key), worst first."""

    body: float
    short: float | None
    title: float | None
    day: float | None
    minute: float | None
    image_precision: float | None
    image_recall: float | None
    pages: list[tuple[float, str]] = field(repr=False)


def samples(folder: Path) -> Iterator[Sample]:
    """The pages of one set: truth.jsonl and pages/<id>.html.gz."""
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        packed = (folder / "pages" / f"{row['id']}.html.gz").read_bytes()
        html = gzip.decompress(packed).decode("utf-8", "surrogatepass")
        key = f"{folder.name}/{row['id']}"
        yield Sample(key, row["url"], html, row["title"], row["date"], row["body"] or "", row["images"])


def overlap(truth: str, found: str) -> tuple[float, float]:
    """Precision and recall over shingles. Nothing found of something is 0; nothing found of nothing is 1."""
    want, got = _shingles(truth), _shingles(found)
    shared = (want & got).total()
    empty = 0.0 if want or got else 1.0
    return (shared / got.total() if got else empty), (shared / want.total() if want else empty)


def harmonic(precision: float, recall: float) -> float:
    """F1."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(pages: Sequence[Sample], extract: Extract) -> Score:
    """What `extract` makes of the pages, scored."""
    return score_readings(pages, [extract(page.html, page.url) for page in pages])


def score_readings(pages: Sequence[Sample], found: Sequence[Reading]) -> Score:
    """F1 of mean precision (over pages where something was found) and mean recall; images over all of the set."""
    rows = list(zip(pages, found, strict=True))
    pairs = [overlap(page.body, reading.body) for page, reading in rows]
    precisions = [pair[0] for pair, reading in zip(pairs, found, strict=True) if _shingles(reading.body)]
    short = [harmonic(*pair) for page, pair in zip(pages, pairs, strict=True) if is_short(page.body)]
    pictures = _pictures(rows)
    return Score(
        body=harmonic(fmean(precisions or [0.0]), fmean(recall for _, recall in pairs)),
        short=_mean(short),
        title=_mean(_letters(page.title) == _letters(reading.title) for page, reading in rows if page.title),
        day=_mean(same for page, reading in rows if (same := _same_day(page.date, reading.date)) is not None),
        minute=_mean(same for page, reading in rows if (same := _same_minute(page.date, reading.date)) is not None),
        image_precision=pictures[0],
        image_recall=pictures[1],
        pages=sorted((harmonic(*pair), page.key) for page, pair in zip(pages, pairs, strict=True)),
    )


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return fmean(listed) if listed else None


def _letters(title: str | None) -> str:
    """Neither punctuation nor width nor case makes a title another one."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", title or "").casefold()))


def _same_day(truth: str | None, found: datetime | str | None) -> bool | None:
    """None when the truth tells no date."""
    want, got = _dated(truth), _dated(found)
    return None if want is None else got is not None and got.at.date() == want.at.date()


def _same_minute(truth: str | None, found: datetime | str | None) -> bool | None:
    """None when the truth tells no more than a day."""
    want, got = _dated(truth), _dated(found)
    if want is None or want.precision == "day":
        return None
    return got is not None and got.precision != "day" and f"{got.at:%F %R}" == f"{want.at:%F %R}"


def _dated(value: datetime | str | None) -> Dated | None:
    """In Beijing time."""
    if isinstance(value, datetime):
        at = value if value.tzinfo else value.replace(tzinfo=BEIJING)
        return Dated(at.astimezone(BEIJING), "second" if value.strftime("%T") != "00:00:00" else "day")
    dated = parse_date(value) if value else None
    return Dated(dated.at.astimezone(BEIJING), dated.precision) if dated else None


@cache
def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if len(tokens) <= SHINGLE:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(zip(*(tokens[start:] for start in range(SHINGLE)), strict=False))


def is_short(text: str) -> bool:
    """Whether a body is Chinese and of at most SHORT tokens."""
    tokens = _TOKEN.findall(text)
    return 0 < len(tokens) <= SHORT and len(_HAN_TOKEN.findall(text)) > 0.3 * len(tokens)


def _pictures(rows: Sequence[tuple[Sample, Reading]]) -> tuple[float | None, float | None]:
    given = right = wanted = hit = 0
    for page, reading in rows:
        if page.images is None:
            continue
        got = {_address(url, page.url) for url in reading.images}
        want = [{_address(url, page.url) for url in versions} for versions in page.images]
        given += len(got)
        right += len(got & set().union(*want))
        wanted += len(want)
        hit += sum(bool(versions & got) for versions in want)
    return (right / given if given else None), (hit / wanted if wanted else None)


def _address(url: str, base: str) -> str:
    """Host and path: neither scheme nor query tells two pictures apart."""
    parts = urlsplit(urljoin(base, url.strip()))
    return (parts.netloc + unquote(parts.path)).casefold().lstrip("/")
