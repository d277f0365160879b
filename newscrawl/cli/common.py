"""What the commands share: the database's option, errors as one sentence and an exit status, text safe to print."""

import json
import os
import re
import traceback
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from newscrawl.config import load_config
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.outcomes import EXIT_STATUS, outcome_of_error, sentence_of
from newscrawl.storage.database import open_readonly
from newscrawl.storage.timetext import minute_text, now_utc
from newscrawl.storage.transactions import reading

if TYPE_CHECKING:
    from sqlite_utils import Database

F = TypeVar("F", bound=Callable[..., Any])
_MOST_JOBS = 64


class SentenceGroup(click.Group):
    """A group whose commands answer what cannot be done with one sentence on stderr and the exit status of DESIGN."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NewscrawlError as error:
            fail(sentence_of(error), outcome_of_error(error).exit_status)
        except click.UsageError as error:
            command = (error.ctx or ctx).command_path
            fail(f"{error.format_message()} (`{command} --help` tells more)", EXIT_STATUS["usage"])
        except (KeyboardInterrupt, click.Abort):
            fail("interrupted", EXIT_STATUS["interrupted"])
        except (click.exceptions.Exit, click.ClickException, BrokenPipeError):
            raise
        except Exception as error:
            click.echo(traceback.format_exc(), err=True)
            fail(sentence_of(error), outcome_of_error(error).exit_status)


class LazyGroup(SentenceGroup):
    """A group that knows its commands by name and imports each only to run it.

    `table` is name to where the command stands (module:object) and what the group's help says of it.
    """

    def __init__(self, *arguments: Any, table: Mapping[str, tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._table:
            return None
        module, _, name = self._table[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._table.items()])


def fail(sentence: str, exit_status: int) -> NoReturn:
    """Says why on stderr, in one line, and ends the process with this status."""
    click.echo(f"newscrawl: {one_line(sentence)}", err=True)
    raise click.exceptions.Exit(exit_status)


def _default_database() -> str:
    return str(load_config().database)


def db_option(command: F) -> F:
    """Adds `--db FILE`, handed over as `db: Path`; else NEWSCRAWL_DB, newscrawl.toml or data/newscrawl.db."""
    return click.option(
        "--db",
        type=click.Path(path_type=Path),
        envvar="NEWSCRAWL_DB",
        default=_default_database,
        show_default="NEWSCRAWL_DB, else newscrawl.toml, else data/newscrawl.db",
        metavar="FILE",
        help="The database.",
    )(command)


def json_option(command: F) -> F:
    """Adds `--json`, handed over as `as_json: bool`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")(command)


def jobs_option(command: F) -> F:
    """Adds `--jobs N`, handed over as `jobs: int`: how many processes read pages; the cores that it may use."""
    return click.option(
        "--jobs",
        type=click.IntRange(1, _MOST_JOBS),
        default=cores,
        show_default="one for each core",
        metavar="N",
        help="Processes that read pages, where there are many; 1: no other process.",
    )(command)


def cores() -> int:
    """How many cores this process may use."""
    may_use = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(may_use, _MOST_JOBS)


@contextmanager
def database_for_reading(path: Path) -> Iterator["Database"]:
    """The database, closed afterwards; what SQLite reports within the block comes out as StorageError."""
    db = open_readonly(path)
    try:
        with reading(db):
            yield db
    finally:
        db.close()


def check_source(db: "Database", source: str | None) -> None:
    """UsageError for a source that neither the database nor newscrawl knows: a slip must not look like good news."""
    if source is None or db.execute(_MET, [source, source]).fetchone():
        return
    from newscrawl import registry  # noqa: PLC0415 - loads Scrapy, so only where a name is not known already

    registry.check_names([source])


_MET = "select 1 from runs where source = ? union all select 1 from failures where source = ?"


def given(**values: Any) -> dict[str, Any]:
    """Those that were given."""
    return {name: value for name, value in values.items() if value is not None}


def check_past(second: int | None) -> None:
    """UsageError for a unix second that is still to come."""
    if second is not None and second > now_utc().timestamp():
        raise UsageError(f"since: {minute_text(second)} is still to come")


def print_json(value: object) -> None:
    """Prints JSON with Chinese left readable; control characters come out as \\u escapes, as JSON wants it."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(_UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text))


# C0 but for tab and newline, DEL, C1; marks that turn the direction of text; line and paragraph separators.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]"
)


def safe(text: str | None) -> str:
    """Stored text as a terminal may show it: without control characters, escape sequences and direction marks."""
    return _UNSAFE.sub("", _ESCAPES.sub("", text or ""))


# CSI sequences (colours, cursor) and OSC sequences (title, links), whole, so that no "[31m" is left over.
_ESCAPES = re.compile("(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)")


def one_line(text: str | None) -> str:
    """Safe text with every run of white space as one space."""
    return " ".join(safe(text).split())


def width(text: str) -> int:
    """How many columns a terminal gives to the text: two for a Chinese character, none for a combining mark."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


COLUMNS = 80
"""Of a terminal."""


def clipped(text: str, columns: int) -> str:
    """The text in at most so many columns, an ellipsis at its end when something is left out."""
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return f"{text}…"


def table(header: Sequence[str], rows: Sequence[Sequence[object]], *, within: int | None = None) -> str:
    """A table in plain text: columns as wide as their widest cell, numbers to the right, None as a dash.

    With `within` the last column is cut so that the whole takes so many columns of a terminal.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(width(text) for text in column) for column in zip(header, *cells, strict=True)]
    if within is not None:
        widths[-1] = min(widths[-1], max(within - sum(widths[:-1]) - 2 * len(widths[1:]), _LEAST_WIDTH))
        cells = [[*row[:-1], clipped(row[-1], widths[-1])] for row in cells]
    right = [all(isinstance(row[i], int | None) for row in rows) for i in range(len(header))]
    lines = [_line(line, widths, right) for line in (header, *cells)]
    return "\n".join(line.rstrip() for line in lines)


_LEAST_WIDTH = 8


def _cell(value: object) -> str:
    return "-" if value is None else one_line(str(value))


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for text, columns, to_the_right in zip(cells, widths, right, strict=True):
        blank = " " * (columns - width(text))
        padded.append(blank + text if to_the_right else text + blank)
    return "  ".join(padded)
