"""Faults of a story's content: hostile titles, hostile HTML. All shapes show them, telegraph rows too."""

from dataclasses import replace

from newscrawl.demo.faults.kinds import Fault, story
from newscrawl.demo.markup import Block, Run
from newscrawl.demo.story import Story

XSS = (
    '<script>alert(\'脚本\')</script><img src="x" onerror="alert(1)"><a href="javascript:alert(2)">点此</a>'
    '<iframe srcdoc="&lt;script&gt;alert(3)&lt;/script&gt;"></iframe><svg onload="alert(4)"></svg>'
    '<p style="background:url(javascript:alert(5))" onclick="alert(6)">样式</p><base href="http://127.0.0.1:9/">'
)
HOSTILE_IMAGES = "".join(
    f'<img src="{address}">'
    for address in (
        "javascript:alert(1)",
        "file:///etc/hostname",
        "http://[::1/x.png",
        "data:image/png;base64,AAAA",
        "ftp://127.0.0.1/x.png",
        "//img.sample-news.example/images/protocol.png",
        "../../../etc/hostname.png",
        "http://img.sample-news.example:99999/x.png",
        "",
    )
)


def _titled(help_text: str, title: str) -> Fault:
    """`{}` stands for the story's own title."""
    return story(help_text, lambda told: replace(told, title=title.replace("{}", told.title or "无题")))


def _with_text(help_text: str, text: str) -> Fault:
    """A long paragraph of plain text behind the body."""
    return story(help_text, lambda told: _add(told, Run(text)), heavy=True)


def _with_html(help_text: str, html: str, *, heavy: bool = False) -> Fault:
    """HTML behind the body, as it is."""
    return story(help_text, lambda told: _add(told, Run(html, raw=True)), heavy=heavy)


def _add(told: Story, run: Run) -> Story:
    if told.kind == "flash":  # its content is one stretch
        first = replace(told.blocks[0], runs=(*told.blocks[0].runs, run))
        return replace(told, blocks=(first, *told.blocks[1:]))
    return replace(told, blocks=(*told.blocks, Block("p", (run,))))


def _control(told: Story) -> Story:
    return _add(replace(told, title=f"{told.title}\x00\x07"), Run("夹带\x00空字符\x0b与\x1b[31m转义"))


def _unclosed(told: Story) -> Story:
    first = replace(told.blocks[0], runs=(*told.blocks[0].runs, Run("<!-- 从这里开始", raw=True)))
    return replace(told, blocks=(first, *told.blocks[1:]))


def _attributes(count: int) -> str:
    return f"<p {' '.join(f'a{place}=1' for place in range(count))}>属性</p>"


STORIES = {
    "no_names": story("nobody is named: no reporter, no editor", lambda told: replace(told, reporter="", editor="")),
    "log_title": _titled("a title with escape sequences and line ends", "\x1b[31m{}\x1b[0m\r\nERROR forged line"),
    "csv_title": _titled("a title that a spreadsheet would run", '=HYPERLINK("http://127.0.0.1:9/","{}")'),
    "sql_title": _titled("a title that would end an SQL string", "{}'); DROP TABLE articles; --"),
    "fts_title": _titled("a title of search operators", '{}" OR NEAR(* "'),
    "long_title": _titled("a title of twenty thousand characters", "{}" + "长" * 20_000),
    "bidi": _titled("a title with direction marks and zero-width characters", "\u202e{}\u202c\u200b\u2066"),
    "nul_bytes": story("control characters in title and body", _control),
    "xss": _with_html("scripts in every place where HTML can hold one", XSS),
    "images_hostile": _with_html("images at addresses that must not be asked for", HOSTILE_IMAGES),
    "deep_nesting": _with_html(
        "a hundred thousand nested elements", "<div>" * 100_000 + "深处" + "</div>" * 100_000, heavy=True
    ),
    "deep_nesting_cut": _with_html(
        "three thousand nested elements: below all bounds, beyond a parser's depth",
        "<div>" * 3_000 + "深处" + "</div>" * 3_000,
    ),
    "many_attrs": _with_html("an element with a hundred thousand attributes", _attributes(100_000), heavy=True),
    "many_tags": _with_html("a hundred thousand elements", "<b>多</b>" * 100_000, heavy=True),
    "huge_text": _with_text("twelve megabytes of text", "很长的正文。" * 666_667),
    "unclosed": story("a comment that never ends, behind the first paragraph", _unclosed),
    "misnested": _with_html("formatting tags that cross", "<b><i><u>错位</b></i></u>" * 500),
    "entity_bomb": _with_text("a hundred thousand entities", "&" * 100_000),
}
