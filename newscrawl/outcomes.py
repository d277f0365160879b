"""How a run ended: its outcome, its exit status, what happened and what to do about it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

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

TO_DO: Mapping[str, str] = {
    "ok": "",
    "nothing_new": "",
    "partial": "`newscrawl failures {source}` names the pages; each is tried again by itself",
    "usage": "",  # the sentence itself says what to write instead
    "running": "nothing to do, unless `newscrawl status` shows it under way for too long",
    "blocked": "wait, ask less often (`delay` in newscrawl.toml) or write to the site: a block is not evaded",
    "layout": "`newscrawl check {source}` shows which fields; `newscrawl newfixture ADDRESS` makes a test case of it",
    "empty": "open the list in a browser: where it shows stories, `newscrawl check {source}` tells what is read of it",
    "network": "the next run makes up for it; if it lasts, look at this machine's network, then at the site",
    "storage": "mend that first; what was committed is safe, the next run makes up for the rest",
    "interrupted": "the next run goes on from here",
}
"""Outcome to what a person should do; {source} stands for the run's."""
CHECK = "`newscrawl check {source}` shows what is read of it"
FILL = "`newscrawl gaps {source}` tells from when, `newscrawl backfill {source} --since` fills it"
FAULT = "a fault of newscrawl's own: report it with its traceback, which -v writes into the log"

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
_ALL_GONE = 5
_NOTES_TOLD = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written into the runs table and handed to the shell."""

    name: str
    """One of EXIT_STATUS."""
    advice: str = ""
    """What happened, for the person who must look; "" when nobody must."""
    to_do: str = ""
    """What to do about it, where TO_DO says something else of this outcome; {source} stands for the run's."""
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
    to_do: str = ""
    """As Outcome.to_do."""


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
    moved_lately: int = 0
    """The same of the source's last few articles, whichever run stored them: a run a minute stores one or two."""
    undated: str = ""
    """Told where most articles have no date and nearly all had one before: they are stored, but it must be mended."""
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
    to_do: str = ""
    """What a person should do about it; "" where there is nothing to do."""
    is_news: bool = False
    """Whether a person should hear of it although it ended well: a first sign that the site's layout has changed."""


def decide_outcome(evidence: Evidence) -> Outcome:
    """The outcome of a run, the worst news first."""
    if evidence.ended:
        return _outcome_of(evidence.ended)
    if evidence.lists:
        worst = max(evidence.lists, key=lambda each: EXIT_STATUS[_outcome_name(each.kind)])
        return _outcome_of(worst)
    if evidence.crashes:
        return Outcome("partial", f"{evidence.crashes} errors in newscrawl itself", FAULT)
    if evidence.failed or evidence.undated or _has_moved(evidence) or _all_gone(evidence):
        outcome = _failed(evidence)
        told_before = not evidence.failure_kinds and not evidence.moved and not evidence.notes
        advice = _briefly([outcome.advice, *evidence.notes])
        return replace(outcome, advice=advice, repeated=told_before)
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
    most = max(evidence.moved, evidence.moved_lately if evidence.moved else 0)
    return most >= _SYSTEMATIC and 2 * evidence.moved >= evidence.stored


def _all_gone(evidence: Evidence) -> bool:
    """Whether everything that was listed is said to be gone: one story may be, but not a whole list of them."""
    gone = evidence.failure_kinds.get("gone", 0)
    return gone >= _ALL_GONE and not (evidence.stored or evidence.failed or evidence.asked_for)


def _moved(evidence: Evidence) -> str:
    count = f"{evidence.moved}" if evidence.moved >= evidence.moved_lately else f"{evidence.moved_lately} of the last"
    return f"{count} articles were read without the site's rule, which did not find their bodies"


