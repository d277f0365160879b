"""Makes long articles: lead, headings, paragraphs, images with or without captions."""

from random import Random

from newscrawl.demo.markup import Block, Picture, paragraph, plain
from newscrawl.demo.plan import Plan
from newscrawl.demo.slots import Slots
from newscrawl.demo.story import Family, Story
from newscrawl.demo.texts import names
from newscrawl.demo.texts.library import Theme, themes
from newscrawl.demo.when import day

CHANNELS = (1000, 1003, 1135, 1007, 1005, 1118, 1110, 1006, 1032, 1119, 1111, 1124, 1176)
"""cls depth channels; 1000 is 头条."""
COLUMNS = (344, 345, 350, 353, 745, 1345, 1348, 1350, 1353, 1354, 1355)
"""East Money columns; 350 holds every article."""


def make_article(plan: Plan, rng: Random) -> Story:
    """The article of a plan: whole texts for all families, a short one for em_fast."""
    theme = rng.choice(themes())
    slots = Slots(rng, plan.number, things=theme.things)
    publisher, reporter = _byline(plan, rng)
    blocks = _body(plan, rng, theme, slots, reporter if publisher == "财联社" else "")
    return Story(
        number=plan.number,
        family=plan.family,
        ordinal=plan.ordinal,
        title=plain(slots.fill(rng.choice(theme.titles))),
        blocks=tuple(blocks),
        brief=tuple(plain(slots.fill(point)) for point in theme.brief[: plan.ordinal % 4]),
        published=plan.published,
        modified=plan.published,
        publisher=publisher,
        reporter=reporter,
        editor=rng.choice(names.EDITORS),
        channels=channels_of(plan),
        columns=columns_of(plan),
        subjects=tuple(rng.sample(names.SUBJECTS, rng.randint(1, 2))),
        cover=Picture(9, 1000, 617, jpeg=plan.ordinal % 2 == 0) if plan.ordinal % 5 != 4 else None,
        old_layout=plan.ordinal % 7 == 3,
    )


def _byline(plan: Plan, rng: Random) -> tuple[str, str]:
    reporter = rng.choice(names.REPORTERS)
    if plan.family == "article" and plan.ordinal % 8 == 5:
        return rng.choice(names.OTHER_MEDIA), ""
    if plan.family in ("article", "shared"):
        return "财联社", reporter
    return rng.choice(names.EASTMONEY_MEDIA), reporter if plan.ordinal % 3 == 0 else ""


def _body(plan: Plan, rng: Random, theme: Theme, slots: Slots, reporter: str) -> list[Block]:
    lead = slots.fill(rng.choice(theme.lead))
    if reporter:
        role = "编辑" if plan.number % 2 else "记者"
        lead = f"**财联社{day(plan.published)}讯（{role} {reporter}）**{lead}"
    blocks = [paragraph(lead)]
    if plan.family == "em_fast":
        return blocks
    texts = [paragraph(slots.fill(text)) for text in rng.sample(theme.body, rng.randint(4, 7))]
    texts[2:2] = [_heading(plan.family, rng.choice(theme.headings))]
    if plan.ordinal % 6 == 2:
        texts.append(paragraph(f"{slots['cn']}公告称，（{slots['cc']}）将按规定披露后续进展。"))
    if plan.family == "article" and plan.ordinal % 5 == 1:
        texts.append(paragraph("“先把一件小事做扎实，再谈规模。”受访者如此总结。", "quote"))
    for picture in range(plan.ordinal % 4):
        _place(texts, rng, _picture(plan, picture), caption=plan.family == "article" and picture == 0)
    return blocks + texts


def _heading(family: Family, text: str) -> Block:
    return paragraph(text, "heading") if family == "em_article" else paragraph(f"**{text}**")


def _picture(plan: Plan, number: int) -> Picture:
    return Picture(number, 800 + 7 * number, 480 + plan.number % 160, jpeg=number != 1, full_size=number == 2)


def _place(blocks: list[Block], rng: Random, picture: Picture, *, caption: bool) -> None:
    at = rng.randint(1, len(blocks))
    captions = [paragraph("（来源：公司官网）", "caption")] if caption else []
    blocks[at:at] = [Block("image", picture=picture), *captions]


def channels_of(plan: Plan) -> tuple[int, ...]:
    """The cls channels of an article."""
    own = CHANNELS[1 + plan.ordinal % (len(CHANNELS) - 1)]
    return (1000, own) if plan.ordinal % 3 != 1 else (own,)


def columns_of(plan: Plan) -> tuple[int, ...]:
    """The East Money columns of an article; none for em_fast, which is in the fast news only."""
    if plan.family == "em_fast":
        return ()
    others = [column for column in COLUMNS if column != 350]
    return (350, others[plan.ordinal % len(others)], others[(plan.ordinal + 3) % len(others)])
