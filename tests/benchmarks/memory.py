"""Does reading leave something behind? The growth of resident memory over thousands of pages, in a process of its own.

    python -m tests.benchmarks.memory PAGES

prints it as JSON. Linux only: it reads /proc/self/status.
"""

import json
import subprocess
import sys
from itertools import cycle, islice

from tests.benchmarks.pages import labelled, own
from tests.benchmarks.resident import status
from tests.benchmarks.tools import newscrawl

PAGES = 6_000
_WARM = 1_000
_STEP = 50


def growth(pages: int = PAGES) -> dict[str, float]:
    """MiB per 1,000 pages after the first 1,000, and what was resident then and at the end."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(pages)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def _read_on(count: int) -> dict[str, float]:
    pages = [page for part in labelled().values() for page in part] + own("cls_depth", "eastmoney", "gbk", "web")
    resident = []
    for number, page in enumerate(islice(cycle(pages), count + _WARM)):
        newscrawl(page.html, page.url)
        if number >= _WARM and number % _STEP == 0:
            resident.append(status("VmRSS"))
    return {
        "pages": count,
        "per_thousand": 1000 / _STEP * _slope(resident),
        "at_first": resident[0],
        "at_last": resident[-1],
    }


def _slope(values: list[float]) -> float:
    """Of the straight line through them: one page that needs much must not count as growth."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    rise = sum((number - middle) * (value - mean) for number, value in enumerate(values))
    return rise / sum((number - middle) ** 2 for number in range(len(values)))


if __name__ == "__main__":
    print(json.dumps(_read_on(int(sys.argv[1]))))
