"""One story out of an archive: the newest answer of its address, and those of its further parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from newscrawl.storage.archive_reading import ArchivedAnswer

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class ArchivedStory:
    """What was fetched last at one address."""

    answer: ArchivedAnswer
    parts: Mapping[int, ArchivedAnswer] = field(default_factory=dict)
    """The parts that were fetched after it, by their numbers from 2 on; all with status 200."""


def newest_story(answers: Iterable[ArchivedAnswer], url: str) -> ArchivedStory | None:
    """The newest answer of `url` that is a page, or of the address to which it led; None when the archive has none.

    Where none is a page (status 200) it is the newest refusal.
    """
    newest: dict[str, ArchivedAnswer] = {}
    parts: dict[str, list[ArchivedAnswer]] = {}
    for answer in answers:
        if story := answer.context.get("part_of"):
            parts.setdefault(story, []).append(answer)
        elif answer.url not in newest or _rank(newest[answer.url]) <= _rank(answer):
            newest[answer.url] = answer
    found = newest.get(url)
    for _ in range(_MOST_REDIRECTS):
        if found is None or found.status not in _REDIRECTS:
            break
        found = newest.get(_target(found))
    return ArchivedStory(found, _parts(found, parts.get(found.url, []))) if found else None


def _rank(answer: ArchivedAnswer) -> tuple[bool, datetime]:
    return answer.status == 200 or answer.status in _REDIRECTS, answer.fetched_at


def _target(answer: ArchivedAnswer) -> str:
    location = next((value for name, value in answer.headers if name.lower() == "location"), "")
    return urljoin(answer.url, location)


def _parts(first: ArchivedAnswer, answers: Iterable[ArchivedAnswer]) -> dict[int, ArchivedAnswer]:
    found: dict[int, ArchivedAnswer] = {}
    for answer in sorted(answers, key=lambda each: each.fetched_at):
        if answer.status == 200 and answer.fetched_at >= first.fetched_at and answer.context["part"].isdigit():
            found[int(answer.context["part"])] = answer
    return found
