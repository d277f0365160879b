"""Faults of a page's content: not the article at all, or not where it always was."""

import re
from dataclasses import replace

from newscrawl.demo.answers import Answer, html_answer
from newscrawl.demo.faults.charsets import text_of
from newscrawl.demo.faults.kinds import Context, Fault, page
from newscrawl.demo.shapes.cls_detail import missing_page

SLIDER = """<!DOCTYPE html>
<meta charset="UTF-8">
<meta name="aliyun_waf_aa" content="0123456789abcdef0123456789abcdef">
<meta name="aliyun_waf_bb" content="fedcba9876543210fedcba9876543210">
<title></title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>
body{background:#fff;font-size:14px}
#aliyunCaptcha-sliding-slider{background:#ff6a00!important}
#capture-container{max-width:1024px;margin:auto;padding:0 10px}
</style>
<body>
<div id="capture-container">
    <div id="tips_title"></div>
    <div id="captcha-element" class="nc-container"></div>
</div>
<script src="https://o.alicdn.com/captcha-frontend/aliyunCaptcha/AliyunCaptcha.js"></script>
</body>
</html>
"""
_SOFT404 = (
    "<!DOCTYPE html><html><head><title>页面不存在</title></head><body><h1>抱歉，您访问的页面不存在或已删除</h1>"
    "<p>您可以返回首页继续浏览。</p></body></html>"
)
_DATES = (
    re.compile(r'"ctime":\d+,'),
    re.compile(r"(?<=[>])20\d\d-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: 星期.)?(?=<)"),
    re.compile(r"(?<=[>])20\d\d年\d\d月\d\d日 \d\d:\d\d(?::\d\d)?(?=<)"),
    re.compile(r' datetime="[^"]*"|"datePublished": "[^"]*", |<meta property="article:published_time"[^>]*>'),
)
_MOVED = (
    ('"articleDetail":{', '"storyDetail":{'),
    ("article-title", "st-head"),
    ("detail-", "st-"),
    ('id="ContentBody"', 'id="stBody"'),
    ("txtinfos", "st-text"),
    ("article-", "st-"),
    ("<article>", "<section>"),
    ("<h1", "<div"),
    ("</h1>", "</div>"),
)
_EMPTY_BODIES = re.compile(r'(<div class="txtinfos" id="ContentBody"[^>]*>).*?(</div>)', re.DOTALL)


def rewrite(answer: Answer, text: str) -> Answer:
    """The page with another text, in its own encoding."""
    encoding = "utf-8" if "utf-8" in answer.content_type else "gb18030"
    return replace(answer, body=text.encode(encoding))


def _without_data(answer: Answer, context: Context) -> Answer:
    if context.story is not None and context.story.on_cls and "/detail/" in context.request.path:
        return missing_page(context.story.id)
    return rewrite(answer, _EMPTY_BODIES.sub(r"\1\2", text_of(answer)))


def _moved(answer: Answer, _: Context) -> Answer:
    text = text_of(answer)
    for old, new in _MOVED:
        text = text.replace(old, new)
    return rewrite(answer, text)


def _half_moved(answer: Answer, _: Context) -> Answer:
    text = text_of(answer)
    for old, new in _MOVED[::2]:
        text = text.replace(old, new)
    return rewrite(answer, text)


def _dated(help_text: str, instead: str, seconds: str) -> Fault:
    """The printed date replaced by `instead`, the embedded one by `seconds`."""

    def change(answer: Answer, _: Context) -> Answer:
        text = _DATES[0].sub(seconds, text_of(answer))
        for pattern in _DATES[1:3]:
            text = pattern.sub(instead, text)
        return rewrite(answer, _DATES[3].sub("", text))

    return page(help_text, change)


def _refresh(_: Answer, context: Context) -> Answer:
    target = context.base_url.replace("127.0.0.1", "localhost")
    return html_answer(f'<html><head><meta http-equiv="refresh" content="0; url={target}/internal"></head></html>')


PAGES = {
    "empty": page("status 200 and no byte", lambda answer, _: replace(answer, body=b"")),
    "blank": page("status 200 and an empty document", lambda _, __: html_answer("<html><body></body></html>")),
    "soft404": page("status 200 on a page that says there is none", lambda _, __: html_answer(_SOFT404)),
    "antibot": page("status 200 and the slider in place of the page", lambda _, __: html_answer(SLIDER)),
    "layout": page("the article under other names: nothing is where it always was", _moved),
    "layout_half": page("every other name of the layout is another one", _half_moved),
    "empty_article": page("the page of an unknown article: articleDetail {} or an empty body", _without_data),
    "no_date": _dated("a page with no date", "", ""),
    "bad_date": _dated("a date that cannot be", "2026年13月45日 25:99", '"ctime":"2026-13-45",'),
    "redos_date": _dated("a date of fifty thousand digits", "2026年" + "1" * 50_000, '"ctime":"x",'),
    "meta_refresh_internal": page("a page that refreshes to another host of this machine", _refresh),
}
