"""Documents: what a page draws itself from, and when its tree is made."""

from datetime import UTC, datetime

import pytest

from newscrawl.document import parse_page
from newscrawl.errors import BlockedPage, TooComplexPage
from newscrawl.items import Page

DEEP = "<div>" * 5_000


def document(html):
    page = Page(
        url="https://example.com/1",
        source="",
        body=html.encode(),
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    return parse_page(page)


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{"a": "一"}</script>',
        '<script type="application/json" crossorigin id=__NEXT_DATA__>\n {"a": "一"}</script>',
        '<script>__NEXT_DATA__ = {"a": "一"};module={}</script>',
        '<script>window.__INITIAL_STATE__={"a": "一"};(function(){})()</script>',
        '<script>window . __REDUX_STATE__ =\n{"a": "一"}</script>',
        '<!-- a remark --><script>window.__INITIAL_STATE__={"a": "一"}</script><!-- another -->',
    ],
)
def test_the_data_that_a_page_draws_itself_from(script):
    assert document(f"<html><body>{script}<p>文</p></body></html>").data == {"a": "一"}


@pytest.mark.parametrize(
    "html",
    [
        '<!-- <script id="__NEXT_DATA__">{"a": 1}</script> --><p>文</p>',
        '<script>var other = {"a": "__NEXT_DATA__ "}</script><p>文</p>',
        "<script>if (window.__INITIAL_STATE__) { run() }</script>",
        '<script id="__NEXT_DATA__">{"a": </script><p>文</p>',
        '<script id="__NEXT_DATA__">[{"a": 1}]</script><p>文</p>',
        '<script src="/s.js"></script><p>__NEXT_DATA__ = {"a": 1}</p>',
        f'<script id="__NEXT_DATA__">{{"a": {"[" * 100_000}</script><p>文</p>',
    ],
)
def test_what_only_looks_like_such_data(html):
    assert document(f"<html><body>{html}</body></html>").data == {}


def test_the_first_that_can_be_read_counts():
    broken, whole = '<script id="__NEXT_DATA__">{"a": </script>', '<script>window.__X_STATE__ = {"b": 2}</script>'
    assert document(f"<html>{broken}{whole}</html>").data == {"b": 2}


def test_a_page_is_parsed_when_its_tree_is_asked_for():
    page = document(f'<html><head><meta name="author" content="甲"></head><body>{DEEP}</body></html>')
    for name in ("tree", "meta", "rel", "json_ld"):
        with pytest.raises(TooComplexPage):
            getattr(page, name)
    assert page.select(".no-such-class") == []


def test_head_and_tree_are_of_one_parse():
    page = document(
        '<html><head><meta name="Author" content="甲"></head><body><script>1</script><p>文</p></body></html>'
    )
    assert page.meta == {"author": "甲"}
    assert page.tree is page.tree
    assert [each.tag for each in page.tree.iter("script", "p")] == ["p"]


SLIDER = '<html><script src="/aliyun_waf_aa.js"></script><body></body></html>'


def test_a_slider_is_told_and_an_article_that_carries_its_script_is_none():
    with pytest.raises(BlockedPage, match="slider"):
        document(SLIDER)
    paragraphs = "<p>一</p>" * 300
    assert document(SLIDER.replace("<body>", f"<body>{paragraphs}")).is_html


def test_json_ld_and_microdata_are_told_by_the_tree():
    page = document(
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "一"}</script>'
        '<div itemscope itemtype="https://schema.org/NewsArticle"><b itemprop="headline">二</b></div>'
    )
    assert [each["headline"] for each in page.json_ld] == ["一", "二"]
    assert document("<p>itemtype ld+json</p>").json_ld == ()
