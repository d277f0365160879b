"""What Jekyll itself makes of the folder: every word, image and time of the articles, and nothing that was only text."""

import re
import shutil
import subprocess

import pytest
from lxml import html

from newscrawl.extraction.text import visible_text
from newscrawl.storage.database import open_readonly
from newscrawl.storage.stories import stories
from tests.export.support import Exports, make_article

pytestmark = pytest.mark.skipif(not shutil.which("jekyll"), reason="jekyll is not installed")

BODIES = [
    "<p>{{ site.title }}{% include x %}{%- raw %}</p>",
    "裸 *甲* _乙_ `丙` [丁](戊) ![己](庚)\n# 辛\n1. 壬\n\n    癸 | 子\n{: .x}\n--- $$x$$ \"丑\" 'a' -- ... 7*24",
    "<strong>甲*乙*丙</strong> 丁<br>戊_己_<a href=\"https://example.org/a_b_c\">庚_辛_</a>",
    "<blockquote><p>甲</p></blockquote>乙 **丙** &lt;b&gt; &amp;lt;",
    "<pre>甲\n\n  乙 {{ 丙 }}\n# 丁</pre>",
    "<table><tbody><tr><td>甲|乙</td><td>*丙*</td></tr></tbody></table>",
    "<ul><li>甲</li><li>* 乙</li></ul><ol><li>丙</li></ol><h3># 丁</h3><hr><p>戊</p>",
    "<p>甲 &lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;乙&amp;gt; &amp;amp; R&amp;D</p>",
    "<div><p>甲</p>乙*丙*<div>丁</div></div>戊*己*",
    "<p>甲</p>\n\n\n<p>乙</p>\n    <p>丙 \"丁\" -- ...</p><center><u>戊</u><s>己</s></center>",
    "<p><del>甲</del><ins>乙</ins><sub>丙</sub><sup>丁</sup><small>戊</small><code>*己*</code></p>",
    "<dl><dt>甲</dt><dd>乙</dd></dl><figure><img src=\"https://example.org/a.jpg\" alt=\"丙\"><figcaption>丁</figcaption></figure>",
]  # fmt: skip
TITLES = ["{{ site.title }}", "\"双十二\" 'x' \\ # : - [a]", "<b>&amp;</b>", "- 甲", "2026-11-20", "null"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    exports = Exports(folder / "news.db", folder / "site")
    titled = [*TITLES, *(f"题{number}" for number in range(len(BODIES) - len(TITLES)))]
    exports.save(
        *(
            make_article(number, title=title, body_html=body, summary="摘*要* {{ x }}", days_ago=number % 5)
            for number, (title, body) in enumerate(zip(titled, BODIES, strict=True), 1)
        )
    )
    assert exports("--home", "/news") == 0
    public = folder / "public"
    command = ["jekyll", "build", "-s", exports.folder, "-d", public, "--quiet", "--disable-disk-cache"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    with_rows = open_readonly(exports.db)
    rows = {row["source_id"]: row for row in stories(with_rows)}
    with_rows.close()
    pages = {re.search(r"\d{7}(?=\.html)", path.name)[0]: path for path in public.rglob("*26000??.html")}
    assert set(pages) == set(rows)
    return public, {number: (row, parse(pages[number])) for number, row in rows.items()}


def parse(path):
    return html.parse(str(path), html.HTMLParser(encoding="utf-8"))


def letters(element):
    return "".join(visible_text(element).split())


def test_readers_see_every_word(built):
    for row, page in built[1].values():
        body = html.fragment_fromstring(row["body_html"], create_parent="div")
        shown = letters(page.xpath('//div[contains(@class, "post-content")]')[0])
        around = f"摘*要*{{{{x}}}}{letters(body)}（文章来源：财联社）{row['url']}返回财联社新闻｜返回首页"
        assert shown == around, row["body_html"]


def test_titles_and_beijing_times_are_the_articles(built):
    for row, page in built[1].values():
        assert page.xpath('string(//h1[contains(@class, "post-title")])').strip() == row["title"]
        assert page.xpath("string(//time)").strip() == row["published_at"][:16]


def test_nothing_of_an_article_is_script(built):
    for _, page in built[1].values():
        assert "alert(1)" not in "".join(page.xpath("//script/text()"))


def test_index_and_category_list_the_window_and_lead_there(built):
    public, articles = built
    newest = {row["title"] for row, _ in articles.values() if row["published_date"] >= "2026-11-18"}
    for page in ("index.html", "category/cailianshe.html"):
        links = parse(public / page).xpath("//main//ul//a")
        assert {link.text for link in links} == newest
        for link in links:
            assert (public / link.get("href").removeprefix("/news/")).is_file()
    assert [link.get("href") for link in parse(public / "index.html").xpath("//main//p[1]/a")] == [
        "/news/category/cailianshe.html"
    ]


def test_the_feed_is_ours(built):
    assert "https://www.cls.cn/detail/2600001" in (built[0] / "feed.xml").read_text()
