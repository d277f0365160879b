"""Detail pages of cls.cn, in the layouts of before and after June 2026."""

import json

import lxml.html
import pytest

from newscrawl.demo.shapes.cls_detail_data import byline


def read(client, story):
    """The page's tree and its embedded data."""
    tree = lxml.html.fromstring(client.body(f"/detail/{story.id}").decode())
    return tree, json.loads(tree.get_element_by_id("__NEXT_DATA__").text)


def stories(site, *families, old):
    return [story for story in site.truth.stories(*families) if story.old_layout == old]


def test_new_layout_holds_the_story_under_page_props(client, site):
    for story in stories(site, "article", "shared", "flash", old=False):
        _, data = read(client, story)
        detail = data["props"]["pageProps"]["articleDetail"]
        assert (detail["id"], detail["title"], detail["ctime"]) == (story.cls_id, story.title, story.published)
        assert data["props"]["pageProps"]["error"] == {"errno": 200, "errorMessage": ""}
        assert data["page"] == "/detail/[id]"


def test_old_layout_holds_it_under_initial_state(client, site):
    for story in stories(site, "article", "shared", "flash", old=True):
        _, data = read(client, story)
        assert data["props"]["initialState"]["detail"]["articleDetail"]["id"] == story.cls_id
        assert "articleDetail" not in data["props"]["pageProps"]


def test_new_layout_has_the_selectors_of_the_saved_pages(client, site):
    for story in stories(site, "article", "shared", old=False):
        tree, data = read(client, story)
        assert [span.text_content() for span in tree.cssselect(".article-title span")] == [story.title]
        lines = [line.text_content() for line in tree.cssselect(".f-l.m-r-10")]
        assert f"{story.moment:%Y-%m-%d %H:%M} 星期五" in lines
        assert byline(story) in lines
        assert f"责编 {story.editor}" in [line.text_content() for line in tree.cssselect("div.f-l")]
        assert len(tree.cssselect("pre")) == bool(story.brief)
        (body,) = tree.cssselect("div.detail-content > div.m-b-10")
        assert len(body.cssselect("img")) == len(story.pictures)
        content = lxml.html.fromstring(f"<div>{data['props']['pageProps']['articleDetail']['content']}</div>")
        assert body.text_content() == content.text_content()


def test_the_only_h1_is_the_logo_and_images_of_the_house_stand_around(client, site):
    tree, _ = read(client, stories(site, "article", old=False)[0])
    assert [h1.text_content() for h1 in tree.cssselect("h1")] == [""]
    assert len(tree.cssselect("img")) >= 10


def test_old_article_dom(client, site):
    for story in stories(site, "article", "shared", old=True):
        tree, _ = read(client, story)
        assert tree.cssselect(".detail-title span")[0].text_content() == story.title
        assert tree.cssselect(".clearfix .f-l.m-r-10")[0].text_content().startswith(f"{story.moment:%Y-%m-%d %H:%M}")
        assert len(tree.cssselect("pre.detail-brief")) == bool(story.brief)
        assert len(tree.cssselect("div.detail-content")) == 1


def test_old_telegraph_dom(client, site):
    for story in stories(site, "flash", old=True):
        tree, _ = read(client, story)
        (time,) = tree.cssselect("span.f-s-24.f-w-b")
        assert time.text_content() == f"{story.moment:%Y年%m月%d日 %H:%M:%S}"
        (content,) = tree.cssselect("div.detail-telegraph-content")
        assert content.text_content() == story.text.replace("\n", "")
        assert len(tree.cssselect(".telegraph-images-box img")) == len(story.pictures)


def test_script_data_escapes_what_would_end_the_script(client, site):
    story = stories(site, "article", old=False)[0]
    raw = client.body(f"/detail/{story.id}").decode()
    script = raw.split('type="application/json">')[1].split("</script>")[0]
    assert not set("<>&") & set(script)
    assert "\\u003cp\\u003e" in script


def test_cover_is_apart_from_the_body(client, site):
    covered = [story for story in stories(site, "article", old=False) if story.cover]
    for story in covered:
        _, data = read(client, story)
        detail = data["props"]["pageProps"]["articleDetail"]
        assert len(detail["images"]) == 1
        assert detail["images"][0] not in detail["content"]
    assert covered


@pytest.mark.parametrize("number", ["1", "2599999", "2600001", "9999999999"])
def test_unknown_number_is_a_page_with_an_empty_article(client, number):
    tree = lxml.html.fromstring(client.body(f"/detail/{number}").decode())
    data = json.loads(tree.get_element_by_id("__NEXT_DATA__").text)
    assert data["props"]["pageProps"]["articleDetail"] == {}


def test_a_number_of_another_site_has_no_page_here(client, site):
    other = next(site.truth.stories("em_article"))
    assert b'"articleDetail":{}' in client.body(f"/detail/{other.cls_id}")
