"""Faults of pages, of redirects and of what a story says."""

import pytest
from sample_client import signed

from newscrawl.demo import expected
from newscrawl.demo.shapes.gbk import gbk_path

ROLL = signed("/v1/roll/get_roll_list", rn=20, last_time=0)


@pytest.mark.parametrize("name", ["empty", "blank", "soft404", "antibot", "empty_article", "layout"])
@pytest.mark.parametrize("family", ["article", "em_article"])
def test_pages_without_the_article(faulty, name, family):
    client, story, path = faulty(name, family=family)
    text = client.body(path).decode()
    if name in {"empty", "blank", "soft404", "antibot"}:
        assert story.paragraphs[0] not in text
    assert 'id="ContentBody"><p' not in text
    assert '"articleDetail":{"id"' not in text


def test_slider_has_the_marks_of_the_real_one(faulty):
    client, _, path = faulty("antibot")
    body = client.body(path)
    for mark in (b'name="aliyun_waf_aa"', b"captcha-element", b"AliyunCaptcha.js", b"<title></title>"):
        assert mark in body


@pytest.mark.parametrize("family", ["article", "em_article", "gbk"])
def test_no_date_and_bad_date(faulty, family):
    for name in ("no_date", "bad_date"):
        client, story, path = faulty(name, family=family)
        text = client.body(path).decode("gb18030" if family == "gbk" else "utf-8")
        assert str(story.published) not in text
        assert f"{story.moment:%Y-%m-%d %H:%M}" not in text
        assert f"{story.moment:%Y年%m月%d日 %H:%M}" not in text
        assert ("2026年13月45日" in text) == (name == "bad_date")


def test_redirects(faulty):
    client, _, path = faulty("redirect_ok")
    answer, _ = client.get(path)
    assert (answer.status, answer.getheader("Location")) == (302, f"{path}?from=redirect")
    assert client.get(f"{path}?from=redirect")[0].status == 200
    client, _, path = faulty("redirect_chain")
    hops = 0
    target = path
    while (answer := client.get(target)[0]).status == 302:
        target, hops = answer.getheader("Location"), hops + 1
    assert hops == 30
    client, _, path = faulty("redirect_loop")
    there = client.get(path)[0].getheader("Location")
    back = client.get(there)[0].getheader("Location")
    assert client.get(back)[0].getheader("Location") == there
    assert faulty("redirect_none")[0].get(path)[0].getheader("Location") is None


def test_redirect_of_east_money_leads_to_the_same_article(faulty):
    client, story, path = faulty("redirect_ok", family="em_article")
    location = client.get(path)[0].getheader("Location")
    assert location == f"/news/1345,{story.code}.html"
    assert story.title in client.body(location).decode()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("redirect_file", "file:///"),
        ("redirect_data", "data:text/html"),
        ("redirect_ftp", "ftp://127.0.0.1/"),
        ("redirect_internal", "http://localhost:"),
        ("redirect_internal_ip", "http://127.0.0.1:9/"),
        ("redirect_odd", "http://[::1/"),
    ],
)
def test_redirects_that_must_not_be_followed(faulty, name, start):
    client, _, path = faulty(name)
    assert client.get(path)[0].getheader("Location").startswith(start)


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("log_title", "\x1b[31m"),
        ("csv_title", '=HYPERLINK("'),
        ("sql_title", "DROP TABLE articles; --"),
        ("fts_title", '" OR NEAR('),
        ("bidi", "\u202e"),
        ("nul_bytes", "\x00"),
    ],
)
def test_hostile_titles_are_on_every_shape(open_site, name, mark):
    site, client = open_site(stories=60, faults={name: 1})
    assert all(mark in row["title"] for row in client.roll_rows(rn=5) if row["type"] == -1 and not row["is_ad"])
    assert mark in client.body(f"/a/{next(site.truth.stories('em_article')).code}.html").decode()
    assert mark in client.body(gbk_path(next(site.truth.stories("gbk")))).decode("gb18030")


@pytest.mark.parametrize("name", ["xss", "images_hostile", "misnested", "unclosed"])
def test_hostile_html_is_in_rows_and_pages(open_site, name):
    mark = {"xss": "onerror=", "images_hostile": "http://[::1/x.png", "misnested": "</b></i>", "unclosed": "<!-- 从"}[
        name
    ]
    site, client = open_site(stories=60, faults={name: 1})
    assert mark in client.roll_rows(rn=1)[0]["content"]
    for family in ("article", "em_article"):
        story = next(site.truth.stories(family))
        assert mark in client.body(f"/detail/{story.id}" if family == "article" else f"/a/{story.code}.html").decode()


@pytest.mark.parametrize(
    ("name", "size"),
    [("deep_nesting", 600_000), ("many_attrs", 800_000), ("many_tags", 900_000), ("huge_text", 12_000_000)],
)
def test_heavy_bodies_are_on_pages_but_not_in_rows(open_site, name, size):
    site, client = open_site(stories=60, faults={name: 1})
    assert len(client.body(f"/a/{next(site.truth.stories('em_article')).code}.html")) > size
    assert len(client.body(ROLL)) < 100_000


def test_truth_is_not_touched_by_faults(open_site):
    site, _ = open_site(stories=60)
    story = next(site.truth.stories("flash"))
    before = expected(story, "cls_telegraph")
    site.set_faults({"log_title": 1, "xss": 1})
    assert expected(next(site.truth.stories("flash")), "cls_telegraph") == before
