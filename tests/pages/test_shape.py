"""Shapes that stop parsers are refused before any parser sees them; ordinary pages are not."""

import pytest

from newscrawl.errors import TooComplexPage
from newscrawl.extraction.text import visible_text
from newscrawl.shape import check_shape
from newscrawl.tree import parse_fragment, parse_html


@pytest.mark.parametrize(
    "text",
    [
        "<p " + " ".join(f"a{i}=1" for i in range(100_000)) + ">x</p>",
        "<p " + " ".join(f"a{i}" for i in range(5_000)) + ">x</p>",
        '<p a="<>" ' + " ".join(f'a{i}=">"' for i in range(12_000)) + ">x</p>",
        'say="<p>' + "<p " + " ".join(f"a{i}=1" for i in range(5_000)) + ' z="">x</p>',
        "<p>" + "<b>x</b>" * 250_000,
        "x" * 4_100_000,
    ],
    ids=["attributes", "bare attributes", "behind a value", "behind a quotation mark", "tags", "size"],
)
def test_refuses(text):
    with pytest.raises(TooComplexPage):
        check_shape(text)


@pytest.mark.parametrize(
    "text",
    [
        "<img src='data:image/png;base64," + "A=/+" * 20_000 + "'>",
        "<p title='" + "字 x=1 " * 3_000 + "'>x</p>",
        "<p>x</p>",
        "<script>for(i=0;i<n.length;i++){" + "a = b / c; " * 3_000 + "}</script><p>x</p>",
    ],
    ids=["data image", "long title", "plain", "script"],
)
def test_lets_pass(text):
    check_shape(text)


def test_a_tree_that_the_parser_would_cut_is_refused():
    with pytest.raises(TooComplexPage, match="nested"):
        parse_html("<div>" * 100_000 + "text")


def test_nesting_that_browsers_read_is_read():
    tree = parse_html("<div>" * 200 + "深处" + "</div>" * 200)
    assert visible_text(tree) == "深处"


def test_a_fragment_that_no_parser_takes_is_refused_and_not_fatal():
    with pytest.raises(TooComplexPage):
        parse_fragment("<b><i>" * 40_000 + "x")
