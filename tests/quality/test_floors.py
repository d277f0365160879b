"""The quality of reading stays: measured on labelled pages where NEWSCRAWL_SAMPLES names them, else skipped."""

import pytest

from tests.quality import floors
from tests.quality.score import Score, harmonic, overlap


@pytest.mark.skipif(floors.folder() is None, reason="NEWSCRAWL_SAMPLES names no labelled pages")
@pytest.mark.parametrize("name", sorted(floors.floors()))
def test_no_measure_falls_below_its_floor(name, capsys):
    result = floors.measure(name)
    with capsys.disabled():
        print(f"\n{name}: {result}; worst:", *(f"{key} {f1:.3f}" for f1, key in result.pages[:5]))
    for measure, floor in floors.floors()[name].items():
        assert getattr(result, measure) >= floor, measure


def test_floors_only_rise():
    better = Score(
        body=0.95, short=None, title=None, day=None, minute=None, image_precision=0.5, image_recall=None, pages=[]
    )
    assert floors.raised({"body": 0.9, "image_precision": 0.9}, better) == {"body": 0.948, "image_precision": 0.9}


@pytest.mark.parametrize(
    ("truth", "found", "expected"),
    [
        ("青禾电池宣布投产", "青禾电池宣布投产", (1.0, 1.0)),
        ("青禾电池宣布投产", "青禾电池宣布", (1.0, 0.6)),
        ("青禾电池", "", (0.0, 0.0)),
        ("", "", (1.0, 1.0)),
        ("one two three four five", "one two three four", (1.0, 0.5)),
    ],
)
def test_overlap_counts_shingles_of_four(truth, found, expected):
    assert overlap(truth, found) == pytest.approx(expected)


def test_harmonic_of_nothing_is_nothing():
    assert harmonic(0.0, 0.0) == 0.0
