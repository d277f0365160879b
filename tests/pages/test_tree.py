"""Fragments: lxml where the markup is plain, BeautifulSoup where it is odd; both read what is plain alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.errors import TooComplexPage
from newscrawl.extraction.text import visible_text
from newscrawl.tree import _parse_plain, _parse_soup, drop, parse_fragment

WORDS = st.text("央行开展3.5% CPI&;'，。\n　", max_size=12).map(lambda text: text.replace("&", "&amp;"))
TAGS = st.sampled_from(["p", "span", "b", "a", "div", "h3", "center", "td", "em"])
LEAVES = st.one_of(WORDS, st.just("<br>"), st.just("<br/>"), st.just("<img src='a.png' alt=\"图\">"))
FRAGMENTS = st.recursive(
    LEAVES,
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=4)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
    max_leaves=12,
)


@given(FRAGMENTS)
def test_what_is_plain_is_read_alike(text):
    plain = _parse_plain(text)
    if plain is not None:
        assert "".join(visible_text(plain).split()) == "".join(visible_text(_parse_soup(text)).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>利率3<5，油价<b>上涨</b></p>", "利率3<5，油价上涨"),
        ("<p>甲</p></div><p>乙</p>", "甲\n乙"),
        ("<em_stock>丙</em_stock>丁", "丙丁"),
        ("戊&#150;己", "戊\N{EN DASH}己"),
        ("<title>庚</title>辛", "庚辛"),
        ("AT&T壬", "AT&T壬"),
        ("A&T癸&amp;lt;p&gt;&#38;amp;", "A&T癸&lt;p>&amp;"),
    ],
)
def test_what_is_odd_is_read_by_beautiful_soup(text, expected):
    assert _parse_plain(text) is None
    assert visible_text(parse_fragment(text)) == expected


@pytest.mark.parametrize("markup", ["<p><b>甲</b>乙</p>", "<p>一<i>二</i><b>甲</b>乙</p>", "<p>一<b>甲</b>乙</p>"])
def test_the_text_behind_what_is_dropped_stays(markup):
    tree = parse_fragment(markup)
    expected = visible_text(tree).replace("甲", "")
    drop(tree.find(".//b"))
    assert visible_text(tree) == expected


def test_names_that_no_tree_takes_lose_no_story():
    assert visible_text(parse_fragment('<p>3<5</p><scr<b>x</scr<b><p a<b=1 "=2>正文</p>')) == "3<5\nx\n正文"


def test_odd_tags_without_end_are_refused_before_a_parser_takes_them():
    with pytest.raises(TooComplexPage, match="odd ones"):
        parse_fragment("3<5 <o:p" * 15_000)
