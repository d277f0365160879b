"""When to stop asking a site that does not answer. Pure."""

from dataclasses import dataclass

from newscrawl.outcomes import Problem

_GROUPS = {"blocked": "blocked", "network": "network", "http": "network"}
_WORDS = {"blocked": "refused", "network": "without a usable answer"}


@dataclass(slots=True)
class Breaker:
    """Opens after `most` failures of one group in a row: a single slider or time-out is no reason to give up."""

    most: int = 5
    _group: str = ""
    _count: int = 0

    def note(self, kind: str) -> None:
        """A request's end: "" for a usable answer, else one of errors.FAILURE_KINDS."""
        group = _GROUPS.get(kind, "")
        self._count = self._count + 1 if group == self._group else 1
        self._group = group

    def opened(self, reason: str) -> Problem | None:
        """Why the run must end, when it must; `reason` is the last failure's."""
        if not self._group or self._count < self.most:
            return None
        return Problem(self._group, f"{self._count} requests in a row were {_WORDS[self._group]}: {reason}")
