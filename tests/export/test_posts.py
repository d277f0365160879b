"""One article as a post: what Jekyll, Markdown and Liquid read is what stood in the article."""

import re
from html import unescape

import nh3
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from newscrawl.demo.posts.seed_twin import DATE, NUMBER, TITLE, seed_images, seed_lines, seed_twin
from newscrawl.export.markup import line, no_liquid, post_body, quoted, scalar
from newscrawl.export.media import pinyin
from newscrawl.export.posts import pages, posts_of
from newscrawl.items import Image, Stock, Tag
from pipelines import read_page
from pipelines.posts import post_page, read_post
from tests.export.support import NOON, make_article, story_of

LIQUID = re.compile(r"\{[{%]")
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
AWKWARD = st.lists(
    st.sampled_from([*"{}%*_`[]()<>#&\"'|\\-+.!:~^$= 中\n", "{{", "{%", "<p>", "</p>", "<b>", "&amp;", "\n\n", "<br>"])
).map("".join)


@pytest.fixture
def post(tmp_path):
    def made(home="", **changes):
        (only,) = posts_of(story_of(make_article(**changes), tmp_path), home)
        return only

    return made


def front(text):
    return yaml.safe_load(text.split("---")[1])


def test_a_flash_as_the_seed_would_have_written_it(post):
    made = post(home="//news.example.org")
    assert made.name == "2026-11-20-2600001.md"
    assert made.text == (
        '---\nlayout: post\ntitle: "青禾电池第1座工厂投产"\ndate: 2026-11-20 12:00:00 +0800\ncategories: cailianshe\n'
        "tags: 财联社新闻\n---\n<p>青禾电池今日宣布，第1座工厂投产。</p>"
        '<p class="em_media">（文章来源：财联社）</p>\n\n<https://www.cls.cn/detail/2600001>\n\n'
        "[返回财联社新闻](//news.example.org/category/cailianshe.html)｜[返回首页](//news.example.org/)"
    )


def test_the_seeds_twin_is_the_same_but_for_white_space(tmp_path):
    original = seed_twin(crlf=True).text()
    path = tmp_path / f"2022-03-29-NW{NUMBER}.md"
    path.write_text(original, encoding="utf-8", newline="")
    article = read_page(read_post(path, NOON))
    assert (article.title, article.image_urls) == (TITLE, seed_images())
    assert article.body == "\n".join(seed_lines())
    (made,) = posts_of(story_of(article, tmp_path), "//finews.withounder.com")
    assert made.name == path.name
    assert "".join(made.text.split()) == "".join(original.split())
    assert DATE in made.text


def test_a_story_without_title_is_headed_by_its_headline(post):
    assert front(post(title=None).text)["title"] == "青禾电池今日宣布，第1座工厂投产"


def test_the_digest_stands_first_unless_the_body_says_it(post):
    assert "\n---\n> 五家企业&#42;提价&#42;\n\n<p>" in post(summary="五家企业*提价*").text
    assert "\n---\n<p>" in post(summary="青禾电池今日宣布").text


@pytest.mark.parametrize(
    ("changes", "category", "tag"),
    [
        ({"publisher": "长江商报"}, "changjiangshangbao", "长江商报新闻"),
        ({"publisher": "央行网站"}, "yangxingwangzhan", "央行网站新闻"),
        ({"publisher": "21世纪经济报道 e公司"}, "21shijijingjibaodaoegongsi", "21世纪经济报道e公司新闻"),
        ({"publisher": None}, "cailianshe", "财联社新闻"),
        ({"publisher": "——"}, "cailianshe", "财联社新闻"),
        ({"publisher": None, "source": "eastmoney"}, "emnews", "东财滚动新闻"),
        ({"publisher": None, "source": "news.example.org"}, "news-example-org", "news.example.org"),
    ],
)
def test_the_category_is_the_medium_in_pinyin_else_the_source(post, changes, category, tag):
    told = front(post(**changes).text)
    assert (told["categories"], told["tags"]) == (category, tag)


