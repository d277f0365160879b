"""Markdown tables, printed and kept in docs between two marks."""

from collections.abc import Iterable, Sequence
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_BEGIN, _END = "<!-- made by a command: begin -->", "<!-- made by a command: end -->"


def line(cells: Iterable[str]) -> str:
    """One row."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A whole table."""
    return "\n".join([line(head), line(["---"] * len(head)), *map(line, rows)])


def number(value: float | None, form: str = ".3f") -> str:
    """A dash for what was not measured."""
    return "–" if value is None else format(value, form)


def keep(name: str, made: str) -> None:
    """Put `made` between the marks of docs/<name>; what stands around them was written by hand."""
    path = DOCS / name
    before, _, rest = path.read_text("utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    path.write_text(f"{before}{_BEGIN}\n\n{made.strip()}\n\n{_END}{after}", "utf-8")
