"""A plain modern news site: semantic pages with JSON-LD and og: tags, found through feeds and a sitemap."""

import json
from datetime import datetime

from newscrawl.demo.answers import Answer, esc, html_answer
from newscrawl.demo.markup import Block, Picture
from newscrawl.demo.shapes.parts import blocks_on, part_count
from newscrawl.demo.story import WEB_BASE, Story

SITE = "https://www.sample-news.example"


def web_address(story: Story) -> str:
    """https://www.sample-news.example/articles/2026-11-20/700055.html"""
    return f"{SITE}{web_path(story)}"


def web_path(story: Story, part: int = 1) -> str:
    """The path of `web_address`, with a query for a further part."""
    return path_of(story.number, story.moment) + (f"?page={part}" if part > 1 else "")


def path_of(number: int, at: datetime) -> str:
    """The path of a story number published at a Beijing time."""
    return f"/articles/{at:%Y-%m-%d}/{WEB_BASE + number}.html"


def web_page(story: Story, part: int = 1, blocks: tuple[Block, ...] = (), *, parts: int = 0) -> Answer:
    """One part of a story. Each has the whole head and the editor's line; faults give other `blocks` and `parts`."""
    parts = parts or part_count(story)
    body = "\n".join(block_html(story, block) for block in blocks or blocks_on(story, part))
    author = f'<span class="author">{story.reporter}</span>' if story.reporter else ""
    following = f'<link rel="next" href="{web_path(story, part + 1)}">' if part < parts else ""
    return html_answer(
        f"{_head(story, following)}<body><header><nav><a href='/'>首页</a><a href='/feed.xml'>订阅</a></nav></header>"
        f'<main><article><h1>{esc(story.title)}</h1><p class="meta"><time datetime="{story.moment.isoformat()}">'
        f'{story.moment:%Y-%m-%d %H:%M:%S}</time><span class="source">{story.publisher}</span>{author}</p>'
        f'<div class="article-body">\n{body}\n</div>{_pager(story, part, parts)}'
        f'<p class="editor">责任编辑：{story.editor}</p></article></main>'
        "<aside><h2>相关文章</h2><ul><li><a href='/articles/2026-11-19/699001.html'>昨日要闻十条速览</a></li></ul>"
        "</aside><footer><p>演示站点，内容均为虚构</p></footer></body></html>"
    )


def _pager(story: Story, part: int, parts: int) -> str:
    if parts == 1:
        return ""
    links = [f'<li><a href="{web_path(story, number)}">{number}</a></li>' for number in range(1, parts + 1)]
    links[part - 1] = f'<li class="active"><span>{part}</span></li>'
    if part < parts:
        links.append(f'<li><a href="{web_path(story, part + 1)}" rel="next">下一页 &raquo;</a></li>')
    return f'<nav class="pagination"><ul>{"".join(links)}</ul></nav>'


def _head(story: Story, following: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>'
        f'{esc(story.title)} - 样例新闻</title><link rel="canonical" href="{web_address(story)}">{following}'
        f'<meta property="og:title" content="{esc(story.title)}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{story.moment.isoformat()}">'
        f'<script type="application/ld+json">{_linked_data(story)}</script></head>'
    )


def _linked_data(story: Story) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.moment.isoformat(),
        "author": [{"@type": "Person", "name": story.reporter}] if story.reporter else [],
        "publisher": {"@type": "Organization", "name": story.publisher},
        "mainEntityOfPage": web_address(story),
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def block_html(story: Story, block: Block) -> str:
    """One block in plain HTML."""
    if block.picture:
        return f'<figure><img src="{picture_address(story, block.picture)}" loading="lazy"></figure>'
    text = plain_html(block)
    return f"<blockquote><p>{text}</p></blockquote>" if block.kind == "quote" else f"<p>{text}</p>"


def plain_html(block: Block) -> str:
    """Runs without links: text, line breaks, and what faults put in."""
    return "".join(run.text if run.raw else esc(run.text).replace("\n", "<br>") for run in block.runs)


def picture_address(story: Story, picture: Picture) -> str:
    """An image on the site's image host."""
    return f"https://img.sample-news.example/images/{story.id}_{picture.number}.png"
