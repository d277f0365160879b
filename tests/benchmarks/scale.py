"""Does anything cost more when there is more? The same work on databases of several sizes, in turns, in one run.

    python -m tests.benchmarks.scale [--folder FOLDER] [--whole] [ARTICLES...]

The databases are FOLDER/<articles>.db, made where they are missing (a millisecond an article); the measured work adds some
thousand articles to each. `--whole` also exports, backs up and migrates them, in processes of their own. Prints Markdown.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from newscrawl.storage.database import open_database
from tests.benchmarks.invented.fill import make
from tests.benchmarks.scale_whole import whole
from tests.benchmarks.scale_work import WORK, Sized
from tests.quality.tables import table

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 5
SHORT = (1_000, 10_000)
LIMITS = {"insert": 1 / 0.8, "look up an address": 1.5, "link": 1.5, "the newest 20, median": 1.5, "status": 1.5}
"""How many times as much it may cost where there is ten times as much."""
SLACK = 4 / 3


def found(folder: Path, sizes: Sequence[int] = SIZES, rounds: int = ROUNDS) -> str:
    """A table: a row for each work, a column for each size, and how many times the last costs what the one before does."""
    costs = measured(folder, sizes, rounds)
    rows = [
        [f"{name}, {WORK[name].unit}", *(f"{of_size[name]:,.2f}" for of_size in costs), f"{_ratio(costs, name):.2f}"]
        for name in WORK
    ]
    return table(["CPU", *(f"{size:,}" for size in sizes), "the last, of the one before"], rows)


def measured(folder: Path, sizes: Sequence[int], rounds: int) -> list[dict[str, float]]:
    """What each work costs with each size: medians over rounds in which the sizes take turns."""
    with ExitStack() as open_ones:
        databases = []
        for size in sizes:
            path = folder / f"{size}.db"
            if not path.exists():
                make(path, size)
            databases.append(Sized(open_ones.enter_context(closing(open_database(path)))))
        return [{name: median(costs) for name, costs in of_size.items()} for of_size in _rounds(databases, rounds)]


def _rounds(databases: Sequence[Sized], rounds: int) -> list[dict[str, list[float]]]:
    costs: list[dict[str, list[float]]] = [{name: [] for name in WORK} for _ in databases]
    for _ in range(rounds):
        for name, work in WORK.items():
            for database, of_size in zip(databases, costs, strict=True):
                of_size[name].append(work.cost(database))
    return costs


def _ratio(costs: Sequence[dict[str, float]], name: str) -> float:
    return costs[-1][name] / costs[-2][name]


def check() -> tuple[bool, list[list[str]]]:
    """The short form: whether all holds between two small sizes, and a row for each work."""
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        costs = measured(Path(folder), SHORT, ROUNDS)
    rows, passed = [], True
    for name, limit in LIMITS.items():
        ratio = _ratio(costs, name)
        over = " **over**" if ratio > SLACK * limit else ""
        passed = passed and not over
        rows.append(
            [f"{name}: {SHORT[1]:,} articles to {SHORT[0]:,}", "", f"{ratio:.2f}{over}", f"{SLACK * limit:.2f}", ""]
        )
    return passed, rows


def main() -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, metavar="ARTICLES")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="newscrawl-") as made:
        folder = asked.folder or Path(made)
        print(found(folder, asked.sizes, asked.rounds), end="\n\n", flush=True)
        if asked.whole:
            print(whole([folder / f"{size}.db" for size in asked.sizes]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
