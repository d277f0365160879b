"""What each rule and number of reading a page earns: every measure of the labelled sets without it.

    NEWSCRAWL_SAMPLES=../shared/corpus python -m tests.quality.ablation [--show | --write] [WORD OF A RULE'S NAME ...]

`records` counts the pages whose record differs in any field, labelled or not; `--show` prints how, to be judged by
eye. A rule without which no measure changes is looked for in the tests: the first that fails holds it. What nothing
holds is to be deleted, unless all such rules together change something: then some of them stand in for each other.
"""

import argparse
import contextlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from newscrawl.items import Article
from tests.quality.floors import MEASURES, folder, reading, record
from tests.quality.rules import RULES, tried
from tests.quality.score import Sample, Score, samples, score_readings
from tests.quality.switch import Edit, NotThere, edited
from tests.quality.tables import keep, line, table

_TESTS = ("tests/extraction", "tests/pipelines", "tests/rules", "tests/test_fixtures.py")
_TOLD = ("title", "published_raw", "body", "publisher", "author", "editor", "summary", "cover_url", "image_urls")
NOTHING = "**nothing**"

Told = tuple[object, ...] | None


class _FirstFailure:
    """A pytest plugin that remembers the test that failed."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.name = report.location[2].split("[")[0]


def held_by() -> str:
    """The first test that fails; "" when all pass."""
    first = _FirstFailure()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-x", "-p", "no:cacheprovider", *_TESTS], plugins=[first])
    return first.name


@dataclass
class Reads:
    """What the reader makes of every page of the sets."""

    scores: dict[str, Score]
    told: dict[str, Told]


def read_all(sets: dict[str, list[Sample]]) -> Reads:
    """Every page, read and scored."""
    found = {page.key: record(page.html, page.url) for pages in sets.values() for page in pages}
    scores = {name: score_readings(pages, [reading(found[page.key]) for page in pages]) for name, pages in sets.items()}
    return Reads(scores, {key: told(article) for key, article in found.items()})


def told(article: Article | None) -> Told:
    """What a record says; of its time the day, since 3小时前 is told by the time of the fetch."""
    if article is None:
        return None
    at = article.published_at
    return at and at.date(), *(getattr(article, name) for name in _TOLD)


def changes(before: Score, after: Score) -> str:
    """The measures that differ, in points (hundredths)."""
    points = {}
    for name in MEASURES:
        was, now = getattr(before, name), getattr(after, name)
        if was is not None:
            points[name.replace("image_precision", "images P").replace("image_recall", "images R")] = (now or 0.0) - was
    return ", ".join(f"{name} {100 * value:+.1f}" for name, value in points.items() if round(100 * value, 1))


def rows(
    sets: dict[str, list[Sample]], rules: dict[str, tuple[Edit, ...]], held: Callable[[], str], show: bool
) -> Iterator[list[str]]:
    """A row for each rule: its name, the changes in each set, the number of records that differ, what holds it."""
    whole = read_all(sets)
    for rule, edits in rules.items():
        try:
            with edited(edits):
                now = read_all(sets)
                points = [changes(whole.scores[name], now.scores[name]) for name in sets]
                holds = "" if any(points) else held() or NOTHING
        except NotThere as error:
            yield [rule, *("" for _ in sets), "", f"not switched: {error}"]
            continue
        differing = {key: (old, now.told[key]) for key, old in whole.told.items() if old != now.told[key]}
        if show:
            _show(differing)
        yield [rule, *points, str(len(differing) or ""), holds]


def _show(differing: dict[str, tuple[Told, Told]]) -> None:
    for key, (old, new) in differing.items():
        for before, after in zip(old or ["(refused)"], new or ["(refused)"], strict=False):
            if before != after:
                print(f"    {key}: {str(before)[:120]!r} -> {str(after)[:120]!r}", file=sys.stderr)


def printed(head: Sequence[str], body: Iterable[list[str]]) -> list[list[str]]:
    """The rows of a table, printed as they come."""
    print(table(head, []))
    done = []
    for row in body:
        print(line(row), flush=True)
        done.append(row)
    return done


def main() -> int:
    """Print a table of the rules, one of those together that nothing holds, and one of the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--show", action="store_true", help="print the records that differ")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/ablations.md")
    args = parser.parse_args()
    root = folder()
    if root is None:
        raise FileNotFoundError("NEWSCRAWL_SAMPLES names no folder with extraction/ in it")
    sets = {path.name: list(samples(path)) for path in sorted(root.iterdir()) if path.is_dir()}

    def chosen(rules: dict[str, tuple[Edit, ...]]) -> dict[str, tuple[Edit, ...]]:
        return {rule: rules[rule] for rule in rules if not args.words or any(word in rule for word in args.words)}

    head = ["without", *sets, "records", "held by"]
    of_rules = printed(head, rows(sets, chosen(RULES), held_by, args.show))
    if loose := [row[0] for row in of_rules if row[-1] == NOTHING]:
        together = {f"all {len(loose)} that nothing holds": tuple(edit for rule in loose for edit in RULES[rule])}
        of_rules += printed(head, rows(sets, together, held_by, args.show))
    head_of_numbers = ["number: other value", *sets, "records", ""]
    of_numbers = printed(head_of_numbers, rows(sets, chosen(tried()), lambda: " ", args.show))
    if args.write:
        parts = ["## Rules", table(head, of_rules), "## Numbers", table(head_of_numbers, of_numbers)]
        keep("ablations.md", "\n\n".join(parts))
    return any(row[-1].startswith("not switched") for row in of_rules + of_numbers)


if __name__ == "__main__":
    sys.exit(main())
