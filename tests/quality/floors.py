"""The floors under the quality of reading, and the one way to change them: up.

    NEWSCRAWL_SAMPLES=../shared/corpus python -m tests.quality.floors

measures the sets and raises each floor that is below what was measured, less what one page may swing.
"""

import json
import os
import sys
from pathlib import Path

from newscrawl.errors import NotNews, PageError
from newscrawl.items import Article
from pipelines import extract_article
from tests.quality.score import Reading, Score, samples, score

FLOORS = Path(__file__).with_name("floors.json")
MEASURES = ("body", "short", "title", "day", "minute", "image_precision", "image_recall")
SLACK = 0.002
"""Below this a difference is rounding, not a page."""


def folder() -> Path | None:
    """Where the labelled sets are, if this machine has them."""
    named = os.environ.get("NEWSCRAWL_SAMPLES", "")
    path = Path(named) / "extraction"
    return path if named and path.is_dir() else None


def read(html: str, url: str) -> Reading:
    """The record as the whole path gives it; a refusal is an empty answer."""
    return reading(record(html, url))


def record(html: str, url: str) -> Article | None:
    """The record; None for a refusal."""
    try:
        return extract_article(html, url)
    except (PageError, NotNews):
        return None


def reading(article: Article | None) -> Reading:
    """A record as the scorer takes it."""
    if article is None:
        return Reading()
    return Reading(article.title, article.published_at, article.body, article.image_urls)


def measure(name: str) -> Score:
    """The score of one set."""
    root = folder()
    if root is None:
        raise FileNotFoundError("NEWSCRAWL_SAMPLES names no folder with extraction/ in it")
    return score(list(samples(root / name)), read)


def floors() -> dict[str, dict[str, float]]:
    """Set -> measure -> the least that is accepted."""
    found: dict[str, dict[str, float]] = json.loads(FLOORS.read_text("utf-8"))
    return found


def raised(old: dict[str, float], measured: Score) -> dict[str, float]:
    """The old floors, each lifted to what was measured where that is more."""
    new = dict(old)
    for name in MEASURES:
        value = getattr(measured, name)
        if value is not None:
            new[name] = max(old.get(name, 0.0), round(value - SLACK, 3))
    return new


def main() -> int:
    """Raise the floors and print the worst pages."""
    known = floors()
    root = folder()
    for name in sorted(path.name for path in root.iterdir() if path.is_dir()) if root else ():
        result = measure(name)
        known[name] = raised(known.get(name, {}), result)
        print(name, known[name], "worst:", ", ".join(f"{key} {f1:.3f}" for f1, key in result.pages[:5]))
    FLOORS.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
