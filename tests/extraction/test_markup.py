"""body_html is clean, absolute and inert."""

import pytest
from lxml import html

from newscrawl.errors import TooComplexPage
from newscrawl.extraction.markup import body_markup
from newscrawl.tree import parse_fragment

BASE = "https://www.cls.cn/detail/1"


def markup(source, base=BASE):
    return body_markup(parse_fragment(source), base)


@pytest.mark.parametrize(
    "source",
    [
        '<p onclick="alert(1)">x<script>alert(1)</script></p>',
        '<img src="x.png" onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="JaVaScRiPt:alert(1)">x</a>',
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
        "<math><mtext></p><img src=x onerror=alert(1)>",
        '<p style="background:url(javascript:alert(1))">x</p>',
        "<style>@import 'javascript:alert(1)'</style><p>x</p>",
        '<base href="//evil.example/"><form action="//evil.example"><input></form>x',
        '<img src="data:text/html,<script>alert(1)</script>">',
    ],
)
def test_nothing_in_it_can_run(source):
    tree = html.fragment_fromstring(markup(source), create_parent="div")
    assert {element.tag for element in tree.iter()} <= {"div", "p", "img", "a"}
    for element in tree.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name in {"style", "srcdoc"}]
        for name in ("href", "src"):
            assert element.get(name, "https://").startswith(("https://", "http://"))


def test_links_and_images_become_absolute_and_the_full_size_is_shown():
    found = markup('<p><a href="/subject/1">话题</a><img src="//i.cn/a.jpg" orginial_src="//i.cn/a_o.jpg"></p>')
    assert 'href="https://www.cls.cn/subject/1"' in found
    assert 'src="https://i.cn/a_o.jpg"' in found


def test_paragraphs_headings_tables_and_words_stay():
    source = "<h3>小标题</h3><p>甲<strong>乙</strong>丙</p><table><tbody><tr><td>一</td></tr></tbody></table>"
    assert markup(source) == source


def test_empty_elements_go_and_what_stands_behind_them_stays():
    assert markup("<p></p><p><strong></strong>甲<span></span>乙</p><p> <br></p>") == "<p>甲乙</p><p> <br></p>"


def test_escapes_that_the_cleaner_takes_minutes_for_are_refused():
    body = parse_fragment("<p>甲</p>")
    body[0].text = "&" * 200_000
    with pytest.raises(TooComplexPage, match="200,000"):
        body_markup(body, BASE)


def test_an_element_called_image_is_none():
    assert markup('<p>甲<image src="x.png">乙</image></p>') == "<p>甲乙</p>"
