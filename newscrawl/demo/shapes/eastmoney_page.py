"""East Money's article pages: /a/{code}.html, the same under /news/{column},{code}.html and on every host."""

from newscrawl.demo.answers import Answer, esc, html_answer
from newscrawl.demo.pictures import eastmoney_address
from newscrawl.demo.shapes.eastmoney_html import block_html, chart
from newscrawl.demo.story import Story
from newscrawl.demo.when import in_chinese

PROMOTION = "主力资金加仓名单实时更新，APP内免费看>>"
LINKED_MEDIA = "东澜证券报"
"""A medium in whose name the site puts a link of its own."""


def article_page(story: Story) -> Answer:
    """The whole page of a story."""
    return html_answer(
        f"{_head(story)}<body>{_navigation()}"
        '<div class="contentwrap"><div class="mainleft"><div class="zwtitlepc">'
        f'<h1>{esc(story.title)}</h1></div><div class="title">{esc(story.title)}</div>{_infos(story)}'
        f"{_abstract(story)}{content_body(story)}{_after(story)}</div>{_sidebar(story)}</div>{_footer()}</body></html>"
    )


def content_body(story: Story) -> str:
    """div#ContentBody with everything that stands in it."""
    parts = ["<!--文章主体-->", *_charts(story), *body_blocks(story, "　　"), _advert(story), source_line(story)]
    return (
        '<div class="txtinfos" id="ContentBody" style="margin-top:0;">\n'
        f'<p class="em_promote">　　<a href="https://acttg.eastmoney.com/pub/app">{esc(PROMOTION)}</a></p>\n'
        f"{''.join(parts)}\n"
        f'<p class="res-edit">（责任编辑：{story.editor}）</p>\n</div>'
    )


def body_blocks(story: Story, indent: str) -> list[str]:
    """The story's own blocks, a hidden empty paragraph now and then before them."""
    seen: set[str] = set()
    return [block_html(story, block, seen, indent) for block in story.blocks]


def source_line(story: Story) -> str:
    """（文章来源：…）, for one medium with a link inside its name."""
    name = story.publisher
    if name == LINKED_MEDIA:
        link = '<a href="http://quote.eastmoney.com/unify/r/90.BK9473" class="keytip" data-code="90,BK9473">证券</a>'
        name = f'东澜<span id="bk_90.BK9473">{link}</span><span id="bkquote_90.BK9473"></span>报'
    return f'<p class="em_media">（文章来源：{name}）</p>'


def _charts(story: Story) -> list[str]:
    linked = [run.ref for block in story.blocks for run in block.runs if run.ref[:2] in ("0.", "1.")]
    if not linked or story.ordinal % 3 == 1:
        return []
    return [chart(linked[0], "K"), chart(linked[0], "R", closed=story.ordinal % 2 == 0)]


def _advert(story: Story) -> str:
    if story.ordinal % 4 != 1:
        return ""
    return (
        '<p style="text-align:center;"><a href="https://acttg.eastmoney.com/pub/khmb">'
        '<img src="https://np-newspic.dfcfw.com/download/D24800000000000000001_w690h389.jpg" '
        'class="em_handle_adv_close" /></a></p>'
    )


def _infos(story: Story) -> str:
    author = f'<div class="item">作者：{story.reporter}</div>' if story.reporter else ""
    return (
        f'<div class="infos"><div class="item">{in_chinese(story.published)}</div>'
        f'<div class="item">来源：{story.publisher}</div>{author}'
        '<div class="item fr"><a href="/app">东方财富APP</a></div></div>'
        f'<div class="source data-source" data-source="{story.publisher}">来源：{story.publisher}'
        f'</div><div class="edit">编辑：{story.editor}</div>'
    )


def _abstract(story: Story) -> str:
    if not story.brief:
        return ""
    return f'<div class="abstract"><div class="txt">{esc(summary(story))}</div></div>'


def summary(story: Story) -> str:
    """What lists give: the points, or the beginning of the text."""
    return "；".join(story.brief) if story.brief else story.blocks[0].text[:120]


def _head(story: Story) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh">\n<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'
        f"<title>{esc(story.title)} _ 东方财富网</title>"
        f'<meta name="keywords" content="财经,资讯" /><meta name="description" content="{esc(summary(story))}" />'
        '<script>var newsid = "' + story.code + '"; var adverts = {"top": "<div>广告位</div>"};</script>'
        "<style>.txtinfos p{text-indent:0}</style></head>\n"
    )


def _navigation() -> str:
    names = ("财经", "焦点", "股票", "新股", "期指", "基金", "债券")
    items = "".join(f'<li><a href="//www.eastmoney.com/{place}">{name}</a></li>' for place, name in enumerate(names))
    notice = '<p class="notice">行情中心升级公告：新版资金流向已上线</p>'
    return f'<div class="header"><ul class="nav">{items}</ul>{notice}</div>'


def _after(story: Story) -> str:
    links = "".join(
        f'<li><a href="/a/2026111938999900{place:02d}.html">相关阅读：行业周报第{place}期</a></li>'
        for place in range(story.number % 5 + 1)
    )
    return (
        f'<div class="relatednews"><h3>相关报道</h3><ul>{links}</ul></div>'
        '<div class="abouttop"><p>郑重声明：本页内容仅为演示数据，不构成任何投资建议，据此操作风险自担。</p></div>'
        '<div class="comment"><h3>网友评论</h3><p>登录后可参与讨论</p></div>'
    )


def _sidebar(story: Story) -> str:
    image = '<img src="//dfscdn.dfcfw.com/download/D25000000000000000009_w210h154.jpg" alt="推荐">'
    return (
        f'<div class="mainright"><h3>点击排行</h3><ol><li><a href="/a/1.html">今日十大热股盘点</a></li></ol>{image}'
        f"<h3>公司公告</h3><p>编号{story.number % 97}</p></div>"
    )


def _footer() -> str:
    return '<div class="footer"><p>关于我们 | 联系我们 | 法律声明</p><p>演示站点 版权所有</p></div>'


def list_image(story: Story) -> str:
    """The small image of a list row; "" when the story has no cover."""
    return eastmoney_address(story, story.cover) if story.cover else ""
