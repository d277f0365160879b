"""Crawls as lines of a crontab, between two lines that name their database; crontab(1) keeps them.

Nothing else in the crontab is touched.
"""

import os
import re
import shlex
import subprocess

from newscrawl.cli.common import one_line
from newscrawl.cli.intervals import DAY, interval_text, is_regular, place
from newscrawl.cli.plan import Plan
from newscrawl.errors import UsageError

_NONE_YET = re.compile("no crontab|no such file", re.IGNORECASE)
_ABOUT = (
    "# Written by `newscrawl schedule --install`, taken away by --remove. Cron mails what goes wrong, and nothing else."
)


def block(plan: Plan) -> str:
    """The lines of a plan, each with its newline. UsageError for an interval that cron does not know."""
    begin, end = _markers(plan.database)
    lines = [f"{times(source, seconds)} {line(plan, source)}" for source, seconds in plan.every.items()]
    return "".join(f"{each}\n" for each in (begin, _ABOUT, *lines, end))


def times(source: str, seconds: int) -> str:
    """The five fields that stand before a command.

    >>> times("cls_telegraph", 60), times("eastmoney", 600), times("nbd", 6 * 3600)
    ('* * * * *', '2-59/10 * * * *', '22 3-23/6 * * *')
    """
    if seconds % 60 or not is_regular(seconds):
        raise UsageError(
            f"{source}: cron can run nothing every {interval_text(seconds)}, only every 1, 2, 3, 4, 5, 6, 10, 12, 15,"
            " 20 or 30 minutes, every 1, 2, 3, 4, 6, 8 or 12 hours, or once a day; --systemd and `newscrawl watch` can"
        )
    hours, minutes = divmod(place(source, seconds) // 60, 60)
    if seconds < 3600:
        return f"{_steps(minutes, seconds // 60, 60)} * * * *"
    return f"{minutes} {_steps(hours, seconds // 3600, DAY // 3600)} * * *"


def _steps(first: int, step: int, whole: int) -> str:
    if step == 1:
        return "*"
    if step == whole:
        return str(first)
    return f"{first}-{whole - 1}/{step}" if first else f"*/{step}"


def line(plan: Plan, source: str) -> str:
    """What cron runs: sh's own words. It says nothing where all went well."""
    words = plan.command(source, "-q")
    if plan.environment:
        words = ["env", *(f"{name}={value}" for name, value in plan.environment.items()), *words]
    return f"cd {quoted(plan.folder)} && {' '.join(map(quoted, words))}"


def quoted(word: str) -> str:
    """One word as sh reads it, behind what cron does to a line first.

    Cron ends a command at % but not at \\%, and most crons (not all) make one of two backslashes: none are neighbours.
    """
    return shlex.quote(word).replace("\\", "\\''").replace("%", "\\%")


def _markers(database: str) -> tuple[str, str]:
    return f"# BEGIN newscrawl {database}", f"# END newscrawl {database}"


def replaced(crontab: str, database: str, lines: str) -> str:
    """The crontab with these lines in place of those that stand there for the database, else behind all others."""
    begin, end = _markers(database)
    present = re.findall(r"[^\n]*\n|[^\n]+", crontab)
    begins, ends = ([at for at, each in enumerate(present) if each.rstrip("\n") == mark] for mark in (begin, end))
    if not begins and not ends:
        return crontab + ("\n" if lines and crontab and not crontab.endswith("\n") else "") + lines
    if len(begins) != 1 or len(ends) != 1 or begins > ends:
        raise UsageError(f"the crontab does not have one line {begin!r} and one that ends it: mend it with crontab -e")
    return "".join([*present[: begins[0]], lines, *present[ends[0] + 1 :]])


def read() -> str:
    """The user's crontab; "" when there is none. UsageError when it cannot be read: it must not be taken for empty."""
    ended = _crontab("-l")
    if ended.returncode and not (_NONE_YET.search(_text(ended.stderr)) and not ended.stdout):
        raise UsageError(f"crontab -l: {one_line(_text(ended.stderr)) or 'failed'}")
    return "" if ended.returncode else _text(ended.stdout)


def write(crontab: str) -> None:
    """Make this the user's crontab; without a line there is none."""
    ended = _crontab("-", given=os.fsencode(crontab)) if crontab else _crontab("-r")
    if ended.returncode:
        raise UsageError(f"crontab did not take it: {one_line(_text(ended.stderr)) or 'no reason given'}")


def _crontab(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ["crontab", *arguments], input=given, capture_output=True, env=os.environ | {"LC_ALL": "C"}, check=False
        )
    except OSError as error:
        raise UsageError(
            f"crontab cannot be run ({error.strerror}): install cron, or say --systemd, or use `newscrawl watch`"
        ) from error


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
