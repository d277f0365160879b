"""The folder of posts: the same each time, with every trap in it."""

import re

import pytest

from newscrawl.demo import NOW, World
from newscrawl.demo.posts import write_posts, write_versions

WORLD = World(1, 60, NOW)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("finews")
    write_posts(path, WORLD)
    return path


@pytest.fixture(scope="module")
def posts(tmp_path_factory):
    return write_posts(tmp_path_factory.mktemp("again"), WORLD)


def texts(folder):
    return {str(path.relative_to(folder)): path.read_bytes().decode() for path in sorted(folder.rglob("*.md"))}


def test_same_seed_same_files(folder, tmp_path):
    write_posts(tmp_path, World(1, 500, NOW))
    assert texts(tmp_path) == texts(folder)
    other = tmp_path / "other"
    write_posts(other, World(2, 60, NOW))
    assert texts(other) != texts(folder)


def test_files_are_those_named(folder, posts):
    assert sorted(posts.files) == list(texts(folder))


def test_every_file_belongs_to_one_article_or_is_refused(posts):
    named = [file for article in posts.articles for file in article.files]
    assert sorted([*named, *posts.refused]) == sorted(posts.files)


def test_twins_stand_under_two_names(posts):
    twins = [article for article in posts.articles if len(article.files) > 1]
    assert len(twins) >= 5
    for article in twins:
        assert any(f"-NW{article.number}.md" in file for file in article.files)
        assert any(file.endswith(f"-{article.number}.md") for file in article.files)


def test_untitled_posts_one_with_twins_one_without(folder, posts):
    untitled = [name for name, text in texts(folder).items() if 'title: ""\ndate:  +0800\n' in text]
    assert len(untitled) == 2
    assert all("\n<>\n" in texts(folder)[name] for name in untitled)
    assert [name for name in untitled if name in posts.refused] == list(posts.refused)


def test_five_footers_and_dates_without_offset(folder):
    ends = {name: text.rsplit(">", 1)[-1] for name, text in texts(folder).items() if name.startswith("old_post/")}
    forms = {re.sub(r"\[返回[^]]*\]", "", end) for end in ends.values()}
    assert forms == {
        "",
        "\n\n(../emnews/)\n(../)",
        "\n\n(//finews.zning.me/emnews/)\n(//finews.zning.me/)",
        "\n\n(//finews.withounder.com/emnews/)\n(//finews.withounder.com/)",
        "\n\n(//finews.withounder.com/emnews/)｜(//finews.withounder.com/)",
    }
    assert re.search(r"^date: 2021-12-08 \d\d:\d\d:\d\d$", "\n".join(texts(folder).values()), re.MULTILINE)


def test_every_trap_is_in_some_file(folder):
    everything = "\x00".join(texts(folder).values())
    for trap in (
        "\x00\n---\nlayout",  # a blank line before the front matter
        "</p>\r\n" if "</p>\r\n" in everything else "</p>\r",
        "EM_StockImg_Start",
        'alt="K图 ',
        'alt="R图 ',
        'orginial_src="',
        'emheight="',
        "display:none",
        "《&lt;云泽议定书&gt;镜湖修正案》",
        '<h3 class="emh3">',
        "(来源：东澜网)",
        "（来源：东澜卫视客户端）",
        "长<span",
        "R<span",
        "（文章来源：东澜<span",
        "澄州新闻新闻",
        "<strong></strong><span></span>",
        "</p> <p>",
        "｜速览",
        "|朗禾",
        "100%控股",
        '"双十二"',
        "\n> ",
        "categories: sitenews",
    ):
        assert trap in everything, trap
    assert everything.count("EM_StockImg_Start") > everything.count("EM_StockImg_End")


def test_seed_twin_has_the_form_of_the_seed(folder, posts):
    (article,) = [article for article in posts.articles if f"{article.published_at:%H:%M:%S}" == "13:42:15"]
    text = texts(folder)[article.files[0]]
    assert "date: 2022-03-29 13:42:15 +0800\ncategories: cailianshe\ntags: 财联社新闻\n---\n<p>" in text
    assert text.count("<center><img src=") == len(article.image_urls) == 5
    assert text.count("<p><strong>") == 5
    assert (
        '<p class="em_media">（文章来源：财联社）</p>\n\n<http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW'
        in text
    )
    assert text.endswith(
        "\n\n[返回财联社新闻](//finews.withounder.com/category/cailianshe.html)｜[返回首页](//finews.withounder.com/)"
    )


def test_same_text_under_two_numbers_is_two_articles(posts):
    bodies = [article.body for article in posts.articles]
    doubled = {body for body in bodies if bodies.count(body) == 2}
    assert len(doubled) == 1
    assert len({article.title for article in posts.articles if article.body in doubled}) == 2


def test_versions_change_the_text_of_one_article_only(posts, tmp_path):
    versions = write_versions(tmp_path, WORLD)
    first = {article.number: article for article in posts.articles}
    assert {article.number for article in versions.articles} <= set(first)
    changed = tuple(article.number for article in versions.articles if article.body != first[article.number].body)
    assert changed == versions.changed
    assert len(changed) == 1
    assert len(versions.articles) == 4
    (grown,) = [article for article in versions.articles if article.number in changed]
    assert grown.body.startswith(first[grown.number].body)


def test_versions_differ_in_bytes(folder, tmp_path):
    versions = write_versions(tmp_path, WORLD)
    before = {name.split("/")[1]: text for name, text in texts(folder).items()}
    assert all(text != before[name.split("/")[1]] for name, text in texts(tmp_path).items())
    assert len(versions.files) == 4
