"""Reading in processes of its own: order, bounds, and what becomes of those that are killed."""

import os
import select
import signal
import subprocess
import sys

import pytest

from newscrawl.cli import readers
from newscrawl.cli.readers import FEW, Readers


@pytest.fixture
def waiting(monkeypatch):
    """Nothing is read here before the first of the others is ready."""
    monkeypatch.setattr(Readers, "reads_meanwhile", False)


def told(number):
    """A number and the process that read it."""
    return number, os.getpid()


def telling():
    return told


def fragile(writer, *numbers):
    """What kills its process at these numbers, but not the one that writes."""

    def read(number):
        if number in numbers and os.getpid() != writer:
            os.kill(os.getpid(), signal.SIGKILL)
        return number, os.getpid()

    return read


def refusing(number):
    if number == 500:
        raise ZeroDivisionError("at 500")
    return number


def making_refusing():
    return refusing


def heavy(number):
    return bytes(8_000_000)


def making_heavy():
    return heavy


def numbers(count):
    return ((number, number) for number in range(count))


def test_what_is_read_elsewhere_comes_back_in_order(waiting):
    said = []
    with Readers(2, told, telling, tell=said.append) as pool:
        found = list(pool.each(numbers(2_000)))
    assert [thing for thing, _ in found] == [number for _, (number, _) in found] == list(range(2_000))
    processes = {process for _, (_, process) in found}
    assert os.getpid() not in processes
    assert 1 <= len(processes) <= 2
    assert said == []


def test_things_are_read_here_until_the_others_are_ready():
    with Readers(2, told, telling, tell=print) as pool:
        found = pool.each(numbers(10**9))
        processes = set()
        while len(processes) < 3:
            thing, (number, process) = next(found)
            assert thing == number
            processes.add(process)
            assert thing > 0 or processes == {os.getpid()}


@pytest.mark.parametrize(("jobs", "count"), [(1, 2_000), (2, FEW - 1)])
def test_one_job_and_few_things_start_no_process(jobs, count):
    with Readers(jobs, told, telling, tell=print) as pool:
        assert {process for _, (_, process) in pool.each(numbers(count))} == {os.getpid()}


def test_things_are_drawn_only_as_far_ahead_as_readers_are_kept_busy(waiting):
    drawn = []

    def counted():
        for number in range(10_000):
            drawn.append(number)
            yield number, number

    with Readers(2, told, telling, tell=print) as pool:
        following = pool.each(counted())
        for taken in range(3_000):
            next(following)
            assert len(drawn) <= max(taken + 1 + 2 * readers._SHARES * readers._SHARE, FEW)


def test_fewer_are_drawn_where_what_is_read_of_them_is_large(waiting, monkeypatch):
    monkeypatch.setattr(readers, "FEW", 1)
    drawn = []

    def counted():
        for number in range(120):
            drawn.append(number)
            yield number, number

    with Readers(2, heavy, making_heavy, tell=print) as pool:
        ahead = [len(drawn) - taken for taken, _ in enumerate(pool.each(counted()))]
    assert max(ahead) <= 5 * readers._SHARE
    assert max(ahead[40:]) <= 2 * readers._SHARE, "a share of them is as large as all that may wait"


def test_what_reading_raises_is_raised_when_its_turn_comes(waiting):
    with Readers(2, refusing, making_refusing, tell=print) as pool:
        taken = []
        with pytest.raises(ZeroDivisionError, match="at 500"):
            taken.extend(number for _, number in pool.each(numbers(2_000)) if taken.append(number) or False)
    assert taken == list(range(500))


@pytest.mark.parametrize("deadly", [(700,), (400, 1_100), (3, 900)])
def test_what_a_killed_reader_had_in_hand_is_read_here(waiting, deadly):
    said = []
    with Readers(2, told, fragile, os.getpid(), *deadly, tell=said.append) as pool:
        found = list(pool.each(numbers(1_500)))
    assert [number for _, (number, _) in found] == list(range(1_500))
    assert [found[number][1][1] for number in deadly] == [os.getpid()] * len(deadly)
    assert said == [
        "one of the processes that read ended by itself (signal 9): what it had in hand is read by this one"
    ] * len(deadly)


def test_readers_end_with_the_process_that_writes():
    code = (
        "import os; from newscrawl.cli.readers import Readers; from tests.cli.test_readers import told, telling, numbers\n"
        "if __name__ == '__main__':\n"
        "    with Readers(2, told, telling, tell=print) as pool:\n"
        "        seen, things = {os.getpid()}, pool.each(numbers(10**9))\n"
        "        while len(seen) < 3:\n"
        "            seen.add(next(things)[1][1])\n"
        "        print(*seen - {os.getpid()}, flush=True)\n"
        "        os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    processes = ended.stdout.split()
    assert len(processes) == 2
    assert all(is_gone(int(process)) for process in processes)


def is_gone(process):
    """Waits for its end as long as it takes any process to see that a pipe is closed."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    ready, _, _ = select.select([descriptor], [], [], 30)
    os.close(descriptor)
    return bool(ready)