def test_a_story_without_a_number_is_named_by_its_address(post):
    name = post(source="a.example.org", source_id=None, url="https://a.example.org/x.html").name
    assert re.fullmatch(r"2026-11-20-a-example-org-[0-9a-f]{12}\.md", name)
    assert name != post(source="a.example.org", source_id=None, url="https://a.example.org/y.html").name


@pytest.mark.parametrize("number", ["../../etc/passwd", "a/b", "..", "-rf", "x" * 300, "NW{{ x }}", "\u202e1"])
def test_no_number_leads_out_of_the_folder(post, number):
    name = post(source="finews", source_id=number, tags=(Tag("category", "../.."), Tag("keyword", "{{ x }}"))).name
    assert re.fullmatch(r"2026-11-20-finews-[0-9a-f]{12}\.md", name)


def test_no_category_leads_out_of_the_folder(post):
    made = post(source="finews", tags=(Tag("category", "../../x"), Tag("keyword", "甲新闻")))
    assert made.category == "cailianshe"
    assert [path for path, _ in pages({made.category: made.tag})] == ["category/cailianshe.html"]


def test_an_article_without_a_date_is_no_post(tmp_path):
    undated = make_article(published_at=None, published_precision=None, published_raw=None)
    assert posts_of(story_of(undated, tmp_path)) == []


def test_one_that_was_imported_under_two_names_is_both_again(tmp_path):
    number = "202205263900111518"
    addresses = (
        f"http://finance.eastmoney.com/news/1345,{number}.html",
        f"http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW{number}",
    )
    article = make_article(
        source="finews",
        source_id=number,
        url=f"https://finance.eastmoney.com/a/{number}.html",
        seen_at=addresses,
        summary="临澜发电",
        publisher="临澜日报",
        body_html='<p><a href="http://quote.eastmoney.com/unify/r/1.600519" rel="noopener noreferrer">临澜发电</a>投产</p>',
        tags=(
            Tag("category", "emnews"),
            Tag("category", "linlanribao"),
            Tag("keyword", "东财滚动新闻"),
            Tag("keyword", "临澜日报新闻"),
        ),
    )
    column, feed = posts_of(story_of(article, tmp_path))
    assert (column.name, feed.name) == (f"2026-11-20-{number}.md", f"2026-11-20-NW{number}.md")
    assert (column.category, feed.category) == ("emnews", "linlanribao")
    assert ("> 临澜发电" in column.text, "<a href" in column.text) == (True, True)
    assert ("> 临澜发电" in feed.text, "<a href" in feed.text) == (False, False)
    assert "[返回东财滚动新闻](/emnews/)" in column.text


def test_east_moneys_images_are_framed_and_keep_their_proportions(post):
    url = "https://dfscdn.dfcfw.com/download/D1_w800h400.jpg?a=1&b=2"
    html = f'<p><img src="{url.replace("&", "&amp;")}" alt="image" width="580"></p>'
    made = post(source="eastmoney", body_html=html, images=(Image(url, width=800, height=400),))
    assert 'width="580" emheight="290" style="border:' in made.text
    assert "emheight" not in post(body_html=html, images=(Image(url, width=800, height=400),)).text


# -- what means something to YAML, Markdown or Liquid -------------------------------------------------------------------


@given(TEXT)
def test_a_title_is_to_yaml_what_it_was(text):
    assert yaml.safe_load(f"title: {quoted(text)}") == {"title": text}


@given(
    st.one_of(TEXT, st.sampled_from("no Yes null ~ 36氪 1e3 0x1F 1:30 2021-12-08 007 - a: b #c &d *e 甲 乙".split()))
)
def test_a_tag_is_to_yaml_what_it_was(text):
    assert yaml.safe_load(f"tags: {scalar(text)}") == {"tags": text}


