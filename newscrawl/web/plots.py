"""Where the bars of a plot stand: shares of a width and a height, which a template draws. Pure.

Every plot is lanes one below the other. A lane is a word, a strip with bars in it, and a figure: so words and figures
are text of the page, which wraps, grows and is read aloud, and only the bars are stretched.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
COLOURS = 8
"""How many classes `c0`, `c1`, … the stylesheet has."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in percent of its lane, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    """A class of the stylesheet."""
    told: str
    """What it stands for, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One strip of a plot."""

    label: str = ""
    bars: Sequence[Bar] = ()
    value: str = ""
    href: str | None = None
    """Where its label leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What a template draws."""

    lanes: Sequence[Lane]
    ticks: Sequence[str] = ()
    """Words below, the first at the left end, the last at the right."""
    legend: Sequence[tuple[str, str]] = ()
    """Class and meaning of each colour, where there are several."""
    tall: bool = False
    """One lane of columns, in place of several of bars."""
    told: str = ""
    """The whole in one sentence, for those who do not see it."""


def colours(names: Iterable[str]) -> dict[str, str]:
    """A class for each of these names, the same whatever their order."""
    return {name: f"c{number % COLOURS}" for number, name in enumerate(sorted(set(names)))}


def columns(rows: Sequence[Row], places: Sequence[str], *, at: str, series: str, value: str) -> Plot:
    """Columns side by side at `places`, each of the row's `series` on top of the last; what is nowhere stays empty."""
    colour = colours(row[series] for row in rows)
    heaps: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        heaps[row[at]].append(row)
    heights = {place: sum(row[value] for row in heaps[place]) for place in heaps}
    highest = max(heights.values(), default=0) or 1
    bars: list[Bar] = []
    step = 100 / len(places)
    for number, place in enumerate(places):
        bottom = 100.0
        for row in heaps.get(place, ()):
            height = 100 * row[value] / highest
            bottom -= height
            told = f"{place} {row[series]}: {row[value]}"
            bars.append(Bar(number * step + step * 0.1, bottom, step * 0.8, height, colour[row[series]], told))
    total = sum(heights.values())
    peak = max(heights, key=lambda place: heights[place], default=None)
    told = f"{total} in all; most at {peak}: {highest}" if peak else "none"
    return Plot(
        lanes=[Lane(bars=bars, value=f"{highest:,}" if heights else "0")],
        ticks=[places[0], places[len(places) // 2], places[-1]] if len(places) > 2 else places,
        legend=[(css, name) for name, css in colour.items()],
        tall=True,
        told=told,
    )


def bars(
    rows: Sequence[Row],
    *,
    label: Callable[[Row], str],
    value: str,
    told: Callable[[Row], str] | None = None,
    href: Callable[[Row], str] | None = None,
) -> Plot:
    """A bar a row, the longest as long as the plot is wide."""
    longest = max((row[value] for row in rows), default=0) or 1
    lanes = [
        Lane(
            label=label(row),
            bars=[Bar(0, 0, 100 * row[value] / longest, 100, "c0", f"{label(row)}: {row[value]}")],
            value=told(row) if told else f"{row[value]:,}",
            href=href(row) if href else None,
        )
        for row in rows
    ]
    return Plot(lanes=lanes)


def strips(
    rows: Sequence[Row], since: int, until: int, *, label: Callable[[Row], str], state: str, ticks: Sequence[str]
) -> Plot:
    """A lane for each label, with its stretches `from_ts` to `to_ts` (unix seconds) in the colour of their state."""
    lanes: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        lanes[label(row)].append(row)
    length = until - since + 1
    return Plot(
        lanes=[
            Lane(
                label=name,
                bars=[
                    Bar(
                        100 * (row["from_ts"] - since) / length,
                        0,
                        100 * (row["to_ts"] - row["from_ts"] + 1) / length,
                        100,
                        f"is-{row[state]}",
                        f"{row[state]}: {row['begins']} to {row['ends']}",
                    )
                    for row in stretches
                ],
                value=_covered(stretches, length, state),
            )
            for name, stretches in lanes.items()
        ],
        ticks=ticks,
        legend=[("is-complete", "complete"), ("is-missing", "missing"), ("is-empty", "not known")],
    )


def beads(rows: Sequence[Row], *, label: str, state: Callable[[Row], str], told: Callable[[Row], str]) -> Plot:
    """A lane for each label, and in it a bead a row, the newest (which come first) at the right end."""
    lanes: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        lanes[row[label]].insert(0, row)
    most = max(map(len, lanes.values()), default=1)
    step = 100 / max(most, 20)
    return Plot(
        lanes=[
            Lane(
                label=name,
                bars=[
                    Bar(100 - (len(chain) - number) * step, 10, step * 0.8, 80, state(row), told(row))
                    for number, row in enumerate(chain)
                ],
                value=str(len(chain)),
            )
            for name, chain in sorted(lanes.items())
        ],
        legend=[("is-well", "well"), ("is-bad", "not well"), ("is-unknown", "no end yet")],
    )


def _covered(stretches: Sequence[Row], length: int, state: str) -> str:
    complete = sum(row["to_ts"] - row["from_ts"] + 1 for row in stretches if row[state] == "complete")
    return f"{100 * complete / length:.0f} %"
