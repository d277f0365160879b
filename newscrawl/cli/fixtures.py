"""What a folder of tests/fixtures holds: a page as it came, and what is expected to come of it.

`page.*` are the bytes (`part2.*` and on, where its story has further parts), `meta.json` tells address, headers and
time of the fetch; `expected.json` is the record, or `refused.json` the refusal: `kind` and `reason`, or `not_news`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from newscrawl.errors import NotNews, PageError, UsageError
from newscrawl.items import Article, Page
from pipelines import read_page

GENERIC = "generic"
"""The folder of pages that are no source's: nothing but the generic reader reads them."""
FIELDS = tuple(field.name for field in fields(Article) if field.name not in {"fetched_at", "backfilled"})
"""Of the record; when a page was fetched, and to what end, is no part of what it says."""
SUFFIXES = {"application/json": "json", "text/markdown": "md"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What reading a page gives now."""

    article: Article | None
    values: Mapping[str, Any]
    """The record's fields, or the refusal, as JSON holds them."""

    @property
    def file(self) -> str:
        """The file in which it stands."""
        return "expected.json" if self.article else "refused.json"


def expectation(page: Page) -> Expectation:
    """Reads a page, as a crawl would."""
    try:
        article = read_page(page)
    except NotNews as skipped:
        return Expectation(None, {"not_news": skipped.kind})
    except PageError as refused:
        return Expectation(None, {"kind": refused.kind, "reason": refused.reason})
    record = asdict(article)
    return Expectation(article, {name: plain(record[name]) for name in FIELDS})


def plain(value: object) -> object:
    """A field of the record as JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def page_of(case: Path) -> Page:
    """The page of a fixture; its source is the name of the folder above."""
    meta = json.loads((case / "meta.json").read_text(encoding="utf-8"))
    [first] = case.glob("page.*")
    source = "" if case.parent.name == GENERIC else case.parent.name
    parts = tuple(_page(source, case / part["file"], part) for part in meta.get("parts", ()))
    return _page(source, first, meta, parts)


def _page(source: str, file: Path, meta: Mapping[str, Any], parts: tuple[Page, ...] = ()) -> Page:
    return Page(
        url=meta["url"],
        source=source,
        body=file.read_bytes(),
        headers=meta["headers"],
        fetched_at=datetime.fromisoformat(meta["fetched_at"]),
        parts=parts,
    )


def write_case(into: Path, name: str, page: Page) -> tuple[Path, Expectation]:
    """Writes a page as a fixture whose expectation is what is read of it now; tells where it stands.

    UsageError where there is a folder of that name already, or none can be made.
    """
    case = into / (page.source or GENERIC) / name
    expected = expectation(page)
    meta = _meta(page)
    if page.parts:
        meta["parts"] = [{"file": f"part{n}.{_suffix(part)}", **_meta(part)} for n, part in enumerate(page.parts, 2)]
    try:
        case.mkdir(parents=True)
        (case / f"page.{_suffix(page)}").write_bytes(page.body)
        for part, told in zip(page.parts, meta.get("parts", ()), strict=True):
            (case / told["file"]).write_bytes(part.body)
        _write_json(case / "meta.json", meta)
        _write_json(case / expected.file, expected.values)
    except FileExistsError:
        raise UsageError(f"{case} is there already: give another --name, or remove it") from None
    except OSError as error:
        raise UsageError(f"{case} cannot be written: {error.strerror}") from error
    return case, expected


def _meta(page: Page) -> dict[str, Any]:
    return {"url": page.url, "headers": dict(page.headers), "fetched_at": page.fetched_at.isoformat()}


def _suffix(page: Page) -> str:
    return SUFFIXES.get(page.headers.get("content-type", "").partition(";")[0].strip().lower(), "html")


def _write_json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
