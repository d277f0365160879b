"""The little markup of the templates, and what a reader sees of it.

`**x**` is strong, `[[x|ref]]` a link (1.609101 a stock, 90.BK… a board, info.… a glossary entry, a an article);
a newline inside a paragraph is a line break.
"""

import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["p", "heading", "quote", "caption", "image"]

_TOKEN = re.compile(r"(\*\*|\[\[[^|\]]+\|[^\]]+\]\]|\n|__)")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text inside a paragraph. `ref` is set for links, `strong` and `em` may enclose them."""

    text: str
    ref: str = ""
    strong: bool = False
    em: bool = False
    raw: bool = False
    """HTML as it is: what faults put into a body."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of a story. Each site has its own address for it, so it is told by its numbers."""

    number: int
    width: int
    height: int
    jpeg: bool = False
    full_size: bool = False
    """East Money names a larger original (`orginial_src`)."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body: a paragraph, a heading, a quotation, a caption or an image."""

    kind: BlockKind
    runs: tuple[Run, ...] = ()
    picture: Picture | None = None

    @property
    def text(self) -> str:
        """What a reader sees; a line break is a newline; "" for an image."""
        return "".join(run.text for run in self.runs if not run.raw)


def parse_runs(template: str) -> tuple[Run, ...]:
    """The runs of a filled template."""
    runs: list[Run] = []
    strong = em = False
    for token in _TOKEN.split(template):
        if token == "**":
            strong = not strong
        elif token == "__":
            em = not em
        elif token.startswith("[["):
            text, ref = token[2:-2].split("|")
            runs.append(Run(text, ref, strong, em))
        elif token:
            runs.append(Run(token, "", strong, em))
    return tuple(runs)


def paragraph(template: str, kind: BlockKind = "p") -> Block:
    """A block of text from a filled template."""
    return Block(kind, parse_runs(template))


def plain(template: str) -> str:
    """The visible text of a filled template: for titles."""
    return "".join(run.text for run in parse_runs(template))
