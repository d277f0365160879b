"""`/detail/{id}` as from 2021 to May 2026: data under props.initialState.detail.articleDetail, other class names."""

from newscrawl.demo.answers import Answer, dump_json, esc, html_answer
from newscrawl.demo.pictures import cls_address
from newscrawl.demo.shapes.cls_depth import brief
from newscrawl.demo.shapes.cls_detail_data import article_detail, byline
from newscrawl.demo.shapes.cls_html import content_html
from newscrawl.demo.story import Story
from newscrawl.demo.when import moment, with_weekday


def old_detail_page(story: Story) -> Answer:
    """The page of a story: one DOM for telegraphs, one for articles."""
    state = {"detail": {"articleDetail": article_detail(story), "id": str(story.cls_id)}, "chooseNav": "other"}
    data = {
        "props": {"initialState": state, "pageProps": {}},
        "page": "/detail",
        "query": {"id": str(story.cls_id)},
        "buildId": "old",
    }
    main = _telegraph(story) if story.kind == "flash" else _article(story)
    title = esc(story.title or story.blocks[0].text[:40])
    return html_answer(
        '<!DOCTYPE html><html><head><meta charSet="utf-8" class="next-head"/>'
        f'<title class="next-head">{title}</title><meta name="description" content="{title}"/></head>'
        '<body><div id="__next"><div class="header-wraper"><a href="/"><h1><div class="level-1-logo-box" '
        'title="财联社"></div></h1></a><a href="/telegraph">电报</a><a href="/depth">头条</a></div>'
        f'<div class="m-auto w-1200 clearfix"><div class="f-l w-894">{main}</div>{_side(story)}</div>'
        '<div class="footer"><img src="https://cdnjs.cls.cn/images/site/cailianWeb/jubaologo1.png" alt="举报"/>'
        "<p>演示站点，内容均为虚构 ©2018-2026</p></div></div>"
        f'<script id="__NEXT_DATA__" type="application/json">{dump_json(data)}</script></body></html>'
    )


def _article(story: Story) -> str:
    number, name = story.subjects[0]
    return (
        f'<div class="m-b-20 f-s-30 f-w-b detail-title"><span class="detail-title-content">{esc(story.title)}</span>'
        '</div><div class="m-b-20 f-s-14 l-h-2 c-999 clearfix">'
        f'<div class="f-l m-r-10">{with_weekday(story.published)}</div><div class="f-l m-r-10">{byline(story)}</div>'
        f'<div class="f-l m-r-10"><a href="/subject/{number}">{name}</a></div></div>'
        f'{_brief(story)}<div class="m-b-40 detail-content">{content_html(story)}</div>'
        f'<div class="detail-editor">责编 {story.editor}</div>'
    )


def _brief(story: Story) -> str:
    return f'<pre class="m-b-40 detail-brief">{esc(brief(story))}</pre>' if story.brief else ""


def _telegraph(story: Story) -> str:
    title = f'<div class="detail-header">{esc(story.title)}</div>' if story.title else ""
    images = "".join(f'<img src="{cls_address(story, picture)}"/>' for picture in story.pictures)
    time = f"{moment(story.published):%Y年%m月%d日 %H:%M:%S}"
    return (
        f'{title}<div class="clearfix"><span class="f-s-24 f-w-b">{time}</span>'
        f'</div><div class="detail-telegraph-content">{content_html(story)}</div>'
        f'<div class="telegraph-images-box">{images}</div>'
    )


def _side(story: Story) -> str:
    rows = "".join(f'<li><a href="/subject/{number}">{name}</a></li>' for number, name in story.subjects)
    return (
        f'<div class="f-r w-280"><h3>关联话题</h3><ul>{rows}</ul><h3>热门文章</h3><ol><li>'
        f'<a href="/detail/{story.cls_id - 2}">编辑精选：本周最值得关注的几条线索</a></li></ol></div>'
    )
