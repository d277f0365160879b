"""Reading in processes of their own: several read, the one that asked writes, and what was read comes back in order.

A reader is neither forked from this process nor does it share anything with it but two pipes: it has no copy of the
database's connections and locks, and it ends when this process does, however that ends. Each has pipes of its own, so
that one which is killed, be it in the midst of an answer, is noticed by the end of its pipe and holds up no other; what
it had in hand is read here.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from newscrawl.cli.reader import Make, serve, unpacked

T = TypeVar("T")
R = TypeVar("R")

FEW = 300
"""So many things are read here: a process takes a second to start."""
_SHARE = 8
"""Things that are handed over at once."""
_SHARES = 16
"""How many shares a reader may be ahead: what it reads while a batch is committed here."""
_MOST_BYTES = 64 * 1024 * 1024
"""Of what was read and not yet taken, about."""


class Readers(Generic[T, R]):
    """A context manager. `read` reads a thing here, and what `make(*arguments)` gives does so in other processes.

    With one job there is none. `tell` hears of one that ended by itself.
    """

    def __init__(
        self, jobs: int, read: Callable[[T], R], make: Make[T, R], *arguments: Any, tell: Callable[[str], None]
    ) -> None:
        self._jobs, self._read, self._make, self._arguments, self._tell = jobs, read, make, arguments, tell
        self._readers: list[_Reader[T, R]] = []
        self._size = 0.0
        """Bytes of a share, as the last ones were."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for reader in self._readers:
            reader.end()
        self._readers.clear()

    def each(self, things: Iterable[T]) -> Iterator[tuple[T, R]]:
        """Each thing and what was read of it, in order. What reading raises is raised when the thing's turn comes."""
        rest = iter(things)
        first = list(islice(rest, FEW if self._jobs > 1 else 0))
        if len(first) < FEW:
            yield from ((thing, self._read(thing)) for thing in chain(first, rest))
            return
        self._readers = [_Reader(self._make, self._arguments) for _ in range(self._jobs)]
        waiting: deque[_Share[T, R]] = deque()
        shares = _shares(chain(first, rest))
        while True:
            for share in islice(shares, self._room(len(waiting))):
                self._hand_out(share)
                waiting.append(share)
            if not waiting:
                return
            yield from self._taken(waiting.popleft())

    def _room(self, waiting: int) -> int:
        """How many more shares may be handed out; one at least."""
        by_size = int(_MOST_BYTES / self._size) if self._size else _SHARES * self._jobs
        return max(min(_SHARES * self._jobs, by_size) - waiting, 0 if waiting else 1)

    def _hand_out(self, share: "_Share[T, R]") -> None:
        while self._readers:
            reader = min(self._readers, key=lambda each: len(each.handed))
            if reader.hand(share):
                return
            self._lose(reader)

    def _taken(self, share: "_Share[T, R]") -> Iterator[tuple[T, R]]:
        while share.is_away:
            for ready in wait([reader.answers for reader in self._readers]):
                self._hear(next(reader for reader in self._readers if reader.answers is ready))
        if share.results is None:
            yield from ((thing, self._read(thing)) for thing in share.things)
        else:
            yield from zip(share.things, share.results, strict=True)

    def _hear(self, reader: "_Reader[T, R]") -> None:
        try:
            size = reader.hear()
        except (EOFError, OSError):
            self._lose(reader)
        else:
            self._size = max(size, 0.9 * self._size)

    def _lose(self, reader: "_Reader[T, R]") -> None:
        """It is not replaced: where memory was short, another one would not find more."""
        self._readers.remove(reader)
        count = sum(len(share.things) for share in reader.handed)
        how = reader.how_it_ended()
        reader.end()
        self._tell(f"a process that read ended by itself ({how}): the {count} things it had in hand are read here")


class _Share(Generic[T, R]):
    """Some things that one reader has in hand, or had."""

    def __init__(self, things: list[T]) -> None:
        self.things = things
        self.results: list[R] | None = None
        """None where they must be read here."""
        self.is_away = False


def _shares(things: Iterator[T]) -> Iterator[_Share[T, Any]]:
    while share := list(islice(things, _SHARE)):
        yield _Share(share)


class _Reader(Generic[T, R]):
    """One process that reads, and the ends of its pipes."""

    def __init__(self, make: Make[T, R], arguments: tuple[Any, ...]) -> None:
        # Neither fork (this process may have threads, has SQLite's connections and holds locks) nor spawn: the modules
        # are loaded once, in a server from which the readers are forked.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([serve.__module__, make.__module__])
        tasks, self._tasks = context.Pipe(duplex=False)
        self.answers, answers = context.Pipe(duplex=False)
        self.handed: deque[_Share[T, R]] = deque()
        self._process = context.Process(target=serve, args=(tasks, answers, make, arguments), daemon=True)
        self._process.start()
        tasks.close()
        answers.close()

    def hand(self, share: _Share[T, R]) -> bool:
        """Gives it a share; False where it is not there any more."""
        try:
            self._tasks.send(share.things)
        except OSError:
            return False
        share.is_away = True
        self.handed.append(share)
        return True

    def hear(self) -> int:
        """Takes what it has read of the share that it has longest; its bytes. EOFError or OSError where it is gone."""
        packed = self.answers.recv_bytes()
        share = self.handed.popleft()
        share.results, share.is_away = unpacked(packed), False
        return len(packed)

    def end(self) -> None:
        """Ends it, whatever it does: it only reads."""
        for share in self.handed:
            share.is_away = False
        with suppress(OSError):
            self._process.kill()
        self._process.join()
        self._process.close()
        self._tasks.close()
        self.answers.close()

    def how_it_ended(self) -> str:
        """Of one that is gone, in words."""
        self._process.join(1)
        code = self._process.exitcode
        return f"signal {-code}" if code and code < 0 else f"status {code}"
