"""How a run ended: its outcome, exit status and a word of advice. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newscrawl.errors import LockedError, NewscrawlError, RestingError, StorageError, UsageError
from newscrawl.items import Failure

EXIT_STATUS = {
    "ok": 0,
    "nothing_new": 0,
    "partial": 1,
    "usage": 2,
    "running": 3,
    "blocked": 4,
    "layout": 5,
    "empty": 6,
    "network": 7,
    "storage": 8,
    "interrupted": 130,
}

# A failure's kind, as the outcome of a run whose lists or most of whose pages fail that way.
_OUTCOME_OF_KIND = {
    "blocked": "blocked",
    "gone": "layout",  # a list that is no longer there
    "layout": "layout",
    "empty": "empty",
    "truncated": "network",
    "encoding": "layout",
    "too_complex": "layout",
    "refused": "layout",
    "http": "network",
    "network": "network",
    "error": "partial",
}

# Fewer failed pages than this say nothing of the whole site.
_SYSTEMATIC = 3
_NOTES_TOLD = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written into the runs table and handed to the shell."""

    name: str
    """One of EXIT_STATUS."""
    advice: str = ""
    """What happened, for the person who must look; "" when nobody must."""
    repeated: bool = False
    """True where it was told before, and nothing has happened since."""

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.name]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a list was not read, or why a run was ended early."""

    kind: str
    """One of errors.FAILURE_KINDS, or an outcome's name."""
    reason: str


@dataclass(slots=True, kw_only=True)
class Evidence:
    """All that a run's outcome is decided from."""

    found: int = 0
    stored: int = 0
    """New, changed, read again differently, and duplicate."""
    failed: int = 0
    failure_kinds: Mapping[str, int] = field(default_factory=dict)
    """Of the pages that failed in this run (`failed` also has those that wait for their next try)."""
    lists: Sequence[Problem] = ()
    """One for each list page that could not be read."""
    moved: int = 0
    """Articles that the site's rule no longer reads: their bodies were found by the generic reader."""
    notes: Sequence[str] = ()
    """What is worth a word and no fault."""
    empty_lists: Sequence[str] = ()
    """Lists that were read and held nothing: no news for one of many, but a sign when it is all of them."""
    lists_read: int = 0
    """Lists that held stories."""
    asked_for: bool = False
    """True where single addresses were asked for: then one failure is the whole story."""
    ended: Problem | None = None
    """Set when the run was ended before its work was done."""
    crashes: int = 0
    """Exceptions in a spider's own code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a command tells of one finished run."""

    source: str
    outcome: str
    exit_status: int
    advice: str = ""
    repeated: bool = False
    """True where an earlier run has told it: the source is let alone since, or no page failed but those that wait."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """The columns of `runs`, found to gone; empty when no run could begin."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """`skipped` by kind."""
    failures: tuple[Failure, ...] = ()
    """The first few of this run."""
    seconds: float = 0.0


def decide_outcome(evidence: Evidence) -> Outcome:
    """The outcome of a run, the worst news first."""
    if evidence.ended:
        return Outcome(_outcome_name(evidence.ended.kind), evidence.ended.reason)
    if evidence.lists:
        worst = max(evidence.lists, key=lambda each: EXIT_STATUS[_outcome_name(each.kind)])
        return Outcome(_outcome_name(worst.kind), worst.reason)
    if evidence.crashes:
        return Outcome("partial", f"{evidence.crashes} errors in newscrawl itself: run with -v and look at the log")
    if evidence.failed or _has_moved(evidence):
        outcome = _failed(evidence)
        told_before = not evidence.failure_kinds and not evidence.moved and not evidence.notes
        return Outcome(outcome.name, _briefly([outcome.advice, *evidence.notes]), repeated=told_before)
    empty = [f"nothing in the list {', '.join(evidence.empty_lists)}"] if evidence.empty_lists else []
    if empty and not evidence.lists_read:
        return Outcome("empty", f"{empty[0]}, where there is always something")
    moved = [_moved(evidence)] if evidence.moved else []
    return Outcome("ok" if evidence.stored else "nothing_new", _briefly([*empty, *moved, *evidence.notes]))


def _briefly(notes: Sequence[str]) -> str:
    """The first notes, and how many more there are: a source has up to thirteen lists."""
    more = [f"and {len(notes) - _NOTES_TOLD} more"] if len(notes) > _NOTES_TOLD else []
    return "; ".join([*notes[:_NOTES_TOLD], *more])


def _has_moved(evidence: Evidence) -> bool:
    """Whether at least half of the articles, and no mere few, were read without the site's rule."""
    return evidence.moved >= _SYSTEMATIC and 2 * evidence.moved >= evidence.stored


def _moved(evidence: Evidence) -> str:
    return f"{evidence.moved} articles were read without the site's rule, which did not find their bodies"


def _failed(evidence: Evidence) -> Outcome:
    """partial; or, when at least half of the pages asked fail and are no mere few, by the commonest kind.

    Pages that only the generic reader reads are as much a sign of a new layout as those that nothing reads.
    """
    if _has_moved(evidence):
        return Outcome("layout", f"{_moved(evidence)}: the rule needs a look")
    kinds = {kind: count for kind, count in evidence.failure_kinds.items() if kind != "gone"}
    failed = sum(kinds.values())
    least = 1 if evidence.asked_for else _SYSTEMATIC
    if failed >= least and failed >= evidence.stored:
        kind = max(kinds, key=lambda each: kinds[each])
        name = _outcome_name(kind)
        return Outcome(name, f"{failed} pages were not read, {kinds[kind]} of them as {kind}; see newscrawl failures")
    pages = "page is" if evidence.failed == 1 else "pages are"
    return Outcome("partial", f"{evidence.failed} {pages} not stored; see newscrawl failures")


def _outcome_name(kind: str) -> str:
    """A failure's kind or an outcome's name, as an outcome's name."""
    return kind if kind in EXIT_STATUS else _OUTCOME_OF_KIND.get(kind, "partial")


def status_of_failure(kind: str) -> int:
    """The exit status of a command that was asked for one page, and failed at it this way."""
    return EXIT_STATUS["partial" if kind == "gone" else _outcome_name(kind)]


def outcome_of_error(error: BaseException) -> Outcome:
    """The outcome of a run that could not begin, or that an error of ours ended."""
    match error:
        case UsageError():
            return Outcome("usage", str(error))
        case LockedError():
            return Outcome("running", str(error))
        case StorageError():
            return Outcome("storage", str(error))
        case RestingError():
            return Outcome(error.kind, str(error), repeated=True)
        case NewscrawlError():
            return Outcome("partial", str(error))
    return Outcome("partial", f"{type(error).__name__}: {error}")


def closing_line(result: RunResult) -> str:
    """The line that is left of a run: what a cron mail shows.

    >>> closing_line(RunResult(source="eastmoney", outcome="running", exit_status=3, advice="another run is under way"))
    'eastmoney: running - another run is under way'
    """
    counts = {"re-read" if name == "reread" else name: count for name, count in result.counts.items()}
    told = ", ".join(f"{name} {count}" for name, count in counts.items() if count or name in {"found", "new"})
    advice = f" - {result.advice}" if result.advice else ""
    return f"{result.source}: {result.outcome}" + (f" ({told})" if told else "") + advice
