"""`python -m tests.promises.document`: docs/promises.md, made from the table."""

from tests.promises.promise import ROOT, Promise
from tests.promises.table import PROMISES

_HEAD = """# Promises

What must always hold (the design's section of that name), sentence by sentence, and beside each the tests that fail when it
is broken. `make promises` tries it: it breaks each of them in a copy of the checkout, by a change of a few characters, and
runs the tests that are named. The breaks stand in `tests/promises/table.py`, from which this file is made
(`python -m tests.promises.document`).
"""


def told() -> str:
    """The whole document."""
    return "\n".join([_HEAD, *(_section(title, promises) for title, promises in PROMISES.items())])


def _section(title: str, promises: list[Promise]) -> str:
    lines = [f"## {title}", "", "| promise | what of it | tests |", "| --- | --- | --- |"]
    before = ""
    for promise in promises:
        words = promise.words if promise.words != before else ""
        tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in promise.tests)
        lines.append(f"| {words} | {promise.claim} | {tests} |")
        before = promise.words
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    (ROOT / "docs" / "promises.md").write_text(told(), encoding="utf-8")
