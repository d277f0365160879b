"""Articles under two names, and the one whose front matter lost its title and date."""

from newscrawl.demo.markup import Block, paragraph
from newscrawl.demo.posts.collect import Collection, digest
from newscrawl.demo.posts.format import Post, linked_body
from newscrawl.demo.posts.stories import PostStories, add

_LINK = '<a href="http://quote.eastmoney.com/unify/r/90.BK9473" class="keytip" data-code="90,BK9473">证券</a>'
LINKED_SOURCE = (
    f'<p class="em_media">（文章来源：东澜<span id="bk_90.BK9473">{_LINK}</span>'
    '<span id="bkquote_90.BK9473"></span>报）</p>'
)


def twin_posts(found: Collection, stories: PostStories) -> tuple[str, ...]:
    """Adds them to `found`; returns the files that must be refused."""
    for when in ("2022-01-07 08:14:19", "2022-04-21 19:20:05", "2022-05-30 17:41:00"):
        story = stories.at(when, pictures=2)
        found.plain(story)
        found.news(story)
    _linked_words(found, stories)
    _digest_and_whole(found, stories)
    _untitled_with_twins(found, stories)
    return _untitled_alone(found, stories)


def _linked_words(found: Collection, stories: PostStories) -> None:
    """Links inside words, and inside the name of the source."""
    story = stories.at("2022-05-30 22:00:29", medium="东澜证券报")
    story = add(
        story,
        "受访者提到，R[[EIT|info.3139]]s扩容、长[[江河|0.309288]]口航道整治与上[[恒屿|1.609117]]道等项目将陆续启动。",
        "煤[[电机|90.BK9030]]组与培育壮[[大数据|90.BK9634]]产业，是当地今年的两项重点。",
    )
    found.plain(story, body=linked_body(story, digest(story), source_line=LINKED_SOURCE), host="hk")
    found.news(story)


def _digest_and_whole(found: Collection, stories: PostStories) -> None:
    """One name has the digest only, the other the whole text: the whole one is the better."""
    story = stories.at("2022-02-18 09:30:12", medium="云泽财经网")
    found.plain(story, body=f"\n{digest(story)}", host="futures")
    found.news(story)


def _untitled_with_twins(found: Collection, stories: PostStories) -> None:
    story = stories.at("2022-05-26 00:19:55", medium="栖霖晚报", pictures=1)
    untitled = Post(title="", date=" +0800", medium="", body=linked_body(story, digest(story)), address="")
    found.put(story, untitled, name=f"-{story.code}")
    found.plain(story)
    found.news(story)


def _untitled_alone(found: Collection, stories: PostStories) -> tuple[str, ...]:
    story = stories.at("2022-05-26 00:31:07")
    path = f"_posts/-{story.code}.md"
    post = Post(title="", date=" +0800", medium="", body=linked_body(story, digest(story)), address="")
    found.files[path] = post.text()
    return (path,)


def official_notice() -> tuple[Block, ...]:
    """A centred heading and a list of short pieces behind ●."""
    return (paragraph("**东澜省能源局公告**"), paragraph("●首批名单共十二家企业。"), paragraph("●公示期为五个工作日。"))
