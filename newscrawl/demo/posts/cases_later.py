"""Posts that the script fetched again: the first version of each among the posts, the later one apart."""

from newscrawl.demo.markup import Block, Picture, paragraph
from newscrawl.demo.posts.collect import Collection, digest
from newscrawl.demo.posts.format import linked_body, news_body
from newscrawl.demo.posts.stories import PostStories, add
from newscrawl.demo.shapes.eastmoney_html import HIDDEN

_QUOTED = (("stock_116.09871", "Info.116.09871"), ('<span id="quote_116.09871"></span>', ""))
"""The same link as a quoted stock, and as an entry of the glossary."""


def fetched_again(found: Collection, later: Collection, stories: PostStories) -> tuple[str, ...]:
    """Adds first versions to `found` and later ones to `later`; returns the numbers whose visible text changed."""
    changed = _grown(found, later, stories)
    _white_space(found, later, stories)
    _link_markup(found, later, stories)
    _front_matter(found, later, stories)
    return (changed,)


def _grown(found: Collection, later: Collection, stories: PostStories) -> str:
    """Twenty characters at first; later whole pieces under 相关报道."""
    short = stories.flash("2022-05-31 13:26:58", medium="财联社")
    found.news(short)
    related = stories.at("2022-05-31 13:00:00").blocks
    whole = add(
        short,
        paragraph("相关报道", "heading"),
        paragraph("[[**机构看好低温鲜奶的复苏弹性**|a]]".replace("**", "")),
        Block("image", picture=Picture(0, 577, 461, full_size=True)),
        *(block for block in related if not block.picture),
    )
    later.news(whole, folder="old_post")
    return short.code


def _white_space(found: Collection, later: Collection, stories: PostStories) -> None:
    story = stories.at("2022-05-31 18:03:41", medium="财联社")
    found.news(story, body=news_body(story, before=HIDDEN.replace("<br />", " ")))
    later.news(story, body=news_body(story, before=HIDDEN, gap="\n "), folder="old_post")


def _link_markup(found: Collection, later: Collection, stories: PostStories) -> None:
    story = stories.at("2022-05-30 21:15:48", medium="雁回观察")
    story = add(story, "该项目由[[鹿屿控股|116.09871]]与两家本地企业共同出资。")
    body = linked_body(story, digest(story))
    found.plain(story, body=body)
    for old, new in _QUOTED:
        body = body.replace(old, new)
    later.plain(story, body=body, folder="old_post")


def _front_matter(found: Collection, later: Collection, stories: PostStories) -> None:
    """Fetched again with an offset in the date and another footer; the text is the same."""
    story = stories.flash("2021-12-08 15:46:00", title="泊渊光电签订长期供货协议")
    found.digest_only(story, "two lines", offset=True)
    later.digest_only(story, "none", blank_first=True, folder="_posts")
