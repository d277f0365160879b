"""Where the answers of a story stand in an archive, told apart from reading them: another process may do that."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newscrawl.storage.archive_reading import ArchivedAnswer, read_answer
from newscrawl.storage.archive_records import ArchiveProblem, Place, Record, UnreadableError, record_at


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where one answer stands."""

    url: str
    record: Place
    payload: Place | None
    """The record with its bytes: itself, but for a revisit; None where that is in none of the files."""


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """A page or a list with its further parts."""

    answers: tuple[AnswerPlace, ...]
    identity: str
    """Words that tell it from any other, and from itself where a part or the bytes of one are missing."""


def answers_at(
    places: Sequence[AnswerPlace], on_problem: Callable[[ArchiveProblem], None]
) -> tuple[ArchivedAnswer, ...]:
    """The answers that stand there; fewer where one cannot be read, which `on_problem` is told."""
    return tuple(answer for place in places for answer in _answer(place, on_problem))


def _answer(place: AnswerPlace, on_problem: Callable[[ArchiveProblem], None]) -> Iterator[ArchivedAnswer]:
    try:
        record = record_at(place.record)
        yield read_answer(record, record if place.payload == place.record else _payload(place))
    except (UnreadableError, ValueError) as error:
        on_problem(ArchiveProblem(place.record.path, place.record.offset, str(error), place.url))


def _payload(place: AnswerPlace) -> Record:
    """The record that holds the bytes of a revisit."""
    if place.payload is None:
        raise UnreadableError("the record that it points at is not in these files")
    return record_at(place.payload)
