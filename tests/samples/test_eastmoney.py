"""East Money's body of 2026, and articles of 2013 to 2019."""

import html
import re

from newscrawl.items import Stock
from pipelines import extract_article

URL = "https://finance.eastmoney.com/a/202601043608888888.html"


def test_the_body_of_2026(samples):
    page = (samples / "eastmoney/contentbody_2026-01_diyicaijing.html").read_text(encoding="utf-8")
    article = extract_article(page, URL)
    assert article.publisher == "第一财经"
    assert article.images == ()
    paragraphs = re.findall(r"<p[^>]*>(.*?)</p ?>", page, re.S)
    shown = [html.unescape(re.sub(r"<[^>]+>", "", part)).strip(" \u3000") for part in paragraphs]
    assert article.body.splitlines() == shown[:-1]
    assert shown[-1].startswith("（文章来源")
    assert article.stocks == (
        Stock("600030", "SH", "中信证券"),
        Stock("300024", "SZ", "机器人"),
        Stock("601059", "SH", "信达证券"),
        Stock("601788", "SH", "光大证券"),
        Stock("002670", "SZ", "国盛证券"),
        Stock("601881", "SH", "中国银河"),
    )
    # The fragment prints neither: nothing but the number in its address tells the day.
    assert article.title is None
    assert (article.published_at.isoformat(), article.published_precision) == ("2026-01-04T00:00:00+08:00", "day")
    assert article.provenance["published_at"] == "address"


def test_the_same_body_within_a_page_has_title_and_minute(samples):
    body = (samples / "eastmoney/contentbody_2026-01_diyicaijing.html").read_text(encoding="utf-8")
    page = f"""<html><head><title>示例：机构看后市 _ 东方财富网</title></head><body><h1>示例：机构看后市</h1>
        <div class="infos"><div class="item">2026年01月04日 20:15</div><div class="item">来源：<a>第一财经</a></div></div>
        {body}<p class="res-edit">（责任编辑：示例一）</p></body></html>"""
    article = extract_article(page, URL)
    assert article.title == "示例：机构看后市"
    assert (article.published_at.isoformat(), article.published_precision) == ("2026-01-04T20:15:00+08:00", "minute")
    assert (article.publisher, article.editor) == ("第一财经", "示例一")
    assert article.body == extract_article(body, URL).body
