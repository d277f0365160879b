"""Visible text: the page's paragraphs, nothing added and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newscrawl.extraction.text import clean_line, visible_text
from newscrawl.tree import parse_fragment, parse_html, remove_hidden, remove_noise


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>C<span><a>PPI</a></span>B 与 上海<a>证券</a>报</p>", "CPPIB 与 上海证券报"),
        ("<p>一</p><p>二</p>", "一\n二"),
        ("<p>一<br>二<br/><br/>三</p>", "一\n二\n三"),
        ("一<div>二</div>三", "一\n二\n三"),
        ("<p>　　首行缩进　</p>", "首行缩进"),
        ("<p>跨\n行 的\t 空白\xa0\xa0处</p>", "跨 行 的 空白 处"),
        ("<p>零\u200b宽\ufeff与\u202e方向</p>", "零宽与方向"),
        ("<p>《&lt;示范议定书&gt;修正案》 A&amp;B</p>", "《<示范议定书>修正案》 A&B"),
        ("<ul><li>甲</li><li>乙</li></ul>", "甲\n乙"),
        ("<table><tr><th>名称</th><th>涨幅</th></tr><tr><td>甲</td><td>1%</td></tr></table>", "名称 涨幅\n甲 1%"),
        ("<pre>①第一点；\n②第二点。</pre>", "①第一点；\n②第二点。"),
        ("<p></p><p> </p><p><img src='x.png'></p>", ""),
        (
            "<p>甲<script>var x = 1</script>乙<style>p {}</style><span style='display: none'>丙</span><!-- 丁 --></p>",
            "甲乙",
        ),
        ("<p>控&#27;[31m制&#0;</p>", "控制"),
    ],
)
@pytest.mark.parametrize("parse", [parse_fragment, parse_html])
def test_visible_text(parse, markup, expected):
    tree = parse(markup)
    remove_noise(tree)
    remove_hidden(tree)
    assert visible_text(tree).replace("\ufffd", "") == expected


WORDS = st.text("央行开展逆回购CPI12%，。", min_size=1, max_size=8)


@given(st.lists(st.tuples(st.sampled_from(["a", "span", "strong", "em", "b"]), WORDS), min_size=1, max_size=6))
def test_inline_nodes_are_joined_as_they_stand(parts):
    markup = "<p>" + "".join(f"{word}<{tag}>{word}</{tag}>" for tag, word in parts) + "</p>"
    assert visible_text(parse_html(markup)) == "".join(word * 2 for _, word in parts)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_paragraphs_are_lines(paragraphs):
    assert visible_text(parse_fragment("".join(f"<p>{text}</p>\n " for text in paragraphs))) == "\n".join(paragraphs)


def test_the_text_behind_the_element_itself_is_not_its_own():
    element = html.fragment_fromstring("<div><p>一</p>二</div>")[0]
    assert visible_text(element) == "一"


def test_deep_trees_do_not_exhaust_the_stack():
    root = html.Element("div")
    node = root
    for _ in range(5_000):
        node = html.etree.SubElement(node, "span")
    node.text = "底"
    assert visible_text(root) == "底"


@given(st.text(max_size=80))
def test_clean_line_is_stable_and_one_line(text):
    line = clean_line(text)
    assert clean_line(line) == line
    assert "\n" not in line
