"""One page as it came: fetched now, fetched before, or saved as a file."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from newscrawl.cli.common import fail, given
from newscrawl.cli.fixtures import expectation
from newscrawl.config import Config
from newscrawl.document import parse_page
from newscrawl.errors import PageError, UsageError
from newscrawl.extraction.chain import joined
from newscrawl.extraction.rule import Rule
from newscrawl.items import Page
from newscrawl.outcomes import status_of_failure, what_is_wrong
from newscrawl.rules import all_rules, rule_for
from newscrawl.storage.archive import read_archive
from newscrawl.storage.archive_reading import ArchivedAnswer
from newscrawl.storage.archive_story import ArchivedStory, newest_story
from newscrawl.urls import absolute, belongs_to, host_of

if TYPE_CHECKING:
    from newscrawl.outcomes import RunResult

_TYPES = {".json": "application/json", ".html": "text/html", ".htm": "text/html", ".shtml": "text/html"}
_POSTS = (".md", ".markdown")
_KEPT = ("content-type", "content-length", "content-encoding")


def fetched_page(url: str, config: Config, base_url: str | None) -> Page:
    """The page of an address and its further parts, asked for as `newscrawl fetch` does; nothing of it is kept.

    UsageError for an address of no source. Ends the command with the failure's exit status where no page is there.
    """
    from newscrawl.cli.crawl import crawl_settings  # noqa: PLC0415
    from newscrawl.cli.runner import Job, run_sources  # noqa: PLC0415
    from newscrawl.registry import source_of  # noqa: PLC0415

    job = Job(source_of(url), given(url=url, base_url=base_url))
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        archive = Path(folder) / "warc"
        settings = crawl_settings(Path(folder) / "fetched.db", 0, delay=0 if base_url else None)
        settings |= {"NEWSCRAWL_ARCHIVE": str(archive), "NEWSCRAWL_PROGRESS": False}
        [result] = run_sources([job], config=config, overrides=settings)
        try:
            return _newest(read_archive([archive]), url, "the answer")
        except UsageError:
            _tell_failure(result)
            raise


def _tell_failure(result: "RunResult") -> None:
    """End the command with what the crawl says; nothing when it says that all was well."""
    for failure in result.failures:
        fail(f"{failure.url}: {failure.kind}: {failure.reason}", status_of_failure(failure.kind))
    if result.exit_status:
        fail(what_is_wrong(result), result.exit_status)


def archived_page(url: str, archive: Path) -> Page:
    """The newest page of an address in an archive, with its further parts. UsageError when not all of it is there."""
    if not archive.is_dir():
        raise UsageError(f"there is no archive at {archive}")
    return _newest(read_archive([archive]), url, "the archive")


def saved_page(file: Path, url: str) -> Page:
    """A page on disk, from `url` or where it says itself; the file's last change stands for the time of its fetch.

    UsageError for what cannot be read, or has no page's name.
    """
    try:
        body, changed = file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise UsageError(f"{file}: neither an http(s) address nor a file to be read: {error.strerror}") from error
    if file.suffix.lower() in _POSTS:
        from pipelines.posts import read_post  # noqa: PLC0415

        return read_post(file, changed)
    if file.suffix.lower() not in _TYPES:
        raise UsageError(f"{file}: a page's name ends in {', '.join((*_TYPES, *_POSTS))}")
    headers = {"content-type": _TYPES[file.suffix.lower()]}
    page = Page(url=url, source="", body=body, headers=headers, fetched_at=changed)
    return _sourced(page if url else replace(page, url=_own_address(page)), "")


def _own_address(page: Page) -> str:
    """What a page says of its address; "" when it says nothing."""
    try:
        return absolute(parse_page(page).meta.get("og:url", "")) or ""
    except PageError:
        return ""


def _newest(answers: Iterable[ArchivedAnswer], url: str, where: str) -> Page:
    found = newest_story(answers, url)
    if found is None:
        raise UsageError(f"{where} holds nothing of {url}")
    if found.answer.status != 200:
        raise UsageError(f"{where} holds no page of {url}, but HTTP status {found.answer.status}")
    try:
        return _sourced(_story(found), found.answer.source)
    except PageError as error:
        raise UsageError(f"{where} does not hold all of {url}: {error.reason}") from error


def _story(found: ArchivedStory) -> Page:
    return joined(_page(found.answer), {number: _page(part) for number, part in found.parts.items()})


def _page(answer: ArchivedAnswer) -> Page:
    headers = {name.lower(): value for name, value in answer.headers if name.lower() in _KEPT}
    return Page(url=answer.url, source="", body=answer.body, headers=headers, fetched_at=answer.fetched_at)


def _sourced(page: Page, crawled: str) -> Page:
    """The page with its source: as its site's rule says, which tells a flash from an article; else as crawled."""
    rule, source = _rule_of(page), crawled
    if rule is not None:
        article = expectation(page).article
        source = article.source if article else crawled or rule.sources[0]
    return replace(page, source=source, parts=tuple(replace(part, source=source) for part in page.parts))


def _rule_of(page: Page) -> Rule | None:
    """By the host; by the form where there is none."""
    if host := host_of(page.url):
        return next((rule for rule in all_rules() if belongs_to(host, rule.domains)), None)
    try:
        return rule_for(parse_page(page))
    except PageError:
        return None
