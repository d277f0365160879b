"""A plain modern news site: semantic pages with JSON-LD and og: tags, found through feeds and a sitemap."""

import json
from datetime import datetime

from newscrawl.demo.answers import Answer, esc, html_answer
from newscrawl.demo.markup import Block, Picture
from newscrawl.demo.story import WEB_BASE, Story

SITE = "https://www.sample-news.example"


def web_address(story: Story) -> str:
    """https://www.sample-news.example/articles/2026-11-20/700055.html"""
    return f"{SITE}{web_path(story)}"


def web_path(story: Story) -> str:
    """The path of `web_address`."""
    return path_of(story.number, story.moment)


def path_of(number: int, at: datetime) -> str:
    """The path of a story number published at a Beijing time."""
    return f"/articles/{at:%Y-%m-%d}/{WEB_BASE + number}.html"


def web_page(story: Story) -> Answer:
    """A story's page."""
    body = "\n".join(block_html(story, block) for block in story.blocks)
    author = f'<span class="author">{story.reporter}</span>' if story.reporter else ""
    return html_answer(
        f"{_head(story)}<body><header><nav><a href='/'>首页</a><a href='/feed.xml'>订阅</a></nav></header>"
        f'<main><article><h1>{esc(story.title)}</h1><p class="meta"><time datetime="{story.moment.isoformat()}">'
        f'{story.moment:%Y-%m-%d %H:%M:%S}</time><span class="source">{story.publisher}</span>{author}</p>'
        f'<div class="article-body">\n{body}\n</div><p class="editor">责任编辑：{story.editor}</p></article></main>'
        "<aside><h2>相关文章</h2><ul><li><a href='/articles/2026-11-19/699001.html'>昨日要闻十条速览</a></li></ul>"
        "</aside><footer><p>演示站点，内容均为虚构</p></footer></body></html>"
    )


def _head(story: Story) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>'
        f'{esc(story.title)} - 样例新闻</title><link rel="canonical" href="{web_address(story)}">'
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
