"""Commands in processes of their own, and what each cost."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took, with those that it started and waited for."""

    cpu: float
    """Seconds, user and system."""
    peak: float
    """Resident at most, in MiB; never below what this process had resident when it started the other."""
    output: str


class Failed(Exception):
    """A process that did not end as it should; its last words."""


def run(arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Runs `python …` to its end. Failed where its exit status is not 0."""
    with (
        _file() as out,
        _file() as error,
        subprocess.Popen(
            [sys.executable, *arguments], stdout=out, stderr=error, env={**os.environ, **(environment or {})}
        ) as process,
    ):
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise Failed(f"{' '.join(arguments[:4])}: exit status {process.returncode}: {_read(error)[-500:]}")
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, _read(out))


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each measure."""
    return Cost(median(cost.cpu for cost in costs), median(cost.peak for cost in costs), costs[0].output)


def _file() -> Any:
    from tempfile import TemporaryFile

    return TemporaryFile()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
