"""Commands in processes of their own, and what each cost."""

import json
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
    """Resident at most, in MiB."""
    output: str


class Failed(Exception):
    """A process that did not end as it should; its last words."""


_BETWEEN = """
import json, os, sys
_, status, used = os.wait4(os.posix_spawn(sys.executable, sys.argv[2:], os.environ), 0)
told = [os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]
os.write(int(sys.argv[1]), json.dumps(told).encode())
"""
"""A small process in between: to a new one the kernel ascribes as its peak what the one that starts it has resident."""


def run(arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Runs `python …` to its end. Failed where its exit status is not 0."""
    told, tells = os.pipe()
    command = [sys.executable, "-I", "-S", "-c", _BETWEEN, str(tells), sys.executable, *arguments]
    with _file() as out, _file() as error, os.fdopen(told) as reads:
        subprocess.run(
            command, stdout=out, stderr=error, env={**os.environ, **(environment or {})}, pass_fds=[tells], check=True
        )
        os.close(tells)
        status, cpu, peak = json.load(reads)
        if status:
            raise Failed(f"{' '.join(arguments[:4])}: exit status {status}: {_read(error)[-500:]}")
        return Cost(cpu, peak, _read(out))


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each measure."""
    return Cost(median(cost.cpu for cost in costs), median(cost.peak for cost in costs), costs[0].output)


def _file() -> Any:
    from tempfile import TemporaryFile

    return TemporaryFile()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
