"""The wordings of one article, as the publisher had them, and what changed from one to the next."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from sqlite_utils import Database

from newscrawl.storage.lookup import rows, sightings_of
from newscrawl.storage.rows import Row
from newscrawl.storage.selection import Selection, selected

Piece = tuple[str, str]
"""`=` stayed, `-` went or `+` came, and the text."""

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
_ALIKE = 0.4
"""Two passages less alike than that are shown as one that went and one that came."""
_MOST_PAIRS = 1_000_000
"""Of sentences that are compared; twenty times as many take a minute."""
_COMPARED = 4000
"""Characters of a passage, at most, that are compared one by one."""


def state_at(db: Database, article_id: int, as_of: str) -> dict[str, Any] | None:
    """An article as ArticleStore.get gives it, as far as it was known at a moment; None when it was not."""
    found = next(selected(db, Selection(article_id=article_id, as_of=as_of)), None)
    if found is None:
        return None
    sightings = [row for row in sightings_of(db, article_id) if row["first_seen_at"] <= as_of]
    return found | {
        "id": article_id,
        "updated_at": found["valid_from"],
        "reread_at": None,
        "sightings": [row | {"last_seen_at": min(row["last_seen_at"], as_of)} for row in sightings],
        "revisions": [row | {"reason": "publisher"} for row in _wordings(db, article_id) if _ended(row, as_of)],
    }


def changes(db: Database, article_id: int) -> list[Row]:
    """What the publisher changed each time: `at`, and `title` and `body` as pieces. The oldest change first."""
    wordings = _wordings(db, article_id)
    return [
        {"at": new["valid_from"], **{name: difference(old[name] or "", new[name] or "") for name in ("title", "body")}}
        for old, new in itertools.pairwise(wordings)
    ]


def difference(old: str, new: str) -> list[Piece]:
    """How one text became another: whole sentences, and within sentences that are alike, characters. Pure."""
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    if len(before) * len(after) > _MOST_PAIRS:
        return _merged(_middle(old, new))
    return _merged(
        piece
        for old_part, new_part in _blocks(before, after)
        for piece in _characters("".join(old_part), "".join(new_part))
    )


def _middle(old: str, new: str) -> Iterator[Piece]:
    """What both begin and end with, and between them all that went and all that came."""
    begins = _alike(old, new)
    ends = _alike(reversed(old[begins:]), reversed(new[begins:]))
    yield "=", new[:begins]
    yield "-", old[begins : len(old) - ends]
    yield "+", new[begins : len(new) - ends]
    yield "=", new[len(new) - ends :]


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """With how many equal characters both begin."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _wordings(db: Database, article_id: int) -> list[Row]:
    sql = """select title, body, valid_from, valid_to from states where article_id = ?
             order by valid_from, valid_to is null, valid_to"""
    return rows(db, sql, article_id)


def _ended(row: Row, as_of: str) -> bool:
    return row["valid_to"] is not None and row["valid_to"] <= as_of


def _characters(old: str, new: str) -> Iterator[Piece]:
    if old == new:
        yield "=", new
        return
    if max(len(old), len(new)) <= _COMPARED and SequenceMatcher(None, old, new, autojunk=False).ratio() >= _ALIKE:
        for old_part, new_part in _blocks(old, new):
            if old_part == new_part:
                yield "=", "".join(new_part)
            else:
                yield from (("-", "".join(old_part)), ("+", "".join(new_part)))
    else:
        yield from (("-", old), ("+", new))


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    for _, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield old[i:j], new[k:m]


def _merged(pieces: Iterator[Piece]) -> list[Piece]:
    """The same with neighbours of one kind as one, and without empty ones."""
    whole: list[Piece] = []
    for kind, text in pieces:
        if text and whole and whole[-1][0] == kind:
            whole[-1] = (kind, whole[-1][1] + text)
        elif text:
            whole.append((kind, text))
    return whole
