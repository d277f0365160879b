"""Makes flashes: telegraph rows of one paragraph, with the oddities of real ones at fixed intervals."""

from random import Random

from newscrawl.demo.markup import Block, Picture, paragraph, plain
from newscrawl.demo.plan import Plan
from newscrawl.demo.slots import Slots
from newscrawl.demo.story import Story
from newscrawl.demo.texts import names
from newscrawl.demo.texts.library import Flash, flashes
from newscrawl.demo.when import day

UNTITLED = frozenset({0, 2, 3, 7, 9, 12, 14, 17})
"""Eight of every twenty have no title."""
THINGS = ("储能电芯", "碳酸锂", "工业硅", "特种玻纤")
IMAGE_EVERY, BROKEN_LINE_EVERY, ENTITY_EVERY, SOURCE_EVERY = 50, 30, 24, 9


def make_flash(plan: Plan, rng: Random) -> Story:
    """The flash of a plan."""
    template = rng.choice(flashes())
    slots = Slots(rng, plan.number, things=THINGS)
    title = "" if plan.ordinal % 20 in UNTITLED else plain(slots.fill(template.title))
    publisher = _publisher(plan)
    blocks = [paragraph(_content(plan, template, slots, title, publisher))]
    if plan.ordinal % IMAGE_EVERY == 7:
        blocks.append(Block("image", picture=Picture(0, 798, 1096)))
    return Story(
        number=plan.number,
        family=plan.family,
        ordinal=plan.ordinal,
        title=title,
        blocks=tuple(blocks),
        published=plan.published,
        modified=plan.published + (rng.randint(20, 900) if plan.ordinal % 4 == 1 else 0),
        publisher=publisher,
        level="CCCBCCCCACCC"[plan.ordinal % 12],
        category=template.category,
        subjects=tuple(rng.sample(names.SUBJECTS, rng.randint(1, 3))),
        listed=tuple(slots.companies[: plan.ordinal % 3]),
        old_layout=plan.ordinal % 7 == 3,
    )


def _publisher(plan: Plan) -> str:
    turn, place = divmod(plan.ordinal, SOURCE_EVERY)
    return names.OTHER_MEDIA[turn % len(names.OTHER_MEDIA)] if place == 4 else "财联社"


def _content(plan: Plan, template: Flash, slots: Slots, title: str, publisher: str) -> str:
    text = f"财联社{day(plan.published)}电，{slots.fill(template.text)}"
    if plan.ordinal % BROKEN_LINE_EVERY == 6:
        text += f"\n公司方面称，__相关数据以正式公告为准__，下一次更新预计在{slots.fill('{int}')}日后。"
    if plan.ordinal % ENTITY_EVERY == 11:
        text += "据悉，双方合作覆盖R&D、测试与交付，依据为《<联合研发>框架协议》（ＡＢ两部分）。"
    if title:
        text = f"【{title}】{text}"
    return text if publisher == "财联社" else f"{text} （{publisher}）"
