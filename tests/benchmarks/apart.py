"""A function in a process of its own, with a bound on its time and its memory: what it does there hurts nobody."""

import resource
from typing import Any

from tests.crawl.support import _SERVER

SECONDS, MEGABYTES = 20, 2048


class Ended(Exception):
    """The process did not come to its end, or raised what it should not."""


def apart(function: Any, *arguments: Any, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> Any:
    """What `function` returns; Ended where it raises, or takes more CPU seconds or more address space than it may."""
    here, there = _SERVER.Pipe(duplex=False)
    process = _SERVER.Process(target=_run, args=(there, function, arguments, seconds, megabytes))
    process.start()
    there.close()
    try:
        told = here.recv() if here.poll(3 * seconds) else (False, f"killed after {3 * seconds} s")
    except EOFError:
        process.join()
        told = False, f"ended by {process.exitcode}: more than {seconds} CPU seconds?"
    process.kill()
    process.join()
    process.close()
    if not told[0]:
        raise Ended(told[1])
    return told[1]


def _run(connection: Any, function: Any, arguments: Any, seconds: int, megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        told = True, function(*arguments)
    except BaseException as error:
        told = False, f"{type(error).__name__}: {str(error)[:300]}"
    connection.send(told)
