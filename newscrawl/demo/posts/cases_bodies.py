"""Posts of 2022 whose bodies hold the traps: charts, full-size images, entities, other source lines, CRLF."""

from dataclasses import replace

from newscrawl.demo.markup import Block, paragraph
from newscrawl.demo.posts.cases_twins import official_notice
from newscrawl.demo.posts.collect import Collection
from newscrawl.demo.posts.format import charts_before, news_body
from newscrawl.demo.posts.stories import PostStories, add
from newscrawl.demo.shapes.eastmoney_html import HIDDEN

CHARTED = ("1.609101", "1.609218", "0.309219", "1.609128", "0.003982")


def body_posts(found: Collection, stories: PostStories) -> None:
    """Adds them all to `found`."""
    charted = stories.flash("2022-05-31 15:06:43", medium="雁回观察")
    found.news(charted, body=news_body(charted, before=charts_before(CHARTED)))
    unclosed = stories.at("2022-05-27 20:57:22", medium="临澜日报")
    found.news(unclosed, body=news_body(unclosed, before=charts_before(CHARTED[:1], closed=False)))
    found.news(stories.at("2022-05-31 16:12:26", medium="财联社", pictures=3))
    hidden = stories.at("2022-02-11 21:08:00", medium="澄州新闻")
    found.news(hidden, body=news_body(hidden, before=HIDDEN))
    spaced = stories.at("2022-05-31 17:00:00", medium="财联社")
    found.news(spaced, body=news_body(spaced, gap=" "))
    found.news(stories.at("2022-04-10 19:55:31", medium="财联社", pictures=1), crlf=True)
    _inner_sources(found, stories)
    _entities_and_emptiness(found, stories)
    _shared_tail(found, stories)


def _inner_sources(found: Collection, stories: PostStories) -> None:
    """Source lines of quoted pieces stand inside the text; only the last one is the post's."""
    story = stories.at("2022-05-31 10:20:44", medium="财联社")
    story = add(
        story,
        "首批清单已经公布。(来源：东澜网)",
        "现场视频显示，装船作业有序。（来源：东澜卫视客户端）",
        *official_notice(),
    )
    found.news(story)


def _entities_and_emptiness(found: Collection, stories: PostStories) -> None:
    story = stories.at("2022-05-26 09:12:00", medium="栖霖晚报")
    story = add(story, "据了解，《<云泽议定书>镜湖修正案》(以下简称《修正案》)已正式生效，涉及R&D、S&P两类条款。")
    body = news_body(story).replace("<p>", "<p><strong></strong><span></span>", 1)
    found.news(story, body=body)


def _shared_tail(found: Collection, stories: PostStories) -> None:
    """Two flashes with different first paragraphs and one long text behind; a third with one paragraph of it."""
    tail = stories.at("2022-05-31 12:00:00").blocks
    leads = ("加快推进一批论证成熟的水网工程项目。", "扩大专项资金的支持范围。")
    for place, lead in enumerate(leads):
        story = stories.flash(f"2022-05-31 12:0{place + 6}:33", title=f"东澜省：{lead}", medium="财联社")
        found.news(replace(story, blocks=(_notice(lead), *tail)))
    third = stories.flash("2022-05-31 12:11:05", title="东澜省：公布一揽子措施", medium="财联社")
    found.news(replace(third, blocks=(tail[0],)))


def _notice(lead: str) -> Block:
    return paragraph(f"东澜省印发一揽子措施的通知。通知提出，{lead}原文如下：")
