"""An old-fashioned news site in GBK: list pages by number, pages with menus, sidebar and footer.

Its server sends no charset, or the label gb2312 for bytes that gb2312 cannot hold (镕, 喆).
"""

from newscrawl.demo.answers import Answer, esc
from newscrawl.demo.markup import Block, Picture
from newscrawl.demo.shapes.parts import blocks_on, part_count
from newscrawl.demo.shapes.web_page import plain_html
from newscrawl.demo.story import Story
from newscrawl.demo.when import in_chinese, moment
from newscrawl.demo.world import World

SITE = "http://gbk.sample-news.example"
PAGE_SIZE = 10
_MENU = "首页 要闻 产业 证券 基金 期货 房产 汽车 专题".split()


def gbk_address(story: Story) -> str:
    """http://gbk.sample-news.example/gbk/20261120/700043.shtml"""
    return f"{SITE}{gbk_path(story)}"


def gbk_path(story: Story, part: int = 1) -> str:
    """The path of `gbk_address`; that of a further part has its number behind the story's."""
    return f"/gbk/{story.moment:%Y%m%d}/{story.id}{f'_{part}' if part > 1 else ''}.shtml"


def gbk_list(world: World, page: int) -> Answer | None:
    """List page 1, 2, …; None where there is none."""
    numbers = world.numbers("gbk")[::-1][(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if not numbers and page > 1:
        return None
    rows = "".join(_list_row(world.shown(number)) for number in numbers)
    more = f'<a class="next" href="/gbk/index_{page + 1}.html">下一页</a>' if len(numbers) == PAGE_SIZE else ""
    return _encoded(
        f'{_head("滚动新闻_澄州财经网")}<body>{_menu()}<div class="main"><ul class="newslist">{rows}</ul>'
        f'<div class="pages">{more}</div></div>{_side()}{_foot()}</body></html>',
        label="",
    )


def gbk_page(story: Story, part: int = 1, blocks: tuple[Block, ...] = (), *, parts: int = 0) -> Answer:
    """One part of a story; every second one is labelled gb2312 in its header.

    Further parts repeat the title, and only the last has the editor's line. Faults give other `blocks` and `parts`.
    """
    parts = parts or part_count(story)
    body = "\n".join(_block(story, block) for block in blocks or blocks_on(story, part))
    author = f"<span>作者：{story.reporter}</span>" if story.reporter else ""
    title = esc(story.title) + (f"（{part}）" if part > 1 else "")
    head = f'<p align="center"><strong>{title}</strong></p>' if part > 1 else ""
    editor = f'<div class="arti-edit">（责任编辑：{story.editor}）</div>' if part >= part_count(story) else ""
    return _encoded(
        f'{_head(title + "_澄州财经网")}<body>{_menu()}<div class="main"><div class="crumb">当前位置：'
        f'<a href="/gbk/">首页</a> &gt; <a href="/gbk/index_1.html">滚动新闻</a> &gt; 正文</div>'
        f'<h1 class="arti-title">{title}</h1><div class="arti-info">'
        f"<span>{in_chinese(story.published)}</span><span>来源：{story.publisher}</span>{author}</div>"
        f'<div class="article-content" id="article">{head}{body}{_pager(story, part, parts)}</div>{editor}'
        '<div class="share">分享到：<a href="#">微博</a> <a href="#">微信</a></div></div>'
        f"{_side()}{_foot()}</body></html>",
        label="gb2312" if story.ordinal % 2 else "",
    )


def _pager(story: Story, part: int, parts: int) -> str:
    if parts == 1:
        return ""

    def link(number: int, text: str) -> str:
        there = 1 <= number <= parts and number != part
        name = gbk_path(story, number).rpartition("/")[2]
        return f'<a href="{name}">{text}</a>' if there else f"<span>{text}</span>"

    numbers = " ".join(link(number, str(number)) for number in range(1, parts + 1))
    around = f"{link(part - 1, '上一页')} {numbers} {link(part + 1, '下一页')} {link(parts, '尾页')}"
    return f'<div class="fenye">共{parts}页 {around}</div>'


def _encoded(text: str, label: str) -> Answer:
    media_type = f"text/html; charset={label}" if label else "text/html"
    return Answer(text.encode("gb18030"), media_type)


def _head(title: str) -> str:
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />'
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{meta}<title>{title}</title></head>\n'
    )


def _list_row(story: Story) -> str:
    time = f"{moment(story.published):%m-%d %H:%M}"
    return f'<li><a href="{gbk_path(story)}" target="_blank">{esc(story.title)}</a><span>{time}</span></li>'


def _block(story: Story, block: Block) -> str:
    if block.picture:
        return f'<p align="center"><img src="{picture_address(story, block.picture)}" border="0" /></p>'
    return f"<p>　　{plain_html(block)}</p>"


def picture_address(story: Story, picture: Picture) -> str:
    """An image on the site's image host."""
    return f"http://img.sample-news.example/images/{story.id}_{picture.number}.png"


def _menu() -> str:
    items = "".join(f'<li><a href="/gbk/c{place}/">{name}</a></li>' for place, name in enumerate(_MENU))
    return f'<div id="header"><img src="/images/logo.png" alt="澄州财经网" /><ul id="nav">{items}</ul></div>'


def _side() -> str:
    rows = "".join(
        f'<li><a href="/gbk/hot/{place}.shtml">热点回顾第{place}期：一周财经大事</a></li>' for place in range(5)
    )
    return (
        f'<div class="sidebar"><h3>热门排行</h3><ul>{rows}</ul><h3>编辑推荐</h3><p>主编陶喆明、沈镕之每周荐读</p></div>'
    )


def _foot() -> str:
    return '<div id="footer"><p>关于我们 | 广告服务 | 投稿邮箱</p><p>澄州财经网 版权所有 未经许可不得转载</p></div>'
