"""The few files that make a folder of posts a site for Jekyll's plain theme, minima. Pure.

They are starting points: written where there are none, and the operator's from then on.
"""

from urllib.parse import urlsplit

from newscrawl.export.markup import quoted

_CONFIG = """\
# Written once by `newscrawl export jekyll`; yours from then on.
title: {title}
lang: zh-CN
url: {url}
baseurl: {base}
timezone: Asia/Shanghai        # dates without an offset are Beijing's
theme: minima
header_pages: [index.html]     # minima would else list every page of the archive
minima:
  date_format: "%Y-%m-%d %H:%M"
# exclude: [old_post]          # builds faster, without the archive
"""
_CATEGORY = """\
---
layout: default
---
<h1 class="page-heading">{{ page.title | escape }}</h1>
<ul>
{%- for post in site.categories[page.category] %}
<li><span class="post-meta">{{ post.date | date: "%Y-%m-%d %H:%M" }}</span>
<a href="{{ post.url | relative_url }}">{{ post.title | escape }}</a></li>
{%- else %}
<li>近日没有新消息</li>
{%- endfor %}
</ul>
"""
_INDEX = """\
---
layout: default
title: 首页
permalink: /
---
<p>
{%- for category in site.categories %}
{%- if category[0] == "emnews" %}{% assign page_of = "/emnews/" %}
{%- else %}{% assign page_of = category[0] | prepend: "/category/" | append: ".html" %}{% endif %}
<a href="{{ page_of | relative_url }}">{{ category[1].first.tags[0] | escape }}</a>
{%- unless forloop.last %} · {% endunless %}
{%- endfor %}
</p>
<h1 class="page-heading">最近100条新消息</h1>
<ul>
{%- for post in site.posts limit: 100 %}
<li><span class="post-meta">{{ post.date | date: "%Y-%m-%d %H:%M" }} {{ post.tags[0] | escape }}</span>
<a href="{{ post.url | relative_url }}">{{ post.title | escape }}</a></li>
{%- endfor %}
</ul>
<p><a href="{{ "/feed.xml" | relative_url }}">Atom</a></p>
"""
_RIVALS = {
    "_config.yml": ("_config.yml", "_config.yaml", "_config.toml"),
    "index.html": ("index.html", "index.md", "index.markdown"),
    "_layouts/category.html": ("_layouts/category.html",),
}


def theme_files(title: str, home: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Path to text, and the paths any of which makes it superfluous."""
    parts = urlsplit(home)
    url = f"{parts.scheme or 'https'}://{parts.netloc}" if parts.netloc else ""
    texts = {
        "_config.yml": _CONFIG.format(title=quoted(title), url=quoted(url), base=quoted(parts.path)),
        "index.html": _INDEX,
        "_layouts/category.html": _CATEGORY,
    }
    return {path: (text, _RIVALS[path]) for path, text in texts.items()}
