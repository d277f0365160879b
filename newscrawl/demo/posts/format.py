"""A post's text: front matter, body, source line, links back. Nothing is escaped, as the script escaped nothing."""

from dataclasses import dataclass
from typing import Literal

from newscrawl.demo.markup import Block, Run
from newscrawl.demo.shapes.eastmoney_html import block_html, chart
from newscrawl.demo.story import Story

Footer = Literal["none", "relative", "zning.me", "two lines", "one line"]
"""Five forms over time."""

PINYIN = {
    "财联社": "cailianshe",
    "东澜证券报": "donglanzhengquanbao",
    "云泽财经网": "yunzecaijingwang",
    "临澜日报": "linlanribao",
    "栖霖晚报": "qilinwanbao",
    "雁回观察": "yanhuiguancha",
    "澄州新闻": "chengzhouxinwen",
}
"""The script's category of a medium."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One file before it is written."""

    title: str
    date: str
    """As printed: with +0800, without, or only the offset."""
    medium: str
    """"" for the posts of the collected column (emnews)."""
    body: str
    address: str
    """What stands in angle brackets; may be empty."""
    footer: Footer = "one line"
    blank_first: bool = False
    crlf: bool = False

    def text(self) -> str:
        """The whole file; no newline at its end."""
        category, tag = _category(self.medium)
        front = f'---\nlayout: post\ntitle: "{self.title}"\ndate: {self.date}\ncategories: {category}\ntags: {tag}\n---'
        body = self.body.replace("</p>", "</p>\r") if self.crlf else self.body
        start = "\n" if self.blank_first else ""
        return f"{start}{front}\n{body}\n\n<{self.address}>{_footer(self.footer, category, tag)}"


def _category(medium: str) -> tuple[str, str]:
    return (PINYIN[medium], f"{medium}新闻") if medium else ("emnews", "东财滚动新闻")


def _footer(form: Footer, category: str, tag: str) -> str:
    if form == "none":
        return ""
    roots = {"relative": "..", "zning.me": "//finews.zning.me"}
    root = roots.get(form, "//finews.withounder.com")
    own = "emnews/" if category == "emnews" else f"category/{category}.html"
    home = f"[返回首页]({root}/)"
    return f"\n\n[返回{tag}]({root}/{own}){'｜' if form == 'one line' else chr(10)}{home}"


def news_body(story: Story, *, gap: str = "", before: str = "") -> str:
    """The feed's `text`: no stock links. `gap` stands between blocks."""
    seen: set[str] = set()
    blocks = [block_html(story, _unlinked(block), seen, "") for block in story.blocks]
    return before + gap.join([*blocks, f'<p class="em_media">（文章来源：{story.publisher}）</p>'])


def linked_body(story: Story, digest: str, *, source_line: str | None = None) -> str:
    """The feed's `content`: the digest behind >, then blocks with stock links."""
    seen: set[str] = set()
    blocks = [block_html(story, block, seen, "") for block in story.blocks]
    line = source_line or f'<p class="em_media">（文章来源：{story.publisher}）</p>'
    return f"> {digest}（{story.publisher}）\n\n{''.join(blocks)}{line}"


def charts_before(refs: tuple[str, ...], *, closed: bool = True) -> str:
    """Charts in front of a body."""
    return "".join(chart(ref, "KR"[place % 2], closed=closed) for place, ref in enumerate(refs))


def news_address(number: str) -> str:
    """Of the feed's `text`."""
    return f"http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW{number}"


def column_address(number: str, *, host: str = "finance", column: int = 1345) -> str:
    """Of the feed's `content`."""
    return f"http://{host}.eastmoney.com/news/{column},{number}.html"


def _unlinked(block: Block) -> Block:
    runs = tuple(Run(run.text, run.ref if run.ref == "a" else "", run.strong, run.em) for run in block.runs)
    return Block(block.kind, runs, block.picture)
