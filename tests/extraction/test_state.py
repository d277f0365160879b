"""Pages that draw themselves by script: the story is read from the data that they bring along."""

import json

import pytest

from newscrawl.errors import PageError
from pipelines import extract_article

STORY = {
    "id": 9812,
    "title": "青禾电池新工厂投产",
    "publishTime": "2026-11-20 21:46:05",
    "source": {"name": "云桥日报"},
    "author": "林一川",
    "content": "<p>青禾电池周五宣布，位于云桥市的新工厂已经投产，年产能将达到二十万套。</p>"
    "<p>公司表示，新产线采用了自主研发的工艺，良品率有望提升，价格压力将会缓解。</p>"
    "<p>分析人士认为，行业竞争仍然激烈，企业需要控制成本，并且要看到海外的需求。</p>",
}
ROWS = [
    {"title": f"栏目第{number}条", "publishTime": "2026-11-20", "content": f"第{number}条的摘要，" * 8}
    for number in range(9)
]


def page(data, form='<script id="__NEXT_DATA__" type="application/json">{}</script>', shown="<div id='app'></div>"):
    script = form.replace("{}", json.dumps(data, ensure_ascii=False))
    return f"<html><head><title>云桥日报</title></head><body>{shown}{script}</body></html>"


FORMS = [
    '<script id="__NEXT_DATA__" type="application/json">{}</script>',
    "<script>window.__INITIAL_STATE__ = {};(function(){var s=1}())</script>",
    "<script>\n  window.__PRELOADED_STATE__={}</script>",
]


@pytest.fixture(params=FORMS, ids=["next", "initial", "preloaded"])
def article(request):
    return extract_article(page({"props": {"pageProps": {"list": ROWS, "news": STORY}}}, request.param))


def test_body(article):
    assert article.body.splitlines()[1].startswith("公司表示，新产线")
    assert len(article.body.splitlines()) == 3


def test_title(article):
    assert article.title == "青禾电池新工厂投产"


def test_published(article):
    assert article.published_at.isoformat() == "2026-11-20T21:46:05+08:00"


def test_people(article):
    assert (article.publisher, article.author) == ("云桥日报", "林一川")


def test_provenance(article):
    assert {article.provenance[name] for name in ("title", "body", "published_at")} == {"embedded"}


def test_a_comment_beside_it_is_no_second_story():
    comment = {"createTime": "2026-11-20 22:00", "content": "写得好，希望以后多报道这样的新闻，" * 6}
    assert extract_article(page({"news": STORY, "comments": [comment]})).title == "青禾电池新工厂投产"


def test_a_sentence_is_no_name():
    article = extract_article(
        page(
            {
                "news": STORY
                | {"source": "本文系转载，仅代表作者本人的观点，不代表本平台的立场，如有侵权请联系我们删除处理"}
            }
        )
    )
    assert article.publisher is None


def test_what_the_page_shows_goes_before():
    shown = "<h1>青禾电池新工厂投产</h1>" + STORY["content"].replace("周五", "星期五")
    article = extract_article(page({"news": STORY}, shown=shown))
    assert "星期五" in article.body
    assert article.published_at.isoformat() == "2026-11-20T21:46:05+08:00"


@pytest.mark.parametrize(
    "data",
    [
        {"list": ROWS},
        {"news": [STORY, STORY | {"content": STORY["content"] + "<p>另一篇。</p>"}]},
        {"news": {name: value for name, value in STORY.items() if name != "title"}},
        {"news": {name: value for name, value in STORY.items() if name != "publishTime"}},
        {"news": STORY | {"content": ["段落"]}},
    ],
    ids=["a list", "two stories", "no title", "no time", "no text"],
)
def test_what_is_no_story_is_refused(data):
    with pytest.raises(PageError):
        extract_article(page(data))
