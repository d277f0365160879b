"""What each rule of the generic body earns: body F1 of every labelled set without it.

    NEWSCRAWL_SAMPLES=../shared/corpus python -m tests.quality.ablation

A rule whose absence changes nothing on any set is to be deleted, unless a test names the page it is there for.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from newscrawl.document import Document, parse_page
from newscrawl.errors import PageError
from newscrawl.extraction.generic import body, images, prune, weigh
from newscrawl.extraction.text import visible_text
from newscrawl.items import Page
from tests.quality.floors import folder
from tests.quality.score import Sample, samples, score

_NEVER = re.compile(r"(?!)")
WITHOUT: dict[str, list[tuple[Any, str, Any]]] = {
    "nothing": [],
    "asides by name": [(weigh, "is_aside", lambda element: False), (prune, "is_aside", lambda element: False)],
    "asides worth a tenth, not nothing": [(weigh, "ASIDE", 0.0)],
    "wrappers are no asides": [(weigh, "MAIN_SHARE", 2.0)],
    "comments always asides": [(weigh, "is_comments", lambda element: False)],
    "names of bodies": [(weigh, "BODY_NAME", 1.0)],
    "damping": [(weigh, "DAMPING", 1.0)],
    "punctuation": [(weigh, "STOP", 0.0)],
    "links cost": [(weigh, "LINK_COST", 0.0)],
    "link lists": [(prune, "LINK_LIST", 1e9)],
    "signature lines": [(prune, "_SIGNATURE", _NEVER)],
    "headline and dateline": [(prune, "_start", lambda lines, title: 0)],
    "end of the article": [(prune, "_END", _NEVER)],
    "captions": [(prune, "is_caption", lambda element: False)],
    "images: all": [(images, "is_ornament", lambda element, base: False)],
    "images: files": [(images, "_FILE", _NEVER)],
    "images: folders": [(images, "_FOLDER", _NEVER)],
    "images: alt": [(images, "_ALT", _NEVER)],
    "images: names": [(images, "_NAMES", _NEVER)],
    "images: size": [(images, "_is_odd", lambda width, height: False)],
}


@contextmanager
def without(rule: str) -> Iterator[None]:
    """The reader without one rule."""
    with ExitStack() as stack:
        for module, name, value in WITHOUT[rule]:
            stack.enter_context(patch.object(module, name, value))
        yield


def parsed(pages: list[Sample]) -> dict[str, Document]:
    """The documents of a set, by their HTML; what is refused is left out."""
    documents: dict[str, Document] = {}
    for page in pages:
        headers = {"content-type": "text/html; charset=utf-8"}
        source = Page(
            url=page.url, source="", body=page.html.encode("utf-8", "replace"), headers=headers,
            fetched_at=datetime.now(UTC),
        )  # fmt: skip
        try:
            documents[page.html] = parse_page(source)
        except PageError:
            continue
    return documents


def main() -> int:
    """Print the table: body F1, and image precision and recall where they are labelled."""
    root = folder()
    if root is None:
        raise FileNotFoundError("NEWSCRAWL_SAMPLES names no folder with extraction/ in it")
    names = sorted(path.name for path in root.iterdir() if path.is_dir())
    sets = {name: list(samples(root / name)) for name in names}
    documents = {name: parsed(pages) for name, pages in sets.items()}
    print("| without |", " | ".join(names), "|\n|", " | ".join(["---"] * (len(names) + 1)), "|")
    for rule in WITHOUT:
        with without(rule):
            print(f"| {rule} |", " | ".join(_cell(sets[name], documents[name]) for name in names), "|", flush=True)
    return 0


def _cell(pages: list[Sample], documents: dict[str, Document]) -> str:
    def read(html: str, url: str) -> tuple[str, list[str]]:
        found = body.find_body(documents[html]) if html in documents else None
        return (visible_text(found.element), [image.url for image in found.images]) if found else ("", [])

    result = score(pages, read)
    pictures = [value for value in (result.image_precision, result.image_recall) if value is not None]
    return " ".join(f"{value:.3f}" for value in (result.body, *pictures))


if __name__ == "__main__":
    sys.exit(main())