def _failed(evidence: Evidence) -> Outcome:
    """partial; or, when at least half of the pages asked fail and are no mere few, by the commonest kind.

    Pages that only the generic reader reads are as much a sign of a new layout as those that nothing reads.
    """
    if evidence.undated:
        return Outcome("layout", evidence.undated)
    if _has_moved(evidence):
        return Outcome("layout", _moved(evidence))
    if _all_gone(evidence):
        return Outcome("layout", f"the site says of all {evidence.failure_kinds['gone']} pages that there are none")
    kinds = {kind: count for kind, count in evidence.failure_kinds.items() if kind != "gone"}
    failed = sum(kinds.values())
    least = 1 if evidence.asked_for else _SYSTEMATIC
    if failed >= least and failed >= evidence.stored:
        kind = max(kinds, key=lambda each: kinds[each])
        name = _outcome_name(kind)
        return Outcome(name, f"{failed} pages were not read, {kinds[kind]} of them as {kind}")
    pages = "page is" if evidence.failed == 1 else "pages are"
    return Outcome("partial", f"{evidence.failed} {pages} not stored")


def _outcome_of(problem: Problem) -> Outcome:
    return Outcome(_outcome_name(problem.kind), problem.reason, problem.to_do)


def _outcome_name(kind: str) -> str:
    """A failure's kind or an outcome's name, as an outcome's name."""
    return kind if kind in EXIT_STATUS else _OUTCOME_OF_KIND.get(kind, "partial")


def status_of_failure(kind: str) -> int:
    """The exit status of a command that was asked for one page, and failed at it this way."""
    return EXIT_STATUS["partial" if kind == "gone" else _outcome_name(kind)]


def outcome_of_error(error: BaseException) -> Outcome:
    """The outcome of a run that could not begin, or that an error ended."""
    if isinstance(error, RestingError):
        return Outcome(error.kind, str(error), repeated=True)
    for kind, name in _OUTCOME_OF_ERROR.items():
        if isinstance(error, kind):
            return Outcome(name, str(error) or "stopped by a signal")
    return Outcome("partial", f"{type(error).__name__}: {error}", FAULT)


_OUTCOME_OF_ERROR: Mapping[type[BaseException], str] = {
    UsageError: "usage",
    LockedError: "running",
    StorageError: "storage",
    NewscrawlError: "partial",
    KeyboardInterrupt: "interrupted",
}


def what_to_do(outcome: Outcome, source: str) -> str:
    """What a person should do about a run of this source that ended so; "" where there is nothing to do."""
    return (outcome.to_do or TO_DO[outcome.name]).format(source=source)


def sentence_of(error: BaseException, source: str = "SOURCE") -> str:
    """An error that ended a command, and what to do about it: one sentence."""
    outcome = outcome_of_error(error)
    return "; ".join(filter(None, (outcome.advice, what_to_do(outcome, source))))


def result_of(outcome: Outcome, source: str, **told: Any) -> RunResult:
    """What a command tells of a run of this source; `told` are further fields of RunResult."""
    return RunResult(
        source=source,
        outcome=outcome.name,
        exit_status=outcome.exit_status,
        advice=outcome.advice,
        to_do=what_to_do(outcome, source),
        repeated=outcome.repeated,
        **told,
    )


def what_is_wrong(result: RunResult) -> str:
    """What happened and what to do about it, in words."""
    return "; ".join(filter(None, (result.advice.rstrip("."), result.to_do)))


def closing_line(result: RunResult) -> str:
    """The line that is left of a run: how it ended, what was done, what happened, what to do. What a cron mail shows.

    >>> closing_line(RunResult(source="eastmoney", outcome="running", exit_status=3, advice="another run is under way"))
    'eastmoney: running - another run is under way'
    >>> closing_line(result_of(Outcome("interrupted", "stopped by a signal"), "eastmoney", counts={"new": 2}))
    'eastmoney: interrupted (new 2) - stopped by a signal; the next run goes on from here'
    """
    counts = {"re-read" if name == "reread" else name: count for name, count in result.counts.items()}
    told = ", ".join(f"{name} {count}" for name, count in counts.items() if count or name in {"found", "new"})
    words = what_is_wrong(result)
    return f"{result.source}: {result.outcome}" + (f" ({told})" if told else "") + (f" - {words}" if words else "")
