"""The ablation's own tools: a rule is off while it is switched off, and on again after."""

import pytest

from newscrawl.extraction.generic import names, weigh
from newscrawl.extraction.generic.blocks import Line, Node
from tests.quality.ablation import changes
from tests.quality.score import Score
from tests.quality.switch import Edit, NotThere, edited
from tests.quality.tables import table

WEIGH = "extraction.generic.weigh"


def sentence():
    line = Line(Node(None, None))
    line.weight, line.stops = 30.0, 1
    return line


def test_a_number_and_a_function_that_others_hold_are_switched_off_and_on_again():
    held = weigh.line_score
    with edited([Edit(WEIGH, "STOP = 10.0", "STOP = 0.0")]):
        assert (held(sentence()), weigh.STOP) == (30.0, 0.0)
    with edited([Edit(WEIGH, " if line.stops else 0.0", " if False else 0.0")]):
        assert held(sentence()) == 0.0
    assert (held(sentence()), weigh.STOP) == (40.0, 10.0)


def test_a_pattern_is_switched_off():
    with edited([Edit("extraction.generic.names", "comment|sidebar|", "")]):
        assert not names._ASIDE.search("comment")
    assert names._ASIDE.search("comment")


def test_a_rule_that_is_written_otherwise_by_now_is_told():
    with pytest.raises(NotThere, match="0 times in"), edited([Edit(WEIGH, "no such text", "")]):
        pass


def test_changes_are_points():
    before = Score(
        body=0.95, short=0.5, title=None, day=None, minute=None, image_precision=1.0, image_recall=None, pages=[]
    )
    after = Score(
        body=0.94, short=0.5001, title=None, day=None, minute=None, image_precision=None, image_recall=None, pages=[]
    )
    assert changes(before, after) == "body -1.0, images P -100.0"


def test_a_table_is_markdown():
    assert table(["a", "b"], [["1|2", ""]]) == "| a | b |\n| --- | --- |\n| 1\\|2 |  |"
