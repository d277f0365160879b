"""Crawls as systemd units: a service and a timer for each source, in files whose first line names their database."""

import os
import pwd
import shutil
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newscrawl.cli.common import one_line
from newscrawl.cli.intervals import DAY, is_regular, place
from newscrawl.cli.plan import Plan
from newscrawl.errors import UsageError
from newscrawl.storage.timetext import length_text

_SERVICE = """\
{mark}
[Unit]
Description=newscrawl crawl {source}
{unit}
[Service]
Type=oneshot
{service}
# another run is under way
SuccessExitStatus=3
# a crawl ends itself after six hours
TimeoutStartSec=7h
Nice=10
SyslogIdentifier=newscrawl
NoNewPrivileges=true
LockPersonality=true
RestrictRealtime=true
RestrictSUIDSGID=true
"""
_TIMER = """\
{mark}
[Unit]
Description=newscrawl crawl {source} every {every}

[Timer]
{times}
AccuracySec=1s
RandomizedDelaySec={random}s
Persistent=true

[Install]
WantedBy=timers.target
"""
_PROTECTED = ("/usr/", "/boot/", "/efi/", "/etc/")
_ONLINE = "Wants=network-online.target\nAfter=network-online.target\n"


def units(plan: Plan, *, system: bool) -> dict[str, str]:
    """File name to content. Units of the system run as the owner of the database."""
    made = {}
    for source, seconds in plan.every.items():
        name, mark = f"{_prefix(plan.database)}{source}", _mark(plan.database)
        service = "\n".join(_service_lines(plan, source, system=system))
        made[f"{name}.service"] = _SERVICE.format(
            mark=mark, source=source, unit=_ONLINE if system else "", service=service
        )
        made[f"{name}.timer"] = _TIMER.format(
            mark=mark,
            source=source,
            every=length_text(seconds),
            times=times(source, seconds),
            random=min(seconds // 10, 30),
        )
    return made


def _service_lines(plan: Plan, source: str, *, system: bool) -> list[str]:
    folder = plan.folder.replace("%", "%%")
    if folder != folder.strip() or folder.endswith("\\"):
        raise UsageError(f"{plan.folder!r} cannot be a WorkingDirectory: systemd does not keep its last character")
    words = [quoted(word).replace("$", "$$") for word in plan.command(source)]
    if "$" in plan.program[0]:
        words = ["/usr/bin/env", *words]  # of the first word only, systemd does not make one $ of two
    lines = [f"User={owner(plan.database)}"] if system else []
    if system and not plan.database.startswith(_PROTECTED):
        lines.append("ProtectSystem=full")
    lines.append(f"WorkingDirectory={folder}")
    lines += [f"Environment={quoted(f'{name}={value}')}" for name, value in plan.environment.items()]
    return [*lines, f"ExecStart={' '.join(words)}"]


def times(source: str, seconds: int) -> str:
    """When a timer elapses; what no calendar can say goes by the last start.

    >>> times("eastmoney", 600), times("eastmoney", 2700)
    ('OnCalendar=*-*-* *:02/10:00', 'OnActiveSec=10s\\nOnUnitActiveSec=2700s')
    """
    if not is_regular(seconds):
        return f"OnActiveSec=10s\nOnUnitActiveSec={seconds}s"
    hours, minutes = divmod(place(source, seconds) // 60, 60)
    if seconds < 60:
        time = f"*:*:{_steps(0, seconds, 60)}"
    elif seconds < 3600:
        time = f"*:{_steps(minutes, seconds // 60, 60)}:00"
    else:
        time = f"{_steps(hours, seconds // 3600, DAY // 3600)}:{minutes:02}:00"
    return f"OnCalendar=*-*-* {time}"


def _steps(first: int, step: int, whole: int) -> str:
    if step == 1:
        return "*"
    return f"{first:02}/{step}" if step < whole else f"{first:02}"


def quoted(word: str) -> str:
    """One word of a unit file's line, with its specifiers and escapes undone."""
    plain = word.replace("%", "%%")
    if plain and not set(plain) & set(" \"'\\;"):
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def owner(database: str) -> str:
    """The name of the user whose database it is, or will be: that of the nearest folder that is there."""
    path = Path(database)
    while not path.exists():
        path = path.parent
    return pwd.getpwuid(path.stat().st_uid).pw_name


def _prefix(database: str) -> str:
    return f"newscrawl-{zlib.crc32(os.fsencode(database)):08x}-"


def _mark(database: str) -> str:
    return f"# newscrawl schedule {database}"


@dataclass(frozen=True, slots=True)
class UnitFolder:
    """Where units are kept; `manager` is how systemctl is asked, None where nobody is to be told."""

    path: Path
    manager: tuple[str, ...] | None

    def install(self, database: str, files: Mapping[str, str]) -> bool:
        """Make these the database's units. Whether that changed anything."""
        self._tell("daemon-reload")  # before anything is written: is there a systemd to talk to?
        present = self.present(database)
        if foreign := sorted(name for name in files.keys() - present.keys() if (self.path / name).exists()):
            raise UsageError(f"{self.path / foreign[0]} is there already, and no file of newscrawl's")
        changed = {name for name, text in files.items() if present.get(name) != text}
        self._drop(present.keys() - files.keys())
        self.path.mkdir(parents=True, exist_ok=True)
        for name in changed:
            (self.path / name).write_text(files[name], encoding="utf-8")
        self._tell("daemon-reload")
        self._tell("enable", "--now", *_timers(files))
        if again := _timers(changed & present.keys()):
            self._tell("restart", *again)
        return bool(changed) or bool(present.keys() - files.keys())

    def remove(self, database: str) -> bool:
        """Take the database's units away. Whether there were any; a crawl that is under way goes on to its end."""
        present = self.present(database)
        self._drop(present)
        if present:
            self._tell("daemon-reload")
        return bool(present)

    def present(self, database: str) -> dict[str, str]:
        """The units of this database."""
        found = {path.name: path.read_text(errors="replace") for path in self.path.glob(f"{_prefix(database)}*")}
        return {name: text for name, text in found.items() if text.split("\n")[0] == _mark(database)}

    def _drop(self, names: "Mapping[str, str] | set[str]") -> None:
        if timers := _timers(names):
            self._tell("disable", "--now", *timers)
        for name in names:
            (self.path / name).unlink()

    def _tell(self, *words: str) -> None:
        if self.manager is None:
            return
        if not shutil.which(self.manager[0]):
            raise UsageError("systemctl is not there: this machine has no systemd; see newscrawl schedule --cron")
        ended = subprocess.run([*self.manager, *words], capture_output=True, text=True, check=False)
        if ended.returncode:
            reason = one_line(ended.stderr) or f"exit status {ended.returncode}"
            raise UsageError(f"{' '.join(self.manager)} {words[0]}: {reason}")


def _timers(names: "Mapping[str, str] | set[str] | Sequence[str]") -> list[str]:
    return sorted(name for name in names if name.endswith(".timer"))
