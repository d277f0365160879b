"""Where bars stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.web import plots

DAYS = ["d1", "d2", "d3"]
COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(DAYS), st.sampled_from("abc")), st.integers(0, 10_000), min_size=1, max_size=9
)


def rows(counts):
    return [{"day": day, "source": source, "stories": count} for (day, source), count in sorted(counts.items())]


@given(COUNTS)
def test_columns_stand_on_the_ground_and_on_each_other(counts):
    [lane] = plots.columns(rows(counts), DAYS, at="day", series="source", value="stories").lanes
    highest = max(sum(count for (day, _), count in counts.items() if day == each) for each in DAYS)
    for number, day in enumerate(DAYS):
        own = [bar for bar in lane.bars if number * 100 / 3 <= bar.x < (number + 1) * 100 / 3]
        total = sum(count for (each, _), count in counts.items() if each == day)
        bottom = 100.0
        for bar in own:
            assert bar.y + bar.height == pytest.approx(bottom)
            assert bar.x + bar.width <= (number + 1) * 100 / 3
            bottom = bar.y
        assert 100 - bottom == pytest.approx(100 * total / (highest or 1), abs=1e-6)


def test_columns_say_in_words_what_they_show():
    plot = plots.columns(rows({("d1", "a"): 2, ("d3", "b"): 5}), DAYS, at="day", series="source", value="stories")
    assert plot.told == "7 in all; most at d3: 5"
    assert plot.legend == [("c0", "a"), ("c1", "b")]
    assert [bar.told for bar in plot.lanes[0].bars] == ["d1 a: 2", "d3 b: 5"]


def test_columns_of_nothing_say_so():
    plot = plots.columns([], DAYS, at="day", series="source", value="stories")
    assert (plot.told, plot.lanes[0].bars, plot.lanes[0].value) == ("none", [], "0")


def test_a_name_keeps_its_colour_whatever_stands_beside_it():
    assert plots.colours(["b", "a"]) == plots.colours(["a", "b", "a"]) == {"a": "c0", "b": "c1"}


def test_there_are_no_more_colours_than_the_stylesheet_has():
    assert set(plots.colours(map(str, range(100))).values()) == {f"c{number}" for number in range(plots.COLOURS)}


def test_the_longest_bar_is_as_long_as_the_plot_is_wide():
    plot = plots.bars([{"n": "x", "v": 4}, {"n": "y", "v": 1}], label=lambda row: row["n"], value="v")
    assert [(lane.label, lane.bars[0].width, lane.value) for lane in plot.lanes] == [("x", 100, "4"), ("y", 25, "1")]


def test_bars_of_zeros_have_no_length():
    plot = plots.bars([{"n": "x", "v": 0}], label=lambda row: row["n"], value="v")
    assert plot.lanes[0].bars[0].width == 0


def stretch(state, begin, end):
    return {"list": "roll", "state": state, "from_ts": begin, "to_ts": end, "begins": str(begin), "ends": str(end)}


def test_strips_lie_where_their_time_lies_and_tell_how_much_is_complete():
    found = [stretch("complete", 100, 149), stretch("missing", 150, 174)]
    plot = plots.strips(found, 100, 199, label=lambda row: row["list"], state="state", ticks=[])
    [lane] = plot.lanes
    assert [(bar.x, bar.width, bar.colour) for bar in lane.bars] == [(0, 50, "is-complete"), (50, 25, "is-missing")]
    assert lane.value == "50 %"


def test_the_newest_bead_lies_at_the_right_end():
    found = [{"s": "a", "id": number} for number in (3, 2, 1)]
    plot = plots.beads(found, label="s", state=lambda row: "is-well", told=lambda row: str(row["id"]))
    beads = plot.lanes[0].bars
    assert [bead.told for bead in beads] == ["1", "2", "3"]
    assert beads[0].x < beads[1].x < beads[2].x < 100
