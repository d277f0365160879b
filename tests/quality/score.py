"""How near a found body is to the true one: shared shingles of four tokens, one token per Han character.

The measure of the published article extraction benchmarks, with Chinese characters as tokens of their own: a run of
`\\w` would make a whole clause one token. Standard library only.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(f"[{_HAN}]|[^\\W{_HAN}]+")
_HAN_TOKEN = re.compile(f"[{_HAN}]")
SHINGLE = 4
SHORT = 300
"""Tokens of a true body up to which a Chinese page is a short one."""

Extract = Callable[[str, str], tuple[str, Sequence[str]]]
"""(html, url) -> (body, image addresses)."""


@dataclass(slots=True)
class Sample:
    """One labelled page. `images`: of each true image the addresses of which any is right; None is not labelled."""

    key: str
    url: str
    html: str
    body: str
    images: list[list[str]] | None


@dataclass(slots=True)
class Score:
    """What a set of pages came to; `pages` are (F1, key), worst first."""

    body: float
    short: float | None
    image_precision: float | None
    image_recall: float | None
    pages: list[tuple[float, str]] = field(repr=False)


def samples(folder: Path) -> Iterator[Sample]:
    """The pages of one set: truth.jsonl and pages/<id>.html.gz."""
    for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        packed = (folder / "pages" / f"{row['id']}.html.gz").read_bytes()
        html = gzip.decompress(packed).decode("utf-8", "surrogatepass")
        yield Sample(f"{folder.name}/{row['id']}", row["url"], html, row["body"] or "", row["images"])


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
    """F1 of mean precision (over pages where something was found) and mean recall; images over all of the set."""
    found = [extract(page.html, page.url) for page in pages]
    pairs = [overlap(page.body, body) for page, (body, _) in zip(pages, found, strict=True)]
    precisions = [pair[0] for pair, (body, _) in zip(pairs, found, strict=True) if _shingles(body)]
    short = [harmonic(*pair) for page, pair in zip(pages, pairs, strict=True) if _is_short(page.body)]
    pictures = _pictures([(page, urls) for page, (_, urls) in zip(pages, found, strict=True)])
    return Score(
        body=harmonic(fmean(precisions or [0.0]), fmean(recall for _, recall in pairs)),
        short=fmean(short) if short else None,
        image_precision=pictures[0],
        image_recall=pictures[1],
        pages=sorted((harmonic(*pair), page.key) for page, pair in zip(pages, pairs, strict=True)),
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if len(tokens) <= SHINGLE:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(zip(*(tokens[start:] for start in range(SHINGLE)), strict=False))


def _is_short(text: str) -> bool:
    tokens = _TOKEN.findall(text)
    return 0 < len(tokens) <= SHORT and len(_HAN_TOKEN.findall(text)) > 0.3 * len(tokens)


def _pictures(rows: Sequence[tuple[Sample, Sequence[str]]]) -> tuple[float | None, float | None]:
    given = right = wanted = hit = 0
    for page, urls in rows:
        if page.images is None:
            continue
        got = {_address(url, page.url) for url in urls}
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
