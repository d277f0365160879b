"""`/detail/{id}` as since June 2026: data under props.pageProps.articleDetail."""

from typing import Any

from newscrawl.demo.answers import Answer, dump_json, esc, html_answer
from newscrawl.demo.shapes import cls_frame
from newscrawl.demo.shapes.cls_depth import brief
from newscrawl.demo.shapes.cls_detail_data import article_detail, byline
from newscrawl.demo.shapes.cls_detail_old import old_detail_page
from newscrawl.demo.shapes.cls_html import content_html
from newscrawl.demo.story import Story
from newscrawl.demo.when import with_weekday


def detail_page(story: Story) -> Answer:
    """The page of a story, in the layout it is served in."""
    return old_detail_page(story) if story.old_layout else new_detail_page(story, article_detail(story))


def missing_page(number: str) -> Answer:
    """What the site says of an id that it does not know: status 200 and an empty articleDetail."""
    data = next_data(number, {})
    frame = f'<div id="__next"><div class="p-r mi-h-100v">{cls_frame.top()}{cls_frame.bottom()}</div></div>'
    return html_answer(f"{cls_frame.head('财联社')}<body>{cls_frame.preloads()}{frame}{data}</body></html>")


def new_detail_page(story: Story, detail: dict[str, Any]) -> Answer:
    """The page around `detail`."""
    title = story.title or story.blocks[0].text[:40]
    return html_answer(
        f'{cls_frame.head(title)}<body>{cls_frame.preloads()}<div id="__next">'
        f'<div class="p-r p-b-100 mi-h-100v detail-css-{story.cls_id}">{cls_frame.top()}'
        '<div class="m-a w-1200"><div class="c-b p-r w-100p l-h-42p t-a-c bg-c-34304b level-2-nav-box"></div>'
        f'<div class="c-b p-t-20 p-b-30 w-100p"><div class="f-l w-894">{_heading(story)}{_brief(story)}'
        '<div class="m-b-40 f-s-18 l-h-177778 t-a-j w-b-a detail-content  ">'
        f'<div class="m-b-10">{content_html(story)}{_flash_images(detail)}</div></div>{_sharing(story)}</div>'
        f"{cls_frame.right(story.subjects)}</div></div>{cls_frame.bottom()}</div></div>"
        f"{next_data(str(story.cls_id), detail)}</body></html>"
    )


def next_data(number: str, detail: dict[str, Any]) -> str:
    """The __NEXT_DATA__ script."""
    page = {
        "query": {"id": number},
        "articleDetail": detail,
        "error": {"errno": 200, "errorMessage": ""},
        "columnDetail": {},
        "initialState": {"chooseNav": "other"},
    }
    data = {
        "props": {"pageProps": page, "__N_SSP": True},
        "page": "/detail/[id]",
        "query": {"id": number},
        "buildId": "sampleSampleSampleSample",
        "assetPrefix": "https://wwwjs.cls.cn",
        "isFallback": False,
        "isExperimentalCompile": False,
        "gssp": True,
        "scriptLoader": [],
    }
    return f'<script id="__NEXT_DATA__" type="application/json">{dump_json(data)}</script>'


def _heading(story: Story) -> str:
    tag = '<div class="f-l m-r-10 p-r-3 p-l-3 f-s-18 l-h-23p c-de0422">原创</div>' if story.reporter else ""
    number, name = story.subjects[0]
    author = f'<div class="f-l m-r-10">{byline(story)}</div>' if byline(story) else ""
    editor = f'<div class="f-l">责编 <!-- -->{story.editor}</div>' if story.editor else ""
    return (
        '<div class="m-b-26 o-h f-s-34 l-h-48p t-a-j f-w-b c-fff w-b-a article-title">'
        f'<span class="bg-c-de0422">{esc(story.title)}</span></div><div class="c-b m-b-20 f-s-14 l-h-2 c-999">{tag}'
        '<div class="f-l m-b-5 m-r-10 p-r-8 p-l-8 l-h-28p bg-c-f4f5fa b-w-1 b-s-s b-c-e6e7ea c-p h-b-c-222">'
        f'<a class="f-s-12" href="/subject/{number}">{name}</a></div>'
        f'<div class="f-l m-r-10">{with_weekday(story.published)}</div>{author}{editor}</div>'
    )


def _brief(story: Story) -> str:
    if not story.brief:
        return ""
    return f'<pre class="m-b-20 p-t-20 p-r-24 p-b-20 p-l-24 f-s-18 c-57585f bg-c-f5f5f5">{esc(brief(story))}</pre>'


def _flash_images(detail: dict[str, Any]) -> str:
    if detail["column"]["columnName"] != "电报":
        return ""
    return "".join(f'<div class="telegraph-images-box"><img src="{url}"/></div>' for url in detail["images"])


def _sharing(story: Story) -> str:
    reads = story.number * 97 % 250_000
    shown = f"{reads / 10_000:.2f}W" if reads >= 10_000 else str(reads)
    link = f"https://service.weibo.com/share/share.php?url=https%3A%2F%2Fwww.cls.cn%2Fdetail%2F{story.cls_id}"
    return (
        '<div class="p-r z-i-5 m-b--1 p-b-11 bg-c-fff"><div class="c-b p-l-23 p-r-30 h-60 l-h-60p bg-c-f6f8f9">'
        f'<div class="f-l m-l-52 f-s-14 c-222">阅<!-- -->{shown}</div><div class="f-r">'
        f'<a href="{link}" target="_blank" rel="noopener noreferrer" class="d-i-b v-a-m share-weibo"></a>'
        '<span class="d-i-b v-a-m c-p share-weixin"></span></div></div></div>'
    )
