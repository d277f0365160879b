"""Securities that a page itself names."""

import pytest

from newscrawl.extraction.stocks import named_stocks, prefixed_stock
from newscrawl.extraction.text import visible_text
from newscrawl.items import Stock
from newscrawl.tree import parse_fragment


def stocks(markup):
    tree = parse_fragment(markup)
    return named_stocks(tree, visible_text(tree))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<a href="http://quote.eastmoney.com/unify/r/1.600519" data-code="1,600519">甲酒</a>',
            Stock("600519", "SH", "甲酒"),
        ),
        ('<span class="em_stock_key_common" data-code="0,300750">乙能</span>', Stock("300750", "SZ", "乙能")),
        ('<a href="https://quote.eastmoney.com/unify/r/0.830799">丙软</a>', Stock("830799", "BJ", "丙软")),
        ('<a href="http://quote.eastmoney.com/unify/r/0.920002">丁材</a>', Stock("920002", "BJ", "丁材")),
        ('<a data-code="116,00700">戊讯</a>', Stock("00700", "HK", "戊讯")),
        ('<a data-code="105,PDD">己多</a>', Stock("PDD", "US", "己多")),
        ('<a href="http://quote.eastmoney.com/sh600233.html">庚运</a>', Stock("600233", "SH", "庚运")),
        ("<p>辛科（600519.SH）公告</p>", Stock("600519", "SH")),
        ("<p>壬电(000338.sz)公告</p>", Stock("000338", "SZ")),
        ("<p>子网（QXCX.US）公告</p>", Stock("QXCX", "US")),
        ("<p>癸港（0700.HK）公告</p>", Stock("00700", "HK")),
    ],
)
def test_forms(markup, expected):
    assert stocks(markup) == (expected,)


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="http://quote.eastmoney.com/unify/r/90.BK0473" data-code="90,BK0473">证券</a>',
        '<a href="http://quote.eastmoney.com/unify/r/100.NDX">指数</a>',
        '<a href="http://data.eastmoney.com/cjsj/ppi.html">PPI</a>',
        "<p>电话（600519）与编号（123456.XY）</p>",
    ],
)
def test_sectors_indices_and_bare_numbers_are_no_securities(markup):
    assert stocks(markup) == ()


def test_each_once_with_the_name_that_a_link_gives():
    markup = '<p>甲酒（600519.SH）<a data-code="1,600519">甲酒</a><span data-code="1,600519"></span></p>'
    assert stocks(markup) == (Stock("600519", "SH", "甲酒"),)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("sh603986", Stock("603986", "SH", "名")), ("HK00700", Stock("00700", "HK", "名")), ("usaapl", Stock("AAPL", "US", "名")),
     ("cls80250", None), ("", None), ("600519", None)],
)  # fmt: skip
def test_prefixed(code, expected):
    assert prefixed_stock(code, "名") == expected
