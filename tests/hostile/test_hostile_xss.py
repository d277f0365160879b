"""What is stored as HTML is inert wherever it is shown: as any parser reads it, and as a browser does."""

import html.parser
import json
import shutil
import subprocess
from urllib.parse import urlsplit

import lxml.html
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.demo.server import NOW
from newscrawl.errors import PageError
from newscrawl.extraction.markup import _ATTRIBUTES, _TAGS
from newscrawl.items import Page
from pipelines import read_page
from tests.hostile.chance import fuzz
from tests.hostile.sites import article
from tests.hostile.valid import check_article
from tests.hostile.vectors import vectors

VECTORS = list(vectors())
STORY = "青禾电池今日宣布，新工厂已经投产，产能提高一倍，订单排到明年，市场反应平静。"
ALLOWED = _TAGS | {"div", "html", "body", "p", "tbody", "article"}
ATTRIBUTES = {**_ATTRIBUTES, "a": {"href", "rel"}}


def shapes(vector):
    """The pages and rows in which a story with this markup in it may come."""
    yield "generic", "text/html", article(7, body=vector + f"<p>{STORY}</p>")
    body = f"<p>{STORY}</p>{vector}<p>{STORY}</p>"
    yield (
        "eastmoney",
        "text/html",
        f"<html><body><h1>青禾电池</h1><div id='ContentBody'>{body}</div></body></html>",
    )
    detail = {
        "props": {
            "pageProps": {"articleDetail": {"id": 2600318, "title": "青禾电池", "content": body, "brief": vector}}
        }
    }
    told = json.dumps(detail).replace("<", "\\u003c")
    yield "cls_depth", "text/html", f"<html><script id='__NEXT_DATA__'>{told}</script><body></body></html>"
    yield (
        "cls_telegraph",
        "application/json",
        json.dumps({"id": 2600318, "ctime": 1763640000, "title": vector, "content": body}),
    )
    post = f'---\ntitle: "{" ".join(vector.split())}"\ndate: 2026-11-20 10:00:00 +0800\n---\n\n{body}\n\n<https://a.example/1>\n'
    yield "finews", "text/markdown", post


def records(vector):
    for source, kind, body in shapes(vector):
        page = Page(
            url="https://www.cls.cn/detail/2600318" if source.startswith("cls") else "https://a.example/1.html",
            source="" if source == "generic" else source,
            body=body.encode("utf-8", "surrogatepass"),
            headers={"content-type": f"{kind}; charset=utf-8"},
            fetched_at=NOW,
        )
        try:
            yield source, read_page(page)
        except PageError:
            continue  # a comment that swallows the rest, say


class Tags(html.parser.HTMLParser):
    """Python's own parser: every tag with its attributes."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.found, self.odd = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data):
        self.odd.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def elements(text):
    """Every element as three parsers find it."""
    tags = Tags(text)
    assert not tags.odd, tags.odd
    yield from tags.found
    for parser in ("lxml", "html.parser"):
        yield from (
            (tag.name, {name: str(value) for name, value in tag.attrs.items()})
            for tag in BeautifulSoup(text, parser).find_all(True)
        )
    tree = lxml.html.fragment_fromstring(text, create_parent="div")
    yield from ((str(each.tag), dict(each.attrib)) for each in tree.iter())


def check_inert(text):
    for tag, attributes in elements(text):
        assert tag in ALLOWED, (tag, text)
        assert set(attributes) <= ATTRIBUTES.get(tag, set()), (tag, attributes)
        for name in {"href", "src"} & set(attributes):
            assert urlsplit(attributes[name]).scheme in {"http", "https"}, attributes


def test_there_are_enough_of_them():
    assert len(set(VECTORS)) >= 250


@pytest.mark.parametrize("start", range(0, len(VECTORS), 40))
def test_nothing_that_is_stored_can_run(start):
    read = 0
    for vector in VECTORS[start : start + 40]:
        for _, record in records(vector):
            check_article(record)
            check_inert(record.body_html)
            read += 1
    assert read > 80


def test_a_story_around_hostile_markup_is_kept():
    for vector in (
        "<svg onload=X>",
        "<img src=x onerror=X>",
        '<a href="javascript:X">x</a>',
        '<iframe src="javascript:X"></iframe>',
    ):
        for source, record in records(vector):
            assert "工厂已经投产" in record.body, source


@fuzz
@given(
    st.lists(
        st.sampled_from(VECTORS)
        | st.sampled_from(
            [
                "<",
                ">",
                '"',
                "'",
                "</p>",
                "<p>",
                "<table>",
                "</svg>",
                "<svg>",
                "<math>",
                "-->",
                "<!--",
                "]]>",
                "&",
                "\0",
                "/",
                "=",
            ]
        ),
        max_size=6,
    )
)
def test_nothing_that_vectors_make_together_can_run(several):
    for _, record in records("".join(several)):
        check_article(record)
        check_inert(record.body_html)


def test_a_browser_runs_none_of_it(tmp_path):
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no Chromium on this machine")
    stored = [record.body_html for vector in VECTORS for _, record in records(vector)]
    page = tmp_path / "stored.html"

    def shown(bodies):
        page.write_text(
            "<!DOCTYPE html><meta charset=utf-8><body>" + "\n".join(f"<div>{each}</div>" for each in bodies)
        )
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            f"--user-data-dir={tmp_path / 'browser'}",
        ]
        check = "<script>addEventListener('load',()=>setTimeout(()=>{document.title=window.ran?'RAN':'quiet'},300))</script>"
        page.write_text(page.read_text() + check)
        ended = subprocess.run(
            [*command, "--virtual-time-budget=3000", "--dump-dom", page.as_uri()],
            capture_output=True,
            text=True,
            timeout=120,
        )
        return ended.stdout

    assert "<title>RAN" in shown(["<img src=x onerror=window.top.ran=1>"]), "the browser cannot tell"
    assert "<title>quiet" in shown(stored)
