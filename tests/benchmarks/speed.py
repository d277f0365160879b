"""CPU time as a multiple of one `lxml.html.document_fromstring` of the same page: what a site rule cannot go below."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import html as lxml_html

from tests.quality.score import Extract, Reading, Sample

_WARM = 8
"""Pages read before any is measured: late imports and caches are not the first page's cost."""
_FLOOR = "one parse"


@dataclass
class Timed:
    """What an extractor made of each page, the errors that were no refusals, and its least time as multiples."""

    readings: list[Reading] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    multiples: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Of the multiples, by the nearest rank."""
        ordered = sorted(self.multiples)
        return ordered[round(share * (len(ordered) - 1))]


def measure(pages: Sequence[Sample], extractors: Mapping[str, Extract], rounds: int) -> dict[str, Timed]:
    """Every page parsed and then read by every extractor in turn, all of it `rounds` times; the best round counts."""
    for page in pages[:_WARM]:
        _turn(page, extractors)
    turns = [[_turn(page, extractors) for page in pages] for _ in range(rounds)]
    result = {name: Timed() for name in extractors}
    for page, *of_page in zip(pages, *turns, strict=True):
        floor = min(turn[_FLOOR][0] for turn in of_page)
        for name, timed in result.items():
            timed.multiples.append(min(turn[name][0] for turn in of_page) / floor)
            found = of_page[0][name][1]
            timed.readings.append(found if isinstance(found, Reading) else Reading())
            if isinstance(found, Exception):
                timed.errors.append(f"{page.key}: {type(found).__name__}: {str(found)[:100]}")
    return result


def _turn(page: Sample, extractors: Mapping[str, Extract]) -> dict[str, tuple[float, object]]:
    return {name: _cpu(call, page.html, page.url) for name, call in {_FLOOR: _parse, **extractors}.items()}


def _parse(html: str, url: str) -> object:
    return lxml_html.document_fromstring(html)


def _cpu(call: Callable[[str, str], object], html: str, url: str) -> tuple[float, object]:
    """CPU seconds, and what came of it: a value or the error raised."""
    start = time.process_time()
    try:
        found: object = call(html, url)
    except Exception as error:  # whatever an extractor raises is counted
        found = error
    return time.process_time() - start, found
