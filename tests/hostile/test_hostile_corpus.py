"""Every answer of the corpus is read or refused by an error of ours, in bounded time and memory."""

import pytest

from tests.benchmarks.apart import apart
from tests.hostile.corpus import KINDS, cases
from tests.hostile.reading import read_any

SECONDS, MEGABYTES = 10, 1536
"""Of all readers of one answer together; a crawl may take as long for nothing but it."""
TOGETHER = 12
"""Cases in one process: a fault in any of them is told by its name."""


def _several(kind, chosen):
    """The outcomes of these cases by name."""
    makers = {name: make for of, name, make in cases() if of == kind}
    return {name: read_any(kind, makers[name]()) for name in chosen}


def _batches():
    for kind in KINDS:
        names = [name for of, name, _ in cases() if of == kind]
        yield from ((kind, tuple(names[at : at + TOGETHER])) for at in range(0, len(names), TOGETHER))


@pytest.mark.parametrize(
    ("kind", "names"), list(_batches()), ids=lambda told: told if isinstance(told, str) else told[0]
)
def test_nothing_of_the_corpus_hurts(kind, names):
    try:
        outcomes = apart(_several, kind, names, seconds=3 * SECONDS, megabytes=MEGABYTES)
    except Exception:
        outcomes = {name: apart(_several, kind, (name,), seconds=SECONDS, megabytes=MEGABYTES) for name in names}
    assert outcomes.keys() == set(names)
