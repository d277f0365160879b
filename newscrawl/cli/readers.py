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
from itertools import chain
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from newscrawl.cli.reader import Make, serve, unpacked

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

FEW = 300
"""Fewer pages are read here: a process takes half a second to start."""
_SHARE = 8
"""Pages that are handed over at once."""
_SHARES = 16
"""How many shares a reader may be ahead: what it reads while a batch is committed here."""
_MOST_BYTES = 64 * 1024 * 1024
"""Of what was read and not yet taken, about."""


class Readers(Generic[P, R]):
    """A context manager. `read` reads a place here, and what `make(*arguments)` gives does so in other processes.

    With one job there is none. `tell` hears of one that ended by itself. `weigh` says how much a place is to read.
    """

    reads_meanwhile = True
    """Whether places are read here until the first of the others is ready."""

    def __init__(
        self,
        jobs: int,
        read: Callable[[P], R],
        make: Make[P, R],
        *arguments: Any,
        tell: Callable[[str], None],
        weigh: Callable[[P], int] = lambda place: 1,  # noqa: ARG005
    ) -> None:
        self._jobs, self._read, self._make, self._arguments = jobs, read, make, arguments
        self._tell, self._weigh = tell, weigh
        self._readers: list[_Reader[P, R]] = []
        self._size = _MOST_BYTES / (2 * jobs)
        """Bytes of what is read of a share, as of the last ones; before the first one comes, two for each reader."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for reader in self._readers:
            reader.end()
        self._readers.clear()

    def each(self, things: Iterable[tuple[T, P]]) -> Iterator[tuple[T, R]]:
        """Each thing and what was read at its place, in order. What reading raises is raised when its turn comes."""
        rest = iter(things)
        first = self._heap(rest, FEW) if self._jobs > 1 else []
        if sum(self._weigh(place) for _, place in first) < FEW:
            yield from ((thing, self._read(place)) for thing, place in chain(first, rest))
            return
        self._start()
        yield from self._shared(chain(first, rest))

    def _start(self) -> None:
        """Starts the processes, or as many as there is room for."""
        try:
            for _ in range(self._jobs):
                self._readers.append(_Reader(self._make, self._arguments))
        except (OSError, EOFError) as error:
            self._tell(f"only {len(self._readers)} processes that read could be started: {error}")

    def _shared(self, things: Iterator[tuple[T, P]]) -> Iterator[tuple[T, R]]:
        waiting: deque[tuple[list[T], _Share[P, R]]] = deque()
        while True:
            self._listen(0 if self.reads_meanwhile else None)
            while len(waiting) < self._most() and (heap := self._heap(things, _SHARE)):
                waiting.append(([thing for thing, _ in heap], self._handed_out([place for _, place in heap])))
            if not waiting:
                return
            several, share = waiting.popleft()
            yield from zip(several, self._results(share), strict=True)

    def _heap(self, things: Iterator[tuple[T, P]], weight: int) -> list[tuple[T, P]]:
        """The next things, of at least this weight together where there are so many."""
        heap: list[tuple[T, P]] = []
        while weight > 0 and (following := next(things, None)):
            heap.append(following)
            weight -= self._weigh(following[1])
        return heap

    def _listen(self, seconds: float | None) -> None:
        """Hears what the readers have to tell; until one is ready for so many seconds, None: as long as it takes."""
        while self._readers and not any(reader.is_ready for reader in self._readers):
            if not self._hear_all(seconds):
                return

    def _hear_all(self, seconds: float | None = None) -> bool:
        told = wait([reader.answers for reader in self._readers], seconds)
        for reader in [reader for reader in self._readers if reader.answers in told]:
            self._hear(reader)
        return bool(told)

    def _most(self) -> int:
        """How many shares may be handed out and not yet taken."""
        if not any(reader.is_ready for reader in self._readers):
            return 1
        return max(1, min(_SHARES * self._jobs, int(_MOST_BYTES / self._size)))

    def _handed_out(self, places: list[P]) -> "_Share[P, R]":
        share = _Share[P, R](places)
        while ready := [reader for reader in self._readers if reader.is_ready]:
            reader = min(ready, key=lambda each: len(each.handed))
            if reader.hand(share):
                break
            self._lose(reader)
        return share

    def _results(self, share: "_Share[P, R]") -> Iterable[R]:
        while share.is_away and self._readers:
            self._hear_all()
        return map(self._read, share.places) if share.results is None else share.results

    def _hear(self, reader: "_Reader[P, R]") -> None:
        try:
            size = reader.hear()
        except (EOFError, OSError):
            self._lose(reader)
        else:
            self._size = max(size, 0.75 * self._size) if size else self._size

    def _lose(self, reader: "_Reader[P, R]") -> None:
        """It is not replaced: where memory was short, another one would not find more."""
        self._readers.remove(reader)
        how = reader.how_it_ended()
        reader.end()
        self._tell(f"one of the processes that read ended by itself ({how}): what it had in hand is read by this one")


class _Share(Generic[P, R]):
    """Some places that one reader has in hand, or had."""

    def __init__(self, places: list[P]) -> None:
        self.places = places
        self.results: list[R] | None = None
        """None where they must be read here."""
        self.is_away = False


class _Reader(Generic[P, R]):
    """One process that reads, and the ends of its pipes."""

    def __init__(self, make: Make[P, R], arguments: tuple[Any, ...]) -> None:
        # Neither fork (this process may have threads, has SQLite's connections and holds locks) nor spawn: the modules
        # are loaded once, in a server from which the readers are forked.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([serve.__module__, make.__module__])
        tasks, self._tasks = context.Pipe(duplex=False)
        self.answers, answers = context.Pipe(duplex=False)
        self.handed: deque[_Share[P, R]] = deque()
        self.is_ready = False
        self._process = context.Process(target=serve, args=(tasks, answers, make, arguments), daemon=True)
        self._process.start()
        tasks.close()
        answers.close()

    def hand(self, share: _Share[P, R]) -> bool:
        """Gives it a share; False where it is not there any more."""
        try:
            self._tasks.send(share.places)
        except OSError:
            return False
        share.is_away = True
        self.handed.append(share)
        return True

    def hear(self) -> int:
        """Takes what it has read of the share that it has longest; its bytes, 0 when it says that it is ready.

        EOFError or OSError where it is gone.
        """
        packed = self.answers.recv_bytes()
        if not packed:
            self.is_ready = True
            return 0
        results = unpacked(packed)
        share = self.handed.popleft()
        share.results, share.is_away = results, False
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
