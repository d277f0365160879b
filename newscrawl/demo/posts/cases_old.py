"""Posts of December 2021: digests alone, dates without offset, five footers, two texts under two numbers."""

from dataclasses import replace

from newscrawl.demo.posts.collect import Collection
from newscrawl.demo.posts.format import Footer
from newscrawl.demo.posts.stories import PostStories

OFFSETS: dict[Footer, bool] = {"none": False, "relative": False, "zning.me": True, "two lines": True, "one line": True}
"""Each footer, and whether posts of its time have an offset in their date."""

TITLES = (
    "沐原乳业：募投项目“提前”达产｜速览",
    "早盘要点|朗禾食品/青渡医药领涨 (附名单)",
    "辰砾矿业澄清传闻。",
    "毛利率提升至38%：穗临农科 100%控股子公司分红",
    '云岫半导体"双十二"开放日预告',
)


def old_posts(found: Collection, stories: PostStories) -> None:
    """Adds them all to `found`, in the folder old_post."""
    for place, (footer, offset) in enumerate(OFFSETS.items()):
        story = stories.flash(f"2021-12-08 1{place}:18:3{place}", title=TITLES[place])
        found.digest_only(story, footer, offset=offset)
    first = stories.flash("2021-12-08 10:58:01", title="启衡精工：产线升级按期推进")
    found.digest_only(first, "none", blank_first=True)
    _same_text_twice(found, stories)


def _same_text_twice(found: Collection, stories: PostStories) -> None:
    """Two article numbers with one text are two articles; their titles differ."""
    first = stories.flash("2021-12-08 10:46:18", title="泊渊光电获机构密集调研")
    second = stories.flash("2021-12-08 10:59:40", title="机构密集调研泊渊光电 关注扩产节奏")
    found.digest_only(first, "zning.me", offset=True)
    found.digest_only(replace(second, blocks=first.blocks), "one line", offset=True)