@given(AWKWARD)
def test_a_line_of_markdown_shows_what_it_was(text):
    made = line(text)
    assert unescape(made) == " ".join(text.split())
    assert not re.search(r"[*_`\[\]<>{}]", made)


@given(AWKWARD)
def test_a_body_is_to_readers_what_it_was_and_nothing_to_liquid(text):
    html = nh3.clean(text, tags={"p", "b", "br"})
    made = post_body(html)
    assert not LIQUID.search(made)
    assert shown(made) == shown(html)


def shown(html):
    return "".join("".join(lxml_html.fragment_fromstring(html, create_parent="div").itertext()).split())


def test_text_outside_of_blocks_is_kept_from_markdown():
    assert post_body("a*b*<b>c_d</b><p>e*f</p>g&amp;h") == "a&#42;b&#42;<b>c&#95;d</b>\n\n<p>e*f</p>g&amp;h"


def test_markup_within_an_attribute_is_no_markup():
    assert post_body('<p><img src="u" alt="<br>{{x}}"></p>') == '<p><img src="u" alt="<br>&#123;{x}}" /></p>'


@pytest.mark.parametrize("text", ["{{{", "{{%", "a{{b}}", "{% raw %}", "{"])
def test_liquid_finds_nothing(text):
    assert not LIQUID.search(no_liquid(text))
    assert unescape(no_liquid(text)) == text


@given(title=AWKWARD, body=AWKWARD)
def test_what_is_exported_is_read_back(title, body):
    title, body = (" ".join(text.split()) for text in (title, body))
    if not title or not body:
        return
    story = {
        "id": 1, "source": "finews", "source_id": "2026-11-20-x", "url": None, "title": title, "headline": title,
        "published_at": "2026-11-20 12:00:00+08:00", "published_date": "2026-11-20", "published_raw": None, "body": body,
        "body_html": f"<p>{escaped(body)}</p>", "summary": None, "publisher": None, "editor": None,
        "tags": [["category", "sitenews"], ["keyword", "站长消息"]], "sizes": [], "stocks": [], "seen_at": [],
    }  # fmt: skip
    (made,) = posts_of(story | {"summary": body})
    read = read_page(post_page(made.name, made.text.encode(), NOON))
    assert (read.title, read.body, read.summary) == (title, body, body)
    assert {(tag.kind, tag.name) for tag in read.tags} == {("category", "sitenews"), ("keyword", "站长消息")}


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_the_names_of_media():
    assert [pinyin(name) for name in ("财联社", "证券时报", "36氪", "银行家", "——", "")] == [
        "cailianshe", "zhengquanshibao", "36ke", "yinhangjia", "", "",
    ]  # fmt: skip


def test_stocks_that_were_only_marked_are_marked_again(tmp_path):
    article = make_article(
        source="finews",
        source_id="202205263900111518",
        url="https://finance.eastmoney.com/a/202205263900111518.html",
        seen_at=("http://finance.eastmoney.com/news/1345,202205263900111518.html",),
        body="R&D：临澜发电、云泽银行与amp",
        body_html='<p>R&amp;D：<a href="http://quote.eastmoney.com/unify/r/0.300001">临澜发电</a>、云泽银行与amp</p>',
        stocks=(Stock("300001", "SZ", "临澜发电"), Stock("601001", "SH", "云泽银行"), Stock("01001", "HK", "amp")),
        tags=(Tag("category", "emnews"), Tag("keyword", "东财滚动新闻")),
    )
    (made,) = posts_of(story_of(article, tmp_path))
    again = read_page(post_page(made.name, made.text.encode(), NOON))
    assert (again.body, set(again.stocks)) == (article.body, set(article.stocks))


def test_a_size_beyond_all_measure_is_none(post):
    url = "https://dfscdn.dfcfw.com/download/D1_w8h4.jpg"
    html = f'<p><img src="{url}" width="{"9" * 400}"></p>'
    assert "emheight" not in post(source="eastmoney", body_html=html, images=(Image(url, width=8, height=4),)).text
