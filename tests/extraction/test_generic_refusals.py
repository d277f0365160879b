"""Pages that hold no story, and bytes that are no page: each refused with its kind, never a guess or a fault of ours."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.errors import NotNews, PageError
from newscrawl.items import Page
from pipelines import read_page

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STORY = "<p>青禾电池今日宣布，新工厂已经投产，产能提高一倍，订单排到明年，市场反应平静。</p>" * 3
HEAD = "<html><head><title>青禾电池新厂投产_澄州财经网</title></head><body>"
LINK = "<li><a href='/{0}.html'>澄州财经要闻第{0}条的标题在这里</a> <span>11-{0:02d}</span></li>"


def read(body, content_type="text/html; charset=utf-8"):
    body = body.encode() if isinstance(body, str) else body
    return read_page(
        Page(url="https://news.example/1", source="", body=body, headers={"content-type": content_type}, fetched_at=NOW)
    )


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<html><body></body></html>", "empty"),
        (HEAD + "<div id='app'></div><script src='/app.js'></script></body></html>", "empty"),
        ("<html><head><title>404</title></head><body><h1>页面不存在</h1></body></html>", "gone"),
        (HEAD + "<p>很抱歉，您要访问的文章已被删除，请返回首页。</p></body></html>", "gone"),
        ("<title>Not Found</title><p>The requested page was not found on this server.</p>", "gone"),
        (HEAD + "<p>请登录后查看全文</p><form><input name='user'></form></body></html>", "blocked"),
        (HEAD + "<div>请完成安全验证，拖动滑块继续访问</div></body></html>", "blocked"),
        (HEAD + "<p>Just a moment...</p></body></html>", "blocked"),
        (HEAD + "<ul>" + "".join(LINK.format(n) for n in range(1, 29)) + "</ul></body></html>", "layout"),
        (HEAD + "<h1>青禾电池新厂投产</h1><video src='/v.mp4'></video><p>播放 12 次</p></body></html>", "layout"),
        (HEAD + "<h1>青禾电池新厂投产</h1><p>视频加载中，请稍候。</p></body>", "layout"),
        ("<p>青禾</p>", "layout"),
        (f"{HEAD}<h1>青禾电池新厂投产</h1>{STORY}", "truncated"),
        (f"<body><h1>青禾电池新厂投产</h1>{STORY}<p>公司说", "truncated"),
        (HEAD + "<h1>青禾电池新厂投产</h1>" + STORY + "<!-- " + STORY * 20, "truncated"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "encoding"),
        (b"%PDF-1.7\n" + bytes(range(128, 256)) * 40, "encoding"),
        (b"\0" * 5000, "empty"),
        ("澄" * 4_000_001, "too_complex"),
        ("<p>x</p>" * 250_000, "too_complex"),
        ("<p>" * 1_000_000, "too_complex"),
        ("<div>" * 50_000 + STORY, "too_complex"),
        ("<b>青，" * 50_000, "too_complex"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 12 else "page",
)
def test_refused_with_its_kind(page, kind):
    with pytest.raises(PageError) as refusal:
        read(page)
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    "odd",
    [
        "<p>控\0制\x1b符</p>",
        "<p>&#xD800;&#0;&#27;</p>",
        "<script>" + "x" * 1000,
        "<!-- " + "x" * 1000,
        "<script>var open = '<!--';</script>" + "<p> </p>" * 400,
        "<!-- " + "x" * 3000 + "-->",
        "<!--- <!-- " + "x" * 3000 + "--!> <p>x</p>",
        "<p " + "甲" * 1900 + ">",
        "<a href='http://[::1'>x</a><img src='http://[x'><img srcset=',, ,2x'>",
        "<o:p>甲</o:p><a:b:c>",
        '<script type=\'application/ld+json\'>{"@type":[{},[]],"headline":5,"author":[[[]]]}</script>',
        '<script type=\'application/ld+json\'>{"@graph":{"@type":{"a":1}}}</script>',
        "<p>2026-11-20" + " " * 5000 + "</p>" * 30,
        "来源:" * 5000,
    ],
)
def test_odd_markup_beside_a_story_does_not_matter(odd):
    article = read(f"{HEAD}<h1>青禾电池新厂投产</h1><p>2026-11-20 19:55</p>{STORY}{odd}</body></html>")
    assert article.title == "青禾电池新厂投产"
    assert article.published_at.isoformat() == "2026-11-20T19:55:00+08:00"
    assert article.body.startswith("青禾电池今日宣布，新工厂已经投产")


@pytest.mark.parametrize("page", [f"{HEAD}{{}}</body>", f"{HEAD}{{}}</HTML >{'<p> </p>' * 500}", "<h1>青禾电池</h1>{}"])
def test_a_page_is_whole_that_says_so_once_or_is_a_piece_of_one(page):
    assert "产能提高一倍" in read(page.format(STORY)).body


def test_a_story_about_a_page_that_is_gone_is_a_story():
    article = read(
        f"{HEAD}<h1>青禾电池新厂投产</h1>{STORY * 3}<p>公司称，该文章已被删除，网友不必再找。</p></body></html>"
    )
    assert article.body.endswith("网友不必再找。")


def outcome(page):
    """Whether it was read; anything but a refusal of ours is raised."""
    try:
        return bool(read(page).body)
    except (PageError, NotNews):
        return False


PIECES = st.sampled_from(
    [
        "<html>", "<head>", "<title>", "</title>", "<body>", "<h1>", "</h1>", "<p>", "</p>", "<div class='title'>", "</div>",
        "<!--", "-->", "<![CDATA[", "<table><tr><td>", "<script>", "</script>", "<a href='x'>", "<img src='y.jpg'>", "<time>",
        "<meta name='pubdate' content='2026'>", "<br>", "</", "<", ">", "&#x1F600;", "&#xFFFF;", "\0", "\ufeff", "　",
        "青禾电池今日宣布，新工厂投产，产能翻番，订单排到明年，市场反应平静，公司没有更多消息。", "2026年11月20日 19:55", "来源：", "记者 ",
        "作者：沈镕之", "11-20 19:55", "3小时前", "404", "青禾电池_澄州网",
    ]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40))
def test_any_markup_is_read_or_refused(pieces):
    outcome("".join(pieces).encode("utf-8", "surrogatepass"))


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body):
    outcome(body)
