"""Which of the articles found say most of what was looked for: Okapi BM25 over titles and bodies. Pure."""

from collections.abc import Sequence
from typing import Any

_SATURATION, _LENGTH = 1.2, 0.75
"""k1 and b of BM25, as its authors advise (Robertson and Zaragoza 2009)."""
_TITLE = 4
"""How often a word in the title counts."""


def best_first(rows: Sequence[dict[str, Any]], words: Sequence[str]) -> list[dict[str, Any]]:
    """Articles that hold all of the words, the best first; equals keep their order."""
    mean = sum(len(row["body"]) for row in rows) / len(rows) if rows else 0.0
    scored = [(_score(row, words, mean), row) for row in rows]
    return [row for _, row in sorted(scored, key=lambda each: -each[0])]


def _score(row: dict[str, Any], words: Sequence[str], mean: float) -> float:
    title, body = str(row["title"] or ""), str(row["body"])
    length = 1 - _LENGTH + _LENGTH * len(body) / mean
    counts = (body.count(word) + _TITLE * title.count(word) for word in words)
    return sum(count * (_SATURATION + 1) / (count + _SATURATION * length) for count in counts)
