"""A busy portal that no rule knows: article pages in three templates, each with all that surrounds articles.

The same pages stand under /portal/ in UTF-8 and under /portal-gbk/ in GBK (labelled gb2312, as such sites do).
"""

from newscrawl.demo.answers import Answer, esc
from newscrawl.demo.markup import Block
from newscrawl.demo.shapes.web_page import picture_address, plain_html
from newscrawl.demo.story import WEB_BASE, Story
from newscrawl.demo.when import in_chinese, moment

SITE = "https://www.sample-portal.example"
GBK = "portal-gbk"
_MENU = "首页 要闻 证券 基金 期货 公司 产业 国际 专题 视频".split()
_TAGS = "算力 光伏 储能 芯片 消费 地产 黄金 港股 汽车 医药 银行 保险".split()
_HOT = (
    "回顾：上一年度十大财经新闻盘点与点评",
    "编辑部年度选题：县城里的新工厂",
    "往期长文：一座港口城市的二十年",
    "读者来信选登：我们为什么关心物价",
    "深度调查：老字号如何走出困局",
    "图解：一张图看懂年度预算报告",
    "专访：工程师眼中的下一个十年",
    "盘点：去年今日市场都在关注什么",
)


def path_of(prefix: str, number: int, published: int) -> str:
    """/portal/2026/11/20/700055.html"""
    return f"/{prefix}/{moment(published):%Y/%m/%d}/{WEB_BASE + number}.html"


def portal_address(prefix: str, story: Story) -> str:
    """Its public address."""
    return f"{SITE}{path_of(prefix, story.number, story.published)}"


def encoded(prefix: str, text: str, media_type: str = "text/html") -> Answer:
    """A page as the site sends it: the GBK half under the label gb2312, which is too small for its text."""
    if prefix == GBK:
        return Answer(text.encode("gb18030"), f"{media_type}; charset=gb2312")
    return Answer(text.encode(), f"{media_type}; charset=utf-8")


def portal_page(prefix: str, story: Story, *, mobile: bool = False) -> Answer:
    """A story's page; the mobile one says where the other stands."""
    canonical = f'<link rel="canonical" href="{portal_address(prefix, story)}">' if mobile else ""
    body = "\n".join(_block(story, block) for block in story.blocks)
    template = (_modern, _tables, _plain)[story.ordinal % 3]
    return encoded(prefix, frame(prefix, f"{esc(story.title)}_样例门户", template(prefix, story, body), head=canonical))


def _modern(prefix: str, story: Story, body: str) -> str:
    return (
        f'<main><div class="crumbs"><a href="/{prefix}/">首页</a> &gt; <a href="/{prefix}/c/2/">要闻</a></div><article>'
        f'<h1>{esc(story.title)}</h1><p class="meta"><time>{story.moment:%Y-%m-%d %H:%M}</time>'
        f'<span>来源：{story.publisher}</span></p><div class="article-content">{body}</div>'
        f'<p class="editor">责任编辑：{story.editor}</p></article></main>'
    )


def _tables(_: str, story: Story, body: str) -> str:
    return (
        '<table width="960" align="center"><tr><td valign="top">'
        f'<table><tr><td align="center"><h1>{esc(story.title)}</h1></td></tr>'
        f"<tr><td align=center>{in_chinese(story.published)}　　来源：{story.publisher}　　"
        f'【字号：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】</td></tr>'
        f'<tr><td id="zoom">{body}</td></tr><tr><td align="right">责任编辑：{story.editor}</td></tr></table>'
        "</td></tr></table>"
    )


def _plain(prefix: str, story: Story, body: str) -> str:
    return (
        f'<div class="detail"><div class="detail-title"><h1>{esc(story.title)}</h1></div><div class="detail-info">'
        f"<span>来源：{story.publisher}</span><span>{story.moment:%Y-%m-%d %H:%M}</span></div>"
        f'<div class="detail-content">{body}</div>'
        f'<div class="turn"><a href="/{prefix}/2026/11/01/{WEB_BASE - 7}.html">上一篇：过去一周市场回顾</a>'
        f'<a href="/{prefix}/2026/11/01/{WEB_BASE - 8}.html">下一篇：未来一周日程一览</a></div></div>'
    )


def _block(story: Story, block: Block) -> str:
    if block.picture:
        return f'<p><img src="{picture_address(story, block.picture)}"></p>'
    return f"<p>　　{plain_html(block)}</p>"


def frame(prefix: str, title: str, main: str, *, head: str = "") -> str:
    """A whole page around `main`: menu, tags, a list of other articles, a calendar, partners, footer."""
    label = "gb2312" if prefix == GBK else "utf-8"
    return (
        f'<!DOCTYPE html><html><head><meta charset="{label}"><title>{title}</title>{head}</head><body>'
        f"{_menu(prefix)}<div class='wrap'><div class='col-l'>{main}</div>{_side(prefix)}</div>"
        f"{_foot(prefix)}</body></html>"
    )


def _menu(prefix: str) -> str:
    items = "".join(f'<li><a href="/{prefix}/c/{place}/">{name}</a></li>' for place, name in enumerate(_MENU))
    login = f'<a href="/{prefix}/login?sid=8f3c2a&from=top">登录</a><a href="/{prefix}/register/1.html">注册</a>'
    return f'<div class="top">{login}</div><ul class="menu">{items}</ul>'


def _side(prefix: str) -> str:
    hot = "".join(
        f'<li><em>{place}</em><a href="/{prefix}/2025/01/0{place}/{WEB_BASE - 100 - place}.html">{text}</a></li>'
        for place, text in enumerate(_HOT, 1)
    )
    tags = "".join(f'<a href="/{prefix}/tag/{place + 30}.html">{name}</a>' for place, name in enumerate(_TAGS))
    days = "".join(f'<td><a href="/{prefix}/2026/11/{day:02}/">{day}</a></td>' for day in range(1, 21))
    week = "".join(f"<th>{name}</th>" for name in "日一二三四五六")
    turn = f'<a rel="next" href="/{prefix}/calendar/?month=2026-12">&gt;</a>'
    return (
        f'<div class="col-r"><div class="box"><h3>24小时热门</h3><ul>{hot}</ul></div>'
        f'<div class="box"><div class="hd">标签</div><p>{tags}</p></div>'
        f"<table><caption>2026年11月{turn}</caption><tr>{week}</tr><tr>{days}</tr></table></div>"
    )


def _foot(prefix: str) -> str:
    pages = "关于样例门户的办站宗旨与团队介绍 广告服务与商务合作的联系方式 法律声明与隐私保护政策全文".split()
    links = "".join(f'<a href="/{prefix}/about/{place + 101}.html">{name}</a> | ' for place, name in enumerate(pages))
    return f'<div class="footer">{links}<p>样例门户 版权所有 未经许可不得转载</p></div>'
