"""Answers of the sites' own shapes with anything in them changed: read right, or refused by an error of ours."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.demo.answers import Request
from newscrawl.demo.routes import find_route
from newscrawl.demo.server import NOW
from newscrawl.demo.world import World
from newscrawl.errors import LayoutError, NotNews, PageError, TooComplexPage
from newscrawl.items import Page
from newscrawl.json_text import read_json
from newscrawl.spiders.cls_depth import ClsDepthSpider
from newscrawl.spiders.cls_telegraph import ClsTelegraphSpider
from newscrawl.spiders.eastmoney import EastmoneySpider
from pipelines import read_page
from tests.hostile.chance import VALUES, as_bytes, fuzz, mutated
from tests.hostile.valid import check_article, check_refusal, check_rows

JSON = "application/json; charset=utf-8"
WORLD = World(seed=7, size=16, now=NOW)
LISTS = [
    (ClsTelegraphSpider(), "roll"),
    (ClsDepthSpider(), "1000"),
    (EastmoneySpider(), "column:350"),
    (EastmoneySpider(), "fast"),
]
IDS = ["roll", "depth", "columns", "fast"]


def answer_of(spider, channel):
    target = "/" + spider.list_url(channel, None).split("/", 3)[3]
    return json.loads(find_route(WORLD, Request.parse(target)).answer.body)


def page(body, url="https://www.cls.cn/detail/2600318", source="cls_telegraph", content_type=JSON):
    return Page(url=url, source=source, body=body, headers={"content-type": content_type}, fetched_at=NOW)


def read_list(spider, channel, body):
    try:
        listing = spider.read_list(page(body, source=spider.name), channel)
    except PageError as refused:
        check_refusal(refused)
        return None
    check_rows(listing)
    return listing


def read_story(body, **told):
    try:
        article = read_page(page(body, **told))
    except NotNews:
        return None
    except PageError as refused:
        check_refusal(refused)
        return None
    check_article(article)
    return article


@pytest.mark.parametrize(("spider", "channel"), LISTS, ids=IDS)
def test_lists_with_anything_changed(spider, channel):
    answer = answer_of(spider, channel)
    assert read_list(spider, channel, as_bytes(answer)).rows

    @fuzz
    @given(mutated(answer))
    def check(changed):
        listing = read_list(spider, channel, as_bytes(changed))
        for row in listing.rows if listing else ():
            if row.body is not None:
                read_story(row.body, url=row.url)

    check()


@pytest.mark.parametrize("source", ["cls_telegraph", "cls_depth", ""])
def test_detail_pages_with_anything_changed(source):
    story = next(WORLD.stories("article"))
    html = find_route(WORLD, Request.parse(f"/detail/{story.id}")).answer.body.decode()
    start = html.index("{", html.index("__NEXT_DATA__"))
    data, length = json.JSONDecoder().raw_decode(html[start:])
    url = f"https://www.cls.cn/detail/{story.id}"

    @fuzz
    @given(mutated(data["props"]))
    def check(changed):
        told = json.dumps(data | {"props": changed}).replace("<", "\\u003c")
        read_story(
            (html[:start] + told + html[start + length :]).encode(), url=url, source=source, content_type="text/html"
        )

    check()


@pytest.mark.parametrize("kind", ["NewsArticle", None])
def test_words_for_machines_of_any_shape(kind):
    @fuzz
    @given(VALUES, st.sampled_from(["author", "publisher", "datePublished", "@graph", "@type", "image"]))
    def check(value, name):
        told = json.dumps({"@type": kind, name: value} if name != "@graph" else {name: value}).replace("<", "\\u003c")
        text = "<p>青禾电池今日宣布，新工厂已经投产，产能提高一倍，订单排到明年，市场反应平静。</p>" * 3
        html = (
            f"<html><head><title>青禾电池新厂投产</title><script type='application/ld+json'>{told}</script>"
            f"<script>window.__INITIAL_STATE__={told};</script></head><body><h1>青禾电池新厂投产</h1>{text}</body></html>"
        )
        assert read_story(html.encode(), url="https://a.example/1.html", source="", content_type="text/html")

    check()


@fuzz
@given(st.binary(max_size=60) | VALUES.map(as_bytes))
@example(b'["\\ud800", NaN, 1e999, -Infinity]')
@example(b"[" * 100_000)
@example(b"9" * 5_000)
@example(b"\xff\xfe[\x00]\x00")
def test_json_is_read_to_what_any_store_holds_or_refused(text):
    try:
        value = read_json(text)
    except PageError as refused:
        check_refusal(refused)
    else:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def test_what_json_cannot_say_becomes_nothing_or_a_question_mark():
    assert read_json('{"a": [NaN, Infinity, 1e999, 1.5], "b": "x\\ud800y\\ud83d\\ude00"}') == {
        "a": [None, None, None, 1.5],
        "b": "x?y😀",
    }
    with pytest.raises(TooComplexPage):
        read_json("[" * 100_000)
    with pytest.raises(LayoutError):
        read_json("9" * 5_000)


@pytest.mark.parametrize(
    "number", ["Infinity", "NaN", "1e999", "true", "1.5", "-5", "null", '"１２"', "[]", "9" * 5_000]
)
@pytest.mark.parametrize("place", ["id", "ctime", "sort_score"])
def test_one_row_with_an_odd_number_loses_no_other(place, number):
    spider, channel = LISTS[0]
    answer = answer_of(spider, channel)
    rows = answer["data"]["roll_data"]
    whole = len(rows)
    rows.append({**rows[0], place: "ODD", "title": "最后一条"})
    listing = read_list(spider, channel, as_bytes(answer).replace(b'"ODD"', number.encode()))
    if len(number) > 4_000:
        assert listing is None  # no number that Python reads: the answer is no JSON to it
        return
    assert len(listing.rows) == whole + (place != "id")
    assert listing.odd == (place == "id")


@pytest.mark.parametrize(("spider", "channel"), LISTS, ids=IDS)
def test_lists_that_nest_too_deep_are_refused_and_not_fatal(spider, channel):
    with pytest.raises(TooComplexPage):
        spider.read_list(page(b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), channel)
