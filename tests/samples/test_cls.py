"""Cailianshe's own pages and rows, as others saved them."""

import html
import json
import re

import pytest

from pipelines import extract_article

DETAILS = {
    "cls_article_detail.html": ("2492814", "2026-09-25T02:34:48+08:00", 2),
    "cls_article_detail_rich.html": ("2492703", "2026-09-24T22:05:33+08:00", 0),
}
ROLLS = {"cls_roll_page1.json": 20, "cls_roll_page2.trimmed.json": 8, "cls_roll_with_image.json": 1}


def squeezed(text):
    return re.sub(r"\s", "", text)


def embedded(page):
    return json.loads(re.search(r'id="__NEXT_DATA__"[^>]*>(.*?)</script>', page, re.S)[1])["props"]["pageProps"][
        "articleDetail"
    ]


@pytest.fixture(params=DETAILS)
def detail(samples, request):
    page = (samples / "cls/kyssion_k-spider-dotnet" / request.param).read_text(encoding="utf-8")
    number, moment, images = DETAILS[request.param]
    return page, number, moment, images


def without_json(page):
    return re.sub(r'<script id="__NEXT_DATA__".*?</script>', "", page, flags=re.S)


@pytest.mark.parametrize("with_url", [True, False])
def test_detail_page(detail, with_url):
    page, number, moment, images = detail
    told = embedded(page)
    article = extract_article(page, f"https://www.cls.cn/detail/{number}" if with_url else "")
    assert (article.source, article.source_id, article.kind) == ("cls_depth", number, "article")
    assert article.title == told["title"]
    assert article.published_at.isoformat() == moment
    assert article.published_precision == "second"
    assert f"{article.publisher} {article.author}" == told["author"]["name"]
    assert article.editor == told["secReviewer"]
    assert article.cover_url == told["images"][0]
    assert list(article.image_urls) == re.findall(r'<img src="([^"]+)"', told["content"])
    assert len(article.images) == images
    assert squeezed(article.body) == squeezed(html.unescape(re.sub(r"<[^>]+>", "", told["content"])))
    assert article.body.splitlines() == [
        line for part in told["content"].split("\n") if (line := html.unescape(re.sub(r"<[^>]+>", "", part)).strip())
    ]


def test_detail_page_without_its_json_reads_the_same_from_the_page(detail):
    page, number, _, _ = detail
    url = f"https://www.cls.cn/detail/{number}"
    whole, shown = extract_article(page, url), extract_article(without_json(page), url)
    for field in ("title", "body", "images", "publisher", "author", "editor", "summary", "source_id"):
        assert getattr(shown, field) == getattr(whole, field), field
    assert shown.published_at == whole.published_at.replace(second=0)
    assert shown.published_precision == "minute"
    assert shown.provenance["body"] == "rule:dom"


def rows(samples):
    for name, count in ROLLS.items():
        found = json.loads((samples / "cls/kyssion_k-spider-dotnet" / name).read_text(encoding="utf-8"))["data"][
            "roll_data"
        ]
        assert len(found) == count
        yield from found


def test_every_row_of_the_roll_pages_becomes_an_article_with_its_whole_text(samples):
    for row in rows(samples):
        url = f"https://www.cls.cn/detail/{row['id']}"
        article = extract_article(json.dumps(row), url, "cls_telegraph")
        assert (article.kind, article.source_id, article.url) == ("flash", str(row["id"]), url)
        assert squeezed(article.body) == squeezed(row["content"])
        assert article.title == (row["title"] or None)
        assert article.published_at.timestamp() == row["ctime"]
        assert article.modified_at.timestamp() == row["modified_time"]
        assert article.image_urls == tuple(row["images"])
        assert {tag.name for tag in article.tags if tag.kind == "subject"} == {
            s["subject_name"] for s in row["subjects"]
        }
        assert [tag.name for tag in article.tags if tag.kind == "level"] == [row["level"]]
        assert article.publisher == (row["author"] or "财联社")


def test_the_slider_page_is_a_block(samples):
    from newscrawl.errors import BlockedPage

    page = (samples / "cls/kyssion_k-spider-dotnet/verify_aliyun_waf_captcha.html").read_text(encoding="utf-8")
    with pytest.raises(BlockedPage):
        extract_article(page, "https://www.cls.cn/detail/1234567")


def test_the_embedded_object_of_july_2026_in_both_layouts(samples):
    detail = json.loads((samples / "cls/emperzz_stock_data/cls_article_detail.json").read_text(encoding="utf-8"))
    for props in ({"pageProps": {"articleDetail": detail}}, {"initialState": {"detail": {"articleDetail": detail}}}):
        script = json.dumps({"props": props}).replace("<", "\\u003c")
        page = f'<html><body><script id="__NEXT_DATA__" type="application/json">{script}</script></body></html>'
        article = extract_article(page, f"https://www.cls.cn/detail/{detail['id']}")
        assert article.title == detail["title"]
        assert (article.publisher, article.author) == ("财联社", None)
        assert len(article.images) == 2
        assert article.images[1].alt == re.findall(r'alt="([^"]+)"', detail["content"])[1]
