"""A story's body as cls.cn's `content` field has it."""

from newscrawl.demo.answers import esc
from newscrawl.demo.markup import Block, Run
from newscrawl.demo.pictures import cls_address
from newscrawl.demo.story import Story


def content_html(story: Story) -> str:
    """Blocks joined by newlines; for a flash the bare text, without tags around it."""
    if story.kind == "flash":
        return "".join(inline(block) for block in story.blocks if block.text)
    return "\n".join(_block(story, block) for block in story.blocks)


def inline(block: Block) -> str:
    """Runs as cls.cn writes them: no stock links, links to earlier reports, strong, em and br."""
    return "".join(_run(run) for run in block.runs).replace("</strong><strong>", "").replace("</em><em>", "")


def _run(run: Run) -> str:
    if run.text == "\n" or run.raw:
        return run.text if run.raw else "<br>"
    text = esc(run.text)
    if run.ref == "a":
        text = f'<a href="https://www.cls.cn/detail/{2_500_000 + len(run.text)}">{text}</a>'
    if run.em:
        text = f"<em>{text}</em>"
    return f"<strong>{text}</strong>" if run.strong else text


def _block(story: Story, block: Block) -> str:
    if block.picture:
        return f'<p><img src="{cls_address(story, block.picture)}" alt="image"></p>'
    text = inline(block)
    if block.kind == "quote":
        return f"<blockquote>\n<p>{text}</p>\n</blockquote>"
    return f"<h3>{text}</h3>" if block.kind in ("caption", "heading") else f"<p>{text}</p>"
