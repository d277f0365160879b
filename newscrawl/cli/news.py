"""What of many rounds is worth a line. Pure."""

from dataclasses import dataclass

from newscrawl.cli.common import one_line
from newscrawl.outcomes import EXIT_STATUS, RunResult, closing_line
from newscrawl.storage.timetext import length_text

_REMINDER = 3600.0
"""Seconds after which what has not changed is told again: silence must not look like health."""
_STORED = ("new", "changed", "reread", "duplicate")
_WELL = frozenset({EXIT_STATUS["ok"], EXIT_STATUS["running"]})


@dataclass(slots=True)
class _State:
    """How a source stands, since it was last otherwise or brought something."""

    how: tuple[str, str]
    since: float
    told: float
    rounds: int = 0


class News:
    """Remembers how each source stood."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._states: dict[str, _State] = {}
        self._new = 0

    def of(self, result: RunResult, now: float) -> list[str]:
        """The line to print of a run that ended at `now` (seconds of any clock), if there is one."""
        how = ("nothing_new" if result.outcome == "ok" else result.outcome, result.advice)
        stored = any(result.counts.get(name) for name in _STORED)
        state = self._states.get(result.source)
        if fresh := state is None or state.how != how or stored:
            state = self._states[result.source] = _State(how, since=now, told=now)
        assert state
        state.rounds += 1
        self._new += result.counts.get("new", 0)
        line = one_line(closing_line(result))
        if self._quiet and result.exit_status in _WELL:
            return []
        if fresh:
            return [line]
        if now - state.told < _REMINDER:
            return []
        state.told = now
        return [f"{line} - so for {length_text(round(now - state.since))}, {state.rounds} rounds"]

    def summary(self) -> str:
        """How everything stands, in a few words."""
        wrong = [f"{source} {state.how[0]}" for source, state in self._states.items() if state.how[0] != "nothing_new"]
        return f"{self._new} new" + "".join(f", {each}" for each in wrong)
