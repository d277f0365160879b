"""Pages that are cut: whatever byte they end at, what is read of them is the whole story, or nothing."""

import contextlib
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.demo import NOW
from newscrawl.demo.answers import Request
from newscrawl.demo.plan import SPACING
from newscrawl.demo.routes import find_route
from newscrawl.demo.truth import FAMILIES_OF, public_address
from newscrawl.demo.world import World
from newscrawl.errors import PageError, TruncatedPage
from newscrawl.extraction.whole import check_whole
from newscrawl.items import Page
from newscrawl.rules.eastmoney import RULE
from pipelines import read_page
from pipelines.clean import clean

WORLD = World(1, 60, NOW, SPACING)
STEP = 61
"""Bytes; no multiple of a character's three, so that cuts fall within characters, too."""
KNOWN = {"cls_telegraph", "cls_depth", "eastmoney"}


def shapes():
    """One page of each shape that the sample site has: each source's families, on their rules and without them."""
    for source, families in FAMILIES_OF.items():
        for family in families:
            story = next(iter(WORLD.stories(family)))
            url = public_address(story, source)
            yield f"{source}-{family}", url, source if source in KNOWN else ""
            if source in KNOWN:
                yield f"{source}-{family}-as-any-site", url.replace("www.cls.cn", "x.example"), "x.example"


def page(url, source, body=None):
    parts = urlsplit(url)
    answer = find_route(WORLD, Request.parse(parts.path + (f"?{parts.query}" if parts.query else ""))).answer
    headers = {"content-type": answer.content_type}
    whole = answer.body if body is None else body
    return Page(url=url, source=source, body=whole, fetched_at=datetime(2026, 11, 20, tzinfo=UTC), headers=headers)


SHAPES = {name: (url, source) for name, url, source in shapes()}


def read(cut):
    """The article of a page; the kind of its failure where it is refused."""
    try:
        return read_page(cut)
    except PageError as error:
        return error.kind


@pytest.mark.parametrize("name", SHAPES)
def test_a_page_that_is_cut_anywhere_is_refused_or_read_whole(name):
    whole = page(*SHAPES[name])
    article, length = read_page(whole), len(whole.body)
    cuts = [*range(0, length, STEP), *range(length - 2 * STEP, length)]
    became = [read(page(*SHAPES[name], whole.body[:end])) for end in cuts]
    told = [each if isinstance(each, str) else "whole" if each == article else each for each in became]
    assert set(told) <= {"truncated", "empty", "encoding", "layout", "whole"}
    assert told.count("whole") < 0.1 * len(cuts)


def document(text):
    body = text.encode()
    return clean(Page(url="https://x.example/1", source="", body=body, fetched_at=datetime.now(UTC)))


HEAD = "<html><head><title>青禾电池投产</title></head>"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}<body><div><p>青禾电池今日投产。</p></div></body>",
        f"{HEAD}<p>青禾电池今日投产。<p>第二段",
        f"{HEAD}<div>青禾<script>document.write('<div>')</script></div>",
        f"{HEAD}<div>青禾<!-- <div> --></div>",
        f"{HEAD}<div>青禾</div></div></div>",
        f"{HEAD}<div>青禾</div></html>",
        "<div>青禾电池今日投产。",
    ],
)
def test_a_page_that_forgets_its_end_is_whole_when_its_elements_are(text):
    check_whole(document(text), None)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}<body><div><p>青禾电池今日投产。</p></div>",
        f"{HEAD}<div><p>青禾电池今日",
        f"{HEAD}<TABLE><tr><td>青禾",
        f"{HEAD}<div>青禾<script>document.write('</div>')</script>",
        f"{HEAD}<div>青禾<!-- </div> -->",
    ],
)
def test_a_page_that_ends_within_an_element_is_cut(text):
    with pytest.raises(TruncatedPage):
        check_whole(document(text), None)


def test_a_page_whose_site_always_writes_the_end_is_cut_without_it():
    text = f"{HEAD}<p>青禾电池今日投产。"
    check_whole(document(text), None)
    with pytest.raises(TruncatedPage, match="</html>"):
        check_whole(document(text), RULE)
    check_whole(document(f"{text}</html>"), RULE)


@given(st.lists(st.sampled_from(["<!--", "-->", "<script>", "</script>", "<div>", "</div>", "青禾"]), max_size=40))
def test_whatever_the_markup_it_is_judged(pieces):
    with contextlib.suppress(TruncatedPage):
        check_whole(document(HEAD + "青禾" + "".join(pieces)), None)
